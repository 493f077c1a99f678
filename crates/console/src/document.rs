//! How pages read an answer of the API: a JSON document whose scalars are texts or numbers. What is missing reads as
//! empty; a page never fails for it.

use serde_json::Value;

/// A text, empty if there is none.
pub(crate) fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}

/// A whole number, written as a number or as a text; none if there is none.
pub(crate) fn whole(of: &Value, key: &str) -> Option<i64> {
    number(&of[key])
}

/// The value itself as a whole number.
pub(crate) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// A list, empty if there is none.
pub(crate) fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of[key].as_array().map_or(&[], Vec::as_slice)
}

/// Members of an object by name, in their order.
pub(crate) fn members<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    of[key].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// A truth, written as such or as a text.
pub(crate) fn truth(of: &Value, key: &str) -> bool {
    of[key].as_bool().unwrap_or_else(|| text(of, key) == "true")
}
