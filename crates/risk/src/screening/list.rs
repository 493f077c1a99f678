//! Sanctions lists: the United Nations' XML, the OFAC's CSV files, and own lists. Reads entries; does not search them.

use crate::{Error, Key};

/// One listed person or body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// Its number on its list.
    pub id: String,
    /// Names and aliases; the first is the chief one.
    pub names: Vec<String>,
    /// Years of birth, where known.
    pub births: Vec<i32>,
    /// Whether it is a person.
    pub person: bool,
}

impl Entry {
    /// Changes whenever anything of the entry does: what a clearing is bound to.
    #[must_use]
    pub fn version(&self) -> Key {
        let names = self.names.iter().map(|name| Key::of(name));
        let births = self.births.iter().map(|year| Key(*year as u64 + 1));
        names.chain(births).filter(|key| *key != Key::NONE).fold(Key::of(&self.id), Key::and)
    }
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The United Nations' consolidated list, XML.
    UnitedNations,
    /// The OFAC's SDN.CSV, with ALT.CSV as its aliases.
    Ofac,
    /// An own list.
    Own,
}

impl Format {
    /// Reads a list; only the OFAC's has aliases of its own.
    ///
    /// # Errors
    /// What is wrong with it, and on which line.
    pub fn read(self, text: &str, aliases: &str) -> Result<Vec<Entry>, Error> {
        match self {
            Self::UnitedNations => united_nations(text),
            Self::Ofac => ofac(text, aliases),
            Self::Own => own(text),
        }
    }
}

/// Reads the OFAC's SDN file and, if given, its file of aliases.
///
/// # Errors
/// [`Error::Line`] for a line that is not of that format.
pub fn ofac(entries: &str, aliases: &str) -> Result<Vec<Entry>, Error> {
    let mut found: Vec<Entry> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for (number, line) in lines(entries) {
        let cells = cells(line);
        if cells.len() != 12 || cells[0].parse::<u32>().is_err() || cells[1].is_empty() {
            return Err(Error::line(number, "number, name and ten more columns expected (OFAC SDN.CSV)"));
        }
        let births = cells[11].split("DOB ").skip(1).filter_map(year).collect();
        places.insert(cells[0].clone(), found.len());
        found.push(Entry {
            id: cells[0].clone(),
            names: vec![cells[1].clone()],
            births,
            person: cells[2] == "individual",
        });
    }
    for (number, line) in lines(aliases) {
        let cells = cells(line);
        if cells.len() < 4 {
            return Err(Error::line(number, "number, alias number, kind and name expected (OFAC ALT.CSV)"));
        }
        if let Some(place) = places.get(&cells[0]) {
            found[*place].names.push(cells[3].clone());
        }
    }
    whole(found)
}

/// Reads an own list: `id,name;alias;alias,birth year;year`, the last two columns optional beyond the name.
///
/// # Errors
/// [`Error::Line`] for a line without id and name.
pub fn own(text: &str) -> Result<Vec<Entry>, Error> {
    let mut found = Vec::new();
    for (number, line) in lines(text).filter(|(_, line)| !line.starts_with('#')) {
        let cells = cells(line);
        let names: Vec<String> = cells.get(1).map_or(Vec::new(), |names| split(names));
        if cells[0].is_empty() || names.is_empty() || cells.len() > 3 {
            return Err(Error::line(number, "id,name;alias,birth years expected"));
        }
        let years = cells.get(2).map_or(Vec::new(), |years| split(years));
        let births = years
            .iter()
            .map(|text| text.parse().map_err(|_| Error::line(number, format!("{text} is no year"))));
        found.push(Entry {
            id: cells[0].clone(),
            names,
            births: births.collect::<Result<_, _>>()?,
            person: true,
        });
    }
    whole(found)
}

