//! Keys made by OpenSSL are read, ours are read back, and what is no key is refused with the right reason.

use super::*;

const RSA_PKCS8: &str = include_str!("../../testdata/test-only-rsa-pkcs8.pem");
const RSA_PKCS1: &str = include_str!("../../testdata/test-only-rsa-pkcs1.pem");
const RSA_PUBLIC: &str = include_str!("../../testdata/test-only-rsa-public.pem");
const ED25519: &str = include_str!("../../testdata/test-only-ed25519.pem");
const ED25519_PUBLIC: &str = include_str!("../../testdata/test-only-ed25519-public.pem");
const RSA_1024: &str = include_str!("../../testdata/test-only-rsa-1024.pem");
const RSA_1024_PUBLIC: &str = include_str!("../../testdata/test-only-rsa-1024-public.pem");
const P256: &str = include_str!("../../testdata/test-only-p256.pem");
const P256_PUBLIC: &str = include_str!("../../testdata/test-only-p256-public.pem");

/// The base64 of a PEM frame without the frame and line ends, as portals hand keys out.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

#[test]
fn keys_of_other_tools_are_read_and_written_back_byte_for_byte() {
    let private_rsa = PrivateKey::from_pem(RSA_PKCS8).unwrap();
    let private_ed = PrivateKey::from_pem(ED25519).unwrap();
    assert_eq!((private_rsa.kind(), private_ed.kind()), (KeyKind::Rsa, KeyKind::Ed25519));
    assert_eq!(private_rsa.to_pem(), RSA_PKCS8);
    assert_eq!(private_rsa.to_pkcs1_pem().unwrap(), RSA_PKCS1);
    assert_eq!(private_ed.to_pem(), ED25519);
    assert_eq!(private_ed.to_pkcs1_pem(), None);
    assert_eq!(private_rsa.public().to_pem(), RSA_PUBLIC);
    assert_eq!(private_ed.public().to_pem(), ED25519_PUBLIC);
    for (pem, public) in [(RSA_PUBLIC, &private_rsa), (ED25519_PUBLIC, &private_ed)] {
        assert_eq!(PublicKey::from_pem(pem).unwrap(), public.public());
        assert_eq!(PublicKey::from_pem(&bare(pem)).unwrap(), public.public());
    }
    for pem in [RSA_PKCS1.to_owned(), bare(RSA_PKCS1), bare(RSA_PKCS8), format!("\r\n {RSA_PKCS8} \n")] {
        assert_eq!(PrivateKey::from_pem(&pem).unwrap().to_pem(), RSA_PKCS8);
    }
}

#[test]
fn keys_made_here_sign_and_are_read_back() {
    for key in [PrivateKey::generate_ed25519([7; 32]), PrivateKey::generate_rsa([7; 32])] {
        let public = PublicKey::from_pem(&key.public().to_pem()).unwrap();
        let again = PrivateKey::from_pem(&key.to_pem()).unwrap();
        let signature = again.sign(b"message");
        assert_eq!(signature, key.sign(b"message"));
        assert!(public.verifies(b"message", &signature));
        assert!(!public.verifies(b"massage", &signature));
        assert!(!public.verifies(b"message", &signature[1..]));
        assert!(!public.verifies(b"message", b""));
    }
    let [one, other] = [1, 2].map(|byte| PrivateKey::generate_ed25519([byte; 32]));
    assert!(!other.public().verifies(b"message", &one.sign(b"message")));
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!(
        "{:?} {:?}",
        PrivateKey::from_pem(ED25519).unwrap(),
        PrivateKey::from_pem(RSA_PKCS8).unwrap()
    );
    assert_eq!(shown, "PrivateKey(Ed25519, not shown) PrivateKey(Rsa, not shown)");
}

