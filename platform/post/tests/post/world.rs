//! People with accounts and addresses, notices, and a mail read back by another library than the
//! one that wrote it.

use chrono::{DateTime, Duration, Utc};
use engawa_identity::{Hashed, create_account_with};
use engawa_kernel::{
    access::Role,
    clock,
    context::{Ctx, Via},
    db::sql,
    error::Result,
    id::StaffId,
    notices::{
        self,
        mail::{Telling, choose},
    },
    testing::Town,
};
use engawa_post::{Mailer, Turned, turn};
use mail_parser::MessageParser;

use crate::server::{Mail, Server};

pub const FROM: &str = "engawa@city.example.lg.jp";

/// Somebody with an account, a wish and the address `login@example.lg.jp`.
pub async fn person(town: &Town, name: &str, login: &str, wish: Option<Telling>) -> Result<Ctx> {
    let ctx = town.staff(name, Role::Worker, town.desk).await?;
    let mut system = ctx.clone();
    system.via = Via::System;
    let mut tx = ctx.write().await?;
    // Nobody signs in here.
    let hashed = Hashed::from_stored("x".into());
    create_account_with(&mut tx, &system, ctx.actor.staff, login, &hashed, false).await?;
    if let Some(wish) = wish {
        choose(&mut tx, &ctx, wish).await?;
    }
    tx.commit().await?;
    address(town, ctx.actor.staff, &format!("{login}@example.lg.jp")).await?;
    Ok(ctx)
}

pub async fn address(town: &Town, staff: StaffId, address: &str) -> Result<()> {
    change(
        town,
        sql("update staff set email = :a where id = :s")
            .bind("a", address)
            .bind("s", staff),
    )
    .await
}

pub async fn change(town: &Town, q: engawa_kernel::db::Sql) -> Result<()> {
    let mut tx = town.engine.db.write().await?;
    tx.exec(q).await?;
    tx.commit_unaudited().await
}

/// A notice whose detail is as telling as details get.
pub async fn notice(to: &Ctx) -> Result<()> {
    let mut tx = to.write().await?;
    notices::to_staff(
        &mut tx,
        to,
        to.actor.staff,
        None,
        "break_glass",
        serde_json::json!({ "number": "相R8-00123", "name": "秘密 花子" }),
    )
    .await?;
    tx.commit_unaudited().await
}

pub async fn read_all(who: &Ctx) -> Result<()> {
    let mut tx = who.write().await?;
    tx.exec(
        sql("update notice set read_at = :now where staff_id = :me")
            .bind("now", who.now())
            .bind("me", who.actor.staff),
    )
    .await?;
    tx.commit_unaudited().await
}

pub fn mailer(server: &Server) -> Mailer {
    Mailer::new(&server.url(), FROM).unwrap()
}

pub async fn minute(town: &Town, mailer: &Mailer) -> Result<Turned> {
    turn(&town.engine, mailer).await
}

pub fn later(town: &Town, by: Duration) {
    town.engine.clock.set(town.engine.clock.now() + by);
}

/// The clock on the wall in Japan, of a day in November 2026.
pub fn stand_at(town: &Town, day: u32, hour: u32, minute: u32) {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let at: DateTime<Utc> = clock::from_local(day.and_hms_opt(hour, minute, 0).unwrap());
    town.engine.clock.set(at);
}

/// (subject, text, all headers and the text in one, decoded)
pub fn decoded(mail: &Mail) -> (String, String, String) {
    let read = MessageParser::default().parse(&mail.raw).unwrap();
    let subject = read.subject().unwrap().to_owned();
    let text = read.body_text(0).unwrap().into_owned();
    assert_eq!(read.text_body_count(), 1);
    assert_eq!(read.attachment_count(), 0);
    let headers = read
        .headers()
        .iter()
        .map(|h| format!("{}: {:?}\n", h.name(), h.value()))
        .collect::<String>();
    let everything = format!(
        "{headers}\n{subject}\n{text}\n{}",
        String::from_utf8_lossy(&mail.raw)
    );
    (subject, text, everything)
}
