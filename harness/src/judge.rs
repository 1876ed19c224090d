//! Is an answer what a careful endpoint would have given?

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;

use crate::attack::{Expected, Refusal};
use crate::row::Verdict;
use crate::trial::Trial;
use crate::wire::{Answer, Outcome};

/// What answers are held against.
pub struct Judge {
    /// The answer of a careful endpoint.
    pub expected: Expected,
    /// How long the provider waits for an answer, where its documents say.
    pub deadline: Option<Duration>,
    /// How long the harness waited.
    pub timeout: Duration,
    /// Whether anything valid that is JSON came through.
    pub reads_json: bool,
}

/// What is said where an endpoint failed on a payload that is no JSON. To fail on it after it has verified is
/// no fault, and from outside that looks like any other failure.
pub(crate) const UNREAD: &str = "failed on a payload that is no JSON, and whether it verified cannot be told: \
    a handler that parses JSON fails on it, and the provider's events are JSON; with --observe it is seen \
    where the handler counts before it parses";

impl Judge {
    /// The verdict on all copies of an attack: the first that is wrong, and which it is, else what could be
    /// better.
    pub(crate) fn of<'t>(&self, trials: &'t [Trial]) -> (Verdict, Option<&'t Trial>) {
        let several = trials.iter().map(|trial| trial.event).collect::<BTreeSet<_>>().len() > 1;
        let mut advice = None;
        for trial in trials {
            advice = advice.or(trial.busy.iter().find_map(busy));
            match self.verdict(&trial.answer, trial.is_json) {
                Verdict::Wrong(text) if several => {
                    return (Verdict::Wrong(format!("{}: {text}", trial.event)), Some(trial));
                }
                Verdict::Wrong(text) => return (Verdict::Wrong(text), Some(trial)),
                verdict @ Verdict::Advice(_) => advice = advice.or(Some(verdict)),
                Verdict::Right(_) | Verdict::NotApplicable(_) => {}
            }
        }
        (advice.unwrap_or_else(Verdict::right), None)
    }

    fn verdict(&self, answer: &Answer, is_json: bool) -> Verdict {
        let wrong = |text: &str| Verdict::Wrong(text.to_owned());
        match (self.expected, &answer.outcome) {
            (_, Outcome::NotAwaited) => Verdict::right(),
            (_, Outcome::Unreachable(_)) => wrong("cannot be connected to any more"),
            (_, Outcome::TimedOut) => {
                Verdict::Wrong(format!("no answer within {} s", self.timeout.as_secs_f32()))
            }
            (Expected::Refuse(Refusal { may_close: true, .. }), Outcome::Closed) => {
                Verdict::Advice(
                    "the connection was closed, and an answer was lost with it, if there was one"
                        .to_owned(),
                )
            }
            (_, Outcome::Closed) => wrong("closed the connection in place of an answer"),
            (Expected::Refuse(refusal), Outcome::Status(status, _))
                if refusal.statuses.contains(status) =>
            {
                Verdict::right()
            }
            (Expected::Accept, Outcome::Status(500.., _)) if !is_json && self.reads_json => {
                Verdict::Advice(UNREAD.to_owned())
            }
            (_, Outcome::Status(500.., _)) => wrong("the endpoint failed on it"),
            (Expected::Accept, Outcome::Status(409, _)) => {
                wrong("says for too long that it is busy")
            }
            (Expected::Accept | Expected::Answer, Outcome::Status(200..300, _)) => {
                self.in_time(answer)
            }
            (Expected::Accept, Outcome::Status(401 | 403, _)) => {
                wrong("refused what the provider sends")
            }
            (Expected::Accept, Outcome::Status(..)) => {
                wrong("only 2xx tells the provider that it came")
            }
            (Expected::Refuse(_), Outcome::Status(200..300, _)) => wrong("let in"),
            (Expected::Refuse(refusal), Outcome::Status(status @ 400..500, _)) => {
                let best = refusal.statuses.first().unwrap_or(status);
                Verdict::Advice(format!("refused with {status}, which is best said as {best}"))
            }
            (Expected::Answer, Outcome::Status(400..500, _)) => Verdict::right(),
            (_, Outcome::Status(..)) => wrong("neither let in nor refused"),
        }
    }

    fn in_time(&self, answer: &Answer) -> Verdict {
        match self.deadline {
            Some(deadline) if answer.elapsed > deadline => Verdict::Wrong(format!(
                "took {:.1} s, and the provider waits {} s",
                answer.elapsed.as_secs_f32(),
                deadline.as_secs()
            )),
            _ => Verdict::right(),
        }
    }
}

