//! What each operator and function needs of its operands, and the operations that it becomes.

use super::{Compiler, Made, literal, refuse};
use crate::Error;
use crate::expression::Kind;
use crate::expression::parse::{Expr, Node};
use crate::expression::run::{Op, Rel};

impl Compiler<'_> {
    pub(super) fn member(&mut self, node: &Node, item: &Node, list: &Node, to: u8) -> Result<Made, Error> {
        self.faults.push(Vec::new());
        let made = self.value(item, to)?;
        match &list.expr {
            Expr::Name(name) => {
                let Some(number) = self.schema.list(name) else {
                    return refuse(list, format!("{name} is not a known list"));
                };
                if made.kind != Kind::Text {
                    return refuse(node, format!("{name} holds strings, not {}", made.kind.word()));
                }
                self.ops.push(Op::InList { to, list: number });
            }
            Expr::List(items) => {
                let mut set = Vec::with_capacity(items.len());
                for item in items {
                    match literal(item) {
                        Some((kind, value)) if kind == made.kind && kind != Kind::Double => set.push(value),
                        Some((kind, _)) => {
                            return refuse(
                                item,
                                format!("{} in a list searched for {}", kind.word(), made.kind.word()),
                            );
                        }
                        None => return refuse(item, "only literals stand in a list".into()),
                    }
                }
                set.sort_unstable();
                self.ops.push(Op::InSet { to, set: self.sets.len() as u16 });
                self.sets.push(set);
            }
            _ => return refuse(list, "`in` needs a literal or named list".into()),
        }
        Ok(Made { kind: Kind::Bool, fallible: self.land(Kind::Bool, to) })
    }

    pub(super) fn compare(
        &mut self,
        node: &Node,
        sign: &str,
        left: &Node,
        right: &Node,
        to: u8,
    ) -> Result<Made, Error> {
        let rel = match sign {
            "==" => Rel::EQUAL,
            "!=" => Rel::UNEQUAL,
            "<" => Rel::LESS,
            "<=" => Rel::LESS_OR_EQUAL,
            ">" => Rel::GREATER,
            _ => Rel::GREATER_OR_EQUAL,
        };
        self.faults.push(Vec::new());
        let first = self.value(left, to)?;
        let start = self.ops.len();
        let second = self.value(right, to + 1)?;
        if first.kind != second.kind {
            let what = format!(
                "{} {sign} {}: convert with int() or double()",
                first.kind.word(),
                second.kind.word()
            );
            return refuse(node, what);
        }
        if matches!(first.kind, Kind::Bool | Kind::Text) && !matches!(sign, "==" | "!=") {
            return refuse(node, format!("{} values have no order here", first.kind.word()));
        }
        let named = match &left.expr {
            Expr::Name(name) => self.schema.slot(name),
            _ => None,
        };
        let op = match (first.kind, named, literal(right)) {
            (Kind::Int | Kind::Text, Some((slot, _)), Some((_, value))) => {
                self.ops.truncate(start - 1);
                Op::CompareSlot { to, rel, slot, value }
            }
            (Kind::Int | Kind::Text, ..) => Op::CompareInt { to, rel },
            (Kind::Double, ..) => Op::CompareDouble { to, rel },
            (Kind::Bool, ..) => Op::CompareBool { to, rel },
        };
        self.ops.push(op);
        let errs = first.kind == Kind::Bool && (first.fallible || second.fallible);
        Ok(Made { kind: Kind::Bool, fallible: self.land(Kind::Bool, to) || errs })
    }

    pub(super) fn arithmetic(
        &mut self,
        node: &Node,
        sign: &'static str,
        left: &Node,
        right: &Node,
        to: u8,
    ) -> Result<Made, Error> {
        let first = self.value(left, to)?;
        let second = self.value(right, to + 1)?;
        let double = match (first.kind, second.kind) {
            (Kind::Int, Kind::Int) => false,
            (Kind::Double, Kind::Double) if sign != "%" => true,
            (one, two) => {
                let what = format!("{} {sign} {}: convert with int() or double()", one.word(), two.word());
                return refuse(node, what);
            }
        };
        let sign = sign.as_bytes()[0];
        if double {
            self.ops.push(Op::Double { to, sign });
            return Ok(Made { kind: Kind::Double, fallible: first.fallible || second.fallible });
        }
        self.fault(Op::Int { to, sign, fault: 0 });
        Ok(Made { kind: Kind::Int, fallible: true })
    }

    pub(super) fn choice(
        &mut self,
        node: &Node,
        condition: &Node,
        yes: &Node,
        no: &Node,
        to: u8,
    ) -> Result<Made, Error> {
        let made = self.value(condition, to)?;
        self.must_be_bool(condition, made, "?")?;
        self.faults.push(Vec::new());
        if made.fallible {
            self.fault(Op::FaultIfError { to, fault: 0 });
        }
        let otherwise = self.ops.len();
        self.ops.push(Op::JumpIf { to, is: 0, target: 0 });
        let first = self.value(yes, to)?;
        let end = self.ops.len();
        self.ops.push(Op::Jump { target: 0 });
        self.aim(otherwise);
        let second = self.value(no, to)?;
        self.aim(end);
        if first.kind != second.kind {
            return refuse(
                node,
                format!("one side is {}, the other {}", first.kind.word(), second.kind.word()),
            );
        }
        let mut fallible = made.fallible || first.fallible || second.fallible;
        if first.kind == Kind::Bool {
            fallible |= self.land(Kind::Bool, to);
        } else {
            // A number's error belongs to whoever reads the number.
            let open = self.faults.pop().unwrap_or_default();
            self.faults.last_mut().expect("the outermost operand is always open").extend(open);
        }
        Ok(Made { kind: first.kind, fallible })
    }

    pub(super) fn call(
        &mut self,
        node: &Node,
        name: &str,
        arguments: &[Node],
        to: u8,
    ) -> Result<Made, Error> {
        match (name, arguments) {
            ("double" | "int", [inner]) => {
                let made = self.value(inner, to)?;
                match (name, made.kind) {
                    ("double", Kind::Int) => self.ops.push(Op::IntToDouble { to }),
                    ("int", Kind::Double) => {
                        self.fault(Op::DoubleToInt { to, fault: 0 });
                        return Ok(Made { kind: Kind::Int, fallible: true });
                    }
                    (_, Kind::Int | Kind::Double) => return Ok(made),
                    (_, kind) => return refuse(node, format!("{name}() of {}", kind.word())),
                }
                Ok(Made { kind: Kind::Double, fallible: made.fallible })
            }
            ("velocity", arguments) => {
                let mut signature = Vec::new();
                for argument in arguments {
                    let Expr::Text(text) = &argument.expr else {
                        return refuse(argument, "velocity takes literal texts only".into());
                    };
                    signature.push(text.trim());
                }
                let signature = signature.join(" ");
                let Some(slot) = self.schema.velocities.get(&signature).copied() else {
                    return refuse(node, format!("no declared feature is `{signature}`: declare it first"));
                };
                self.reads.push(slot);
                self.ops.push(Op::Slot { to, slot });
                Ok(Made { kind: self.schema.kinds()[usize::from(slot)], fallible: false })
            }
            ("double" | "int", _) => refuse(node, format!("{name}() takes one value")),
            _ => refuse(node, format!("{name}() is not taken; known are int(), double() and velocity()")),
        }
    }
}
