//! Reads rules from text. Does not evaluate them.
//!
//! ```text
//! list blocked_devices
//!
//! rule new_device_large
//!   when  device_age < 3600 && amount_minor > 20000
//!   then  review NEW_DEVICE_LARGE
//!   say   A large payment from a device first seen in the last hour
//!   owner fraud desk
//!   mode  shadow
//!   from  2026-01-01
//!   until 2027-01-01T00:00:00Z
//!   hit   amount_minor = 30000, device_age = 10
//!   miss  amount_minor = 30000, device_age = 90000
//! ```
//! A condition may go on in lines that begin with `and` or `or`.

use super::{Case, Mode, RULES_MAX, Rule};
use crate::expression::{Expr, Kind, Schema, compile, parse};
use crate::verdict::Decision;
use crate::{Error, Key, instant};

/// Reads every rule and list name; the lists are added to the schema.
pub(super) fn read(text: &str, schema: &mut Schema) -> Result<(Vec<Rule>, Vec<String>), Error> {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut lists = Vec::new();
    for (number, line) in lines {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "list" if drafts.is_empty() => {
                let name = named(rest).map_err(|what| Error::line(number, what))?;
                if schema.slot(&name).is_some() {
                    return Err(Error::line(number, format!("{name} is already a fact or feature")));
                }
                schema.add_list(&name);
                lists.push(name);
            }
            "list" => return Err(Error::line(number, "lists are named before the first rule")),
            "rule" => {
                let name = named(rest).map_err(|what| Error::line(number, what))?;
                if drafts.iter().any(|draft| draft.name == name) {
                    return Err(Error::line(number, format!("rule {name} is there twice")));
                }
                if drafts.len() == RULES_MAX {
                    return Err(Error::line(number, format!("more than {RULES_MAX} rules")));
                }
                drafts.push(Draft { name, line: number, entries: Vec::new() });
            }
            "when" | "then" | "say" | "owner" | "mode" | "from" | "until" | "hit" | "miss" | "or" | "and" => {
                let draft = drafts
                    .last_mut()
                    .ok_or_else(|| Error::line(number, format!("{word} before any rule")))?;
                draft.take(word, rest, number)?;
            }
            other => return Err(Error::line(number, format!("{other}: not a word of a rule"))),
        }
    }
    let rules = drafts.into_iter().map(|draft| draft.finish(schema)).collect::<Result<_, _>>()?;
    Ok((rules, lists))
}

struct Draft {
    name: String,
    line: usize,
    entries: Vec<(String, String, usize)>,
}

impl Draft {
    fn take(&mut self, word: &str, rest: &str, line: usize) -> Result<(), Error> {
        // `and …` and `or …` go on with the condition, so that long ones stay readable.
        if let "and" | "or" = word {
            let when = self.entries.iter_mut().rfind(|(known, ..)| known == "when");
            let (_, text, _) = when.ok_or_else(|| Error::line(line, format!("{word} without when")))?;
            text.push_str(if word == "and" { " && " } else { " || " });
            text.push_str(rest);
            return Ok(());
        }
        if !matches!(word, "hit" | "miss") && self.entries.iter().any(|(known, ..)| known == word) {
            return Err(Error::line(line, format!("{word} is there twice")));
        }
        self.entries.push((word.to_owned(), rest.to_owned(), line));
        Ok(())
    }

    fn entry(&self, word: &str) -> Option<(&str, usize)> {
        self.entries.iter().find(|(known, ..)| known == word).map(|(_, rest, line)| (rest.as_str(), *line))
    }

