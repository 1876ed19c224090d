//! Numbers as JavaScript and Python print them: with the fewest digits that are read as the same float.
//!
//! What the standard library has for that would be a fifth of the gzipped module. Numbers of up to 15 digits
//! have the fewest already; of others the float is found by long division.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::super::encoding::number;

/// Two numbers of so many digits are never the same float.
const SAFE_DIGITS: usize = 15;

/// The most digits that are looked at, and that a float ever needs.
const MAX_DIGITS: usize = 40;
const FLOAT_DIGITS: usize = 17;

/// The sizes of numbers of which the float is found, in powers of ten. Beyond them digits are left as they are:
/// whoever writes such a number printed a float.
const POWERS: core::ops::Range<i32> = -30..40;

/// As JavaScript prints it: exponents below 1e-6 and from 1e21 up. `None` where the exponent is too large.
pub(super) fn javascript(text: &str) -> Option<String> {
    let number = Decimal::read(text)?;
    Some(match number.power {
        _ if number.digits.is_empty() => String::from("0"),
        -5..=21 => format!("{}{}", number.sign, number.plain()),
        _ => number.scientific(1),
    })
}

/// As Python prints a float: at least one decimal; exponents of two digits below 1e-4 and from 1e16 up.
pub(super) fn python(text: &str) -> Option<String> {
    let number = Decimal::read(text)?;
    let plain = number.plain();
    Some(match number.power {
        -3..=16 if plain.bytes().any(|byte| byte == b'.') => format!("{}{}", number.sign, plain),
        -3..=16 => format!("{}{plain}.0", number.sign),
        _ => number.scientific(2),
    })
}

/// `0.digits` times ten to a power. Zero has no digits, and the power 0.
#[derive(Clone, PartialEq, Eq)]
struct Decimal {
    sign: &'static str,
    digits: Vec<u8>,
    power: i32,
}

impl Decimal {
    /// Reads a number of JSON, with the fewest digits.
    fn read(text: &str) -> Option<Self> {
        let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
        let (text, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let power = power(exponent)?.checked_add(i32::try_from(whole.len()).ok()?)?;
        let mut digits = Vec::from(whole);
        digits.extend(fraction.as_bytes());
        digits.iter_mut().for_each(|digit| *digit &= 15);
        let number = Self { sign, digits, power }.trimmed();
        if number.digits.len() <= SAFE_DIGITS || !POWERS.contains(&number.power) {
            return Some(number);
        }
        number.shortest()
    }

    /// The same number without zeros at either end.
    fn trimmed(mut self) -> Self {
        let zeros = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..zeros);
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        let power = self.power.saturating_sub_unsigned(u32::try_from(zeros).unwrap_or(u32::MAX));
        self.power = if self.digits.is_empty() { 0 } else { power };
        self
    }

    /// The number of the fewest digits that is the same float, and of those the nearest to the float.
    fn shortest(mut self) -> Option<Self> {
        self.digits.truncate(MAX_DIGITS);
        let float = Float::nearest(&self);
        let exact = float.exact(self.sign);
        for count in SAFE_DIGITS..=FLOAT_DIGITS {
            let is_up_nearer = exact.digits.get(count).is_some_and(|digit| *digit >= 5);
            let nearer = u8::from(is_up_nearer);
            for more in [nearer, nearer ^ 1] {
                let number = exact.cut(count, more);
                if Float::nearest(&number) == float {
                    return Some(number);
                }
            }
        }
        None
    }

    /// The first digits, and as many more in the last of them.
    fn cut(&self, count: usize, more: u8) -> Self {
        let mut digits = Vec::from([0]);
        digits.extend(self.digits.iter().take(count));
        let mut carry = more;
        for digit in digits.iter_mut().rev() {
            *digit = digit.saturating_add(carry);
            carry = u8::from(*digit == 10);
            *digit %= 10;
        }
        Self { digits, power: self.power.saturating_add(1), ..*self }.trimmed()
    }

