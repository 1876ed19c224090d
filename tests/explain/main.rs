//! Explanations: every fault that people make, on deliveries of every provider, must be named.

mod delivery;
mod faults;
mod spelling;

use std::collections::BTreeMap;

use delivery::{Receiver, Sender};
use hookproof::explain::{Cause, Explanation};
use hookproof::{Key, Options, UnixTime, providers, verify};

#[test]
fn every_fault_is_found_with_every_provider() {
    let faults = faults::all();
    let mut found: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    for row in providers::ALL {
        let scheme = row.scheme;
        for fault in faults.iter().filter(|fault| (fault.applies)(&scheme)) {
            let mut sender = Sender::new(scheme, spelling::COMPACT.as_bytes());
            (fault.at_sender)(&mut sender);
            let mut receiver = sender.send(scheme);
            (fault.at_receiver)(&mut receiver);
            let explanation = receiver.explain();
            let entry = found.entry(fault.name).or_default();
            entry.0 += 1;
            let right = explanation.cause == fault.cause
                && explanation.evidence.proven == fault.proven
                && explanation.message.contains(fault.says);
            if !right {
                entry.1.push(format!(
                    "{}: {} ({})",
                    scheme.name,
                    explanation.cause.code(),
                    explanation.message
                ));
            }
        }
    }
    let mut wrong = 0;
    for fault in &faults {
        let Some((count, confused)) = found.get(fault.name) else { continue };
        println!("{:<50} -> {:<26} {count} schemes", fault.name, fault.cause.code());
        for line in confused {
            println!("    CONFUSED {line}");
            wrong += 1;
        }
    }
    assert_eq!(wrong, 0, "causes other than the fault applied");
    assert!(found.len() >= 60);
}

#[test]
fn every_spelling_of_json_is_recognised_from_every_other() {
    let spellings = spelling::spellings();
    let mut wrong = Vec::new();
    for row in providers::ALL {
        for (signed_name, signed) in &spellings {
            for (received_name, received) in
                spellings.iter().filter(|(name, _)| name != signed_name)
            {
                let mut receiver = Sender::new(row.scheme, signed.as_bytes()).send(row.scheme);
                receiver.payload = received.clone().into_bytes();
                let explanation = receiver.explain();
                if explanation.cause != Cause::JsonReserialised || !explanation.evidence.proven {
                    wrong.push(format!(
                        "{}: {signed_name} -> {received_name}: {}",
                        row.scheme.name, explanation.message
                    ));
                }
            }
        }
    }
    println!("{} pairs of spellings", spellings.len() * (spellings.len() - 1));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