    fn finish(self, schema: &Schema) -> Result<Rule, Error> {
        let missing = |word: &str| Error::line(self.line, format!("rule {} has no {word}", self.name));
        let (when, when_line) = self.entry("when").ok_or_else(|| missing("when"))?;
        let program = compile(when, schema).map_err(|error| error.on_line(when_line))?;
        if program.kind() != Kind::Bool {
            return Err(Error::line(
                when_line,
                format!("when must be bool, this is {}", program.kind().word()),
            ));
        }
        let (then, then_line) = self.entry("then").ok_or_else(|| missing("then"))?;
        let (action, code) = then.split_once(' ').unwrap_or((then, ""));
        let action = Decision::from_word(action).ok_or_else(|| {
            Error::line(then_line, format!("{action}: approve, step-up, review or decline expected"))
        })?;
        let code = code.trim();
        if code.is_empty()
            || code.len() > 40
            || !code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        {
            return Err(Error::line(
                then_line,
                "a reason code of capitals, digits and _, at most 40, is needed",
            ));
        }
        let mode = match self.entry("mode") {
            None | Some(("live", _)) => Mode::Live,
            Some(("shadow", _)) => Mode::Shadow,
            Some(("off", _)) => Mode::Off,
            Some((other, line)) => {
                return Err(Error::line(line, format!("{other}: live, shadow or off expected")));
            }
        };
        let moment = |word: &str, otherwise: i64| match self.entry(word) {
            None => Ok(otherwise),
            Some((text, line)) => instant::parse(text)
                .ok_or_else(|| Error::line(line, format!("{text}: a date or UTC instant expected"))),
        };
        let (from_ms, until_ms) = (moment("from", i64::MIN)?, moment("until", i64::MAX)?);
        if from_ms >= until_ms {
            return Err(Error::line(self.line, format!("rule {} ends before it begins", self.name)));
        }
        let (say, _) = self.entry("say").ok_or_else(|| missing("say"))?;
        let (owner, _) = self.entry("owner").ok_or_else(|| missing("owner"))?;
        let cases = self.entries.iter().filter(|(word, ..)| matches!(word.as_str(), "hit" | "miss"));
        let cases = cases
            .map(|(word, text, line)| {
                case(text, schema)
                    .map(|(values, listed)| Case { hits: word == "hit", values, listed, line: *line })
                    .map_err(|what| Error::line(*line, what))
            })
            .collect::<Result<_, _>>()?;
        Ok(Rule {
            action,
            code: code.to_owned(),
            say: say.to_owned(),
            owner: owner.to_owned(),
            mode,
            from_ms,
            until_ms,
            when: when.to_owned(),
            program,
            cases,
            line: self.line,
            name: self.name,
        })
    }
}

/// Slots and their bits.
type Values = Vec<(u16, i64)>;
/// Lists and an entry of each.
type Entries = Vec<(u16, u64)>;

/// Reads `name = literal, list = 'entry'`; what is not named is zero, nobody or empty.
fn case(text: &str, schema: &Schema) -> Result<(Values, Entries), String> {
    let (mut values, mut listed) = (Vec::new(), Vec::new());
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        let (name, value) = part.split_once('=').ok_or(format!("{part}: NAME = VALUE expected"))?;
        let (name, value) = (name.trim(), value.trim());
        if let Some(list) = schema.list(name) {
            match parse(value).map(|node| node.expr) {
                Ok(Expr::Text(entry)) => listed.push((list, Key::of(&entry).0)),
                _ => return Err(format!("{name} is a list: give one text that it holds")),
            }
            continue;
        }
        let (slot, kind) = schema.slot(name).ok_or(format!("{name} is not a fact or feature"))?;
        let (sign, digits) = value.strip_prefix('-').map_or((1, value), |digits| (-1, digits));
        let node = parse(digits).map_err(|error| error.to_string())?;
        let bits = match (node.expr, kind) {
            (Expr::Int(value), Kind::Int) => sign * value,
            (Expr::Double(value), Kind::Double) => (value * sign as f64).to_bits() as i64,
            (Expr::Bool(value), Kind::Bool) => i64::from(value),
            (Expr::Text(value), Kind::Text) => Key::of(&value).0 as i64,
            _ => return Err(format!("{name} is {}, {value} is not", kind.word())),
        };
        values.push((slot, bits));
    }
    Ok((values, listed))
}

fn named(name: &str) -> Result<String, String> {
    let first = name.chars().next().is_some_and(|char| char.is_ascii_lowercase());
    if first
        && name.len() <= 64
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return Ok(name.to_owned());
    }
    Err(format!("{name:?}: a name is lower-case letters, digits and _, at most 64"))
}
