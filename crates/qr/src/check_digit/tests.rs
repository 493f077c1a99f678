use super::{cnpj, cpf, luhn, thai_number, uen};

/// Every sample is right as it stands and wrong with a digit changed, but for the few changes that the arithmetic
/// itself cannot tell apart.
fn check(rule: fn(&str) -> bool, samples: &[&str]) {
    for sample in samples {
        assert!(rule(sample), "{sample}");
        let mut missed = 0;
        for (place, old) in sample.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            let new = if old == '7' { '1' } else { '7' };
            missed += usize::from(rule(&format!("{}{new}{}", &sample[..place], &sample[place + 1..])));
        }
        assert!(missed <= 2, "{sample}: {missed} changes not seen");
    }
}

#[test]
fn check_digits_find_one_wrong_digit() {
    check(luhn, &["4111111111111111", "79927398713"]);
    check(thai_number, &["0994000165501", "1234567890121"]);
    check(cpf, &["12345678909"]);
    check(cnpj, &["11222333000181", "12ABC34501DE35"]);
    check(uen, &["00192200M", "197401143C", "S16FC0121D", "T01FC6132D"]);
}

#[test]
fn foreign_shapes_are_no_match() {
    for text in ["", "1", "４１１１", "ABC", "测试测试测", "12345678901234567"] {
        assert!(!thai_number(text) && !cpf(text) && !cnpj(text) && !uen(text), "{text}");
    }
    assert!(!luhn("") && !luhn("41111a1111111111") && !luhn("测"));
}
