//! The canonical form of a set of rules: the bytes that are signed, compared and downloaded. One line a rule, in
//! order, nothing optional, so that equal sets are equal bytes.

use super::{Pattern, Refused, Rule, RuleSet};

const HEAD: &str = "code-rules 1";

impl RuleSet {
    /// The bytes to sign and to serve: UTF-8 lines, each ended by a line feed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut text = format!("{HEAD}\nversion {}\nissued {}\n", self.version(), self.issued_at());
        for rule in self.rules() {
            let line =
                format!("{} {} {} {}\n", rule.pattern(), rule.preference(), rule.scheme(), rule.member());
            text.push_str(&line);
        }
        text.into_bytes()
    }

    /// Reads canonical bytes. Refuses anything that [`RuleSet::canonical`] would write differently.
    pub fn parse(bytes: &[u8]) -> Result<RuleSet, Refused> {
        let text = std::str::from_utf8(bytes).map_err(|_| Refused::Line { number: 1 })?;
        let mut lines = text.lines().enumerate().map(|(place, line)| (place + 1, line));
        let mut head = |name: &str| {
            let (number, line) = lines.next().unwrap_or((1, ""));
            line.strip_prefix(name).ok_or(Refused::Line { number }).map(|rest| (number, rest))
        };
        head(HEAD)?;
        let number =
            |(number, digits): (usize, &str)| digits.parse::<u64>().map_err(|_| Refused::Line { number });
        let version = number(head("version ")?)?;
        let issued_at = number(head("issued ")?)?;
        let rules: Result<Vec<Rule>, Refused> =
            lines.map(|(number, line)| rule(line).ok_or(Refused::Line { number })).collect();
        let set = RuleSet::publish(version, issued_at, rules?)?;
        if set.canonical() != bytes {
            return Err(Refused::Line { number: first_difference(&set.canonical(), bytes) });
        }
        Ok(set)
    }

    /// An entity tag for HTTP (RFC 9110, 8.8.3): version and FNV-1a hash of the canonical bytes, quoted.
    pub fn etag(&self) -> String {
        let hash = self
            .canonical()
            .iter()
            .fold(FNV_OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(FNV_PRIME));
        format!("\"{}-{hash:032x}\"", self.version())
    }
}

/// FNV-1a with 128 bits. It tells sets apart; that nobody forged one is the signature's to say.
const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

fn rule(line: &str) -> Option<Rule> {
    let mut words = line.split(' ');
    let (kind, pattern) = (words.next()?, words.next()?);
    let preference = words.next()?.parse().ok()?;
    let (scheme, member) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let pattern = Pattern::parse(kind, pattern).ok()?;
    Some(Rule::new(pattern, scheme, member).ok()?.preferred(preference))
}

/// The line in which two texts first differ, counted from one.
fn first_difference(left: &[u8], right: &[u8]) -> usize {
    let same = left.iter().zip(right).take_while(|(left, right)| left == right);
    1 + same.filter(|(byte, _)| **byte == b'\n').count()
}
