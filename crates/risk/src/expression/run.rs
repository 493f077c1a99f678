//! Runs a compiled expression over slots. Every jump goes forward, every error is a value: it cannot loop or panic.

use rustc_hash::FxHashSet;

use super::compile::Program;

/// How many values an expression may hold at once.
pub(super) const REGISTERS: usize = 16;
/// A boolean's third value: CEL's error.
pub(super) const ERROR: i64 = 2;

/// The named lists of keys that expressions search, by number.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    lists: Vec<FxHashSet<u64>>,
}

impl Lists {
    /// Room for a number of lists, all empty.
    #[must_use]
    pub fn with(count: usize) -> Self {
        Self { lists: vec![FxHashSet::default(); count] }
    }

    /// Replaces one list; an unknown number is ignored.
    pub fn set(&mut self, list: u16, keys: impl IntoIterator<Item = u64>) {
        if let Some(entries) = self.lists.get_mut(usize::from(list)) {
            *entries = keys.into_iter().collect();
        }
    }

    /// Whether a list holds a key.
    #[must_use]
    pub fn holds(&self, list: u16, key: u64) -> bool {
        self.lists.get(usize::from(list)).is_some_and(|entries| entries.contains(&key))
    }
}

/// What a run reads.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Facts, then features, in schema order; doubles as their bits.
    pub slots: &'a [i64],
    /// The named lists.
    pub lists: &'a Lists,
}

/// What a run gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The value; doubles as their bits, booleans as 0 or 1.
    Value(i64),
    /// CEL's error: overflow, division by zero, a conversion out of range.
    Error,
}

/// Which of less, equal, greater and unordered make a comparison true, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rel(u8);

impl Rel {
    pub(super) const LESS: Self = Self(1);
    pub(super) const EQUAL: Self = Self(2);
    pub(super) const LESS_OR_EQUAL: Self = Self(3);
    pub(super) const GREATER: Self = Self(4);
    pub(super) const GREATER_OR_EQUAL: Self = Self(6);
    pub(super) const UNEQUAL: Self = Self(13);

    fn ints(self, left: i64, right: i64) -> i64 {
        let order = u8::from(left < right) | u8::from(left == right) << 1 | u8::from(left > right) << 2;
        i64::from(self.0 & order != 0)
    }

    fn doubles(self, left: f64, right: f64) -> i64 {
        let order = u8::from(left < right) | u8::from(left == right) << 1 | u8::from(left > right) << 2;
        i64::from(self.0 & (if order == 0 { 8 } else { order }) != 0)
    }
}

/// One operation. Binary ones read registers `to` and `to + 1`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Op {
    Constant { to: u8, value: i64 },
    Slot { to: u8, slot: u16 },
    CompareSlot { to: u8, rel: Rel, slot: u16, value: i64 },
    CompareSlotOrJump { to: u8, rel: Rel, slot: u16, target: u16, value: i64 },
    CompareInt { to: u8, rel: Rel },
    CompareDouble { to: u8, rel: Rel },
    CompareBool { to: u8, rel: Rel },
    InSet { to: u8, set: u16 },
    InList { to: u8, list: u16 },
    Not { to: u8 },
    And { to: u8 },
    Or { to: u8 },
    Int { to: u8, sign: u8, fault: u16 },
    Double { to: u8, sign: u8 },
    NegateInt { to: u8, fault: u16 },
    NegateDouble { to: u8 },
    IntToDouble { to: u8 },
    DoubleToInt { to: u8, fault: u16 },
    Jump { target: u16 },
    JumpIf { to: u8, is: i64, target: u16 },
    FaultIfError { to: u8, fault: u16 },
    Fail,
}

impl Op {
    pub(super) fn target(&self) -> Option<u16> {
        match *self {
            Self::CompareSlotOrJump { target, .. } | Self::Jump { target } | Self::JumpIf { target, .. } => {
                Some(target)
            }
            Self::Int { fault, .. }
            | Self::NegateInt { fault, .. }
            | Self::DoubleToInt { fault, .. }
            | Self::FaultIfError { fault, .. } => Some(fault),
            _ => None,
        }
    }

    pub(super) fn aim(&mut self, at: u16) {
        match self {
            Self::CompareSlotOrJump { target, .. } | Self::Jump { target } | Self::JumpIf { target, .. } => {
                *target = at
            }
            Self::Int { fault, .. }
            | Self::NegateInt { fault, .. }
            | Self::DoubleToInt { fault, .. }
            | Self::FaultIfError { fault, .. } => *fault = at,
            _ => {}
        }
    }
}

impl Program {
    /// Runs over the scope. A slot the scope does not have reads as zero.
    #[must_use]
    pub fn run(&self, scope: Scope<'_>) -> Outcome {
        let mut registers = [0i64; REGISTERS];
        let mut next = 0usize;
        while let Some(op) = self.ops.get(next) {
            next += 1;
            match self.step(*op, &mut registers, scope) {
                Flow::On => {}
                Flow::To(target) => next = usize::from(target),
                Flow::Failed => return Outcome::Error,
            }
        }
        if self.kind() == super::Kind::Bool && registers[0] == ERROR {
            return Outcome::Error;
        }
        Outcome::Value(registers[0])
    }

