//! National schemes as arguments of `sojourn qr make`. Knows their fields by name; their rules are the `qr` crate's.

mod payload;

use clap::Subcommand;

use super::make::Around;

/// Schemes whose codes can be made.
#[derive(Subcommand)]
pub(super) enum National {
    /// PromptPay (Thailand)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Promptpay {
        /// Mobile number
        #[arg(long, group = "payee")]
        mobile: Option<String>,
        /// Citizen or tax number, 13 digits
        #[arg(long, group = "payee")]
        national_number: Option<String>,
        /// E-wallet, 15 digits
        #[arg(long, group = "payee")]
        wallet: Option<String>,
        /// Biller, 15 digits; makes a bill
        #[arg(long, group = "payee")]
        biller: Option<String>,
        /// First reference of a bill
        #[arg(long, requires = "biller")]
        bill_reference: Option<String>,
        /// Let payers from abroad pay the bill
        #[arg(long, requires = "biller")]
        cross_border: bool,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// PayNow (Singapore)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Paynow {
        /// Mobile number, such as +6581234567
        #[arg(long, group = "payee")]
        mobile: Option<String>,
        /// Entity number (UEN)
        #[arg(long, group = "payee")]
        entity: Option<String>,
        /// Let the payer change the amount
        #[arg(long)]
        editable: bool,
        /// Singapore time until which the code is good, YYYYMMDD or YYYYMMDDhhmmss
        #[arg(long)]
        expiry: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// QRIS (Indonesia)
    Qris {
        /// Owner of the account, a reverse domain name
        #[arg(long)]
        owner: String,
        /// Merchant number, 9360 and on
        #[arg(long)]
        merchant_number: String,
        /// National merchant identifier, ID and 13 digits
        #[arg(long)]
        national_identifier: Option<String>,
        /// Size of the business: UMI, UKE, UME, UBE or URE
        #[arg(long)]
        criteria: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// DuitNow (Malaysia)
    Duitnow {
        /// Acquirer, 6 digits
        #[arg(long)]
        acquirer: String,
        /// Merchant at that acquirer
        #[arg(long)]
        merchant: String,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// VietQR (Viet Nam)
    Vietqr {
        /// Bank, 6 digits (BIN)
        #[arg(long)]
        bank: String,
        /// Account there
        #[arg(long)]
        account: String,
        /// The account is a card
        #[arg(long)]
        card: bool,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// QR Ph (Philippines)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Qrph {
        /// Bank (BIC)
        #[arg(long)]
        bank: String,
        /// Merchant at that bank
        #[arg(long, group = "payee")]
        merchant: Option<String>,
        /// Account of a person at that bank
        #[arg(long, group = "payee")]
        account: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// KHQR (Cambodia)
    Khqr {
        /// Bakong account, name@bank
        #[arg(long)]
        account: String,
        /// Merchant at the bank; without it the account is a person's
        #[arg(long)]
        merchant: Option<String>,
        /// Bank by name
        #[arg(long)]
        bank: Option<String>,
        /// Milliseconds since 1970 at which the code is made
        #[arg(long)]
        created_ms: Option<u64>,
        /// Milliseconds since 1970 until which the code is good
        #[arg(long)]
        expiry_ms: Option<u64>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// LaoQR (Laos)
    Laoqr {
        /// Institution, 8 digits
        #[arg(long)]
        institution: String,
        /// Kind of payment, 3 digits
        #[arg(long, default_value = "002")]
        payment_type: String,
        /// Who is paid there
        #[arg(long)]
        receiver: String,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// FPS (Hong Kong)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Fps {
        /// FPS identifier
        #[arg(long, group = "payee")]
        identifier: Option<String>,
        /// Mobile number, such as +852-91234567
        #[arg(long, group = "payee")]
        mobile: Option<String>,
        /// E-mail address
        #[arg(long, group = "payee")]
        email: Option<String>,
        /// Bank, 3 digits
        #[arg(long)]
        bank: Option<String>,
        /// Hong Kong time until which the code is good, YYMMDDhhmmss
        #[arg(long)]
        timeout: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// BharatQR (India)
    Bharatqr {
        /// UPI address, name@bank
        #[arg(long)]
        address: String,
        /// RuPay merchant number, 16 digits
        #[arg(long)]
        rupay: Option<String>,
        /// Reference of this payment
        #[arg(long)]
        payment_reference: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// UPI link (India)
    Upi {
        /// UPI address, name@bank
        #[arg(long)]
        address: String,
        /// Note for the payer
        #[arg(long)]
        note: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// Pix (Brazil)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Pix {
        /// CPF, CNPJ, telephone, e-mail or random key
        #[arg(long, group = "payee")]
        key: Option<String>,
        /// Link of a dynamic code, without https://
        #[arg(long, group = "payee")]
        link: Option<String>,
        /// Text for the payer
        #[arg(long, requires = "key")]
        text: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
}
