//! What other domains ask: which desks are open, who is posted where, what things are called.
//! A name that is not in this domain's tables (a posting made before its desk was entered) is the
//! desk's contact line, or empty: a missing word never breaks a page.

use std::collections::HashMap;

use engawa_kernel::{
    access::Role,
    context::Ctx,
    db::{Conn, Row, Sql, sql},
    error::Result,
    id::{BodyId, DeskId, PostingId, StaffId},
};

/// Desks that one page can list.
const DESKS: i64 = 2000;
/// Ids that one statement asks for.
const CHUNK: usize = 400;

/// A desk, as other domains name it.
#[derive(Debug, Clone)]
pub struct DeskRef {
    /// Its id.
    pub id: DeskId,
    /// Whose it is.
    pub body: BodyId,
    /// 窓口の名前
    pub name: String,
    /// 機関の名前
    pub body_name: String,
    /// As the public calls it.
    pub phone: String,
    /// Run by another body for the municipality (委託); those must use a second factor.
    pub contracted: bool,
}

/// A posting, as other domains name it.
#[derive(Debug, Clone)]
pub struct PostingRef {
    /// Its id.
    pub id: PostingId,
    /// Who.
    pub staff: StaffId,
    /// 氏名
    pub staff_name: String,
    /// At which desk.
    pub desk: Option<DeskId>,
    /// 「機関 窓口」
    pub place: String,
    /// Canonical role.
    pub role: Role,
    /// The municipality's own word for it.
    pub role_label: String,
    /// Whether it holds today.
    pub active: bool,
}

const DESK_COLUMNS: &str = "select d.id, d.body_id, d.name, coalesce(b.name, '') as body_name, d.phone,
       d.mode in ('commissioned', 'part_commissioned', 'wide_commissioned', 'subsidised') as contracted
  from organisations_desk d left join organisations_body b on b.id = d.body_id";

fn desk_ref(r: &Row) -> Result<DeskRef> {
    Ok(DeskRef {
        id: r.get("id")?,
        body: r.get("body_id")?,
        name: r.get("name")?,
        body_name: r.get("body_name")?,
        phone: r.get("phone")?,
        contracted: r.get("contracted")?,
    })
}

