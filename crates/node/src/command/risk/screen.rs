//! `sojourn risk screen`: searches names in sanctions lists, and measures the matcher on labelled pairs or on altered
//! and clean names.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use clap::Args;
use flate2::read::MultiGzDecoder;
use risk::screening::compare::{compare, explain};
use risk::screening::list::{Entry, ofac, own, united_nations};
use risk::screening::name::Name;
use risk::screening::{Hit, Party, Screener};
use serde_json::{Value, json};

use super::shown::{Table, progress};

/// What to search.
#[derive(Args)]
pub(super) struct Screen {
    /// A list: un=FILE (XML), ofac=SDN.CSV or ofac=SDN.CSV+ALT.CSV, own=FILE; plain or .gz; may be repeated
    #[arg(long = "list", value_name = "KIND=FILE")]
    lists: Vec<String>,
    /// A name to search
    #[arg(value_name = "NAME")]
    name: Vec<String>,
    /// Year of birth of the names
    #[arg(long, value_name = "YEAR")]
    born: Option<i32>,
    /// Least likeness shown, thousandths
    #[arg(long, value_name = "MILLI", default_value_t = risk::screening::REVIEW_MILLI)]
    least: u32,
    /// The list as it was, of the same form: search the --population only in what changed since
    #[arg(long, value_name = "KIND=FILE", requires = "population")]
    was: Option<String>,
    /// Search every party of this file: CSV with full_name and, if known, date_of_birth
    #[arg(long, value_name = "FILE")]
    population: Option<PathBuf>,
    /// Measure on labelled pairs (CSV with name1, name2, is_match): the threshold is chosen on one half of them by F1
    /// and measured on the other
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    /// Show the pairs of the choosing half that were taken wrongly
    #[arg(long)]
    wrong: bool,
    /// Names of which each must find its own entry: CSV altered from the list, and the same rows unaltered
    #[arg(long, num_args = 2, value_names = ["ALTERED", "PLAIN"])]
    listed: Vec<PathBuf>,
    /// Names of which none is listed: CSV with full_name and date_of_birth; may be repeated
    #[arg(long, value_name = "FILE")]
    clean: Vec<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

impl Screen {
    pub(super) fn run(self) -> anyhow::Result<()> {
        if let Some(pairs) = &self.pairs {
            return self.measure_pairs(pairs);
        }
        ensure!(!self.lists.is_empty() || !self.listed.is_empty(), "give a --list to search in");
        let mut screener = Screener::default();
        for list in &self.lists {
            let (kind, path) = list.split_once('=').with_context(|| format!("--list {list}: KIND=FILE"))?;
            screener.replace(list, entries(kind, path).with_context(|| format!("list {path}"))?)?;
        }
        if !self.listed.is_empty() || !self.clean.is_empty() {
            return self.measure_search(screener);
        }
        if let Some(population) = &self.population {
            return self.search_population(&screener, population);
        }
        ensure!(!self.name.is_empty(), "give a name to search");
        let mut found = Vec::new();
        for name in &self.name {
            let hits = screener.search(&Party { name: name.clone(), birth: self.born }, self.least);
            if !self.json {
                println!("{name}: {} of {} names", hits.len(), screener.names());
                hits.iter().for_each(|hit| println!("  {}", told(name, hit)));
            }
            found.push(json!({"name": name, "hits": hits.iter().map(|hit| shown(name, hit)).collect::<Vec<Value>>()}));
        }
        if self.json {
            println!("{:#}", Value::Array(found));
        }
        Ok(())
    }

    /// The standing population against the lists, or against what changed in one of them.
    fn search_population(&self, screener: &Screener, path: &Path) -> anyhow::Result<()> {
        let rows = table(path, &["full_name"])?;
        let births =
            table(path, &["date_of_birth"]).unwrap_or_else(|_| vec![vec![String::new()]; rows.len()]);
        let party =
            |(row, birth): (Vec<String>, Vec<String>)| Party { name: row[0].clone(), birth: year(&birth[0]) };
        let population: Vec<Party> = rows.into_iter().zip(births).map(party).collect();
        let found = match &self.was {
            Some(was) => {
                ensure!(self.lists.len() == 1, "--was is compared with one --list");
                let read = |list: &str| -> anyhow::Result<Vec<Entry>> {
                    let (kind, path) = list.split_once('=').with_context(|| format!("{list}: KIND=FILE"))?;
                    entries(kind, path).with_context(|| format!("list {path}"))
                };
                let (old, new) = (read(was)?, read(&self.lists[0])?);
                let changed = Screener::delta(&old, &new).len();
                eprintln!("{changed} of {} entries are new or changed", new.len());
                Screener::rescreen(&self.lists[0], (&old, &new), &population, self.least)?
            }
            None => {
                let bar = progress(population.len() as u64, "searching");
                let hits = population.iter().enumerate().flat_map(|(number, party)| {
                    bar.inc(1);
                    screener.search(party, self.least).into_iter().map(move |hit| (number, hit))
                });
                hits.collect()
            }
        };
        if self.json {
            let told = found.iter().map(|(number, hit)| {
                json!({"row": number + 1, "name": population[*number].name, "hit": shown(&population[*number].name, hit)})
            });
            println!("{:#}", Value::Array(told.collect()));
            return Ok(());
        }
        for (number, hit) in &found {
            let name = &population[*number].name;
            println!("row {} {name}: {}", number + 1, told(name, hit));
        }
        println!("{} hits among {} parties", found.len(), population.len());
        Ok(())
    }

