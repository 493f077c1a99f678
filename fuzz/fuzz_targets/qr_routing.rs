//! Any bytes taken as a set of routing rules: refused, or read and written again the same; and its answers agree with
//! its routes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use qr::PresentedCode;
use qr::routing::{Answer, RuleSet};

fuzz_target!(|input: (&[u8], &str)| {
    let (bytes, text) = input;
    let Ok(rules) = RuleSet::parse(bytes) else { return };
    assert_eq!(rules.canonical(), bytes);
    let Ok(code) = PresentedCode::parse(text) else { return };
    let routes = rules.routes(&code);
    match rules.answer(&code, "nobody in particular") {
        Answer::Mine(_) => panic!("no member has such a name"),
        Answer::Network(route) => assert_eq!(Some(&route), routes.first()),
        Answer::Nobody => assert!(routes.is_empty()),
    }
});
