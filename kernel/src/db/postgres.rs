//! PostgreSQL: the pool, and values as its driver takes them.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe,
    postgres::{PgArguments, PgConnection, PgPool, PgPoolOptions},
};

use super::{Row, Value, rows::Answer};
use crate::error::{Error, Result};

pub(super) async fn connect(url: &str) -> Result<PgPool> {
    Ok(PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(30))
        .connect(url)
        .await?)
}

/// All rows of an answer, or the first when `limit` is one.
pub(super) async fn rows(
    conn: &mut PgConnection,
    text: String,
    values: Vec<Value>,
    limit: usize,
) -> Result<Vec<Row>> {
    let query = sqlx::query_with(AssertSqlSafe(text), args(values)?);
    let found = if limit == 1 {
        query.fetch_optional(conn).await?.into_iter().collect()
    } else {
        query.fetch_all(conn).await?
    };
    Ok(found
        .into_iter()
        .map(|row| Row(Answer::Postgres(row)))
        .collect())
}

/// Runs a writing statement and tells how many rows it touched.
pub(super) async fn exec(conn: &mut PgConnection, text: String, values: Vec<Value>) -> Result<u64> {
    let query = sqlx::query_with(AssertSqlSafe(text), args(values)?);
    Ok(query.execute(conn).await?.rows_affected())
}

fn args(values: Vec<Value>) -> Result<PgArguments> {
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
