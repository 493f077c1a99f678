//! Cuts an expression's text into tokens with their places. Does not know the grammar.

use crate::Error;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Int(i64),
    Double(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
    End,
}

/// Longest first, so that `<=` is never read as `<`.
const SIGNS: [&str; 22] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")", "[", "]",
    ",", ".",
];

pub(super) fn lex(text: &str) -> Result<Vec<(usize, Token)>, Error> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let first = bytes[at];
        if first.is_ascii_whitespace() {
            at += 1;
        } else if text[at..].starts_with("//") {
            at += text[at..].find('\n').unwrap_or(text.len() - at);
        } else if first.is_ascii_digit() {
            let (token, end) = number(text, at)?;
            tokens.push((at, token));
            at = end;
        } else if first.is_ascii_alphabetic() || first == b'_' {
            let end =
                at + bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            tokens.push((at, Token::Name(text[at..end].to_owned())));
            at = end;
        } else if first == b'"' || first == b'\'' {
            let (token, end) = quoted(text, at)?;
            tokens.push((at, token));
            at = end;
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| text[at..].starts_with(sign)) {
            tokens.push((at, Token::Sign(sign)));
            at += sign.len();
        } else {
            let odd = text[at..].chars().next().unwrap_or(' ');
            return Err(Error::Expression { at, what: format!("{odd:?} has no meaning here") });
        }
    }
    tokens.push((text.len(), Token::End));
    Ok(tokens)
}

fn number(text: &str, at: usize) -> Result<(Token, usize), Error> {
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(at);
    let mut double = false;
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
        double = true;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent == end + 1 + sign {
            return Err(Error::Expression { at, what: "an exponent needs digits".into() });
        }
        end = exponent;
        double = true;
    }
    if bytes.get(end).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_') {
        return Err(Error::Expression {
            at,
            what: "a number runs into a name; unsigned and hexadecimal are not taken".into(),
        });
    }
    let digits = &text[at..end];
    let refused = || Error::Expression { at, what: format!("{digits} does not fit a number") };
    let token = if double {
        Token::Double(digits.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(refused)?)
    } else {
        Token::Int(digits.parse().map_err(|_| refused())?)
    };
    Ok((token, end))
}

fn quoted(text: &str, at: usize) -> Result<(Token, usize), Error> {
    let quote = if text[at..].starts_with('"') { '"' } else { '\'' };
    let mut value = String::new();
    let mut chars = text[at + 1..].char_indices();
    while let Some((offset, char)) = chars.next() {
        match char {
            _ if char == quote => return Ok((Token::Text(value), at + 1 + offset + 1)),
            '\\' => match chars.next() {
                Some((_, escaped @ ('\\' | '"' | '\''))) => value.push(escaped),
                _ => {
                    return Err(Error::Expression {
                        at,
                        what: "only \\\\, \\\" and \\' are escapes here".into(),
                    });
                }
            },
            '\n' => break,
            _ => value.push(char),
        }
    }
    Err(Error::Expression { at, what: "this text is not closed".into() })
}
