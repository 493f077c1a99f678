//! Payment codes the network gave to wallets: each names one payer, once, for a minute.

use std::collections::VecDeque;
use std::sync::Arc;

use directory::{MemberId, Role, Time};
use rustc_hash::FxHashMap;

use crate::clock::{CODE_MS, CODE_REMEMBERED_MS};
use crate::event::Event;
use crate::input::IssueCodes;
use crate::payment::CodeNumber;
use crate::refusal::Refusal;
use crate::switch::Context;

/// Codes one request may ask for, as Alipay+ allows for weak connectivity.
pub const CODES_MAX: u8 = 10;
/// A code number has sixteen digits.
const CODE_NUMBERS: u64 = 10_000_000_000_000_000;

/// A code that can be, or could have been, used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssuedCode {
    /// The wallet it was given to.
    pub wallet: MemberId,
    /// The payer, in the wallet's words.
    pub customer: Arc<str>,
    /// Token of the payer's device, where the wallet told it.
    pub device: Option<Arc<str>>,
    /// Until when.
    pub until: Time,
    /// A payment has used it.
    pub used: bool,
}

/// The codes in people's hands, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    issued: FxHashMap<CodeNumber, IssuedCode>,
    order: VecDeque<(Time, CodeNumber)>,
}

impl Codes {
    pub(crate) fn find(&self, number: CodeNumber) -> Option<&IssuedCode> {
        self.issued.get(&number)
    }

    /// In order of issue.
    pub(crate) fn all(&self) -> impl Iterator<Item = (CodeNumber, &IssuedCode)> {
        self.order.iter().map(|(_, number)| (*number, &self.issued[number]))
    }

    pub(crate) fn use_up(&mut self, number: CodeNumber) {
        self.issued.get_mut(&number).expect("resolved before it became a fact").used = true;
    }

    pub(crate) fn add(&mut self, at: Time, code: &IssuedCode, codes: &[CodeNumber]) {
        while let Some((ended, number)) = self.order.front().copied()
            && ended.plus_ms(CODE_REMEMBERED_MS) < at
        {
            self.order.pop_front();
            self.issued.remove(&number);
        }
        for number in codes {
            self.order.push_back((code.until, *number));
            self.issued.insert(*number, code.clone());
        }
    }

    pub(crate) fn issue(&self, ctx: &Context<'_>, asked: &IssueCodes) -> Result<Vec<Event>, Refusal> {
        let member = ctx.directory.member(asked.wallet).filter(|m| m.is_active() && m.role == Role::Wallet);
        let member = member.ok_or(Refusal::NotAllowed)?;
        if member.code_prefix.is_none() || member.agreement(ctx.now).is_none() {
            return Err(Refusal::NotAllowed);
        }
        if asked.count == 0 || asked.count > CODES_MAX {
            return Err(Refusal::TooMany);
        }
        let mut codes: Vec<CodeNumber> = Vec::with_capacity(usize::from(asked.count));
        for random in asked.entropy.iter().take(usize::from(asked.count)) {
            let mut number = CodeNumber(random % CODE_NUMBERS);
            while self.issued.contains_key(&number) || codes.contains(&number) {
                number = CodeNumber((number.0 + 1) % CODE_NUMBERS);
            }
            codes.push(number);
        }
        let until = ctx.now.plus_ms(CODE_MS);
        let (wallet, customer, device) = (asked.wallet, asked.customer.clone(), asked.device.clone());
        Ok(vec![Event::CodesIssued { wallet, customer, device, codes, until }])
    }
}
