//! The registers: one file each, with its fields, how it is read and how it is stored.

mod areas;
mod bodies;
mod code_words;
mod contracts;
pub(crate) mod desks;
pub(crate) mod postings;
mod role_words;
mod rules;
mod sql_parts;
mod staff;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    form::Form,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    choices::{Choice, Choices},
    codes::CodeList,
    field::{Record, Source, Spec, Values},
};

/// Every register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Register {
    Areas,
    Bodies,
    Contracts,
    Desks,
    Staff,
    Postings,
    RoleWords,
    CodeWords,
    Rules,
}

/// Which records are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    /// Only these.
    pub ids: Option<Vec<Uuid>>,
    /// Part of a name or code.
    pub q: String,
    /// Only this code list.
    pub list: Option<CodeList>,
    /// Only what belongs to this record (the postings of a member of staff, of a desk …).
    pub of: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

impl Query {
    /// One record.
    pub(crate) fn one(id: Uuid) -> Self {
        Self {
            ids: Some(vec![id]),
            limit: 1,
            ..Self::default()
        }
    }
}

impl Register {
    /// In the order of the index page and of an import from nothing.
    pub(crate) const ALL: [Self; 9] = [
        Self::Areas,
        Self::Bodies,
        Self::Contracts,
        Self::Desks,
        Self::Staff,
        Self::Postings,
        Self::RoleWords,
        Self::CodeWords,
        Self::Rules,
    ];