    /// The number without an exponent and its sign.
    fn plain(&self) -> String {
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        let digits = text(&self.digits);
        let count = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        if self.digits.is_empty() {
            return String::from("0");
        }
        let split = usize::try_from(self.power).unwrap_or(0);
        match digits.split_at_checked(split) {
            Some((whole, fraction)) if split > 0 && !fraction.is_empty() => {
                format!("{whole}.{fraction}")
            }
            _ if split > 0 => format!("{}{}", digits, zeros(self.power.saturating_sub(count))),
            _ => format!("0.{}{digits}", zeros(self.power.saturating_neg())),
        }
    }

    /// The number with an exponent, which has a sign and at least so many digits.
    fn scientific(&self, exponent_digits: usize) -> String {
        let digits = text(&self.digits);
        let (first, rest) = digits.split_at_checked(1).unwrap_or_default();
        let point = if rest.is_empty() { "" } else { "." };
        let exponent = self.power.saturating_sub(1);
        let sign = if exponent < 0 { "e-" } else { "e+" };
        let exponent = exponent.unsigned_abs().to_string();
        let zeros = "0".repeat(exponent_digits.saturating_sub(exponent.len()));
        format!("{}{}{}{}{}{}{}", self.sign, first, point, rest, sign, zeros, exponent)
    }
}

/// An exponent, with its sign if it has one.
fn power(exponent: &str) -> Option<i32> {
    let digits = exponent.trim_start_matches(['+', '-']);
    let power = i32::try_from(number(digits, 10)?).ok()?;
    Some(if exponent.starts_with('-') { power.saturating_neg() } else { power })
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(digit | b'0')).collect()
}

/// A float of 53 bits: `mantissa` times two to a power.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Float {
    mantissa: u64,
    power: i32,
}

const MANTISSA_BITS: i32 = 53;
const HIDDEN_BIT: u64 = 1 << 52;

impl Float {
    /// The float that is nearest to a number; of two, the even one.
    fn nearest(number: &Decimal) -> Self {
        let (mut above, mut below) = (Natural::default(), Natural(Vec::from([1])));
        for digit in &number.digits {
            above.multiply(10, u32::from(*digit));
        }
        let count = i32::try_from(number.digits.len()).unwrap_or(i32::MAX);
        let tens = number.power.saturating_sub(count);
        let scaled = if tens > 0 { &mut above } else { &mut below };
        (0..tens.unsigned_abs()).for_each(|_| scaled.multiply(10, 0));

        // So that the quotient has 53 bits or 54, of which the first may be zero.
        let power = above.bits().saturating_sub(below.bits()).saturating_sub(MANTISSA_BITS);
        let scaled = if power > 0 { &mut below } else { &mut above };
        scaled.double(power.unsigned_abs());
        below.double(MANTISSA_BITS.unsigned_abs());
        let mut quotient = 0_u64;
        for _ in 0..=MANTISSA_BITS {
            quotient <<= 1;
            if above.compare(&below) != Ordering::Less {
                above.subtract(&below);
                quotient |= 1;
            }
            above.double(1);
        }
        // What is left was doubled with it: it counts against one half.
        let (mantissa, power, rest) = if quotient >= HIDDEN_BIT << 1 {
            let rest = if above.0.is_empty() { Ordering::Equal } else { Ordering::Greater };
            let rest = if quotient & 1 == 1 { rest } else { Ordering::Less };
            (quotient >> 1, power.saturating_add(1), rest)
        } else {
            (quotient, power, above.compare(&below))
        };
        let up = rest == Ordering::Greater || (rest == Ordering::Equal && mantissa & 1 == 1);
        let mantissa = mantissa.saturating_add(u64::from(up));
        if mantissa == HIDDEN_BIT << 1 {
            return Self { mantissa: HIDDEN_BIT, power: power.saturating_add(1) };
        }
        Self { mantissa, power }
    }

    /// All the digits of the float.
    fn exact(self, sign: &'static str) -> Decimal {
        let mut natural = Natural::default();
        for shift in [32, 0] {
            natural.double(32);
            natural.multiply(1, u32::try_from((self.mantissa >> shift) & 0xffff_ffff).unwrap_or(0));
        }
        let tens = self.power.min(0);
        match u32::try_from(self.power) {
            Ok(power) => natural.double(power),
            // A half is five tenths.
            Err(_) => (0..tens.unsigned_abs()).for_each(|_| natural.multiply(5, 0)),
        }
        let mut digits = Vec::new();
        while !natural.0.is_empty() {
            digits.push(natural.last_digit());
        }
        digits.reverse();
        let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        Decimal { sign, digits, power: tens.saturating_add(count) }.trimmed()
    }
}

