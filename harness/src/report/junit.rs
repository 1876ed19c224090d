//! A report as JUnit's XML: a suite for each provider, a case for each row.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::summary::by_provider;
use crate::row::{Row, Verdict};

pub(super) fn write(rows: &[Row]) -> anyhow::Result<String> {
    let mut report = Report::new("hookproof");
    for rows in by_provider(rows) {
        let mut suite = TestSuite::new(rows.first().map_or("", |row| row.provider));
        suite.add_test_cases(rows.iter().map(case));
        report.add_test_suite(suite);
    }
    Ok(report.to_string()? + "\n")
}

fn case(row: &Row) -> TestCase {
    let status = match &row.verdict {
        Verdict::Right(_) | Verdict::Advice(_) => TestCaseStatus::success(),
        Verdict::NotApplicable(lacking) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{} {lacking}", row.provider));
            status
        }
        Verdict::Wrong(text) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(text.as_str());
            status.set_type(row.id);
            let Row { title, expected, status: got, why, repeat, .. } = row;
            status.set_description(format!(
                "{title}: expected {expected}, got {got}\n{why}\n{repeat}"
            ));
            status
        }
    };
    let mut case = TestCase::new(row.id, status);
    case.set_classname(format!("hookproof.{}", row.provider));
    case.set_time(row.time.unwrap_or_default());
    if let Verdict::Advice(text) = &row.verdict {
        case.set_system_out(text.as_str());
    }
    case
}
