//! /referrals/{room}/file: the sealed file for the other municipality; and the box on a sheet's page
//! that leads to it.

use axum::{
    extract::{Path, Query},
    http::header,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::RoomKey,
    components::{ButtonKind, card, definition_list, link_button},
    context::Ctx,
    db::Conn,
    error::Result,
    http::id,
    id::{RoomId, StaffId},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts;
use crate::{
    model::{Sheet, State, Step},
    store::{
        act,
        export::{self, Download, What},
        peers,
    },
};

/// `about=notice`: what the sender did later, instead of the sheet.
#[derive(Deserialize)]
pub struct Wish {
    about: Option<String>,
}

impl Wish {
    /// What is wished for.
    pub fn what(&self) -> What {
        match self.about.as_deref() {
            Some("notice") => What::Notice,
            _ => What::Main,
        }
    }
}

pub async fn get(ctx: Ctx, Path(room): Path<String>, Query(wish): Query<Wish>) -> Result<Response> {
    let made = export::download(&ctx, id::<RoomId>(&room)?, wish.what()).await?;
    Ok(answer(made))
}

/// Handed to the browser to be kept.
pub fn answer(made: Download) -> Response {
    let name = format!("attachment; filename=\"{}\"", made.name);
    let kind = "application/octet-stream".to_owned();
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, name),
        ],
        made.bytes,
    )
        .into_response()
}

/// The box: where it goes to or came from, the files to make, the files so far.
pub async fn panel(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    sheet: &Sheet,
    history: &[Step],
) -> Result<Markup> {
    if sheet.thread.is_none() || !key.may_write() {
        return Ok(html! {});
    }
    let files = peers::crossings(conn, key).await?;
    let mut staff: Vec<StaffId> = files.iter().map(|f| f.staff).collect();
    staff.sort_unstable();
    staff.dedup();
    let people = engawa_organisations::staff_names(conn, &staff).await?;
    let at = format!("/referrals/{}/file", sheet.room);
    let notice_too = history.iter().any(|s| s.act.is_some_and(export::is_notice));
    let sends = sheet.arrived.is_none() && !act::sides(ctx, sheet).is_empty();
    let body = html! {
        @if let Some(arrived) = &sheet.arrived {
            p { "このシートは、ほかの自治体のEngawaから届きました。操作をするたびに、返事のファイルを作って相手に渡します。相手は、この自治体の記録を何も開けません。" }
            (definition_list(&[("送り手", html! { (arrived.from) })]))
            @let label = if sheet.state == State::Received { "受取りのファイルを作る" } else { "返事のファイルを作る" };
            p { (link_button(ButtonKind::Primary, &at, label)) }
            @if matches!(sheet.state, State::Accepted | State::InProgress | State::OnHold) {
                p { "支援の記録は、" a href="/consultations/new" { "相談として受け付けて" } "、ケースにつけます。" }
            }
        } @else if sends {
            p { "相手の自治体だけが開けるファイルを作り、取り決めた方法（メール・LGWAN・記録媒体など）で渡します。作るたびに、だれがいつ作ったかが記録されます。" }
            @if sheet.state != State::Withdrawn { p { (link_button(ButtonKind::Primary, &at, "シートのファイルを作る")) } }
            @if notice_too { p { (link_button(ButtonKind::Primary, &format!("{at}?about=notice"), "その後の知らせのファイルを作る")) } }
        }
        p { (link_button(ButtonKind::Secondary, "/referrals/import", "相手からのファイルを取り込む")) }
        @if !files.is_empty() {
            h3 { "やりとりしたファイル" }
            ul { @for f in &files { li {
                (parts::moment(ctx, f.at)) " " (word(&f.kind)) (if f.came_in { "を取り込み" } else { "を作成" })
                "（" (people.get(&f.staff).map_or("", String::as_str)) "）"
            } } }
        }
    };
    Ok(card("自治体の間のファイル", body))
}

fn word(kind: &str) -> &'static str {
    match kind {
        "sheet" => "シート",
        "answer" => "返事",
        _ => "その後の知らせ",
    }
}
