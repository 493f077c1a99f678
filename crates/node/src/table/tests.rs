//! Tables of every form give the same lines; what cannot be read is refused with the file and the column.

use std::io::{Read, Write};
use std::path::PathBuf;

use indicatif::ProgressBar;

const CSV: &str = "t,customer,cents\n1,a,250\n2,b,99\n";

/// A file below the temporary folder, its name from the test's.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("sojourn-table-{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).expect("a temporary file");
    path
}

fn text(name: &str, bytes: &[u8]) -> Result<String, String> {
    let path = file(name, bytes);
    let mut text = String::new();
    let read = super::open(&path, &ProgressBar::hidden())
        .and_then(|mut lines| Ok(lines.read_to_string(&mut text)?))
        .map(|_| text)
        .map_err(|error| format!("{error:#}").replace(&path.display().to_string(), name));
    std::fs::remove_file(path).expect("the file just written");
    read
}

#[test]
fn plain_and_packed_tables_read_alike() {
    assert_eq!(text("plain.csv", CSV.as_bytes()).as_deref(), Ok(CSV));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(CSV.as_bytes()).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    assert_eq!(text("packed.csv", &packed).as_deref(), Ok(CSV));
    assert!(text("cut.csv", &packed[..packed.len() / 2]).is_err(), "a packed file that is cut short");
    assert_eq!(text("empty.csv", b"").as_deref(), Ok(""));
    assert!(super::open(&PathBuf::from("/nowhere/at.all"), &ProgressBar::hidden()).is_err());
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_is_refused_with_the_feature_that_reads_it() {
    let told = text("x.parquet", b"PAR1rest").expect_err("this build leaves it out");
    assert_eq!(
        told,
        "reading x.parquet: Parquet, which this build leaves out: build with `--features parquet`, or write it as CSV"
    );
}

#[cfg(feature = "parquet")]
mod parquet {
    use std::sync::Arc;

    use parquet::basic::{Compression, ZstdLevel};
    use parquet::data_type::{
        BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
        Int64Type,
    };
    use parquet::file::metadata::KeyValue;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
    use parquet::schema::parser::parse_message_type;

    use super::text;

    /// Writes two row groups of the same columns.
    fn written(
        schema: &str,
        packing: Compression,
        columns: &[&dyn Fn(&mut SerializedColumnWriter<'_>)],
    ) -> Vec<u8> {
        let pandas = KeyValue::new("pandas".to_owned(), r#"{"index_columns": ["at"]}"#.to_owned());
        let about = WriterProperties::builder()
            .set_compression(packing)
            .set_key_value_metadata(Some(vec![pandas]))
            .build();
        let schema = Arc::new(parse_message_type(schema).expect("a schema"));
        let mut out = SerializedFileWriter::new(Vec::new(), schema, Arc::new(about)).expect("a writer");
        for _ in 0..2 {
            let mut group = out.next_row_group().expect("a row group");
            for column in columns {
                let mut writer = group.next_column().expect("a column").expect("as many as the schema has");
                column(&mut writer);
                writer.close().expect("closes");
            }
            group.close().expect("closes");
        }
        out.into_inner().expect("closes")
    }

    fn payments(packing: Compression) -> Vec<u8> {
        let schema =
            "message m { REQUIRED INT32 t; OPTIONAL BYTE_ARRAY customer (UTF8); REQUIRED DOUBLE price;
            REQUIRED INT64 at (TIMESTAMP(NANOS,true)); OPTIONAL INT32 day (DATE); REQUIRED BOOLEAN fraud;
            REQUIRED FIXED_LEN_BYTE_ARRAY (2) paid (DECIMAL(4,2)); REQUIRED INT64 id (INTEGER(64,false)); }";
        let customers = [ByteArray::from("a"), ByteArray::from("c d")];
        written(
            schema,
            packing,
            &[
                &|one| _ = one.typed::<Int32Type>().write_batch(&[1, -2, 3], None, None).expect("t"),
                &|one| {
                    let levels: Option<&[i16]> = Some(&[1, 0, 1]);
                    _ = one.typed::<ByteArrayType>().write_batch(&customers, levels, None).expect("customer");
                },
                &|one| {
                    _ = one
                        .typed::<DoubleType>()
                        .write_batch(&[0.1, 250.0, f64::NAN], None, None)
                        .expect("price")
                },
                &|one| {
                    let at = [0, 1_522_540_801_250_000_000, -1_000_000];
                    _ = one.typed::<Int64Type>().write_batch(&at, None, None).expect("at");
                },
                &|one| {
                    let levels: Option<&[i16]> = Some(&[0, 1, 0]);
                    _ = one.typed::<Int32Type>().write_batch(&[19_000], levels, None).expect("day");
                },
                &|one| {
                    _ = one.typed::<BoolType>().write_batch(&[true, false, false], None, None).expect("fraud")
                },
                &|one| {
                    let paid = [[0, 5], [0xff, 0x9c], [1, 0]]
                        .map(|bytes: [u8; 2]| FixedLenByteArray::from(bytes.to_vec()));
                    _ = one.typed::<FixedLenByteArrayType>().write_batch(&paid, None, None).expect("paid");
                },
                &|one| _ = one.typed::<Int64Type>().write_batch(&[1, -1, 2], None, None).expect("id"),
            ],
        )
    }

    /// The frame's index comes first, missing values are empty, every kind is written as a reader of CSV expects it.
    #[test]
    fn parquet_reads_as_the_same_lines() {
        let rows = "1970-01-01,1,a,0.1,,true,0.05,1\n\
            2018-04-01T00:00:01.250Z,-2,,250,2022-01-08,false,-1.00,18446744073709551615\n\
            1969-12-31T23:59:59.999Z,3,c d,,,false,2.56,2\n";
        let expected = format!("at,t,customer,price,day,fraud,paid,id\n{rows}{rows}");
        for packing in
            [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())]
        {
            assert_eq!(
                text("whole.parquet", &payments(packing)).as_deref(),
                Ok(&expected[..]),
                "{packing:?}"
            );
        }
    }

    #[test]
    fn what_is_no_flat_table_of_text_and_numbers_is_refused() {
        let value = |value: &'static [u8]| {
            move |one: &mut SerializedColumnWriter<'_>| {
                _ = one
                    .typed::<ByteArrayType>()
                    .write_batch(&[ByteArray::from(value)], None, None)
                    .expect("value");
            }
        };
        for (schema, bytes, expected) in [
            (
                "message m { REQUIRED GROUP a { REQUIRED BYTE_ARRAY b (UTF8); } }",
                &b"x"[..],
                "reading x.parquet: column a.b is nested: only flat tables are read",
            ),
            (
                "message m { REQUIRED BYTE_ARRAY b (BSON); }",
                b"x",
                "reading x.parquet: column b: values of kind BYTE_ARRAY (Some(Bson), BSON) are not read",
            ),
            (
                "message m { REQUIRED BYTE_ARRAY b (UTF8); }",
                b"x,y",
                "column b, rows 1 to 1: \"x,y\": text with a comma, quote or line break",
            ),
            (
                "message m { REQUIRED BYTE_ARRAY b; }",
                b"\xff",
                "column b, rows 1 to 1: a value is no text: invalid utf-8 sequence of 1 bytes from index 0",
            ),
        ] {
            let file = written(schema, Compression::UNCOMPRESSED, &[&value(bytes)]);
            assert_eq!(text("x.parquet", &file).expect_err(expected), expected);
        }
        assert!(text("cut.parquet", b"PAR1").is_err());
    }

    /// A file with bytes turned over is read or refused, and never stops the program.
    #[test]
    fn damaged_files_do_no_harm() {
        let whole = payments(Compression::SNAPPY);
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..2_000 {
            let mut damaged = whole.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(4..damaged.len());
                damaged[at] = random.u8(..);
            }
            let _ = text("damaged.parquet", &damaged);
        }
        for length in 4..whole.len() {
            assert!(text("short.parquet", &whole[..length]).is_err(), "cut at {length}");
        }
    }
}
