//! Alipay+ links: `https://HOST/MPM/3/<base64>` and order codes that name their acquirer in the path (Alipay+ Code
//! Scanning Payment Standards).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Content, Link, decoded, encoded};
use crate::finding::{Finding, LinkRule, Rule, Severity};
use crate::{Defect, Malformed};

/// The payload of an `/MPM/3/` link: objects with identifiers of four characters and lengths of three digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The objects in order, without the envelope `GPLD`.
    pub objects: Vec<PayloadObject>,
}

/// One object of the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayloadObject {
    /// Identifier, four characters, such as `PLVS`.
    pub id: String,
    /// Value as written.
    pub value: String,
    /// The objects inside, by two-digit identifier, if the value consists of such.
    pub fields: Vec<(u8, String)>,
}

const ENVELOPE: &str = "GPLD";
const VERSION: &str = "PLVS";
const PATH: [&str; 2] = ["MPM", "3"];

pub(super) fn read(link: &Link) -> (Content, Vec<Finding>) {
    let mut findings = Vec::new();
    if !link.scheme().eq_ignore_ascii_case("https") {
        let message = format!(
            "A payment link must begin with https, not {}; others could read and change it",
            link.scheme()
        );
        findings.push(finding(Severity::Error, LinkRule::Protected, 0, message));
    }
    let mut segments = link.path().split('/').skip(1);
    let head = [segments.next().unwrap_or_default(), segments.next().unwrap_or_default()];
    if head[0].eq_ignore_ascii_case(PATH[0]) && head[1] == PATH[1] {
        let at = link.path_at() + "/MPM/3/".len();
        return match Payload::parse(segments.next().unwrap_or_default()) {
            Ok(payload) => (Content::AlipayPayload(payload), findings),
            Err(why) => {
                findings.push(finding(Severity::Error, LinkRule::Payload, at, why));
                (Content::Other, findings)
            }
        };
    }
    let content = match order_acquirer(head[0]) {
        Some(acquirer) if is_alipay(link.host()) => Content::AlipayOrder { acquirer },
        _ => Content::Other,
    };
    (content, findings)
}

/// Three digits of the acquirer in `281aaa04…`.
fn order_acquirer(segment: &str) -> Option<String> {
    let acquirer = segment.strip_prefix("281")?.get(..3)?;
    let rest = segment.get(6..)?.strip_prefix("04")?;
    let is_code = acquirer.bytes().all(|byte| byte.is_ascii_digit()) && rest.len() >= 4;
    is_code.then(|| acquirer.to_owned())
}

fn is_alipay(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "alipay.com" || host.ends_with(".alipay.com")
}

fn finding(severity: Severity, rule: LinkRule, at: usize, message: impl Into<String>) -> Finding {
    Finding { severity, at, rule: Rule::Link(rule), message: message.into() }
}

impl Payload {
    /// Reads the last path segment of an `/MPM/3/` link.
    fn parse(segment: &str) -> Result<Payload, String> {
        // A plus sign in a path is itself; only what was percent-encoded is undone.
        let plain = decoded(&segment.replace('+', "%2B"));
        let bytes = STANDARD
            .decode(&plain)
            .map_err(|_| "The payload is not base64; make the link again".to_owned())?;
        let text = String::from_utf8(bytes)
            .map_err(|_| "The payload is not text; make the link again".to_owned())?;
        let (id, inside, after) = cut(&text)?;
        if id != ENVELOPE || !after.is_empty() {
            return Err(
                "The payload must be one object GPLD and nothing more; make the link again".to_owned()
            );
        }
        let mut objects = Vec::new();
        let mut rest = inside;
        while !rest.is_empty() {
            let (id, value, after) = cut(rest)?;
            objects.push(PayloadObject { id: id.to_owned(), value: value.to_owned(), fields: fields(value) });
            rest = after;
        }
        if objects.first().is_none_or(|first| first.id != VERSION || first.value != "01") {
            return Err("The payload must begin with its version, PLVS = 01; make the link again".to_owned());
        }
        Ok(Payload { objects })
    }

    /// The object with this identifier.
    pub fn object(&self, id: &str) -> Option<&PayloadObject> {
        self.objects.iter().find(|object| object.id == id)
    }
}

/// Cuts the first object: four characters, three digits, value.
fn cut(text: &str) -> Result<(&str, &str, &str), String> {
    let broken = || "The payload breaks off inside an object; make the link again".to_owned();
    let id = text.get(..4).ok_or_else(broken)?;
    let length = text.get(4..7).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let length: usize = length.and_then(|digits| digits.parse().ok()).ok_or_else(broken)?;
    let rest = &text[7..];
    let ends = std::iter::once(0).chain(rest.char_indices().map(|(at, c)| at + c.len_utf8()));
    let end = ends.into_iter().nth(length).ok_or_else(broken)?;
    Ok((id, &rest[..end], &rest[end..]))
}

/// Two-digit identifiers and lengths, if the whole value consists of them.
fn fields(value: &str) -> Vec<(u8, String)> {
    let mut fields = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let number = |digits: Option<&str>| {
            digits
                .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|text| text.parse::<u8>().ok())
        };
        let Some((id, length)) = number(rest.get(..2)).zip(number(rest.get(2..4))) else { return Vec::new() };
        let Some(value) = rest.get(4..4 + usize::from(length)) else { return Vec::new() };
        fields.push((id, value.to_owned()));
        rest = &rest[4 + usize::from(length)..];
    }
    fields
}

/// Makes an `/MPM/3/` link at `host`. Objects are given by identifier and value; the version is added.
pub fn mpm_link(host: &str, objects: &[(&str, &str)]) -> Result<Link, Malformed> {
    let mut inside = format!("{VERSION}00201");
    for (id, value) in objects {
        let length = value.chars().count();
        if id.len() != 4 || !id.is_ascii() || length > 999 {
            return Err(Malformed::new(0, Defect::LinkWrong));
        }
        inside.push_str(&format!("{id}{length:03}{value}"));
    }
    let length = inside.chars().count();
    if length > 999 {
        return Err(Malformed::new(0, Defect::LinkWrong));
    }
    let payload = STANDARD.encode(format!("{ENVELOPE}{length:03}{inside}"));
    Link::parse(&format!("HTTPS://{host}/{}/{}/{}", PATH[0], PATH[1], encoded(&payload)))
}
