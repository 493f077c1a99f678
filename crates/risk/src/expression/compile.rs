//! Types a tree against a schema and lowers it to operations on numbered registers and slots. There is no backward
//! jump, so the number of operations bounds the cost.

mod operators;

use super::parse::{Expr, Node};
use super::run::{Op, REGISTERS};
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
