//! Types a tree against a schema and lowers it to operations on numbered registers and slots. There is no backward
//! jump, so the number of operations bounds the cost.

use super::parse::{Expr, Node};
use super::run::{Op, REGISTERS, Rel};
use super::{Kind, Schema};
use crate::{Error, Key};

/// Most operations one expression may need; about two microseconds.
pub const COST_MAX: usize = 512;

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) ops: Vec<Op>,
    pub(super) sets: Vec<Vec<i64>>,
    kind: Kind,
    reads: Vec<u16>,
}

impl Program {
    /// Kind of the result.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Most operations a run can take.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.ops.len()
    }

    /// Slots it may read, ascending.
    #[must_use]
    pub fn reads(&self) -> &[u16] {
        &self.reads
    }
}

pub(super) fn compile(node: &Node, schema: &Schema) -> Result<Program, Error> {
    let mut compiler =
        Compiler { schema, ops: Vec::new(), sets: Vec::new(), reads: Vec::new(), faults: vec![Vec::new()] };
    let made = compiler.value(node, 0)?;
    compiler.land(made.kind, 0);
    if compiler.ops.len() > COST_MAX {
        let what = format!("needs {} operations, the bound is {COST_MAX}", compiler.ops.len());
        return Err(Error::Expression { at: 0, what });
    }
    compiler.reads.sort_unstable();
    compiler.reads.dedup();
    Ok(Program { ops: compiler.ops, sets: compiler.sets, kind: made.kind, reads: compiler.reads })
}

/// What compiling a node gave: its kind, and whether it can end in CEL's error.
#[derive(Clone, Copy)]
struct Made {
    kind: Kind,
    fallible: bool,
}

struct Compiler<'a> {
    schema: &'a Schema,
    ops: Vec<Op>,
    sets: Vec<Vec<i64>>,
    reads: Vec<u16>,
    /// For each open boolean operand, the operations that leave it on an error and must learn where to.
    faults: Vec<Vec<usize>>,
}

