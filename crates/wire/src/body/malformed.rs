//! What is wrong with a body, and where: one sentence for the developer on the other side. Says nothing about what to
//! answer.

use std::fmt;

use serde::de::DeserializeOwned;

/// Longest sentence, in characters: `resultMessage` takes 256, and the result code stands before it.
const SENTENCE_LENGTH_MAX: usize = 240;

/// A body that cannot be read. Shown as `order.referenceOrderId is longer than 64 characters`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// The path of the field, `order.goods[2].goodsName`; empty for the body as a whole.
    pub field: String,
    /// What is wrong with it, as the rest of a sentence.
    pub problem: String,
}

impl Malformed {
    /// A field that is wrong.
    #[must_use]
    pub fn field(field: impl Into<String>, problem: impl Into<String>) -> Malformed {
        Malformed { field: field.into(), problem: problem.into() }
    }

    /// A body that is wrong as a whole.
    #[must_use]
    pub fn whole(problem: impl Into<String>) -> Malformed {
        Malformed::field("", problem)
    }

    /// Reads the body once more to find what is wrong and where.
    pub(super) fn find<T: DeserializeOwned>(bytes: &[u8]) -> Malformed {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let error = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Err(error) => error,
            Ok(_) => return Malformed::whole("has something behind its closing brace"),
        };
        let path = error.path().to_string();
        let cause = error.into_inner();
        if !cause.is_data() {
            return Malformed::whole(format!("is not JSON: {cause}"));
        }
        let field = if path == "." { String::new() } else { path };
        let problem = cause.to_string();
        let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(problem, _)| problem);
        let parent = if field.is_empty() { String::new() } else { format!("{field}.") };
        for (prefix, sentence) in [("missing field `", "is missing"), ("duplicate field `", "is there twice")]
        {
            if let Some(name) = problem.strip_prefix(prefix) {
                return Malformed::field(parent + name.trim_end_matches('`'), sentence);
            }
        }
        match problem.strip_prefix("invalid type: ") {
            Some(mismatch) => Malformed::field(field, format!("has the wrong type: {mismatch}")),
            None => Malformed::field(field, problem),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = if self.field.is_empty() { "the body" } else { &self.field };
        let sentence = format!("{field} {}", self.problem);
        // What the other side sent may be repeated in the sentence, so it is cut to what the answer can carry.
        let shown = sentence.chars().map(|character| if character.is_control() { ' ' } else { character });
        f.write_str(&shown.take(SENTENCE_LENGTH_MAX).collect::<String>())
    }
}

impl std::error::Error for Malformed {}
