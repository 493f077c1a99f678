//! Writes a report as one line of JSON (RFC 8259). Reads none.

use super::{Report, Value};

impl Report {
    /// One JSON object without line ends: `input`, `kind`, `accepted`, `strict`, `profiles`, `fields`, `findings`.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(256 + self.input.len());
        json.push_str("{\"input\":");
        string(&mut json, &self.input);
        json.push_str(",\"kind\":");
        string(&mut json, self.kind.name());
        json.push_str(&format!(",\"accepted\":{},\"strict\":{},\"profiles\":[", self.accepted, self.strict));
        separated(&mut json, self.profiles.iter(), |json, scheme| string(json, scheme.name()));
        json.push_str("],\"fields\":");
        object(&mut json, self.fields.iter().map(|(name, field)| (*name, field)));
        json.push_str(",\"findings\":[");
        separated(&mut json, self.findings.iter(), |json, finding| {
            json.push_str("{\"severity\":");
            string(json, finding.severity.name());
            json.push_str(&format!(",\"at\":{},\"rule\":", finding.at));
            string(json, &finding.rule.to_string());
            json.push_str(",\"message\":");
            string(json, &finding.message);
            json.push('}');
        });
        json.push_str("]}");
        json
    }
}

fn value(json: &mut String, field: &Value) {
    match field {
        Value::Text(text) => string(json, text),
        Value::Number(number) => json.push_str(&number.to_string()),
        Value::List(fields) => {
            json.push('[');
            separated(json, fields.iter(), value);
            json.push(']');
        }
        Value::Map(fields) => object(json, fields.iter().map(|(name, field)| (name.as_str(), field))),
    }
}

/// A name that comes twice is written once, the first time.
fn object<'a>(json: &mut String, fields: impl Iterator<Item = (&'a str, &'a Value)>) {
    let mut written = std::collections::BTreeSet::new();
    json.push('{');
    separated(json, fields.filter(|(name, _)| written.insert(*name)), |json, (name, field)| {
        string(json, name);
        json.push(':');
        value(json, field);
    });
    json.push('}');
}

fn separated<T>(json: &mut String, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    for (place, item) in items.enumerate() {
        if place > 0 {
            json.push(',');
        }
        write(json, item);
    }
}

fn string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            // JavaScript took these two for line ends once.
            control if control < ' ' || matches!(control, '\u{7F}' | '\u{2028}' | '\u{2029}') => {
                json.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
}
