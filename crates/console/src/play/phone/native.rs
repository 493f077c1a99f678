//! The few words that each wallet also says in its own payers' language, beside the viewer's.

/// What a wallet says at home.
#[derive(Clone, Copy)]
pub(super) struct Native {
    /// The language (BCP 47).
    pub(super) tag: &'static str,
    pub(super) show: &'static str,
    pub(super) scan: &'static str,
    pub(super) pay: &'static str,
    pub(super) paid: &'static str,
}

/// By the wallet's country (ISO 3166-1 alpha-2).
pub(super) fn of(country: &str) -> Option<Native> {
    match country {
        "PH" => Some(Native {
            tag: "fil",
            show: "Ipakita ang code",
            scan: "I-scan",
            pay: "Babayaran mo",
            paid: "Bayad na",
        }),
        "TH" => {
            Some(Native {
                tag: "th", show: "แสดงโค้ด", scan: "สแกน", pay: "ยอดที่ต้องชำระ", paid: "ชำระเงินแล้ว"
            })
        }
        "KR" => {
            Some(Native {
                tag: "ko", show: "결제 코드", scan: "스캔", pay: "결제 금액", paid: "결제 완료"
            })
        }
        _ => None,
    }
}
