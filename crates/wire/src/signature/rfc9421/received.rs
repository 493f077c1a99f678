//! A received RFC 9421 signature: its fields taken apart, then judged one by one. Knows no directory and no clock.

use super::field::{Bare, Dictionary, InnerList, Member};
use super::{LABEL, NONCE_LENGTH, TAG, base};
use crate::header::{SIGNATURE, SIGNATURE_INPUT};
use crate::key::{ClientId, KeyKind, KeyVersion, PublicKey};
use crate::signature::message::required;
use crate::signature::{Headers, Moment, Refused};

/// A received signature with its parameters, before anything is judged.
pub(super) struct Received {
    pub(super) client_id: ClientId,
    pub(super) key_version: KeyVersion,
    created_s: u64,
    expires_s: u64,
    pub(super) nonce: Option<String>,
    covered: InnerList,
    /// The covered components in canonical form.
    components: Vec<String>,
    pub(super) signature: Vec<u8>,
}

impl Received {
    pub(super) fn read(headers: &dyn Headers) -> Result<Received, Refused> {
        let inputs = required(headers, SIGNATURE_INPUT)?;
        let inputs =
            Dictionary::parse(inputs).map_err(|why| Refused::Malformed { what: SIGNATURE_INPUT, why })?;
        let Some(Member::List(covered)) = inputs.get(LABEL) else {
            return Err(Refused::Missing { what: "sig1 in signature-input" });
        };
        let signatures = required(headers, SIGNATURE)?;
        let signatures =
            Dictionary::parse(signatures).map_err(|why| Refused::Malformed { what: SIGNATURE, why })?;
        let Some(Member::Item(Bare::Bytes(signature), _)) = signatures.get(LABEL) else {
            return Err(Refused::Missing { what: "sig1 in signature" });
        };
        Received::of(covered, signature)
    }

    fn of(covered: &InnerList, signature: &[u8]) -> Result<Received, Refused> {
        let malformed = |why| Refused::Malformed { what: SIGNATURE_INPUT, why };
        let (mut created_s, mut expires_s, mut nonce, mut keyid, mut tag) = (None, None, None, None, None);
        for (name, value) in &covered.parameters.0 {
            match (name.as_str(), value) {
                ("created", Bare::Integer(seconds @ 0..)) => created_s = Some(seconds.cast_unsigned()),
                ("expires", Bare::Integer(seconds @ 0..)) => expires_s = Some(seconds.cast_unsigned()),
                ("nonce", Bare::Text(text)) => nonce = Some(text.clone()),
                ("keyid", Bare::Text(text)) => keyid = Some(text.as_str()),
                ("tag", Bare::Text(text)) => tag = Some(text.as_str()),
                ("alg", Bare::Text(text)) if text == "ed25519" => {}
                ("alg", _) => return Err(Refused::UnknownAlgorithm),
                _ => return Err(malformed("a signature parameter is unknown or of the wrong kind")),
            }
        }
        if tag != Some(TAG) {
            return Err(Refused::WrongTag);
        }
        let keyid = keyid.ok_or(Refused::Missing { what: "keyid in signature-input" })?;
        let (client_id, key_version) = keyid
            .split_once('/')
            .and_then(|(client_id, version)| Some((ClientId::parse(client_id)?, KeyVersion::parse(version)?)))
            .ok_or(malformed("keyid is not <client id>/<key version>"))?;
        if nonce.as_ref().is_some_and(|nonce| !NONCE_LENGTH.contains(&nonce.len())) {
            return Err(malformed("the nonce does not have 16 to 64 characters"));
        }
        let components = covered.items.iter().map(|(name, parameters)| {
            let mut component = String::new();
            name.write(&mut component);
            parameters.write(&mut component);
            component
        });
        Ok(Received {
            client_id,
            key_version,
            created_s: created_s.ok_or(Refused::Missing { what: "created in signature-input" })?,
            expires_s: expires_s.ok_or(Refused::Missing { what: "expires in signature-input" })?,
            nonce,
            components: components.collect(),
            covered: covered.clone(),
            signature: signature.to_vec(),
        })
    }

    pub(super) fn judge_time(&self, moment: Moment) -> Result<(), Refused> {
        let skew_ms = moment.freshness.rfc9421_skew_ms_max;
        let life_s = self.expires_s.saturating_sub(self.created_s);
        if !(1..=moment.freshness.rfc9421_life_s_max).contains(&life_s) {
            return Err(Refused::WrongLife { life_s });
        }
        // A structured integer has at most 15 digits, so milliseconds stay inside 64 bits.
        let ahead_ms = (self.created_s * 1000).saturating_sub(moment.now_ms);
        if ahead_ms > skew_ms {
            return Err(Refused::FromTheFuture { ahead_ms });
        }
        let late_ms = moment.now_ms.saturating_sub(self.expires_s * 1000);
        if late_ms > skew_ms {
            return Err(Refused::Expired { late_ms });
        }
        Ok(())
    }

    pub(super) fn demand<const N: usize>(&self, components: [&'static str; N]) -> Result<(), Refused> {
        match components.into_iter().find(|wanted| !self.components.iter().any(|covered| covered == wanted)) {
            Some(component) => Err(Refused::NotCovered { component }),
            None => Ok(()),
        }
    }

    pub(super) fn judge_signature(&self, key: &PublicKey, subject: base::Subject<'_>) -> Result<(), Refused> {
        if key.kind() != KeyKind::Ed25519 {
            return Err(Refused::UnknownAlgorithm);
        }
        let base = base::build(subject, &self.covered)?;
        if key.verifies(base.as_bytes(), &self.signature) { Ok(()) } else { Err(Refused::WrongSignature) }
    }
}