    fn measure_pairs(&self, path: &Path) -> anyhow::Result<()> {
        let rows = table(path, &["name1", "name2", "is_match"])?;
        let start = Instant::now();
        let scored: Vec<Pair<'_>> = rows.iter().map(Pair::of).collect();
        let micros = start.elapsed().as_secs_f64() * 1e6 / scored.len().max(1) as f64;
        let (held, choosing): (Vec<Pair<'_>>, Vec<Pair<'_>>) =
            scored.into_iter().partition(|pair| pair.held_out);
        let best = (500..=950).step_by(10).fold((0, 0.0), |best, least| {
            let f1 = rates(&choosing, least).2;
            if f1 > best.1 { (least, f1) } else { best }
        });
        let mut out = Table::new(&["least", "precision", "recall", "F1"]);
        for least in (500..=950).step_by(50).chain([best.0]) {
            let (precision, recall, f1) = rates(&held, least);
            out.row(vec![json!(least), json!(precision), json!(recall), json!(f1)]);
        }
        if self.json {
            let chosen = json!({"pairs": choosing.len(), "least": best.0, "f1": best.1});
            let whole =
                json!({"pairs": held.len(), "microseconds": micros, "chosen": chosen, "rates": out.json()});
            println!("{whole:#}");
            return Ok(());
        }
        println!("chosen on {} pairs: least {}, F1 {:.4} there", choosing.len(), best.0, best.1);
        println!(
            "on the other {} pairs, {micros:.2} us each with reading both (last row: the chosen):",
            held.len()
        );
        out.print();
        for pair in choosing.iter().filter(|pair| self.wrong && (pair.milli >= best.0) != pair.same) {
            println!("{:4} {:5} {} | {}", pair.milli, pair.same, pair.row[0], pair.row[1]);
        }
        Ok(())
    }

    fn measure_search(&self, mut screener: Screener) -> anyhow::Result<()> {
        let columns = ["full_name", "date_of_birth"];
        let mut queries = Vec::new();
        if let [altered, plain] = &self.listed[..] {
            let own: Vec<Entry> = table(plain, &columns)?
                .into_iter()
                .enumerate()
                .map(|(row, cells)| Entry {
                    id: row.to_string(),
                    births: year(&cells[1]).into_iter().collect(),
                    names: vec![cells[0].clone()],
                    person: true,
                })
                .collect();
            screener.replace("plain", own)?;
            queries = table(altered, &columns)?;
        }
        let leasts = [700, 750, 800, 850, 900, 950];
        let mut out = Table::new(&[
            "least",
            "with birth year",
            "own entry found",
            "alerts per 1000 clean",
            "us a query",
        ]);
        let mut counted = 0;
        for with_year in [false, true] {
            let party = |cells: &Vec<String>| Party {
                name: cells[0].clone(),
                birth: year(&cells[1]).filter(|_| with_year),
            };
            let mut found = [0usize; 6];
            for (row, cells) in queries.iter().enumerate() {
                let id = row.to_string();
                let hits = screener.search(&party(cells), leasts[0]);
                let own =
                    hits.iter().find(|hit| hit.list == "plain" && hit.id == id).map_or(0, |hit| hit.milli);
                found.iter_mut().zip(leasts).for_each(|(found, least)| *found += usize::from(own >= least));
            }
            let (mut alerts, mut clean) = ([0usize; 6], 0usize);
            let start = Instant::now();
            for path in &self.clean {
                let rows = table(path, &columns)?;
                let bar = progress(rows.len() as u64, "clean names");
                for cells in &rows {
                    let best = screener.search(&party(cells), leasts[0]).first().map_or(0, |hit| hit.milli);
                    alerts
                        .iter_mut()
                        .zip(leasts)
                        .for_each(|(alerts, least)| *alerts += usize::from(best >= least));
                    bar.inc(1);
                }
                clean += rows.len();
                bar.finish_and_clear();
            }
            counted = clean;
            let micros = start.elapsed().as_secs_f64() * 1e6 / clean.max(1) as f64;
            for ((least, found), alerts) in leasts.into_iter().zip(found).zip(alerts) {
                let share = found as f64 / queries.len().max(1) as f64;
                out.row(vec![
                    json!(least),
                    json!(with_year),
                    json!(share),
                    json!(alerts as f64 * 1e3 / clean.max(1) as f64),
                    json!(micros),
                ]);
            }
        }
        if self.json {
            println!(
                "{:#}",
                json!({"names": screener.names(), "queries": queries.len(), "clean": counted, "rates": out.json()})
            );
        } else {
            println!("{} names searched, {} altered queries", screener.names(), queries.len());
            out.print();
        }
        Ok(())
    }
}

/// One labelled pair, compared.
struct Pair<'a> {
    row: &'a [String],
    milli: u32,
    same: bool,
    /// Whether a fixed hash of the names puts it in the half that nothing is chosen on.
    held_out: bool,
}