/// Reads the United Nations' consolidated list (XML).
///
/// # Errors
/// [`Error::Line`] where a tag is not closed, [`Error::Whole`] where there is no entry.
pub fn united_nations(xml: &str) -> Result<Vec<Entry>, Error> {
    let mut found: Vec<Entry> = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    let mut parts: Vec<String> = Vec::new();
    let mut rest = xml;
    let mut text = "";
    while let Some(open) = rest.find('<') {
        text = if text.is_empty() { &rest[..open] } else { text };
        let here =
            || Error::line(1 + xml[..xml.len() - rest.len()].matches('\n').count(), "a tag is not closed");
        let end = rest[open..].find('>').ok_or_else(here)? + open;
        let tag = &rest[open + 1..end];
        rest = &rest[end + 1..];
        if tag.starts_with(['?', '!']) {
            text = "";
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            if path.pop() != Some(name.trim()) {
                return Err(Error::line(
                    1 + xml[..xml.len() - rest.len()].matches('\n').count(),
                    format!("</{name}> closes nothing"),
                ));
            }
            close(name.trim(), &path, plain(text), &mut found, &mut parts);
        } else if !tag.ends_with('/') {
            let name = tag.split_whitespace().next().unwrap_or("");
            if matches!(name, "INDIVIDUAL" | "ENTITY") {
                found.push(Entry { person: name == "INDIVIDUAL", ..Entry::default() });
                parts.clear();
            }
            path.push(name);
        }
        text = "";
        if let Some(next) = rest.find('<') {
            text = &rest[..next];
        }
    }
    if !path.is_empty() {
        return Err(Error::Whole(format!("the list ends inside {}", path.join("/"))));
    }
    found.retain(|entry| !entry.names.is_empty());
    whole(found)
}

/// Takes the text of a closed tag into the entry it belongs to.
fn close(name: &str, path: &[&str], text: String, found: &mut [Entry], parts: &mut Vec<String>) {
    let Some(entry) = found.last_mut() else { return };
    let inside = path.last().copied().unwrap_or("");
    match (inside, name) {
        ("INDIVIDUAL" | "ENTITY", "DATAID") => entry.id = text,
        ("INDIVIDUAL" | "ENTITY", "FIRST_NAME" | "SECOND_NAME" | "THIRD_NAME" | "FOURTH_NAME")
            if !text.is_empty() =>
        {
            parts.push(text)
        }
        ("INDIVIDUAL_ALIAS" | "ENTITY_ALIAS", "ALIAS_NAME") if !text.is_empty() => entry.names.push(text),
        ("INDIVIDUAL" | "ENTITY", "NAME_ORIGINAL_SCRIPT") if !text.is_empty() => entry.names.push(text),
        ("INDIVIDUAL_DATE_OF_BIRTH", "YEAR" | "FROM_YEAR" | "TO_YEAR" | "DATE") => {
            entry.births.extend(year(&text))
        }
        (_, "INDIVIDUAL" | "ENTITY") if !parts.is_empty() => {
            entry.names.insert(0, std::mem::take(parts).join(" "))
        }
        _ => {}
    }
}

fn plain(text: &str) -> String {
    let text =
        text.trim().replace("&apos;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first four digits in a row that can be a year of birth.
fn year(text: &str) -> Option<i32> {
    let digits = text.split(|char: char| !char.is_ascii_digit()).find(|part| part.len() == 4)?;
    digits.parse().ok().filter(|year| (1850..=2100).contains(year))
}

fn whole(found: Vec<Entry>) -> Result<Vec<Entry>, Error> {
    if found.is_empty() { Err(Error::Whole("the list holds no entry".into())) } else { Ok(found) }
}

fn split(text: &str) -> Vec<String> {
    text.split(';').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    // The OFAC closes its files with the end-of-file sign of another age.
    let kept =
        |line: &&str| !line.trim_matches(|char: char| char.is_whitespace() || char == '\u{1a}').is_empty();
    text.lines().enumerate().map(|(index, line)| (index + 1, line)).filter(move |(_, line)| kept(line))
}

/// The cells of a CSV line; `-0-` is the OFAC's empty cell.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for char in line.chars() {
        match char {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("there is always one cell").push(char),
        }
    }
    cells
        .into_iter()
        .map(|cell| cell.trim().to_owned())
        .map(|cell| if cell == "-0-" { String::new() } else { cell })
        .collect()
}
