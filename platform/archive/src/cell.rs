//! A value ↔ a cell of a CSV. Nothing is `\N`; a text that begins with `\` has one more in front.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use engawa_kernel::{
    db::{Row, Value},
    error::{Error, Result},
};
use uuid::Uuid;

use crate::schema::{ColumnSchema, Kind};

const NULL: &str = "\\N";

/// For people who open a file of an export.
pub const EXPLAINED: &str = "UTF-8, CSV (RFC 4180). \\N = no value; a text that begins with \\ has one more \\ in front. timestamptz = UTC. bytea = hexadecimal.";

/// Reads a column out of a row.
///
/// # Errors
/// The database holds something else.
pub fn value(row: &Row, column: &ColumnSchema) -> Result<Value> {
    let name = column.name.as_str();
    Ok(match column.kind {
        Kind::Uuid => Value::Uuid(row.opt(name)?),
        Kind::Text => Value::Text(row.opt(name)?),
        Kind::Bigint => Value::Int(row.opt(name)?),
        Kind::Boolean => Value::Bool(row.opt(name)?),
        Kind::Date => Value::Date(row.opt(name)?),
        Kind::Timestamptz => Value::Time(row.opt(name)?),
        Kind::Bytea => Value::Bytes(row.opt(name)?),
    })
}

/// As it stands in the file.
#[must_use]
pub fn write(value: &Value) -> String {
    let text = match value {
        Value::Bool(v) => v.map(|v| v.to_string()),
        Value::Int(v) => v.map(|v| v.to_string()),
        Value::Text(v) => v.as_ref().map(|text| {
            if text.starts_with('\\') {
                format!("\\{text}")
            } else {
                text.clone()
            }
        }),
        Value::Bytes(v) => v.as_deref().map(hex),
        Value::Uuid(v) => v.map(|v| v.to_string()),
        Value::Date(v) => v.map(|v| v.to_string()),
        Value::Time(v) => v.map(|v| v.to_rfc3339_opts(SecondsFormat::Micros, true)),
    };
    text.unwrap_or_else(|| NULL.to_owned())
}

/// Reads it back.
///
/// # Errors
/// The cell holds something else: the file was changed by hand.
pub fn read(cell: &str, column: &ColumnSchema) -> Result<Value> {
    let some = (cell != NULL).then_some(cell);
    let bad = || {
        Error::Invalid(format!(
            "列「{}」に読めない値があります。書き出したファイルが書き換えられていないか確かめてください。",
            column.name
        ))
    };
    Ok(match column.kind {
        Kind::Text => Value::Text(some.map(|t| t.strip_prefix('\\').unwrap_or(t).to_owned())),
        Kind::Uuid => Value::Uuid(some.map(Uuid::try_parse).transpose().map_err(|_| bad())?),
        Kind::Bigint => Value::Int(some.map(str::parse).transpose().map_err(|_| bad())?),
        Kind::Boolean => Value::Bool(some.map(str::parse).transpose().map_err(|_| bad())?),
        Kind::Date => {
            let day = some.map(str::parse::<NaiveDate>);
            Value::Date(day.transpose().map_err(|_| bad())?)
        }
        Kind::Timestamptz => {
            let at = some.map(DateTime::parse_from_rfc3339);
            let at = at.transpose().map_err(|_| bad())?;
            Value::Time(at.map(|t| t.with_timezone(&Utc)))
        }
        Kind::Bytea => Value::Bytes(some.map(|t| unhex(t).ok_or_else(bad)).transpose()?),
    })
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was() {
        let at = DateTime::from_timestamp_micros(1_795_222_800_000_001);
        for (kind, value) in [
            (Kind::Text, Value::Text(None)),
            (Kind::Text, Value::Text(Some(String::new()))),
            (Kind::Text, Value::Text(Some("\\N".into()))),
            (Kind::Text, Value::Text(Some("\\\\葛\u{e0100}\n,\"".into()))),
            (Kind::Bigint, Value::Int(Some(-1))),
            (Kind::Boolean, Value::Bool(Some(false))),
            (Kind::Date, Value::Date(NaiveDate::from_ymd_opt(1950, 3, 4))),
            (Kind::Timestamptz, Value::Time(at)),
            (Kind::Bytea, Value::Bytes(Some(vec![0, 255, 16]))),
            (Kind::Bytea, Value::Bytes(Some(vec![]))),
            (Kind::Uuid, Value::Uuid(Some(Uuid::max()))),
            (Kind::Uuid, Value::Uuid(None)),
        ] {
            let column = ColumnSchema {
                name: "x".into(),
                kind,
            };
            assert_eq!(read(&write(&value), &column).unwrap(), value);
        }
    }
}
