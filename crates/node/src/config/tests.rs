//! The sample is a working configuration, and mistakes are told with their place.

use super::{Config, SAMPLE};

#[test]
fn the_sample_is_read_and_has_every_setting() {
    let config = Config::parse(SAMPLE).unwrap();
    assert_eq!(config.network.keys.len(), 2);
    assert!(config.listen.http.is_some() && config.listen.https.is_some());
    assert_eq!(config.journal.segment_mib, super::default_segment_mib());
    assert!(config.log.filter.is_some());
}

#[test]
fn mistakes_are_told() {
    for (from, to, told) in [
        ("client_id = ", "client = ", "unknown field `client`"),
        ("https = ", "# https = ", ""),
        ("certificate = ", "# certificate = ", "needs `certificate`"),
        ("segment_mib = 256", "segment_mib = 0", "`segment_mib` is 1 to 65536, not 0"),
        ("http = \"127.0.0.1:8080\"", "http = \"localhost\"", "invalid socket address"),
    ] {
        let result = Config::parse(&SAMPLE.replacen(from, to, 1));
        match (told, result) {
            ("", result) => assert!(result.is_ok(), "{to}"),
            (told, Err(error)) => assert!(format!("{error:#}").contains(told), "{to}: {error:#}"),
            (_, Ok(_)) => panic!("{to} was taken"),
        }
    }
}

#[test]
fn the_advice_section_of_the_sample_is_right_when_it_is_switched_on() {
    assert!(Config::parse(SAMPLE).unwrap().advice.is_none());
    let switched = SAMPLE
        .replace("# [advice]", "[advice]")
        .replace("# directory = \"advice\"", "directory = \"advice\"")
        .replace("# segment_mib = 16", "segment_mib = 16");
    let advice = Config::parse(&switched).unwrap().advice.expect("it is switched on");
    assert_eq!(advice.segment_mib, super::default_advice_segment_mib());
    let wrong = switched.replace("segment_mib = 16", "segment_mib = 0");
    assert!(format!("{:#}", Config::parse(&wrong).unwrap_err()).contains("[advice] `segment_mib`"));
}

#[test]
fn the_console_section_of_the_sample_is_right_when_it_is_switched_on() {
    assert!(Config::parse(SAMPLE).unwrap().console.is_none());
    let switched = SAMPLE
        .replace("# [console]", "[console]")
        .replace("# http = \"127.0.0.1:8090\"", "http = \"127.0.0.1:8090\"")
        .replace("# host = ", "host = ");
    let console = Config::parse(&switched).unwrap().console.expect("it is switched on");
    assert_eq!(console.host.as_deref(), Some("console.network.example"));
    let wrong = switched.replace("127.0.0.1:8090", "192.0.2.1:8090");
    assert!(format!("{:#}", Config::parse(&wrong).unwrap_err()).contains("[console] `http`"));
}

#[test]
fn the_chain_section_of_the_sample_is_right_when_it_is_switched_on() {
    assert!(Config::parse(SAMPLE).unwrap().chain().unwrap().is_none());
    let switched = SAMPLE
        .replace("# [chain]", "[chain]")
        .replace("# [chain.members]", "[chain.members]")
        .replace("# id = ", "id = ")
        .replace("# 1 = ", "1 = ")
        .replace("# 2 = ", "2 = ");
    assert!(Config::parse(&switched).unwrap().chain().unwrap().is_some());
    for (from, to, told) in [
        ("id = \"0000", "id = \"", "[chain] `id` is 64 small hexadecimal digits"),
        ("id = \"0000", "id = \"000X", "[chain] `id` is 64 small hexadecimal digits"),
        ("1 = \"BANK-ONE\"", "one = \"BANK-ONE\"", "[chain.members] one = \"BANK-ONE\": no member's number"),
        ("1 = \"BANK-ONE\"", "1 = \"BANK ONE\"", "[chain.members] 1 = \"BANK ONE\": no client id"),
        (
            "1 = \"BANK-ONE\"",
            "02 = \"BANK-ONE\"",
            "[chain.members] 2 = \"ACQUIRER-TWO\": the number comes twice",
        ),
        ("[chain.members]", "[chain.people]", "unknown field `people`"),
    ] {
        let wrong = switched.replacen(from, to, 1);
        let error = Config::parse(&wrong).expect_err(to);
        assert!(format!("{error:#}").contains(told), "{to}: {error:#}");
    }
}