#[test]
fn what_is_no_key_is_refused() {
    let private = |text: &str, expected: KeyRefused| {
        assert_eq!(PrivateKey::from_pem(text).err(), Some(expected), "{text}");
    };
    private("", KeyRefused::NotPem);
    private("-----BEGIN PRIVATE KEY-----", KeyRefused::NotPem);
    private("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----", KeyRefused::NotPem);
    private("-----BEGIN PRIVATE KEY-----\nA*AA\n-----END PRIVATE KEY-----", KeyRefused::NotBase64);
    private("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", KeyRefused::NotAKey);
    private(&format!("{ED25519}{ED25519}"), KeyRefused::NotPem);
    private(&RSA_PKCS1.replace("BEGIN RSA", "BEGIN EC").replace("END RSA", "END EC"), KeyRefused::NotPem);
    private(ED25519_PUBLIC, KeyRefused::NotPem);
    private(RSA_1024, KeyRefused::UnsafeRsa);
    private(P256, KeyRefused::UnknownKind);
    private(&"A".repeat(20_000), KeyRefused::NotPem);

    let public = |text: &str, expected: KeyRefused| {
        assert_eq!(PublicKey::from_pem(text).err(), Some(expected), "{text}");
    };
    public(ED25519, KeyRefused::NotPem);
    public(RSA_1024_PUBLIC, KeyRefused::UnsafeRsa);
    public(P256_PUBLIC, KeyRefused::UnknownKind);
    public("MCowBQYDK2VwAyEANyZIsDwY+I87fRSt3idEsrb4nFXwJHHSlpy+W9XcCw==", KeyRefused::NotAKey);
    public("not a key", KeyRefused::NotBase64);
}

#[test]
fn a_key_whose_parts_do_not_belong_together_is_refused() {
    let (_, der) = pem::read(RSA_PKCS1).unwrap();
    let mut accepted = 0;
    // One flipped bit in each of the parts (modulus, exponents, primes, coefficient) along the file.
    for position in (40..der.len()).step_by(97) {
        let mut damaged = der.clone();
        damaged[position] ^= 4;
        if let Ok(key) = PrivateKey::from_pem(&pem::write("RSA PRIVATE KEY", &damaged)) {
            // The private exponent itself is not used for signing, so it may be damaged without harm.
            assert!(PublicKey::from_pem(RSA_PUBLIC).unwrap().verifies(b"m", &key.sign(b"m")), "{position}");
            accepted += 1;
        }
    }
    assert!(accepted < 5, "{accepted} damaged keys accepted");
}

#[test]
fn names_and_versions() {
    for (text, good) in [
        ("SANDBOX_5Y0000000000", true),
        ("wallet-ph", true),
        ("", false),
        ("a.b", false),
        ("a/1", false),
        ("ü", false),
        (&"a".repeat(64), true),
        (&"a".repeat(65), false),
    ] {
        assert_eq!(ClientId::parse(text).is_some(), good, "{text}");
    }
    for (text, number) in [
        ("1", Some(1)),
        ("999999", Some(999_999)),
        ("0", None),
        ("01", None),
        ("+1", None),
        ("1000000", None),
        ("", None),
    ] {
        assert_eq!(KeyVersion::parse(text).map(KeyVersion::number), number, "{text}");
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(9);
    let (_, rsa) = pem::read(RSA_PUBLIC).unwrap();
    let (_, ed25519) = pem::read(ED25519).unwrap();
    for round in 0..4_000 {
        let mut bytes = match round % 3 {
            0 => rsa.clone(),
            1 => ed25519.clone(),
            _ => (0..random.usize(..80)).map(|_| random.u8(..)).collect(),
        };
        for _ in 0..random.usize(..4) {
            if let Some(byte) = random.choice(&mut bytes) {
                *byte = random.u8(..);
            }
        }
        bytes.truncate(random.usize(..=bytes.len()));
        let label = *random
            .choice(["PUBLIC KEY", "PRIVATE KEY", "RSA PUBLIC KEY", "RSA PRIVATE KEY"].iter())
            .unwrap();
        let mut text = pem::write(label, &bytes);
        if random.bool() {
            text.truncate(random.usize(..=text.len()));
        }
        let _ = PrivateKey::from_pem(&text);
        if let Ok(key) = PublicKey::from_pem(&text) {
            assert_eq!(PublicKey::from_pem(&key.to_pem()).unwrap(), key);
        }
    }
}
