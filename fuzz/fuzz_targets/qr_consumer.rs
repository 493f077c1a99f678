//! Any bytes taken as the inside of a consumer-presented code: refused, or read and written again the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use qr::consumer::Code;

fuzz_target!(|bytes: &[u8]| {
    let head = b"\x85\x05CPV01";
    let bytes = if bytes.starts_with(head) { bytes.to_vec() } else { [head, bytes].concat() };
    let Ok(code) = Code::from_bytes(bytes.clone()) else { return };
    assert_eq!(code.as_bytes(), bytes);
    assert_eq!(Code::parse(&code.to_text()).as_ref(), Ok(&code));
    assert!(code.applications().next().is_some());
    for application in code.applications() {
        assert!((5..=16).contains(&application.name().len()));
        let _ = (application.label(), application.account_number());
    }
});
