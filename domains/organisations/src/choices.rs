//! The choices that a register's fields offer, loaded once for a form or an import.

use std::collections::HashMap;

use engawa_kernel::{
    context::Ctx,
    db::{Conn, sql},
    error::Result,
};
use uuid::Uuid;

use crate::{
    codes::{self, CodeList, Labels},
    field::{Field, Kind, Source},
};

/// Entries of one list of choices at most; a city's staff fit.
const LIMIT: i64 = 20_000;

/// One record that a field may point to.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    /// As the form shows it.
    pub shown: String,
    /// Ended, hidden: no longer offered, but still known.
    pub past: bool,
    /// A further code: the canonical role of a word, the kind of a body.
    pub extra: String,
}

/// Everything that the fields of a register may point to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    labels: Labels,
    lists: HashMap<Source, Vec<Choice>>,
}

impl Choices {
    /// Loads what these fields need, and one source more (the register's own records).
    pub(crate) async fn load(
        conn: &mut Conn,
        ctx: &Ctx,
        fields: &[Field],
        also: Option<Source>,
    ) -> Result<Self> {
        let mut sources = sources(fields);
        if let Some(source) = also
            && !sources.contains(&source)
        {
            sources.push(source);
        }
        let code_lists: Vec<CodeList> = sources
            .iter()
            .filter_map(|s| match s {
                Source::Codes(list) => Some(*list),
                _ => None,
            })
            .collect();
        let mut choices = Self {
            labels: codes::load(conn, ctx, &code_lists).await?,
            lists: HashMap::new(),
        };
        for source in sources {
            if let Some(list) = records(conn, ctx, source).await? {
                choices.lists.insert(source, list);
            }
        }
        Ok(choices)
    }

    /// What a form offers; the record's own value stays even when it is past.
    pub(crate) fn options<'a>(
        &'a self,
        source: Source,
        kept: &[&'a str],
    ) -> Vec<(&'a str, &'a str)> {
        match source {
            Source::Codes(list) => self.labels.options_with(list, kept),
            Source::Fixed(words) => words.to_vec(),
            _ => self
                .list(source)
                .iter()
                .filter(|c| !c.past || kept.contains(&c.code.as_str()))
                .map(|c| (c.code.as_str(), c.shown.as_str()))
                .collect(),
        }
    }

    /// The word for a code; the code itself when nobody knows it.
    pub(crate) fn label<'a>(&'a self, source: Source, code: &'a str) -> &'a str {
        match source {
            Source::Codes(list) => self.labels.label(list, code),
            Source::Fixed(words) => words
                .iter()
                .find(|(c, _)| *c == code)
                .map_or(code, |(_, l)| l),
            _ => self.get(source, code).map_or(code, |c| c.name.as_str()),
        }
    }

    /// The code for what a form or a sheet says: the code itself, or a name that only one has.
    pub(crate) fn find(&self, source: Source, text: &str) -> Option<String> {
        match source {
            Source::Codes(list) => self.labels.find(list, text).map(str::to_owned),
            Source::Fixed(words) => words
                .iter()
                .find(|(c, l)| *c == text || *l == text)
                .map(|(c, _)| (*c).to_owned()),
            _ => {
                if let Some(choice) = self.get(source, text) {
                    return Some(choice.code.clone());
                }
                let mut named = self.list(source).iter().filter(|c| c.name == text);
                match (named.next(), named.next()) {
                    (Some(only), None) => Some(only.code.clone()),
                    _ => None,
                }
            }
        }
    }

    /// The record behind a code.
    pub(crate) fn get(&self, source: Source, code: &str) -> Option<&Choice> {
        self.list(source).iter().find(|c| c.code == code)
    }

    /// The id behind a code.
    pub(crate) fn id(&self, source: Source, code: &str) -> Option<Uuid> {
        self.get(source, code).map(|c| c.id)
    }

    /// All records of a source.
    pub(crate) fn list(&self, source: Source) -> &[Choice] {
        self.lists.get(&source).map_or(&[], Vec::as_slice)
    }

    /// Makes a record known that was saved a moment ago, for the next rows of an import.
    pub(crate) fn add(&mut self, source: Source, choice: Choice) {
        if let Some(list) = self.lists.get_mut(&source)
            && !list.iter().any(|c| c.code == choice.code)
        {
            list.push(choice);
        }
    }
}

fn sources(fields: &[Field]) -> Vec<Source> {
    let mut found = Vec::new();
    for field in fields {
        match field.kind {
            Kind::Pick(s) | Kind::Picks(s) if !found.contains(&s) => found.push(s),
            Kind::Rows(inner) => {
                for s in sources(inner) {
                    if !found.contains(&s) {
                        found.push(s);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

async fn records(conn: &mut Conn, ctx: &Ctx, source: Source) -> Result<Option<Vec<Choice>>> {
    let q = match source {
        Source::Codes(_) | Source::Fixed(_) => return Ok(None),
        Source::Areas => sql(
            "select id, code, name, '' as more, '' as extra, valid_to is not null and valid_to < :today as past
               from organisations_area where municipality_id = :m order by code limit :limit",
        ),
        Source::Bodies => sql(
            "select id, code, name, '' as more, kind as extra, valid_to is not null and valid_to < :today as past
               from organisations_body where municipality_id = :m order by code limit :limit",
        ),
        Source::Desks => sql(
            "select d.id, d.code, d.name, b.name as more, b.code as extra, d.valid_to is not null and d.valid_to < :today as past
               from organisations_desk d join organisations_body b on b.id = d.body_id
              where d.municipality_id = :m order by d.code limit :limit",
        ),
        Source::Staff => sql(
            "select s.id, coalesce(x.code, '') as code, s.name, s.kana as more, '' as extra,
                    s.left_on is not null and s.left_on < :today as past
               from staff s left join organisations_staff x on x.staff_id = s.id
              where s.municipality_id = :m order by s.kana, s.id limit :limit",
        ),
        Source::RoleWords => sql(
            "select id, code, label as name, '' as more, role as extra, hidden or :today is null as past
               from organisations_role_label where municipality_id = :m order by sort, code limit :limit",
        ),
    };
    let rows = conn
        .rows(
            q.bind("m", ctx.municipality)
                .bind("today", ctx.today())
                .bind("limit", LIMIT),
        )
        .await?;
    rows.iter()
        .map(|r| {
            let id: Uuid = r.get("id")?;
            let given: String = r.get("code")?;
            // Staff made before this register knew them have no number; an id is nothing to read.
            let code = if given.is_empty() {
                id.to_string()
            } else {
                given.clone()
            };
            let name: String = r.get("name")?;
            let more: String = r.get("more")?;
            let shown = match source {
                Source::Desks => format!("{more} {name}"),
                Source::Staff if given.is_empty() => name.clone(),
                Source::Staff if !more.is_empty() => format!("{name}（{more}） {code}"),
                Source::RoleWords => name.clone(),
                _ => format!("{name}（{code}）"),
            };
            Ok(Choice {
                id,
                code,
                name,
                shown,
                past: r.get("past")?,
                extra: r.get("extra")?,
            })
        })
        .collect::<Result<Vec<_>>>()
        .map(Some)
}
