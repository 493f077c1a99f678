//! The languages of the pages, and how a catalogue is written: every word in English beside Simplified Chinese. Knows
//! no page; `{…}` in a sentence marks what a page puts in.

/// The languages of the pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// A word of some catalogue.
pub(crate) trait Spoken: Copy {
    /// The word in this language.
    fn said(self, language: Language) -> &'static str;
}

impl Language {
    /// The word in this language.
    pub(crate) fn say(self, word: impl Spoken) -> &'static str {
        word.said(self)
    }

    /// The sentence in this language, with what stands in braces put in.
    pub(crate) fn tell(self, word: impl Spoken, put_in: &[(&str, &str)]) -> String {
        let mut rest = self.say(word);
        let mut told = String::with_capacity(rest.len() + 32);
        while let Some((before, after)) = rest.split_once('{') {
            told.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            told.push_str(put_in.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text));
            rest = after;
        }
        told.push_str(rest);
        told
    }

    /// The other one.
    pub fn other(self) -> Language {
        match self {
            Language::English => Language::Chinese,
            Language::Chinese => Language::English,
        }
    }

    /// As `<html lang>` has it (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
    }

    /// As addresses have it: `?lang=en`.
    pub fn short(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }
}

/// Declares the `Word` of a catalogue.
macro_rules! catalogue {
    ($($word:ident: $english:literal, $chinese:literal;)+) => {
        /// A word or sentence of this catalogue.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Word { $($word),+ }

        #[cfg(test)]
        pub(crate) const CATALOGUE: &[(Word, &str, &str)] = &[$((Word::$word, $english, $chinese)),+];

        impl $crate::language::Spoken for Word {
            fn said(self, language: $crate::language::Language) -> &'static str {
                match (self, language) {
                    $((Word::$word, $crate::language::Language::English) => $english,
                      (Word::$word, $crate::language::Language::Chinese) => $chinese,)+
                }
            }
        }
    };
}

pub(crate) use catalogue;
