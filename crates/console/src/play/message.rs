//! A message, opened: its bytes, headers, and the check of its signature, as the content of a dialog.

use maud::{Markup, html};

use super::figures::{count, time};
use super::steps::kind_text;
use super::words::Word;
use super::{Check, Language, Opened};

/// Bytes of a body that are drawn as hexadecimal at most, so that the page stays light.
const HEX_BYTES_MAX: usize = 4_096;
const HEX_BYTES_A_LINE: usize = 16;

/// The content of the dialog.
pub fn message(opened: &Opened, language: Language) -> String {
    draw(opened, language).into_string()
}

fn draw(opened: &Opened, language: Language) -> Markup {
    let kind = kind_text(&opened.message.kind, language);
    html! {
        h2 #opened-title {
            (language.tell(Word::MessageTitle, &[("name", &opened.message.name), ("kind", &kind)]))
        }
        p .quiet { (opened.between[0]) " → " (opened.between[1]) ", " (time(opened.message.at_ms)) }
        h3 { (language.say(Word::SignatureCheck)) }
        (check(&opened.message.check, language))
        @if !opened.start_line.is_empty() { p .start-line { code { (opened.start_line) } } }
        @if !opened.headers.is_empty() { (headers(opened, language)) }
        (body(opened, language))
    }
}

fn check(check: &Check, language: Language) -> Markup {
    match check {
        Check::Good { scheme, signer, key_version } => {
            let put_in = [("scheme", scheme.as_str()), ("signer", signer), ("version", key_version)];
            html! { p .good { (language.tell(Word::CheckedGood, &put_in)) } }
        }
        Check::Bad { why } => html! { p .bad { (language.tell(Word::CheckedBad, &[("why", why)])) } },
        Check::Nothing => html! { p .quiet { (language.say(Word::NothingToCheck)) } },
    }
}

fn headers(opened: &Opened, language: Language) -> Markup {
    html! {
        h3 #opened-headers { (language.say(Word::Headers)) }
        table .headers aria-labelledby="opened-headers" {
            thead .unseen { tr {
                th scope="col" { (language.say(Word::Field)) }
                th scope="col" { (language.say(Word::Value)) }
            } }
            tbody { @for (name, value) in &opened.headers {
                tr { th scope="row" { (name) } td { code { (value) } } }
            } }
        }
    }
}

fn body(opened: &Opened, language: Language) -> Markup {
    let bytes = opened.body.as_bytes();
    html! {
        h3 { (language.tell(Word::Body, &[("bytes", &count(opened.bytes))])) }
        @if bytes.is_empty() { p .quiet { (language.say(Word::NoBody)) } }
        @else {
            pre tabindex="0" role="group" aria-label=(language.say(Word::Indented)) { (indented(&opened.body)) }
            details {
                summary { (language.say(Word::AsSent)) }
                pre tabindex="0" role="group" aria-label=(language.say(Word::AsSent)) { (hexadecimal(bytes)) }
                @if bytes.len() > HEX_BYTES_MAX {
                    p .quiet { (language.tell(Word::HexCut, &[("bytes", &count(HEX_BYTES_MAX as u64))])) }
                }
            }
        }
    }
}

/// JSON with line breaks and indentation. Text that is none comes out broken at the same signs, never changed.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if quoted {
            quoted = letter != '"' || escaped;
            escaped = letter == '\\' && !escaped;
            out.push(letter);
            continue;
        }
        match letter {
            '{' | '[' if matches!(letters.peek(), Some('}' | ']')) => out.push(letter),
            '{' | '[' => {
                depth += 1;
                out.push(letter);
                begin_line(&mut out, depth);
            }
            '}' | ']' if out.ends_with(['{', '[']) => out.push(letter),
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                begin_line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                begin_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = letter == '"';
                out.push(letter);
            }
        }
    }
    out
}

fn begin_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Offset, bytes, and what of them can be read.
fn hexadecimal(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (number, line) in bytes[..bytes.len().min(HEX_BYTES_MAX)].chunks(HEX_BYTES_A_LINE).enumerate() {
        let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String =
            line.iter().map(|byte| if (32..127).contains(byte) { char::from(*byte) } else { '·' }).collect();
        out.push_str(&format!("{:04x}  {:<47}  {text}\n", number * HEX_BYTES_A_LINE, hex.join(" ")));
    }
    out
}
