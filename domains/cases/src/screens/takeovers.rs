//! /cases/takeovers: cases that I have taken over and not confirmed yet; and, for who reassigns, those
//! that others at the desk have not.

use std::collections::HashMap;

use engawa_kernel::{
    access::Duty,
    components::{ButtonKind, empty_state, link_button, list_table},
    context::Ctx,
    db::Conn,
    error::Result,
    id::{PostingId, RoomId},
    page,
};
use maud::{Markup, html};

use super::parts::{self, Names};
use crate::store::{
    list::{self, RoomLabel},
    takeover::{self, Takeover},
};

pub async fn get(ctx: Ctx) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let mine = takeover::mine(&mut conn, &ctx).await?;
    let answers = ctx.actor.may(Duty::Reassign) || ctx.actor.may(Duty::ManageStaff);
    let others: Vec<Takeover> = if answers {
        let own: Vec<PostingId> = ctx.actor.postings.iter().map(|p| p.id).collect();
        let mut all = takeover::of_desks(&mut conn, &ctx).await?;
        all.retain(|t| !own.contains(&t.to));
        all
    } else {
        Vec::new()
    };
    let postings: Vec<PostingId> = mine
        .iter()
        .chain(&others)
        .flat_map(|t| [Some(t.to), t.from])
        .flatten()
        .collect();
    let names = Names {
        postings: engawa_organisations::postings(&mut conn, &ctx, &postings).await?,
        ..Names::default()
    };
    let body = html! {
        p {
            @if ctx.actor.may(Duty::WorkCase) { a href="/cases" { "← ケース" } }
            @else { a href="/organisations/april" { "← 異動・引き継ぎ" } }
        }
        @if mine.is_empty() {
            (empty_state("確認を待つ引き継ぎはありません。", html! {}))
        } @else {
            p { "一件ずつ要約とやることを読み、「引き継ぎました」を記録します。" }
            (own(&ctx, &mine, &names))
            p { (link_button(ButtonKind::Secondary, "/cases/packet.pdf?taken=1", "この一覧の引継書（PDF）")) }
        }
        @if answers { (desk(&mut conn, &ctx, &others, &names).await?) }
    };
    Ok(page::page(&ctx.frame(), "引き継ぎの確認", body))
}

fn name(names: &Names, posting: PostingId) -> String {
    names
        .postings
        .get(&posting)
        .map_or_else(String::new, |p| p.staff_name.clone())
}

fn since(ctx: &Ctx, t: &Takeover) -> Markup {
    let days = (ctx.today() - t.handed_on).num_days();
    html! { (parts::short(ctx, t.handed_on)) @if days > 0 { "（" (days) "日前）" } }
}

fn own(ctx: &Ctx, mine: &[Takeover], names: &Names) -> Markup {
    let rows: Vec<Vec<Markup>> = mine
        .iter()
        .map(|t| {
            vec![
                html! { a href={ "/cases/" (t.room) "/takeover" } { (t.number) " " (t.label) } },
                html! { @match t.from { Some(p) => (name(names, p)), None => "窓口" } },
                since(ctx, t),
                html! { (t.tasks) "件" },
            ]
        })
        .collect();
    list_table(
        &["ケース", "前の担当", "引き継いだ日", "やること"],
        &rows,
        "自分の確認を待つケース",
    )
}

/// For the supervisor: who has not confirmed what. A case without a key is a number in the count.
async fn desk(conn: &mut Conn, ctx: &Ctx, others: &[Takeover], names: &Names) -> Result<Markup> {
    let rooms: Vec<RoomId> = others.iter().map(|t| t.room).collect();
    let known: HashMap<RoomId, RoomLabel> = list::labels(conn, ctx, &rooms).await?;
    let hidden = others.len()
        - others
            .iter()
            .filter(|t| known.contains_key(&t.room))
            .count();
    let rows: Vec<Vec<Markup>> = others
        .iter()
        .filter(|t| known.contains_key(&t.room))
        .map(|t| {
            vec![
                html! { (name(names, t.to)) },
                html! { a href={ "/cases/" (t.room) } { (t.number) " " (t.label) } },
                html! { @match t.from { Some(p) => (name(names, p)), None => "窓口" } },
                since(ctx, t),
                html! { (t.tasks) "件" },
            ]
        })
        .collect();
    Ok(html! {
        h2 { "後任の確認が済んでいないケース（" (others.len()) "件）" }
        @if others.is_empty() { p { "すべて確認されています。" } }
        @if !rows.is_empty() {
            (list_table(&["後任", "ケース", "前の担当", "引き継いだ日", "やること"], &rows, "後任の確認を待つケース"))
        }
        @if hidden > 0 { p { "閲覧できないケース " (hidden) "件" } }
    })
}
