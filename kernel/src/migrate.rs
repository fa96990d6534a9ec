//! Forward-only migrations: `migrations/NNNN_name.sql`, the same text on both engines, except for
//! files that say `.sqlite.sql` or `.postgres.sql`.

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::{
    db::{Db, Dialect, sql},
    error::{Error, Result},
};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../migrations");

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// NNNN
    pub version: i64,
    /// The rest of the file's name.
    pub name: String,
    text: String,
}

/// The steps for an engine, in order.
#[must_use]
pub fn steps(dialect: Dialect) -> Vec<Step> {
    let mut steps: Vec<Step> = FILES
        .files()
        .filter_map(|f| {
            let name = f.path().file_name()?.to_str()?;
            let (version, rest) = name.split_once('_')?;
            let name = match rest.strip_suffix(".sql")? {
                n if n.ends_with(".sqlite") => {
                    (dialect == Dialect::Sqlite).then(|| n.trim_end_matches(".sqlite"))?
                }
                n if n.ends_with(".postgres") => {
                    (dialect == Dialect::Postgres).then(|| n.trim_end_matches(".postgres"))?
                }
                n => n,
            };
            Some(Step {
                version: version.parse().ok()?,
                name: name.to_owned(),
                text: f.contents_utf8()?.to_owned(),
            })
        })
        .collect();
    steps.sort_by_key(|s| s.version);
    steps
}

/// Brings a database to the newest version, or to `target`. Each step is one transaction.
///
/// # Errors
/// A step fails, or an applied step differs from the program's text (a downgraded or edited program).
pub async fn run(db: &Db, target: Option<i64>) -> Result<Vec<Step>> {
    db.script("create table if not exists schema_migration (version bigint primary key, name text not null, hash text not null)")
        .await?;
    let done = db
        .read()
        .await?
        .rows(sql(
            "select version, hash from schema_migration order by version",
        ))
        .await?;
    let mut applied = std::collections::HashMap::new();
    for row in &done {
        applied.insert(row.get::<i64>("version")?, row.get::<String>("hash")?);
    }
    let all = steps(db.dialect());
    let newest = all.last().map_or(0, |s| s.version);
    if let Some(unknown) = applied.keys().find(|v| **v > newest) {
        return Err(Error::Invalid(format!(
            "データベースは新しい版のEngawa(移行{unknown})で作られています。新しい版のEngawaで開いてください。"
        )));
    }
    let mut ran = Vec::new();
    for step in all {
        if target.is_some_and(|t| step.version > t) {
            break;
        }
        let hash: String = Sha256::digest(step.text.as_bytes())
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        match applied.get(&step.version) {
            Some(h) if *h == hash => {}
            Some(_) => {
                return Err(Error::Invalid(format!(
                    "移行{}({})の内容が、適用済みのものと違います。正式な版のEngawaを使ってください。",
                    step.version, step.name
                )));
            }
            None => {
                // On lines of its own, so that a comment at the end of a step hides nothing.
                db.script(&format!(
                    "begin; {}\n; insert into schema_migration (version, name, hash) values ({}, '{}', '{hash}'); commit;",
                    step.text.trim_end().trim_end_matches(';'),
                    step.version,
                    step.name.replace('\'', "")
                ))
                .await?;
                ran.push(step);
            }
        }
    }
    Ok(ran)
}
