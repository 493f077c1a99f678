//! Any bytes: the linter answers, and what it says agrees with what parsing says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use qr::PresentedCode;
use qr::lint::{Context, lint_bytes};

fuzz_target!(|bytes: &[u8]| {
    let report = lint_bytes(bytes, &Context { now: Some(1_800_000_000) });
    assert!(!report.to_json().contains('\n'));
    assert!(!report.strict || report.accepted);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return assert!(!report.accepted);
    };
    let parsed = PresentedCode::parse(text);
    assert!(!report.accepted || parsed.is_ok());
    let characters = text.chars().count();
    assert!(report.findings.iter().all(|finding| finding.at <= characters));
});
