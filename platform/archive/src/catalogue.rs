//! Tables and columns as the database itself knows them.

use engawa_kernel::{
    db::{Conn, Dialect, sql},
    error::{Error, Result},
};

use crate::{
    SEARCH, is_made_there,
    schema::{ColumnSchema, Kind, TableSchema},
};

/// All tables that leave, by name, without counts and hashes.
///
/// # Errors
/// The database refuses, or has a table without a primary key or a column of an unknown type.
pub async fn tables(conn: &mut Conn) -> Result<Vec<TableSchema>> {
    let names = conn
        .rows(match conn.dialect() {
            Dialect::Sqlite => sql("select name from sqlite_master where type = 'table' order by name"),
            Dialect::Postgres => sql(
                "select cast(table_name as text) as name from information_schema.tables
                  where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name",
            ),
        })
        .await?;
    let mut out = Vec::new();
    for row in names {
        let name: String = row.get("name")?;
        if !is_made_there(&name) {
            out.push(table(conn, name).await?);
        }
    }
    Ok(out)
}

async fn table(conn: &mut Conn, name: String) -> Result<TableSchema> {
    let (columns, key) = match conn.dialect() {
        Dialect::Sqlite => (
            sql("select name, lower(type) as type from pragma_table_info(:t) order by cid"),
            sql("select name from pragma_table_info(:t) where pk > 0 order by pk"),
        ),
        Dialect::Postgres => (
            sql(
                "select cast(column_name as text) as name, cast(data_type as text) as type from information_schema.columns
                  where table_schema = current_schema() and table_name = :t order by ordinal_position",
            ),
            sql(
                "select cast(k.column_name as text) as name
                   from information_schema.table_constraints c
                   join information_schema.key_column_usage k
                     on k.constraint_name = c.constraint_name and k.table_schema = c.table_schema and k.table_name = c.table_name
                  where c.table_schema = current_schema() and c.constraint_type = 'PRIMARY KEY' and c.table_name = :t
                  order by k.ordinal_position",
            ),
        ),
    };
    let mut schema = TableSchema {
        columns: Vec::new(),
        key: Vec::new(),
        rows: 0,
        sha256: String::new(),
        name,
    };
    for row in conn.rows(columns.bind("t", schema.name.as_str())).await? {
        let column: String = row.get("name")?;
        // What the index knows is made anew.
        if schema.name == SEARCH && ["grams", "stale"].contains(&column.as_str()) {
            continue;
        }
        let kind: String = row.get("type")?;
        let kind = kind_of(&kind).ok_or_else(|| {
            let table = &schema.name;
            Error::Internal(format!("{table}.{column} is of the unknown type {kind}"))
        })?;
        schema.columns.push(ColumnSchema { name: column, kind });
    }
    for row in conn.rows(key.bind("t", schema.name.as_str())).await? {
        schema.key.push(row.get("name")?);
    }
    if schema.key.is_empty() {
        return Err(Error::Internal(format!(
            "{} has no primary key",
            schema.name
        )));
    }
    Ok(schema)
}

fn kind_of(sql_type: &str) -> Option<Kind> {
    Some(match sql_type {
        "uuid" => Kind::Uuid,
        "text" => Kind::Text,
        "bigint" | "integer" => Kind::Bigint,
        "boolean" => Kind::Boolean,
        "date" => Kind::Date,
        "timestamptz" | "timestamp with time zone" => Kind::Timestamptz,
        "bytea" => Kind::Bytea,
        _ => return None,
    })
}
