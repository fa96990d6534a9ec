//! The municipality's own rules for intake, and whom to call in an emergency.

use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::new_uuid,
};
use serde_json::json;

/// Whom to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyContact {
    /// What it is for, in words: 児童虐待.
    pub kind: String,
    /// Whom.
    pub name: String,
    /// Where.
    pub phone: String,
    /// Legal basis of the notice.
    pub basis: String,
}

/// What a municipality sets.
#[derive(Debug, Clone)]
pub struct SettingsForm {
    /// A desk that passes a consultation on may go on reading it.
    pub sender_keeps_read: bool,
    /// In this order.
    pub contacts: Vec<EmergencyContact>,
    /// As the user saw it; 0: nothing was set yet.
    pub version: i64,
}

/// The lines that every municipality starts with; numbers that are the same all over Japan.
const SHIPPED: [(&str, &str, &str, &str); 8] = [
    (
        "生命の危険・犯罪",
        "警察",
        "110",
        "警察官職務執行法(保護・避難)",
    ),
    ("急病・けが・火災", "消防・救急", "119", "消防法"),
    (
        "児童虐待",
        "児童相談所虐待対応ダイヤル",
        "189",
        "児童虐待防止法6条",
    ),
    (
        "児童の相談",
        "児童相談所相談専用ダイヤル",
        "0120-189-783",
        "児童福祉法25条",
    ),
    (
        "高齢者虐待",
        "高齢者虐待の通報窓口(市区町村・地域包括支援センター)",
        "",
        "高齢者虐待防止法7条",
    ),
    (
        "障害者虐待",
        "障害者虐待防止センター",
        "",
        "障害者虐待防止法7条",
    ),
    (
        "DV",
        "DV相談ナビ(配偶者暴力相談支援センター)",
        "#8008",
        "DV防止法6条",
    ),
    (
        "自殺のおそれ",
        "こころの健康相談統一ダイヤル",
        "0570-064-556",
        "個人情報保護法69条2項(本人の同意を得ない提供)",
    ),
];

/// Whom to call, in the municipality's order.
///
/// # Errors
/// The database refuses.
pub async fn emergency_contacts(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<EmergencyContact>> {
    let own = conn
        .rows(
            sql("select kind, name, phone, basis from consultations_emergency_contact where municipality_id = :m order by place, id limit 100")
                .bind("m", ctx.municipality),
        )
        .await?;
    if own.is_empty() {
        return Ok(SHIPPED
            .into_iter()
            .map(|(kind, name, phone, basis)| EmergencyContact {
                kind: kind.into(),
                name: name.into(),
                phone: phone.into(),
                basis: basis.into(),
            })
            .collect());
    }
    own.iter()
        .map(|r| {
            Ok(EmergencyContact {
                kind: r.get("kind")?,
                name: r.get("name")?,
                phone: r.get("phone")?,
                basis: r.get("basis")?,
            })
        })
        .collect()
}

/// Whether a desk that passes a consultation on may go on reading it; yes unless set otherwise.
///
/// # Errors
/// The database refuses.
pub async fn sender_keeps_read(conn: &mut Conn, ctx: &Ctx) -> Result<bool> {
    let row = conn
        .row(
            sql("select sender_keeps_read from consultations_setting where municipality_id = :m")
                .bind("m", ctx.municipality),
        )
        .await?;
    row.map_or(Ok(true), |r| r.get("sender_keeps_read"))
}

/// The version of the settings; 0: nothing was set yet.
///
/// # Errors
/// The database refuses.
pub async fn settings_version(conn: &mut Conn, ctx: &Ctx) -> Result<i64> {
    let row = conn
        .row(
            sql("select version from consultations_setting where municipality_id = :m")
                .bind("m", ctx.municipality),
        )
        .await?;
    row.map_or(Ok(0), |r| r.get("version"))
}

/// Saves the settings. Logged.
///
/// # Errors
/// The actor does not configure, or somebody saved in between.
pub async fn save_settings(ctx: &Ctx, new: SettingsForm) -> Result<()> {
    ctx.need(Duty::Configure)?;
    let mut tx = ctx.write().await?;
    tx.exec(
        sql("insert into consultations_setting (municipality_id, sender_keeps_read, version) values (:m, :keep, 0)
             on conflict (municipality_id) do nothing")
            .bind("m", ctx.municipality)
            .bind("keep", new.sender_keeps_read),
    )
    .await?;
    tx.exec_versioned(
        sql("update consultations_setting set sender_keeps_read = :keep, version = version + 1 where municipality_id = :m and version = :version")
            .bind("m", ctx.municipality)
            .bind("keep", new.sender_keeps_read)
            .bind("version", new.version),
    )
    .await?;
    tx.exec(
        sql("delete from consultations_emergency_contact where municipality_id = :m")
            .bind("m", ctx.municipality),
    )
    .await?;
    for (place, c) in (1_i64..).zip(&new.contacts) {
        tx.exec(
            sql("insert into consultations_emergency_contact (id, municipality_id, place, kind, name, phone, basis)
                 values (:id, :m, :place, :kind, :name, :phone, :basis)")
                .bind("id", new_uuid())
                .bind("m", ctx.municipality)
                .bind("place", place)
                .bind("kind", c.kind.as_str())
                .bind("name", c.name.as_str())
                .bind("phone", c.phone.as_str())
                .bind("basis", c.basis.as_str()),
        )
        .await?;
    }
    audit::append(
        &mut tx,
        ctx,
        Entry::new("consultation.settings").detail(json!({ "contacts": new.contacts.len() })),
    )
    .await?;
    tx.commit().await
}