/// A natural number of any size, 32 bits after 32, the lowest first and no zeros last.
#[derive(Default)]
struct Natural(Vec<u32>);

impl Natural {
    fn multiply(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for part in &mut self.0 {
            carry = u64::from(*part).wrapping_mul(factor.into()).wrapping_add(carry);
            *part = low(carry);
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(low(carry));
        }
    }

    fn double(&mut self, mut times: u32) {
        while times > 0 {
            let step = times.min(31);
            self.multiply(1 << step, 0);
            times = times.saturating_sub(step);
        }
    }

    fn bits(&self) -> i32 {
        let unused = self.0.last().map_or(0, |last| last.leading_zeros());
        let bits = self.0.len().saturating_mul(32);
        i32::try_from(bits).unwrap_or(i32::MAX).saturating_sub_unsigned(unused)
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// Subtracts what is not larger.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (index, part) in self.0.iter_mut().enumerate() {
            let less = other.0.get(index).copied().unwrap_or(0);
            let (difference, first) = part.overflowing_sub(less);
            let (difference, second) = difference.overflowing_sub(u32::from(borrow));
            *part = difference;
            borrow = first || second;
        }
        self.trim();
    }

    /// Divides by ten, and gives the digit that is left.
    fn last_digit(&mut self) -> u8 {
        let mut rest = 0_u64;
        for part in self.0.iter_mut().rev() {
            let number = (rest << 32) | u64::from(*part);
            *part = low(number / 10);
            rest = number % 10;
        }
        self.trim();
        u8::try_from(rest).unwrap_or(0)
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

fn low(number: u64) -> u32 {
    u32::try_from(number & 0xffff_ffff).unwrap_or(0)
}

#[cfg(test)]
mod tests {

    use proptest::prelude::*;

    use super::*;

    /// What the standard library makes of the same number.
    fn theirs(text: &str) -> String {
        let number: f64 = text.parse().unwrap();
        match number.abs() {
            0.0 => String::from("0"),
            1e-6..1e21 => format!("{number}"),
            _ => format!("{number:e}").replace('e', "e+").replace("e+-", "e-"),
        }
    }

    #[test]
    fn numbers_are_printed_as_by_each_language() {
        let cases = [
            ("1.10", "1.1", "1.1"),
            ("1.0", "1", "1.0"),
            ("-0.0", "0", "-0.0"),
            ("100", "100", "100.0"),
            ("1e16", "10000000000000000", "1e+16"),
            ("1e-5", "0.00001", "1e-05"),
            ("0.0001", "0.0001", "0.0001"),
            ("12345678901234567890", "12345678901234567000", "1.2345678901234567e+19"),
            ("0.30000000000000004", "0.30000000000000004", "0.30000000000000004"),
            ("1.79769313486231570E308", "1.7976931348623157e+308", "1.7976931348623157e+308"),
        ];
        for (text, by_javascript, by_python) in cases {
            assert_eq!(javascript(text).as_deref(), Some(by_javascript), "{text}");
            assert_eq!(python(text).as_deref(), Some(by_python), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

        #[test]
        fn digits_are_the_fewest(text in "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,30})?([eE][+-]?[0-9])?") {
            prop_assert_eq!(javascript(&text), Some(theirs(&text)));
        }

        #[test]
        fn digits_of_floats_are_kept(mantissa in 1_u64 << 52..1 << 53, power in -140..60) {
            let text = format!("{:e}", mantissa as f64 * 2_f64.powi(power));
            prop_assert_eq!(javascript(&text), Some(theirs(&text)));
        }

        #[test]
        fn powers_of_two_are_right(power in -90..120, digits in 17_usize..40) {
            let text = format!("{:.digits$e}", 2_f64.powi(power));
            prop_assert_eq!(javascript(&text), Some(theirs(&text)));
        }
    }
}
