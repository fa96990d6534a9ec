//! PostgreSQL: the pool, and values as its driver takes them.

use std::time::Duration;

use sqlx::postgres::{PgArguments, PgPool, PgPoolOptions};

use super::Value;
use crate::error::{Error, Result};

pub(super) async fn connect(url: &str) -> Result<PgPool> {
    Ok(PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(30))
        .connect(url)
        .await?)
}

pub(super) fn args(values: Vec<Value>) -> Result<PgArguments> {
    use sqlx::Arguments as _;
    let mut args = PgArguments::default();
    for value in values {
        match value {
            Value::Bool(v) => args.add(v),
            Value::Int(v) => args.add(v),
            // PostgreSQL text cannot hold NUL; forms refuse it, imports may bring it.
            Value::Text(v) => args.add(v.map(|t| t.replace('\0', ""))),
            Value::Bytes(v) => args.add(v),
            Value::Uuid(v) => args.add(v),
            Value::Date(v) => args.add(v),
            Value::Time(v) => args.add(v),
        }
        .map_err(|e| Error::Internal(e.to_string()))?;
    }
    Ok(args)
}
