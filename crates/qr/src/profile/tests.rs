mod departures;

use super::{Details, Profile, Scheme, make, read};
use crate::finding::{NationalRule, Rule};
use crate::merchant::{AdditionalData, Amount, Code};

/// Codes with invented identifiers; their checksums were computed by another program.
const SAMPLES: &[(Scheme, &str, &str)] = &[
    (
        Scheme::PromptPay,
        "00020101021129370016A0000006770101110113006681234567853037645802TH6304823E",
        "mobile=0066812345678",
    ),
    (
        Scheme::PromptPay,
        "00020101021229370016A00000067701011102130994000165501530376454044.225802TH63048ED0",
        "national_number=0994000165501",
    ),
    (
        Scheme::PromptPay,
        "00020101021230550016A0000006770120060115099400016550100021212345678901253037645406100.005802TH62060702T163045\
         86A",
        "biller=099400016550100 cross_border=true reference=123456789012",
    ),
    (
        Scheme::PayNow,
        "00020101021226490009SG.PAYNOW010120210197401143C03010040820271231520400005303702540410.55802SG5912TEST PTE LT\
         D6009Singapore62090105INV-163040566",
        "entity=197401143C editable=false expiry=20271231",
    ),
    (
        Scheme::DuitNow,
        "00020201021126410014A0000006150001010650166402091234567895204999953034585802MY5912TEST SDN BHD6005BANGI630470\
         B2",
        "acquirer=501664 merchant=123456789",
    ),
    (
        Scheme::VietQr,
        "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
        "bank=970403 account=0011012345678 service=QRIBFTTA",
    ),
    (
        Scheme::VietQr,
        "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN62340107NP\
         S68690819thanh toan don hang6304A203",
        "bank=970403 account=9704031101234567 service=QRIBFTTC",
    ),
    (
        Scheme::Khqr,
        "00020101021230400014test_shop@devb01061234560208Dev Bank5204599953031165405500005802KH5909Test Shop6010Phnom \
         Penh993400131710000000000011317100006000006304221B",
        "account=test_shop@devb merchant=123456 bank=Dev Bank created_ms=1710000000000 expiry_ms=1710000600000",
    ),
    (
        Scheme::LaoQr,
        "00020101021138550016A00526628466257701082771041802030020312TESTSHOP000153034185802LA6304ED60",
        "institution=27710418 payment_type=002 receiver=TESTSHOP0001",
    ),
    (
        Scheme::Fps,
        "00020101021226270012hk.com.hkicl0207999999952040000530334454031235802HK5902NA6002HK6304D1A3",
        "identifier=9999999",
    ),
    (
        Scheme::Fps,
        "00020101021226560012HK.COM.HKICL01030040313+852-9123456705122912312359595204000053033445405100.55802HK5902NA6\
         002HK6304BD43",
        "mobile=+852-91234567 bank=004 timeout=291231235959",
    ),
    (
        Scheme::Qris,
        "00020101021126640017ID.CO.EXAMPLE.WWW01189360099900000000010210T0000000010303UMI51440014ID.CO.QRIS.WWW0215ID1\
         0200000000010303UMI5204581453033605802ID5910WARUNG UJI6007JAKARTA610512345630471D5",
        "national_identifier=ID1020000000001 criteria=UMI owner=ID.CO.EXAMPLE.WWW merchant_number=936009990000000001 \
         merchant=T000000001",
    ),
    (
        Scheme::QrPh,
        "00020101021228560011ph.ppmi.p2m0111TESTPHM2XXX0315000600078800069050331052045311530360854071458.315802PH5910T\
         EST STORE6006Makati62300012ph.ppmi.qrph0510000043863888220012ph.ppmi.qrph0102X16304F764",
        "bank=TESTPHM2XXX merchant=000600078800069 flags=310",
    ),
    (
        Scheme::QrPh,
        "00020101021127770012com.p2pqrpay0111TESTPHM2XXX02089996440304121234567890120514+63-91700000005204601653036085\
         802PH5911TEST PERSON6006Manila63046807",
        "bank=TESTPHM2XXX account=123456789012 mobile=+63-9170000000",
    ),
    (
        Scheme::BharatQr,
        "00020101021202164111111111111111061661000100123456790823TEST000000100123456789026470010A0000005240121test.shop@examplebank02041.0027290010A0000005240111ORD20260001520453115303356540510.005802IN5909TEST SHOP6004PUNE610641100163046ABB",
        "visa=4111111111111111 rupay=6100010012345679 ifsc=TEST0000001 account=001234567890 \
         address=test.shop@examplebank amount_min=1.00 reference=ORD20260001",
    ),
    (
        Scheme::Pix,
        "00020126450014br.gov.bcb.pix0111123456789090208pedido 152040000530398654041.005802BR5910LOJA TESTE6009SAO PAU\
         LO62070503***63040C1C",
        "cpf=12345678909 text=pedido 1",
    ),
    (
        Scheme::Pix,
        "00020101021226760014BR.GOV.BCB.PIX2554pix.example.com/qr/v2/9d36b84fc70b478fb95c12729b90ca2552040000530398658\
         02BR5910LOJA TESTE6009SAO PAULO62100506TX00016304588B",
        "link=pix.example.com/qr/v2/9d36b84fc70b478fb95c12729b90ca25",
    ),
];