fn busy(answer: &Answer) -> Option<Verdict> {
    let says_when = answer.headers.contains_key(RETRY_AFTER);
    (!says_when).then(|| Verdict::Advice("409 is best sent with a Retry-After header".to_owned()))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::attack::{OTHER_METHOD, TOO_LARGE, UNAUTHENTIC};

    fn verdict(expected: Expected, outcome: Outcome) -> &'static str {
        let deadline = Some(Duration::from_secs(10));
        let judge =
            Judge { expected, deadline, timeout: Duration::from_secs(10), reads_json: true };
        let answer = Answer { outcome, headers: HeaderMap::new(), elapsed: Duration::ZERO };
        judge.verdict(&answer, true).word()
    }

    fn status(expected: Expected, status: u16) -> &'static str {
        verdict(expected, Outcome::Status(status, Vec::new()))
    }

    #[test]
    fn only_2xx_accepts_and_4xx_refuses_best_by_its_own_number() {
        use Expected::{Accept, Answer, Refuse};
        for accepted in [200, 202, 204] {
            assert_eq!(status(Accept, accepted), "ok");
            assert_eq!(status(Answer, accepted), "ok");
            assert_eq!(status(Refuse(UNAUTHENTIC), accepted), "WRONG");
        }
        for (refused, word) in [(401, "ok"), (400, "advice"), (403, "advice"), (404, "advice")] {
            assert_eq!(status(Refuse(UNAUTHENTIC), refused), word, "{refused}");
            assert_eq!(status(Accept, refused), "WRONG", "{refused}");
            assert_eq!(status(Answer, refused), "ok", "{refused}");
        }
        for broken in [301, 500, 503] {
            for expected in [Accept, Answer, Refuse(UNAUTHENTIC), Refuse(TOO_LARGE)] {
                assert_eq!(status(expected, broken), "WRONG", "{broken}");
            }
        }
    }

    #[test]
    fn a_status_that_says_just_that_is_right_whatever_its_hundred() {
        for right in [405, 404, 501] {
            assert_eq!(status(Expected::Refuse(OTHER_METHOD), right), "ok", "{right}");
        }
        assert_eq!(status(Expected::Refuse(OTHER_METHOD), 500), "WRONG");
        assert_eq!(status(Expected::Refuse(TOO_LARGE), 413), "ok");
    }

    #[test]
    fn no_answer_is_wrong_except_to_what_is_too_much_to_read() {
        use Expected::{Accept, Refuse};
        let unreachable = || Outcome::Unreachable(String::new());
        for outcome in [Outcome::TimedOut, Outcome::Closed, unreachable()] {
            for expected in [Accept, Refuse(UNAUTHENTIC)] {
                assert_eq!(verdict(expected, outcome.clone()), "WRONG");
            }
        }
        assert_eq!(verdict(Refuse(TOO_LARGE), Outcome::Closed), "advice");
        assert_eq!(verdict(Accept, Outcome::NotAwaited), "ok");
    }

    #[test]
    fn an_answer_after_the_provider_s_deadline_is_wrong() {
        let judge = Judge {
            expected: Expected::Accept,
            deadline: Some(Duration::from_secs(5)),
            timeout: Duration::from_secs(30),
            reads_json: true,
        };
        let outcome = Outcome::Status(200, Vec::new());
        let late = Answer { outcome, headers: HeaderMap::new(), elapsed: Duration::from_secs(6) };
        let verdict = judge.verdict(&late, true);
        assert_eq!(verdict.text(), "took 6.0 s, and the provider waits 5 s");
    }

    #[test]
    fn to_fail_on_what_is_no_json_is_no_fault_where_json_comes_through() {
        let word = |status, is_json, reads_json| {
            let timeout = Duration::from_secs(10);
            let judge = Judge { expected: Expected::Accept, deadline: None, timeout, reads_json };
            let outcome = Outcome::Status(status, Vec::new());
            let answer = Answer { outcome, headers: HeaderMap::new(), elapsed: Duration::ZERO };
            judge.verdict(&answer, is_json).word()
        };
        assert_eq!(word(500, false, true), "advice");
        assert_eq!(word(500, true, true), "WRONG");
        assert_eq!(word(500, false, false), "WRONG", "it may fail on everything");
        for refused in [400, 401, 403] {
            assert_eq!(word(refused, false, true), "WRONG", "its bytes were changed: {refused}");
        }
    }
}
