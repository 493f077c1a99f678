//! Turns a flat Parquet file into lines of CSV, a batch of rows at a time. Refuses nested columns, binary values and
//! text that would break a line; does not know what any column means.

use std::fs::File;
use std::io::{self, Read};
use std::panic;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use indicatif::ProgressBar;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

/// Rows turned into text at once: enough to keep a column's decoder busy, few enough to stay in cache.
const BATCH: usize = 2_048;
/// Most columns: a table of prices may have a few thousand assets.
const COLUMNS_MAX: usize = 8_192;
const DAY_MS: i64 = 86_400_000;

/// The file as lines of CSV.
pub(super) struct Lines {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    /// Readers of the row group being read, in the order of `columns`.
    readers: Vec<ColumnReader>,
    group: usize,
    left: usize,
    row: u64,
    text: Vec<u8>,
    at: usize,
    bar: ProgressBar,
    rows: u64,
}

struct Column {
    name: String,
    /// Number among the file's columns.
    place: usize,
    optional: bool,
    form: Form,
    cells: Vec<String>,
}

/// How a column's values are written.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    Unsigned,
    Text,
    Days,
    /// Instants, so many ticks a millisecond, or nanoseconds where negative.
    Millis,
    Micros,
    Nanos,
    /// Digits behind the point.
    Decimal(usize),
}

impl Lines {
    /// # Errors
    /// Where the file is damaged, or no flat table of text and numbers.
    pub(super) fn open(file: File, bar: ProgressBar) -> anyhow::Result<Self> {
        guarded(|| Self::begin(file, bar))
    }

    fn begin(file: File, bar: ProgressBar) -> anyhow::Result<Self> {
        let bytes = file.metadata().map_or(0, |data| data.len());
        let file = SerializedFileReader::new(file)?;
        let about = file.metadata().file_metadata();
        let schema = about.schema_descr();
        ensure!(schema.num_columns() <= COLUMNS_MAX, "more than {COLUMNS_MAX} columns");
        let mut columns: Vec<Column> = Vec::with_capacity(schema.num_columns());
        for (place, column) in schema.columns().iter().enumerate() {
            columns.push(Column::of(place, column)?);
        }
        let index = index_columns(about.key_value_metadata().map_or(&[][..], Vec::as_slice));
        // What a data frame calls its index is written last and read first.
        columns.sort_by_key(|column| !index.contains(&column.name));
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let text = format!("{}\n", names.join(",")).into_bytes();
        let rows = u64::try_from(about.num_rows()).unwrap_or(0).max(1);
        bar.set_length(bytes);
        Ok(Self { file, columns, readers: Vec::new(), group: 0, left: 0, row: 0, text, at: 0, bar, rows })
    }

    /// Writes the next batch of rows as text; none is left when it stays empty.
    fn fill(&mut self) -> anyhow::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.left == 0 {
            if self.group == self.file.num_row_groups() {
                return Ok(());
            }
            let group = self.file.get_row_group(self.group)?;
            self.group += 1;
            self.left = usize::try_from(group.metadata().num_rows()).context("a negative number of rows")?;
            let readers = self.columns.iter().map(|column| group.get_column_reader(column.place));
            self.readers = readers.collect::<Result<_, _>>()?;
        }
        let batch = self.left.min(BATCH);
        for (column, reader) in self.columns.iter_mut().zip(&mut self.readers) {
            let Column { name, optional, form, cells, .. } = column;
            read(reader, batch, *optional, *form, cells).with_context(|| {
                format!("column {name}, rows {} to {}", self.row + 1, self.row + batch as u64)
            })?;
            ensure!(cells.len() == batch, "column {name} holds {} of {batch} rows", cells.len());
        }
        for row in 0..batch {
            for (number, column) in self.columns.iter().enumerate() {
                if number > 0 {
                    self.text.push(b',');
                }
                self.text.extend_from_slice(column.cells[row].as_bytes());
            }
            self.text.push(b'\n');
        }
        self.left -= batch;
        self.row += batch as u64;
        let share = self.row as u128 * u128::from(self.bar.length().unwrap_or(0)) / u128::from(self.rows);
        self.bar.set_position(u64::try_from(share).unwrap_or(u64::MAX));
        Ok(())
    }
}