fn joined(profile: &Profile) -> String {
    let pairs: Vec<_> = profile.fields().iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join(" ")
}

#[test]
fn samples_are_read_by_their_scheme() {
    for (scheme, text, fields) in SAMPLES {
        let code = Code::parse(text).unwrap_or_else(|malformed| panic!("{text}: {malformed}"));
        let readings = read(&code);
        assert_eq!(readings.len(), 1, "{text}");
        let reading = &readings[0];
        assert_eq!((reading.scheme, reading.findings.as_slice()), (*scheme, [].as_slice()), "{text}");
        assert!(reading.is_accepted());
        let profile = reading.profile.as_ref().unwrap();
        assert_eq!((joined(profile).as_str(), profile.scheme()), (*fields, *scheme));
    }
    let tested: Vec<_> = SAMPLES.iter().map(|(scheme, ..)| *scheme).collect();
    let links = [Scheme::Upi, Scheme::AlipayPlus, Scheme::Sgqr];
    let untested =
        Scheme::ALL.into_iter().filter(|scheme| !tested.contains(scheme) && !links.contains(scheme));
    assert_eq!(untested.collect::<Vec<_>>(), []);
}

#[test]
fn what_was_read_is_made_again() {
    for (_, text, _) in SAMPLES {
        let code = Code::parse(text).unwrap();
        let profile = read(&code).remove(0).profile.unwrap();
        let details = Details {
            amount: code.amount(),
            currency: code.currency(),
            category: code.category(),
            name: code.name(),
            city: code.city(),
            postal_code: code.postal_code(),
            initiation: code.initiation(),
            additional: AdditionalData {
                bill: code.additional().and_then(|data| data.bill()),
                reference: code.additional().and_then(|data| data.reference()),
                ..Default::default()
            },
        };
        let made = make(&profile, &details).unwrap_or_else(|findings| panic!("{text}: {findings:?}"));
        assert_eq!(read(&made).remove(0).profile, Some(profile), "{text}");
        assert_eq!(
            (made.amount(), made.name(), made.country()),
            (code.amount(), code.name(), code.country())
        );
    }
}

#[test]
fn a_code_yields_every_scheme_it_carries() {
    let text = "0002010102110416541275000000000026380009SG.PAYNOW010100211+65812345670301127420011SG.COM.NETS0123230120\
        1840183283112882328470010com.alipay0129https://qr.alipay.com/ocxTEST51720007SG.SGQR0112180307510317020701.0003\
        03060810060402020502030708201801025204581453037025802SG5916FOOD XYZ PTE LTD6009SINGAPORE610608100663042551";
    let code = Code::parse(text).unwrap();
    let owners: Vec<_> = code.accounts().map(|account| (account.id(), account.guid())).collect();
    let expected = [
        (4, None),
        (26, Some("SG.PAYNOW")),
        (27, Some("SG.COM.NETS")),
        (28, Some("com.alipay")),
        (51, Some("SG.SGQR")),
    ];
    assert_eq!(owners, expected);
    let readings = read(&code);
    let schemes: Vec<_> = readings.iter().map(|reading| (reading.scheme, reading.is_accepted())).collect();
    assert_eq!(schemes, [(Scheme::PayNow, true), (Scheme::Sgqr, true)]);
    let label = readings[1].profile.as_ref().unwrap();
    assert_eq!(
        joined(label),
        "identifier=180307510317 version=01.0003 postal_code=081006 level=02 unit=03 dated=20180102"
    );
    let made = make(label, &Details::default()).unwrap();
    assert_eq!(read(&made).remove(0).profile.as_ref(), Some(label));
}

#[test]
fn what_a_scheme_would_refuse_is_not_made() {
    let amount = Amount::parse("1.50").ok();
    let (_, text, _) = SAMPLES.iter().find(|(scheme, ..)| *scheme == Scheme::Khqr).unwrap();
    let profile = read(&Code::parse(text).unwrap()).remove(0).profile.unwrap();
    let details = Details { amount, name: Some("TEST"), city: Some("TEST"), ..Default::default() };
    let findings = make(&profile, &details).unwrap_err();
    assert_eq!(findings[0].rule, Rule::National(Scheme::Khqr, NationalRule::Amount));

    let long = "N".repeat(26);
    let findings = make(&profile, &Details { name: Some(&long), ..Default::default() }).unwrap_err();
    assert_eq!(findings[0].rule.to_string(), "EMVCo MPM tables 3.6 to 3.8");
}

#[test]
fn scheme_names_come_back() {
    for scheme in Scheme::ALL {
        assert_eq!(Scheme::from_name(scheme.name()), Some(scheme));
        assert!(!scheme.rulebook().is_empty());
    }
    assert_eq!(Scheme::from_name("nobody"), None);
}