    #[inline(always)]
    fn step(&self, op: Op, registers: &mut [i64; REGISTERS], scope: Scope<'_>) -> Flow {
        let slot = |slot: u16| scope.slots.get(usize::from(slot)).copied().unwrap_or(0);
        match op {
            Op::Constant { to, value } => registers[at(to)] = value,
            Op::Slot { to, slot: from } => registers[at(to)] = slot(from),
            Op::CompareSlot { to, rel, slot: from, value } => registers[at(to)] = rel.ints(slot(from), value),
            Op::CompareSlotOrJump { to, rel, slot: from, target, value } => {
                let holds = rel.ints(slot(from), value);
                registers[at(to)] = holds;
                if holds == 0 {
                    return Flow::To(target);
                }
            }
            Op::CompareInt { to, rel } => {
                registers[at(to)] = rel.ints(registers[at(to)], registers[at(to + 1)])
            }
            Op::CompareDouble { to, rel } => {
                registers[at(to)] = rel.doubles(double(registers[at(to)]), double(registers[at(to + 1)]));
            }
            Op::CompareBool { to, rel } => {
                let (left, right) = (registers[at(to)], registers[at(to + 1)]);
                registers[at(to)] =
                    if left == ERROR || right == ERROR { ERROR } else { rel.ints(left, right) };
            }
            Op::InSet { to, set } => {
                let set = &self.sets[usize::from(set)];
                registers[at(to)] = i64::from(set.binary_search(&registers[at(to)]).is_ok());
            }
            Op::InList { to, list } => {
                registers[at(to)] = i64::from(scope.lists.holds(list, registers[at(to)] as u64));
            }
            Op::Not { to } => registers[at(to)] = [1, 0, ERROR][(registers[at(to)] & 3).min(2) as usize],
            Op::And { to } => registers[at(to)] = and(registers[at(to)], registers[at(to + 1)]),
            Op::Or { to } => registers[at(to)] = or(registers[at(to)], registers[at(to + 1)]),
            Op::Double { to, sign } => {
                registers[at(to)] =
                    bits(doubles(sign, double(registers[at(to)]), double(registers[at(to + 1)])));
            }
            Op::NegateDouble { to } => registers[at(to)] = bits(-double(registers[at(to)])),
            Op::IntToDouble { to } => registers[at(to)] = bits(registers[at(to)] as f64),
            Op::Jump { target } => return Flow::To(target),
            Op::JumpIf { to, is, target } => {
                if registers[at(to)] == is {
                    return Flow::To(target);
                }
            }
            Op::Fail => return Flow::Failed,
            Op::Int { to, fault, .. }
            | Op::NegateInt { to, fault }
            | Op::DoubleToInt { to, fault }
            | Op::FaultIfError { to, fault } => match checked(op, registers[at(to)], registers[at(to + 1)]) {
                Some(value) => registers[at(to)] = value,
                None => return Flow::To(fault),
            },
        }
        Flow::On
    }
}

enum Flow {
    On,
    To(u16),
    Failed,
}

/// Registers are a power of two, so the mask spares the check that the compiler cannot see is not needed.
fn at(register: u8) -> usize {
    usize::from(register) & (REGISTERS - 1)
}

fn double(value: i64) -> f64 {
    f64::from_bits(value as u64)
}

fn bits(value: f64) -> i64 {
    value.to_bits() as i64
}

fn doubles(sign: u8, left: f64, right: f64) -> f64 {
    match sign {
        b'+' => left + right,
        b'-' => left - right,
        b'*' => left * right,
        _ => left / right,
    }
}

/// The operations that can fail; `None` is CEL's error.
fn checked(op: Op, left: i64, right: i64) -> Option<i64> {
    match op {
        Op::Int { sign: b'+', .. } => left.checked_add(right),
        Op::Int { sign: b'-', .. } => left.checked_sub(right),
        Op::Int { sign: b'*', .. } => left.checked_mul(right),
        Op::Int { sign: b'/', .. } => left.checked_div(right),
        Op::Int { .. } => left.checked_rem(right),
        Op::NegateInt { .. } => left.checked_neg(),
        Op::DoubleToInt { .. } => {
            let value = double(left);
            // CEL: the range is open, because its ends are not exact as doubles.
            (value > -9.223_372_036_854_775e18 && value < 9.223_372_036_854_775e18).then_some(value as i64)
        }
        _ => (left != ERROR).then_some(left),
    }
}

fn and(left: i64, right: i64) -> i64 {
    match (left, right) {
        (0, _) | (_, 0) => 0,
        (1, 1) => 1,
        _ => ERROR,
    }
}

fn or(left: i64, right: i64) -> i64 {
    match (left, right) {
        (1, _) | (_, 1) => 1,
        (0, 0) => 0,
        _ => ERROR,
    }
}