    /// From an address.
    pub(crate) fn from_slug(slug: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|r| r.spec().slug == slug)
            .ok_or(Error::NotFound)
    }

    /// Its fields and words.
    pub(crate) const fn spec(self) -> &'static Spec {
        match self {
            Self::Areas => &areas::SPEC,
            Self::Bodies => &bodies::SPEC,
            Self::Contracts => &contracts::SPEC,
            Self::Desks => &desks::SPEC,
            Self::Staff => &staff::SPEC,
            Self::Postings => &postings::SPEC,
            Self::RoleWords => &role_words::SPEC,
            Self::CodeWords => &code_words::SPEC,
            Self::Rules => &rules::SPEC,
        }
    }

    /// What fields of other records may point to it by.
    const fn source(self) -> Option<Source> {
        match self {
            Self::Areas => Some(Source::Areas),
            Self::Bodies => Some(Source::Bodies),
            Self::Desks => Some(Source::Desks),
            Self::Staff => Some(Source::Staff),
            Self::RoleWords => Some(Source::RoleWords),
            _ => None,
        }
    }

    /// What its fields offer.
    pub(crate) async fn choices(self, conn: &mut Conn, ctx: &Ctx) -> Result<Choices> {
        Choices::load(conn, ctx, self.spec().fields, self.source()).await
    }

    /// Records with all their fields.
    pub(crate) async fn fetch(
        self,
        conn: &mut Conn,
        ctx: &Ctx,
        query: &Query,
    ) -> Result<Vec<Record>> {
        match self {
            Self::Areas => areas::fetch(conn, ctx, query).await,
            Self::Bodies => bodies::fetch(conn, ctx, query).await,
            Self::Contracts => contracts::fetch(conn, ctx, query).await,
            Self::Desks => desks::fetch(conn, ctx, query).await,
            Self::Staff => staff::fetch(conn, ctx, query).await,
            Self::Postings => postings::fetch(conn, ctx, query).await,
            Self::RoleWords => role_words::fetch(conn, ctx, query).await,
            Self::CodeWords => code_words::fetch(conn, ctx, query).await,
            Self::Rules => rules::fetch(conn, ctx, query).await,
        }
    }

    /// How many there are.
    pub(crate) async fn count(self, conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<i64> {
        let (from, search, of) = match self {
            Self::Areas => areas::LIST,
            Self::Bodies => bodies::LIST,
            Self::Contracts => contracts::LIST,
            Self::Desks => desks::LIST,
            Self::Staff => staff::LIST,
            Self::Postings => postings::LIST,
            Self::RoleWords => role_words::LIST,
            Self::CodeWords => code_words::LIST,
            Self::Rules => rules::LIST,
        };
        let q = sql("select count(*) as n").push(from);
        conn.count(sql_parts::filter(q, ctx, query, search, of))
            .await
    }

    /// One record.
    pub(crate) async fn get(self, conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Record> {
        self.fetch(conn, ctx, &Query::one(id))
            .await?
            .pop()
            .ok_or(Error::NotFound)
    }

    /// Rules beyond single fields; messages stand in the form.
    pub(crate) async fn check(
        self,
        conn: &mut Conn,
        ctx: &Ctx,
        id: Option<Uuid>,
        v: &mut Values,
        choices: &Choices,
        form: &mut Form,
    ) -> Result<()> {
        self.check_code(conn, ctx, id, v, form).await?;
        match self {
            Self::Areas => areas::check(conn, id, v, choices, form).await?,
            Self::Desks => desks::check(id, v, choices, form),
            Self::Staff => staff::check(conn, ctx, id, v, form).await?,
            Self::Postings => postings::check(conn, ctx, id, v, choices, form).await?,
            Self::CodeWords => code_words::check(conn, ctx, id, v, form).await?,
            Self::Contracts => contracts::check(v, form),
            Self::Bodies | Self::RoleWords | Self::Rules => {}
        }
        sql_parts::order_of_days(v, form);
        Ok(())
    }

    /// The code is nobody else's; one is given when none is typed.
    async fn check_code(
        self,
        conn: &mut Conn,
        ctx: &Ctx,
        id: Option<Uuid>,
        v: &mut Values,
        form: &mut Form,
    ) -> Result<()> {
        let Some(taken) = (match self {
            Self::Areas => Some(
                "select id from organisations_area where municipality_id = :m and code = :code",
            ),
            Self::Bodies => Some(
                "select id from organisations_body where municipality_id = :m and code = :code",
            ),
            Self::Contracts => Some(
                "select id from organisations_contract where municipality_id = :m and code = :code",
            ),
            Self::Desks => Some(
                "select id from organisations_desk where municipality_id = :m and code = :code",
            ),
            Self::Staff => Some(
                "select staff_id as id from organisations_staff where municipality_id = :m and code = :code",
            ),
            Self::RoleWords => Some(
                "select id from organisations_role_label where municipality_id = :m and code = :code",
            ),
            Self::Postings | Self::CodeWords | Self::Rules => None,
        }) else {
            return Ok(());
        };
        let code = v.text("code").to_owned();
        if code.is_empty() {
            let mut n = self.count(conn, ctx, &Query::default()).await?;
            loop {
                n += 1;
                let code = format!("{}{n:03}", self.spec().letter);
                let row = conn
                    .row(
                        sql(taken)
                            .bind("m", ctx.municipality)
                            .bind("code", code.as_str()),
                    )
                    .await?;
                if row.is_none() {
                    v.set("code", code);
                    return Ok(());
                }
            }
        }
        let row = conn
            .row(
                sql(taken)
                    .bind("m", ctx.municipality)
                    .bind("code", code.as_str()),
            )
            .await?;
        if let Some(row) = row
            && Some(row.get::<Uuid>("id")?) != id
        {
            form.error(
                "code",
                "コード",
                format!(
                    "コード「{code}」は、ほかの{}で使われています。別のコードにしてください。",
                    self.spec().title
                ),
            );
        }
        Ok(())
    }

    /// The stored record that a row of a sheet means, if there is one: by its code or, for those
    /// without, by what makes it one of a kind. So a file can be taken in again without doubles.
    pub(crate) async fn existing(
        self,
        conn: &mut Conn,
        ctx: &Ctx,
        v: &Values,
        choices: &Choices,
    ) -> Result<Option<Uuid>> {
        let text = |key: &str| v.text(key).to_owned();
        match self {
            Self::Postings => postings::existing(conn, v, choices).await,
            Self::CodeWords => code_words::existing(conn, ctx, v).await,
            Self::Rules => rules::existing(conn, ctx, v).await,
            _ => {
                let Some(source) = self.source() else {
                    return contracts::existing(conn, ctx, &text("code")).await;
                };
                let found = if text("code").is_empty() {
                    choices.find(source, &text("name"))
                } else {
                    Some(text("code"))
                };
                Ok(found.and_then(|code| choices.id(source, &code)))
            }
        }
    }

    /// Saves a new record or, with `known`, a changed one (id and the version that the user saw).
    ///
    /// # Errors
    /// [`Error::Changed`] when somebody saved it in between.
    pub(crate) async fn save(
        self,
        tx: &mut Tx,
        ctx: &Ctx,
        known: Option<(Uuid, i64)>,
        v: &Values,
        choices: &mut Choices,
    ) -> Result<Uuid> {
        let id = known.map_or_else(engawa_kernel::id::new_uuid, |(id, _)| id);
        let version = known.map(|(_, version)| version);
        match self {
            Self::Areas => areas::save(tx, ctx, id, version, v, choices).await?,
            Self::Bodies => bodies::save(tx, ctx, id, version, v).await?,
            Self::Contracts => contracts::save(tx, ctx, id, version, v, choices).await?,
            Self::Desks => desks::save(tx, ctx, id, version, v, choices).await?,
            Self::Staff => staff::save(tx, ctx, id, version, v, choices).await?,
            Self::Postings => postings::save(tx, id, version, v, choices).await?,
            Self::RoleWords => role_words::save(tx, ctx, id, version, v).await?,
            Self::CodeWords => code_words::save(tx, ctx, id, version, v).await?,
            Self::Rules => rules::save(tx, ctx, id, version, v).await?,
        }
        mark_saved(tx, ctx, id).await?;
        audit::append(
            tx,
            ctx,
            Entry::new(self.spec().action).detail(json!({ "id": id, "new": known.is_none() })),
        )
        .await?;
        if let Some(source) = self.source() {
            let name = if self == Self::RoleWords {
                v.text("label")
            } else {
                v.text("name")
            };
            choices.add(
                source,
                Choice {
                    id,
                    code: v.text("code").to_owned(),
                    name: name.to_owned(),
                    shown: name.to_owned(),
                    past: false,
                    extra: v
                        .text(if self == Self::RoleWords {
                            "role"
                        } else {
                            "kind"
                        })
                        .to_owned(),
                },
            );
        }
        Ok(id)
    }
}

/// Notes who saved a record last, for the screen on which the second of two savers chooses.
pub(crate) async fn mark_saved(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Result<()> {
    tx.exec(
        sql(
            "insert into organisations_saved (record_id, staff_id, at) values (:id, :staff, :now)
             on conflict (record_id) do update set staff_id = excluded.staff_id, at = excluded.at",
        )
        .bind("id", id)
        .bind("staff", ctx.actor.staff)
        .bind("now", ctx.now()),
    )
    .await?;
    Ok(())
}
