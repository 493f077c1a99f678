//! Named parts of a merchant-presented code: accounts, additional data, local-language names. Knows identifiers of
//! the standard, not the schemes that own the accounts.

use super::object::Object;

/// One way to pay: a merchant account of one payment network (objects 02 to 51).
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    object: Object<'a>,
}

/// Additional data (object 62).
#[derive(Clone, Copy, Debug)]
pub struct Additional<'a> {
    object: Object<'a>,
}

/// Merchant information in the local language (object 64).
#[derive(Clone, Copy, Debug)]
pub struct Language<'a> {
    object: Object<'a>,
}

impl<'a> Account<'a> {
    pub(crate) fn new(object: Object<'a>) -> Account<'a> {
        Account { object }
    }

    /// Identifier of the object, 2 to 51.
    pub fn id(self) -> u8 {
        self.object.id()
    }

    /// The globally unique identifier that names the network; nothing for the card networks' objects 02 to 25.
    pub fn guid(self) -> Option<&'a str> {
        self.object.text(0)
    }

    /// The value of object `id` of the template.
    pub fn text(self, id: u8) -> Option<&'a str> {
        self.object.text(id)
    }

    /// The object itself.
    pub fn object(self) -> Object<'a> {
        self.object
    }
}

impl<'a> Additional<'a> {
    pub(crate) fn new(object: Object<'a>) -> Additional<'a> {
        Additional { object }
    }

    /// Bill number (01); `***` asks the payer, here and below.
    pub fn bill(self) -> Option<&'a str> {
        self.object.text(1)
    }

    /// Mobile number (02).
    pub fn mobile(self) -> Option<&'a str> {
        self.object.text(2)
    }

    /// Store label (03).
    pub fn store(self) -> Option<&'a str> {
        self.object.text(3)
    }

    /// Loyalty number (04).
    pub fn loyalty(self) -> Option<&'a str> {
        self.object.text(4)
    }

    /// Reference label (05).
    pub fn reference(self) -> Option<&'a str> {
        self.object.text(5)
    }

    /// Customer label (06).
    pub fn customer(self) -> Option<&'a str> {
        self.object.text(6)
    }

    /// Terminal label (07).
    pub fn terminal(self) -> Option<&'a str> {
        self.object.text(7)
    }

    /// Purpose of the transaction (08).
    pub fn purpose(self) -> Option<&'a str> {
        self.object.text(8)
    }

    /// What the payer's app is to send along: any of A (address), M (mobile), E (e-mail) (09).
    pub fn consumer_data_request(self) -> Option<&'a str> {
        self.object.text(9)
    }

    /// The object itself.
    pub fn object(self) -> Object<'a> {
        self.object
    }
}

impl<'a> Language<'a> {
    pub(crate) fn new(object: Object<'a>) -> Language<'a> {
        Language { object }
    }

    /// Language, two letters of ISO 639 (00); empty if missing.
    pub fn language(self) -> &'a str {
        self.object.text(0).unwrap_or_default()
    }

    /// Merchant name in that language (01); empty if missing.
    pub fn name(self) -> &'a str {
        self.object.text(1).unwrap_or_default()
    }

    /// Merchant city in that language (02).
    pub fn city(self) -> Option<&'a str> {
        self.object.text(2)
    }
}
