//! Any text taken as the objects of a merchant-presented code: with a right checksum behind it, it is refused or read,
//! and what is read is written again the same, by every way of writing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use qr::merchant::{Builder, Code, Object, Template};
use qr::{Defect, PresentedCode, profile};

fuzz_target!(|body: &str| {
    let Some(code) = sealed(body) else { return };
    assert_eq!(Code::parse(code.as_str()).as_ref(), Ok(&code));
    let mut builder = Builder::of_version(code.value(0).unwrap_or_default());
    for object in code.objects().filter(|object| !matches!(object.id(), 0 | 63)) {
        builder = match object.is_template() {
            true => builder.template(object.id(), copied(object)),
            false => builder.object(object.id(), object.value()),
        };
    }
    // Values longer than the standard allows are read but not written.
    match builder.clone().payload() {
        Ok(payload) => {
            assert_eq!(payload, code.as_str());
            assert_eq!(builder.build().as_ref(), Ok(&code));
        }
        Err(malformed) => assert!(matches!(malformed.defect, Defect::ValueTooLong { .. }), "{malformed}"),
    }
    for reading in profile::read(&code) {
        assert!(!reading.is_accepted() || reading.profile.is_some());
    }
    assert_eq!(PresentedCode::parse(code.as_str()), Ok(PresentedCode::Merchant(code)));
});

fn copied(object: Object<'_>) -> Template {
    object.objects().fold(Template::default(), |template, inner| match inner.is_template() {
        true => template.template(inner.id(), copied(inner)),
        false => template.object(inner.id(), inner.value()),
    })
}

/// The code with this body, once its checksum is found by asking.
fn sealed(body: &str) -> Option<Code> {
    let body = if body.starts_with("0002") { body.to_owned() } else { format!("000201{body}") };
    let guess = Code::parse(&format!("{body}63040000"));
    let computed = match guess {
        Ok(code) => return Some(code),
        Err(malformed) => match malformed.defect {
            Defect::ChecksumWrong { computed, .. } => computed,
            _ => return None,
        },
    };
    Code::parse(&format!("{body}6304{computed:04X}")).ok()
}