impl Compiler<'_> {
    /// Compiles a node so that its value ends in register `to`. A boolean ends as 0, 1 or 2 (error) and never jumps
    /// out; other kinds leave to the innermost open operand on an error.
    fn value(&mut self, node: &Node, to: u8) -> Result<Made, Error> {
        if usize::from(to) + 2 >= REGISTERS {
            return refuse(node, "needs too many values at once; use brackets less deeply".into());
        }
        if let Some((kind, value)) = literal(node) {
            self.ops.push(Op::Constant { to, value });
            return Ok(Made { kind, fallible: false });
        }
        match &node.expr {
            Expr::Name(name) => self.name(node, name, to),
            Expr::Unary(sign, inner) => self.unary(node, sign, inner, to),
            Expr::Binary(sign @ ("&&" | "||"), left, right) => self.logic(sign, left, right, to),
            Expr::Binary("in", item, list) => self.member(node, item, list, to),
            Expr::Binary(sign @ ("+" | "-" | "*" | "/" | "%"), left, right) => {
                self.arithmetic(node, sign, left, right, to)
            }
            Expr::Binary(sign, left, right) => self.compare(node, sign, left, right, to),
            Expr::Choice(condition, yes, no) => self.choice(node, condition, yes, no, to),
            Expr::Call(name, arguments) => self.call(node, name, arguments, to),
            Expr::List(_) => refuse(node, "a list stands only right of `in`".into()),
            Expr::Int(_) | Expr::Double(_) | Expr::Bool(_) | Expr::Text(_) => {
                refuse(node, "not a value".into())
            }
        }
    }

    fn name(&mut self, node: &Node, name: &str, to: u8) -> Result<Made, Error> {
        let Some((slot, kind)) = self.schema.slot(name) else {
            if self.schema.list(name).is_some() {
                return refuse(node, format!("{name} is a list: it stands only right of `in`"));
            }
            let hint = self.schema.near(name).map(|near| format!(" (is {near} meant?)")).unwrap_or_default();
            return refuse(node, format!("{name} is not a fact, a feature or a list{hint}"));
        };
        self.reads.push(slot);
        self.ops.push(Op::Slot { to, slot });
        Ok(Made { kind, fallible: false })
    }

    fn unary(&mut self, node: &Node, sign: &str, inner: &Node, to: u8) -> Result<Made, Error> {
        let made = self.value(inner, to)?;
        match (sign, made.kind) {
            ("!", Kind::Bool) => self.ops.push(Op::Not { to }),
            ("-", Kind::Double) => self.ops.push(Op::NegateDouble { to }),
            ("-", Kind::Int) => {
                self.fault(Op::NegateInt { to, fault: 0 });
                return Ok(Made { kind: Kind::Int, fallible: true });
            }
            (_, kind) => return refuse(node, format!("{sign} of {}", kind.word())),
        }
        Ok(made)
    }

    fn logic(&mut self, sign: &str, left: &Node, right: &Node, to: u8) -> Result<Made, Error> {
        let and = sign == "&&";
        let first = self.value(left, to)?;
        self.must_be_bool(left, first, sign)?;
        let jump = self.ops.len();
        self.ops.push(Op::JumpIf { to, is: i64::from(!and), target: 0 });
        let jump = self.fuse(jump, and);
        let second = self.value(right, if first.fallible { to + 1 } else { to })?;
        self.must_be_bool(right, second, sign)?;
        if first.fallible {
            self.ops.push(if and { Op::And { to } } else { Op::Or { to } });
        }
        self.aim(jump);
        Ok(Made { kind: Kind::Bool, fallible: first.fallible || second.fallible })
    }

    /// Joins a slot's comparison with the jump behind it: most rules are a row of those.
    fn fuse(&mut self, jump: usize, and: bool) -> usize {
        // A jump aimed at the place between the two would lose its target.
        let lands_here = self.ops.iter().any(|op| op.target() == Some(jump as u16));
        if let (true, false, Some(Op::CompareSlot { to, rel, slot, value })) =
            (and, lands_here, self.ops.get(jump - 1).copied())
        {
            self.ops.truncate(jump - 1);
            self.ops.push(Op::CompareSlotOrJump { to, rel, slot, value, target: 0 });
            return jump - 1;
        }
        jump
    }

    fn member(&mut self, node: &Node, item: &Node, list: &Node, to: u8) -> Result<Made, Error> {
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

    fn compare(&mut self, node: &Node, sign: &str, left: &Node, right: &Node, to: u8) -> Result<Made, Error> {
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

    fn arithmetic(
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

    fn choice(
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

    fn call(&mut self, node: &Node, name: &str, arguments: &[Node], to: u8) -> Result<Made, Error> {
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

    fn must_be_bool(&self, node: &Node, made: Made, sign: &str) -> Result<(), Error> {
        if made.kind == Kind::Bool {
            return Ok(());
        }
        refuse(node, format!("{sign} needs bool, this is {}", made.kind.word()))
    }

    /// Emits an operation that can fail and lists it with the innermost open operand.
    fn fault(&mut self, op: Op) {
        let at = self.ops.len();
        self.faults.last_mut().expect("the outermost operand is always open").push(at);
        self.ops.push(op);
    }

    /// Closes the innermost operand: errors inside it end here as an error value. Says whether there were any.
    fn land(&mut self, kind: Kind, to: u8) -> bool {
        let open = self.faults.pop().unwrap_or_default();
        if open.is_empty() {
            return false;
        }
        if kind == Kind::Bool {
            let over = self.ops.len();
            self.ops.push(Op::Jump { target: 0 });
            let landing = self.ops.len() as u16;
            open.iter().for_each(|at| self.ops[*at].aim(landing));
            self.ops.push(Op::Constant { to, value: super::run::ERROR });
            self.aim(over);
        } else {
            let over = self.ops.len();
            self.ops.push(Op::Jump { target: 0 });
            let landing = self.ops.len() as u16;
            open.iter().for_each(|at| self.ops[*at].aim(landing));
            self.ops.push(Op::Fail);
            self.aim(over);
        }
        true
    }

    /// Aims a jump at the next operation.
    fn aim(&mut self, jump: usize) {
        let target = self.ops.len() as u16;
        self.ops[jump].aim(target);
    }
}

/// The kind and bits of a literal, signs and constant arithmetic folded.
fn literal(node: &Node) -> Option<(Kind, i64)> {
    match &node.expr {
        Expr::Int(value) => Some((Kind::Int, *value)),
        Expr::Double(value) => Some((Kind::Double, value.to_bits() as i64)),
        Expr::Bool(value) => Some((Kind::Bool, i64::from(*value))),
        Expr::Text(value) => Some((Kind::Text, Key::of(value).0 as i64)),
        Expr::Unary("-", inner) => match literal(inner)? {
            (Kind::Int, value) => Some((Kind::Int, value.checked_neg()?)),
            (Kind::Double, bits) => Some((Kind::Double, (-f64::from_bits(bits as u64)).to_bits() as i64)),
            _ => None,
        },
        Expr::Binary(sign @ ("+" | "-" | "*"), left, right) => match (literal(left)?, literal(right)?) {
            ((Kind::Int, left), (Kind::Int, right)) => {
                let value = match *sign {
                    "+" => left.checked_add(right),
                    "-" => left.checked_sub(right),
                    _ => left.checked_mul(right),
                };
                Some((Kind::Int, value?))
            }
            _ => None,
        },
        _ => None,
    }
}

fn refuse<T>(node: &Node, what: String) -> Result<T, Error> {
    Err(Error::Expression { at: node.at, what })
}