impl Read for Lines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            guarded(|| self.fill())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{error:#}")))?;
        }
        let count = out.len().min(self.text.len() - self.at);
        out[..count].copy_from_slice(&self.text[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// The decoder stops the thread on some damaged files; here that is an error like any other.
fn guarded<T>(task: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    // What the decoder says when it stops is for its authors. Tests run side by side and share the hook: they keep it.
    let hook = (!cfg!(test)).then(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(|_| {}));
        hook
    });
    let done = panic::catch_unwind(panic::AssertUnwindSafe(task));
    if let Some(hook) = hook {
        panic::set_hook(hook);
    }
    done.unwrap_or_else(|_| Err(anyhow::anyhow!("the file is damaged")))
}

impl Column {
    fn of(place: usize, column: &Arc<ColumnDescriptor>) -> anyhow::Result<Self> {
        let name = column.path().string();
        let flat = column.max_rep_level() == 0 && column.max_def_level() <= 1;
        ensure!(
            flat && column.path().parts().len() == 1,
            "column {name} is nested: only flat tables are read"
        );
        ensure!(!breaks(&name), "column {name:?}: a name with a comma, quote or line break");
        let form = form(column).with_context(|| format!("column {name}"))?;
        Ok(Self { name, place, optional: column.max_def_level() == 1, form, cells: Vec::new() })
    }
}

fn form(column: &ColumnDescriptor) -> anyhow::Result<Form> {
    let kind = column.physical_type();
    let scale = usize::try_from(column.type_scale()).unwrap_or(0);
    let form = match (kind, column.logical_type_ref(), column.converted_type()) {
        (
            Type::INT32 | Type::INT64 | Type::FIXED_LEN_BYTE_ARRAY | Type::BYTE_ARRAY,
            _,
            ConvertedType::DECIMAL,
        ) if scale <= 38 => Form::Decimal(scale),
        (Type::INT32, _, ConvertedType::DATE) => Form::Days,
        (Type::INT32, _, ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32)
        | (Type::INT64, _, ConvertedType::UINT_64) => Form::Unsigned,
        (Type::INT64, Some(LogicalType::Timestamp(stamp)), _) => match stamp.unit {
            TimeUnit::MILLIS => Form::Millis,
            TimeUnit::MICROS => Form::Micros,
            TimeUnit::NANOS => Form::Nanos,
        },
        (Type::INT64, _, ConvertedType::TIMESTAMP_MILLIS) => Form::Millis,
        (Type::INT64, _, ConvertedType::TIMESTAMP_MICROS) => Form::Micros,
        (Type::INT96, ..) => Form::Nanos,
        (
            Type::INT32 | Type::INT64,
            _,
            ConvertedType::NONE
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64,
        )
        | (Type::BOOLEAN | Type::FLOAT | Type::DOUBLE, ..) => Form::Plain,
        // Old writers leave text unmarked.
        (Type::BYTE_ARRAY, _, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::NONE) => Form::Text,
        (kind, logical, converted) => bail!("values of kind {kind} ({logical:?}, {converted}) are not read"),
    };
    Ok(form)
}

