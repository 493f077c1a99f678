//! Reads tokens into a tree by CEL's precedence. Does not know names or kinds.

use super::lex::{Token, lex};
use crate::Error;

/// Longest text of one expression, bytes: longer ones belong into several rules.
pub const TEXT_BYTES_MAX: usize = 4_096;
/// Deepest nesting: keeps the parser's own stack small on hostile texts.
const DEPTH_MAX: usize = 32;
/// Longest literal list; longer ones belong into a named list.
const LIST_MAX: usize = 256;

/// One node of the tree, with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Byte offset in the text.
    pub at: usize,
    /// What stands there.
    pub expr: Expr,
}

/// What an expression is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// An integer literal.
    Int(i64),
    /// A floating literal.
    Double(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A quoted text.
    Text(String),
    /// A name to be looked up.
    Name(String),
    /// `[a, b]`.
    List(Vec<Node>),
    /// `!a` or `-a`.
    Unary(&'static str, Box<Node>),
    /// `a op b`.
    Binary(&'static str, Box<Node>, Box<Node>),
    /// `a ? b : c`.
    Choice(Box<Node>, Box<Node>, Box<Node>),
    /// `name(a, b)`.
    Call(String, Vec<Node>),
}

/// Parses one expression.
///
/// # Errors
/// [`Error::Expression`] with the byte where the text leaves the grammar or a limit.
pub fn parse(text: &str) -> Result<Node, Error> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Error::Expression {
            at: TEXT_BYTES_MAX,
            what: format!("longer than {TEXT_BYTES_MAX} bytes"),
        });
    }
    let mut parser = Parser { tokens: lex(text)?, next: 0, depth: 0 };
    let node = parser.choice()?;
    match parser.peek() {
        Token::End => Ok(node),
        other => parser.refuse(format!("{} after the end of the expression", told(other))),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

/// Binary signs, loosest first.
const LEVELS: [&[&str]; 5] =
    [&["||"], &["&&"], &["==", "!=", "<", "<=", ">", ">="], &["+", "-"], &["*", "/", "%"]];

impl Parser {
    fn choice(&mut self) -> Result<Node, Error> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.refuse(format!("nested deeper than {DEPTH_MAX}"));
        }
        let at = self.at();
        let condition = self.level(0)?;
        let node = if self.take("?") {
            let yes = self.level(0)?;
            self.expect(":")?;
            let no = self.choice()?;
            Node { at, expr: Expr::Choice(Box::new(condition), Box::new(yes), Box::new(no)) }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(node)
    }

    fn level(&mut self, level: usize) -> Result<Node, Error> {
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        let mut links = 0;
        loop {
            let at = self.at();
            let sign = match self.peek() {
                Token::Sign(sign) if signs.contains(sign) => *sign,
                Token::Name(name) if level == 2 && name == "in" => "in",
                _ => return Ok(left),
            };
            self.next += 1;
            links += 1;
            if links > LIST_MAX {
                return self.refuse(format!("more than {LIST_MAX} operands in a row"));
            }
            let right = self.level(level + 1)?;
            left = Node { at, expr: Expr::Binary(sign, Box::new(left), Box::new(right)) };
        }
    }

    fn unary(&mut self) -> Result<Node, Error> {
        let at = self.at();
        for sign in ["!", "-"] {
            if self.take(sign) {
                // CEL reads `-9223372036854775808` as one literal; the sign alone would overflow.
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return self.refuse(format!("nested deeper than {DEPTH_MAX}"));
                }
                let inner = self.unary()?;
                self.depth -= 1;
                return Ok(Node { at, expr: Expr::Unary(sign, Box::new(inner)) });
            }
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Node, Error> {
        let at = self.at();
        let token = self.peek().clone();
        self.next += usize::from(token != Token::End);
        let expr = match token {
            Token::Int(value) => Expr::Int(value),
            Token::Double(value) => Expr::Double(value),
            Token::Text(value) => Expr::Text(value),
            Token::Name(name) => self.named(name, at)?,
            Token::Sign("(") => {
                let inner = self.choice()?;
                self.expect(")")?;
                return self.no_member(inner);
            }
            Token::Sign("[") => Expr::List(self.listed("]")?),
            other => {
                return Err(Error::Expression {
                    at,
                    what: format!("{} where a value belongs", told(&other)),
                });
            }
        };
        self.no_member(Node { at, expr })
    }

    fn named(&mut self, name: String, at: usize) -> Result<Expr, Error> {
        if matches!(name.as_str(), "true" | "false") {
            return Ok(Expr::Bool(name == "true"));
        }
        if matches!(name.as_str(), "in" | "null" | "for" | "if" | "while" | "let" | "return") {
            return Err(Error::Expression { at, what: format!("{name} is a reserved word") });
        }
        if self.take("(") { Ok(Expr::Call(name, self.listed(")")?)) } else { Ok(Expr::Name(name)) }
    }

    fn no_member(&mut self, node: Node) -> Result<Node, Error> {
        match self.peek() {
            Token::Sign(sign @ ("." | "[")) => {
                let sign = *sign;
                self.refuse(format!("{sign}: members, methods, macros and indexes are not taken"))
            }
            _ => Ok(node),
        }
    }

    fn listed(&mut self, close: &'static str) -> Result<Vec<Node>, Error> {
        let mut items = Vec::new();
        while !self.take(close) {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(self.choice()?);
            if items.len() > LIST_MAX {
                return self.refuse(format!("more than {LIST_MAX} items; use a named list"));
            }
        }
        Ok(items)
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let found = *self.peek() == Token::Sign(sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Error> {
        if self.take(sign) {
            Ok(())
        } else {
            self.refuse(format!("{sign} expected, found {}", told(self.peek())))
        }
    }

    fn refuse<T>(&self, what: String) -> Result<T, Error> {
        Err(Error::Expression { at: self.at(), what })
    }

    fn at(&self) -> usize {
        self.tokens[self.next].0
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }
}

fn told(token: &Token) -> String {
    match token {
        Token::Int(value) => value.to_string(),
        Token::Double(value) => value.to_string(),
        Token::Text(value) => format!("{value:?}"),
        Token::Name(name) => name.clone(),
        Token::Sign(sign) => (*sign).to_owned(),
        Token::End => "the end".to_owned(),
    }
}