/// Desks that are open today, by body and name.
///
/// # Errors
/// The database refuses.
pub async fn desks(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<DeskRef>> {
    conn.rows(
        sql(DESK_COLUMNS)
            .push("where d.municipality_id = :m and d.valid_from <= :today and (d.valid_to is null or d.valid_to >= :today)
                   order by b.name, d.name, d.id limit :limit")
            .bind("m", ctx.municipality)
            .bind("today", ctx.today())
            .bind("limit", DESKS),
    )
    .await?
    .iter()
    .map(desk_ref)
    .collect()
}

/// One desk, open or closed. A desk known only by its contact line has that as its name.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`] when nothing knows it.
pub async fn desk(conn: &mut Conn, ctx: &Ctx, id: DeskId) -> Result<DeskRef> {
    let known = conn
        .row(
            sql(DESK_COLUMNS)
                .push("where d.id = :id and d.municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    if let Some(row) = known {
        return desk_ref(&row);
    }
    let row = conn
        .one(
            sql("select c.contact, p.body_id from desk_contact c join posting p on p.desk_id = c.desk_id
                  where c.desk_id = :id limit 1")
                .bind("id", id),
        )
        .await?;
    Ok(DeskRef {
        id,
        body: row.get("body_id")?,
        name: row.get("contact")?,
        body_name: String::new(),
        phone: String::new(),
        contracted: false,
    })
}

/// Names of desks, 「機関 窓口」; closed ones too, since histories keep old names.
///
/// # Errors
/// The database refuses.
pub async fn desk_names(conn: &mut Conn, ids: &[DeskId]) -> Result<HashMap<DeskId, String>> {
    let mut names = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = conn
            .rows(
                sql("select c.desk_id as id, c.contact as name from desk_contact c where c.desk_id in (:ids)")
                    .bind_all("ids", ids.iter().copied()),
            )
            .await?;
        for row in rows {
            names.insert(row.get("id")?, row.get("name")?);
        }
        let rows = conn
            .rows(
                sql(
                    "select d.id, d.name, coalesce(b.name, '') as body from organisations_desk d
                       left join organisations_body b on b.id = d.body_id where d.id in (:ids)",
                )
                .bind_all("ids", ids.iter().copied()),
            )
            .await?;
        for row in rows {
            names.insert(
                row.get("id")?,
                place(&row.get::<String>("body")?, &row.get::<String>("name")?),
            );
        }
    }
    Ok(names)
}

/// 「機関 窓口」, without saying the body twice.
pub(crate) fn place(body: &str, desk: &str) -> String {
    match (body.is_empty(), desk.is_empty()) {
        (true, _) => desk.to_owned(),
        (_, true) => body.to_owned(),
        _ if desk.starts_with(body) => desk.to_owned(),
        _ => format!("{body} {desk}"),
    }
}

const POSTING_COLUMNS: &str = "select p.id, p.staff_id, s.name as staff_name, p.desk_id, p.role, p.valid_from, p.valid_to,
       coalesce(b.name, '') as body, coalesce(d.name, c.contact, '') as desk,
       coalesce(own.label, shipped.label, '') as label
  from posting p join staff s on s.id = p.staff_id
  left join organisations_body b on b.id = p.body_id
  left join organisations_desk d on d.id = p.desk_id
  left join desk_contact c on c.desk_id = p.desk_id
  left join organisations_posting x on x.posting_id = p.id
  left join organisations_role_label own on own.municipality_id = s.municipality_id and own.code = x.role_code
  left join organisations_role_label shipped on shipped.municipality_id = s.municipality_id and shipped.code = p.role";

fn posting_ref(ctx: &Ctx, r: &Row) -> Result<PostingRef> {
    let role: Role = r.get("role")?;
    let label: String = r.get("label")?;
    let today = ctx.today();
    let from: chrono::NaiveDate = r.get("valid_from")?;
    let to: Option<chrono::NaiveDate> = r.opt("valid_to")?;
    Ok(PostingRef {
        id: r.get("id")?,
        staff: r.get("staff_id")?,
        staff_name: r.get("staff_name")?,
        desk: r.opt("desk_id")?,
        place: place(&r.get::<String>("body")?, &r.get::<String>("desk")?),
        role,
        role_label: if label.is_empty() {
            role.label().to_owned()
        } else {
            label
        },
        active: from <= today && to.is_none_or(|to| to >= today),
    })
}

async fn posting_refs(conn: &mut Conn, ctx: &Ctx, q: Sql) -> Result<Vec<PostingRef>> {
    conn.rows(q)
        .await?
        .iter()
        .map(|r| posting_ref(ctx, r))
        .collect()
}

/// Who is posted at a desk today.
///
/// # Errors
/// The database refuses.
pub async fn postings_at_desk(conn: &mut Conn, ctx: &Ctx, desk: DeskId) -> Result<Vec<PostingRef>> {
    let q = sql(POSTING_COLUMNS)
        .push("where p.desk_id = :desk and s.municipality_id = :m and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today)
               order by s.kana, s.name, p.id limit 500")
        .bind("desk", desk)
        .bind("m", ctx.municipality)
        .bind("today", ctx.today());
    posting_refs(conn, ctx, q).await
}

/// Everybody whose role works cases today: whom a form offers as 担当.
///
/// # Errors
/// The database refuses.
pub async fn working_postings(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<PostingRef>> {
    let q = sql(POSTING_COLUMNS)
        .push(
            "where s.municipality_id = :m and p.role in ('coordinator', 'supervisor', 'worker')
                 and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today)
               order by b.name, d.name, s.kana, p.id limit 2000",
        )
        .bind("m", ctx.municipality)
        .bind("today", ctx.today());
    posting_refs(conn, ctx, q).await
}

/// Where somebody worked from when to when.
#[derive(Debug, Clone)]
pub struct Seat {
    /// 「機関 窓口」
    pub place: String,
    from: chrono::NaiveDate,
    to: Option<chrono::NaiveDate>,
}

impl Seat {
    /// Whether it was theirs on that day.
    #[must_use]
    pub fn holds(&self, day: chrono::NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| to >= day)
    }
}

/// Where these people work and worked, for a log that says which office looked.
///
/// # Errors
/// The database refuses.
pub async fn seats(
    conn: &mut Conn,
    ctx: &Ctx,
    staff: &[StaffId],
) -> Result<HashMap<StaffId, Vec<Seat>>> {
    let mut found: HashMap<StaffId, Vec<Seat>> = HashMap::new();
    for ids in staff.chunks(CHUNK) {
        let q = sql(POSTING_COLUMNS)
            .push("where p.staff_id in (:ids) and s.municipality_id = :m order by p.valid_from, p.id limit 5000")
            .bind_all("ids", ids.iter().copied())
            .bind("m", ctx.municipality);
        for r in conn.rows(q).await? {
            found.entry(r.get("staff_id")?).or_default().push(Seat {
                place: place(&r.get::<String>("body")?, &r.get::<String>("desk")?),
                from: r.get("valid_from")?,
                to: r.opt("valid_to")?,
            });
        }
    }
    Ok(found)
}

/// These postings, past ones too. Unknown ids are simply not in the answer.
///
/// # Errors
/// The database refuses.
pub async fn postings(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[PostingId],
) -> Result<HashMap<PostingId, PostingRef>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let q = sql(POSTING_COLUMNS)
            .push("where p.id in (:ids)")
            .bind_all("ids", ids.iter().copied());
        for posting in posting_refs(conn, ctx, q).await? {
            found.insert(posting.id, posting);
        }
    }
    Ok(found)
}

/// Names of staff, those who left too.
///
/// # Errors
/// The database refuses.
pub async fn staff_names(conn: &mut Conn, ids: &[StaffId]) -> Result<HashMap<StaffId, String>> {
    let mut names = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = conn
            .rows(
                sql("select id, name from staff where id in (:ids)")
                    .bind_all("ids", ids.iter().copied()),
            )
            .await?;
        for row in rows {
            names.insert(row.get("id")?, row.get("name")?);
        }
    }
    Ok(names)
}

/// Bodies of the register by name, past ones too, since contracts and histories keep them.
///
/// # Errors
/// The database refuses.
pub async fn bodies(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(BodyId, String)>> {
    conn.rows(
        sql("select id, name from organisations_body where municipality_id = :m order by name, id limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", DESKS),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("id")?, r.get("name")?)))
    .collect()
}
