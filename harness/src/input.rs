//! Files and standard input, read up to a bound.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// The most bytes of a payload or of a saved delivery: more than any provider sends, base64 in an archive included.
pub const MAX_DELIVERY_BYTES: usize = 64 * MIB;

/// The most bytes of a list of what was handled.
pub const MAX_OBSERVED_BYTES: usize = 16 * MIB;

/// The most bytes of a secret, wherever it comes from.
pub const MAX_SECRET_BYTES: usize = 64 * 1024;

/// How long a file may take: nobody may ever write to a named pipe, or end what it writes.
const MAX_FILE_TIME: Duration = Duration::from_secs(10);

/// Reads a file. The caller names it in the error.
///
/// # Errors
/// Where it cannot be read, is longer than `most` bytes, or does not end in time.
pub fn file(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    file_within(path, most, MAX_FILE_TIME)
}

fn file_within(path: &Path, most: usize, time: Duration) -> io::Result<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let path = path.to_owned();
    // Opening a named pipe waits for a writer, and only another thread can stop waiting for that. The thread ends
    // with the process.
    thread::Builder::new().spawn(move || {
        // The receiver is gone where it took too long.
        drop(sender.send(File::open(path).and_then(|file| bounded(file, most))));
    })?;
    receiver.recv_timeout(time).unwrap_or_else(|_| {
        let seconds = time.as_secs();
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            format!("it did not end within {seconds} seconds; save it to a file and pass that"),
        ))
    })
}

/// Reads standard input, which takes as long as the program that writes it.
///
/// # Errors
/// Where it cannot be read, or is longer than `most` bytes.
pub fn standard_input(most: usize) -> io::Result<Vec<u8>> {
    bounded(io::stdin(), most)
}

fn bounded(source: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        let error = format!("it is longer than {}", size(most));
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, error));
    }
    Ok(bytes)
}

/// A bound as people write it.
pub(crate) fn size(bytes: usize) -> String {
    match bytes / MIB {
        0 => format!("{} KiB", bytes / 1024),
        mib => format!("{mib} MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_inclusive() {
        let read = |length: u64| bounded(io::repeat(0).take(length), 1024);
        assert_eq!(read(1024).unwrap().len(), 1024);
        for length in [1025, u64::MAX] {
            assert_eq!(read(length).unwrap_err().to_string(), "it is longer than 1 KiB");
        }
    }

    #[test]
    fn bounds_are_written_as_people_write_them() {
        let sizes = [MAX_DELIVERY_BYTES, MAX_OBSERVED_BYTES, MAX_SECRET_BYTES].map(size);
        assert_eq!(sizes, ["64 MiB", "16 MiB", "64 KiB"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_without_a_writer_ends_in_time() {
        let path = std::env::temp_dir().join(format!("hookproof-pipe-{}", std::process::id()));
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let error = file_within(&path, 1024, Duration::from_secs(1)).unwrap_err().to_string();
        std::fs::remove_file(&path).unwrap();
        assert!(error.starts_with("it did not end within 1 seconds"), "{error}");
    }
}