impl<'a> Pair<'a> {
    fn of(row: &'a Vec<String>) -> Self {
        let sum = row[0]
            .bytes()
            .chain(row[1].bytes())
            .fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        let milli = compare(&Name::of(&row[0]), &Name::of(&row[1])).milli;
        Self { row, milli, same: row[2] == "true", held_out: (sum >> 8) % 2 == 1 }
    }
}

/// Precision, recall and F1 at a threshold.
fn rates(pairs: &[Pair<'_>], least: u32) -> (f64, f64, f64) {
    let count = |called: bool, truth: bool| {
        pairs.iter().filter(|pair| (pair.milli >= least) == called && pair.same == truth).count() as f64
    };
    let (hits, wrong, missed) = (count(true, true), count(true, false), count(false, true));
    let (precision, recall) = (hits / (hits + wrong).max(1.0), hits / (hits + missed).max(1.0));
    (precision, recall, 2.0 * precision * recall / (precision + recall).max(1e-9))
}

fn entries(kind: &str, path: &str) -> anyhow::Result<Vec<Entry>> {
    Ok(match kind {
        "un" => united_nations(&text(Path::new(path))?)?,
        "ofac" => {
            let (entries, aliases) = path.split_once('+').unwrap_or((path, ""));
            let aliases = if aliases.is_empty() { String::new() } else { text(Path::new(aliases))? };
            ofac(&text(Path::new(entries))?, &aliases)?
        }
        "own" => own(&text(Path::new(path))?)?,
        other => bail!("{other}: un, ofac or own expected"),
    })
}

fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut plain = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(&bytes[..])
            .read_to_end(&mut plain)
            .with_context(|| format!("unpacking {}", path.display()))?;
    } else {
        plain = bytes;
    }
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

/// Some columns of a CSV file with a first line of names; cells may be quoted.
fn table(path: &Path, columns: &[&str]) -> anyhow::Result<Vec<Vec<String>>> {
    let text = text(path)?;
    let mut lines = text.lines();
    let heads = cells(lines.next().unwrap_or(""));
    let place = |column: &&str| {
        heads
            .iter()
            .position(|head| head == column)
            .with_context(|| format!("{}: no column {column}", path.display()))
    };
    let places: Vec<usize> = columns.iter().map(place).collect::<Result<_, _>>()?;
    let pick = |line: &str| {
        let all = cells(line);
        places.iter().map(|place| all.get(*place).cloned().unwrap_or_default()).collect()
    };
    Ok(lines.map(pick).collect())
}

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
}

fn year(text: &str) -> Option<i32> {
    text.get(..4)?.parse().ok()
}

fn told(name: &str, hit: &Hit) -> String {
    let words = words(name, hit).into_iter().map(|(one, other, milli)| format!("{one}~{other} {milli}"));
    let years = hit.years_apart.map_or(String::new(), |years| format!(", births {years} years apart"));
    let (against, extra) = (hit.likeness.against, hit.likeness.extra);
    format!(
        "{:4} {} {} \"{}\": {}; against {against}, extra {extra}{years}",
        hit.milli,
        hit.list,
        hit.id,
        hit.name,
        words.collect::<Vec<_>>().join(", ")
    )
}

fn shown(name: &str, hit: &Hit) -> Value {
    let words: Vec<Value> =
        words(name, hit).into_iter().map(|(one, other, milli)| json!([one, other, milli])).collect();
    json!({"list": hit.list, "id": hit.id, "name": hit.name, "milli": hit.milli, "words": words, "against": hit.likeness.against,
        "extra": hit.likeness.extra, "years_apart": hit.years_apart, "cleared": hit.cleared, "list_version": format!("{:016x}", hit.version.0)})
}

fn words(name: &str, hit: &Hit) -> Vec<(String, String, u32)> {
    explain(&Name::of(name), &Name::of(&hit.name))
}
