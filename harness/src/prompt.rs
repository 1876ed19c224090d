//! Asking the person at the terminal, who does not see what was typed.

use std::io;

/// Asks for a line. Whatever ends the program meanwhile, the terminal shows again what is typed.
///
/// # Errors
/// Where there is no terminal, or it cannot be read.
pub(crate) fn ask(question: &str) -> io::Result<String> {
    #[cfg(unix)]
    let _kept = terminal::keep()?;
    let answer = rpassword::prompt_password(question);
    #[cfg(unix)]
    terminal::end_if_interrupted(&answer)?;
    answer
}

/// `rpassword` leaves the terminal as it found it when it returns, and a signal lets nothing return.
#[cfg(unix)]
mod terminal {
    use std::fs::File;
    use std::io::{self, ErrorKind};
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::thread;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGINT, TERM_SIGNALS};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    /// The terminal as it was; `None` while nobody is asked.
    static KEPT: Mutex<Kept> = Mutex::new(Kept { before: None, is_watched: false });

    struct Kept {
        before: Option<(File, Termios)>,
        is_watched: bool,
    }

    /// Forgets, when it is dropped, what the terminal was like.
    pub(super) struct Keeping;

    impl Drop for Keeping {
        fn drop(&mut self) {
            kept().before = None;
        }
    }

    fn kept() -> MutexGuard<'static, Kept> {
        KEPT.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what the terminal is like, for a signal that ends the program.
    pub(super) fn keep() -> io::Result<Keeping> {
        let terminal = File::open("/dev/tty")?;
        let modes = tcgetattr(&terminal)?;
        let mut kept = kept();
        kept.before = Some((terminal, modes));
        if !kept.is_watched {
            // For good: a signal that is no longer watched for would do nothing at all.
            let mut signals = Signals::new(TERM_SIGNALS)?;
            thread::Builder::new().spawn(move || signals.forever().for_each(end))?;
            kept.is_watched = true;
        }
        Ok(Keeping)
    }

    /// Ends the program as the signal would have, but with the terminal as it was.
    fn end(signal: i32) {
        if let Some((terminal, modes)) = &kept().before {
            // There is nobody to hear that it failed.
            let _ = tcsetattr(terminal, OptionalActions::Now, modes);
        }
        drop(emulate_default_handler(signal));
    }

    /// Ctrl-C is read as a character, and the signal that `rpassword` makes of it may come later than its error,
    /// which is nothing to be told of.
    pub(super) fn end_if_interrupted(answer: &io::Result<String>) -> io::Result<()> {
        match answer {
            Err(error) if error.kind() == ErrorKind::Interrupted => emulate_default_handler(SIGINT),
            _ => Ok(()),
        }
    }
}