/// The columns that pandas wrote as a data frame's index.
fn index_columns(about: &[parquet::file::metadata::KeyValue]) -> Vec<String> {
    let text = about.iter().find(|pair| pair.key == "pandas").and_then(|pair| pair.value.as_deref());
    let frame: serde_json::Value = text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let names = frame["index_columns"].as_array().map_or(&[][..], Vec::as_slice);
    names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn read(
    reader: &mut ColumnReader,
    count: usize,
    optional: bool,
    form: Form,
    cells: &mut Vec<String>,
) -> anyhow::Result<()> {
    cells.clear();
    match reader {
        ColumnReader::BoolColumnReader(of) => values(of, count, optional, cells, |one| Ok(one.to_string())),
        ColumnReader::Int32ColumnReader(of) => values(of, count, optional, cells, |one| match form {
            Form::Unsigned => Ok((*one as u32).to_string()),
            other => whole(other, i128::from(*one)),
        }),
        ColumnReader::Int64ColumnReader(of) => values(of, count, optional, cells, |one| match form {
            Form::Unsigned => Ok((*one as u64).to_string()),
            other => whole(other, i128::from(*one)),
        }),
        ColumnReader::Int96ColumnReader(of) => {
            values(of, count, optional, cells, |one| instant(i128::from(one.to_millis()), 1))
        }
        // A number that is none is a missing one.
        ColumnReader::FloatColumnReader(of) => values(of, count, optional, cells, |one| {
            Ok(if one.is_nan() { String::new() } else { one.to_string() })
        }),
        ColumnReader::DoubleColumnReader(of) => values(of, count, optional, cells, |one| {
            Ok(if one.is_nan() { String::new() } else { one.to_string() })
        }),
        ColumnReader::ByteArrayColumnReader(of) => {
            values(of, count, optional, cells, |one| bytes(form, one.data()))
        }
        ColumnReader::FixedLenByteArrayColumnReader(of) => {
            values(of, count, optional, cells, |one| bytes(form, one.data()))
        }
    }
}

/// Reads `count` rows of one column; a missing value is an empty cell.
fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    count: usize,
    optional: bool,
    cells: &mut Vec<String>,
    told: impl Fn(&T::T) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let (mut found, mut levels) = (Vec::with_capacity(count), Vec::with_capacity(count));
    while cells.len() < count {
        found.clear();
        levels.clear();
        let present = optional.then_some(&mut levels);
        let (rows, ..) = reader.read_records(count - cells.len(), present, None, &mut found)?;
        if rows == 0 {
            return Ok(());
        }
        let mut found = found.iter();
        for row in 0..rows {
            let missing = optional && levels.get(row).is_none_or(|level| *level == 0);
            cells.push(match missing {
                true => String::new(),
                false => told(found.next().context("fewer values than rows")?)?,
            });
        }
    }
    Ok(())
}

fn whole(form: Form, value: i128) -> anyhow::Result<String> {
    match form {
        Form::Days => Ok(risk::instant::date(i64::try_from(value)?.checked_mul(DAY_MS).context("no date")?)),
        Form::Millis => instant(value, 1),
        Form::Micros => instant(value, 1_000),
        Form::Nanos => instant(value, 1_000_000),
        Form::Decimal(scale) => Ok(decimal(value, scale)),
        Form::Plain | Form::Unsigned | Form::Text => Ok(value.to_string()),
    }
}

fn bytes(form: Form, bytes: &[u8]) -> anyhow::Result<String> {
    if let Form::Decimal(scale) = form {
        ensure!(bytes.len() <= 16, "a decimal of more than 38 digits");
        let sign = bytes.first().map_or(0, |first| if first >> 7 == 1 { -1i128 } else { 0 });
        return Ok(decimal(bytes.iter().fold(sign, |sum, byte| sum << 8 | i128::from(*byte)), scale));
    }
    let text = std::str::from_utf8(bytes).context("a value is no text")?;
    ensure!(!breaks(text), "{text:?}: text with a comma, quote or line break");
    Ok(text.to_owned())
}

fn breaks(text: &str) -> bool {
    text.contains([',', '"', '\n', '\r'])
}

/// An ISO 8601 date, with the time of day where it is not midnight.
fn instant(value: i128, ticks_per_ms: i128) -> anyhow::Result<String> {
    let at_ms = i64::try_from(value.div_euclid(ticks_per_ms)).context("no instant")?;
    let (date, of_day) = (risk::instant::date(at_ms), at_ms.rem_euclid(DAY_MS));
    let (second, ms) = (of_day / 1_000, of_day % 1_000);
    let fraction = if ms == 0 { String::new() } else { format!(".{ms:03}") };
    Ok(match of_day {
        0 => date,
        _ => format!("{date}T{:02}:{:02}:{:02}{fraction}Z", second / 3_600, second / 60 % 60, second % 60),
    })
}

fn decimal(value: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}
