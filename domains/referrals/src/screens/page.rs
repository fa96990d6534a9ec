//! /referrals/{room}: what was sent, whose move it is, what happened, what can be done now.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::{Act, RoomKey, RoomKind},
    clock,
    components::{
        ButtonKind, NoticeKind, TagKind, TimelineItem, button, card, definition_list, details,
        form_frame, lines, link_button, notice, tag, timeline, timeline_item, two_columns,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::Form,
    http::see_other,
    id::{DeskId, StaffId},
    page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{acts, file, parts, read};
use crate::{
    model::{Act as DoneAct, Sheet, Side, State, Step, To},
    rules,
    store::{act, key, list, sheet, slip, steps},
};

/// `stay=1` shows a draft's own page instead of its form.
#[derive(Deserialize)]
pub struct Wish {
    stay: Option<String>,
}

pub async fn get(ctx: Ctx, Path(room): Path<String>, Query(wish): Query<Wish>) -> Result<Response> {
    let key = read(&ctx, &room, Act::Read, "referral").await?;
    let sheet = sheet::read(&mut ctx.read().await?, &key).await?;
    if sheet.state == State::Draft && key.may_write() && wish.stay.is_none() {
        return Ok(see_other(&format!("/referrals/{}/edit", key.room())));
    }
    // The receiver's first look is what "received" means for what was lawfully got.
    let sides = act::sides(&ctx, &sheet);
    if sheet.sent_at.is_some()
        && sheet.opened_at.is_none()
        && !sheet.paper
        && sides.contains(&Side::Receiver)
        && !sides.contains(&Side::Sender)
    {
        let mut tx = ctx.write().await?;
        sheet::opened(&mut tx, &ctx, &key, ctx.now()).await?;
        tx.commit().await?;
    }
    Ok(render(&ctx, &key, None).await?.into_response())
}

/// The whole page; `typed` is a small form that was refused.
pub async fn render(ctx: &Ctx, key: &RoomKey, typed: Option<&Form>) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let sheet = sheet::read(&mut conn, key).await?;
    let history = steps::all(&mut conn, key).await?;
    let mut desks: Vec<DeskId> = history
        .iter()
        .flat_map(|s| [s.turn_desk, s.desk])
        .flatten()
        .collect();
    desks.extend(
        [
            Some(sheet.from_desk),
            sheet.to_desk(),
            Some(sheet.turn_desk),
        ]
        .into_iter()
        .flatten(),
    );
    let names = parts::Names::of(&mut conn, &desks).await?;
    let kind = sheet::kind_of(&mut conn, ctx, sheet.source).await?;
    let sides = act::sides(ctx, &sheet);
    let sends = sides.contains(&Side::Sender);
    let main = html! {
        (bar(ctx, &sheet, &names))
        @for p in problems(ctx, &sheet) { (p) }
        (report(ctx, &sheet, &history))
        (card("シートの内容", html! {
            @if sheet.lines.is_empty() { p { "まだ送っていません。内容は送ったときに決まり、あとから変わりません。" } }
            @else {
                (parts::snapshot(&sheet.lines, false))
                @if sends { (details("渡した根拠", parts::grounds(&sheet.lines))) }
            }
        }))
        (messages(&mut conn, ctx, key, &sheet).await?)
        (card("経過", line(&mut conn, ctx, &history, &names).await?))
    };
    let side = html! {
        (file::panel(&mut conn, ctx, key, &sheet, &history).await?)
        @if key.may_write() { (acts::view(ctx, &sheet, kind == RoomKind::Case, typed)) }
        (keys(&mut conn, ctx, &sheet, sends).await?)
        (kin(&mut conn, ctx, &sheet).await?)
        @if sends && sheet.paper && sheet.to_peer().is_none() && key.may_write() { (reply_slip(ctx, &sheet)) }
        (engawa_rooms::access_panel(&mut conn, ctx, key).await?)
    };
    let who = sheet.lines.iter().find(|l| l.label == "氏名");
    let title = format!(
        "つなぐシート {} {}{}へ",
        sheet.number,
        who.map_or_else(String::new, |l| format!("{} ", l.text)),
        names.to(&sheet)
    );
    Ok(page::page(&ctx.frame(), &title, two_columns(main, side)))
}

fn bar(ctx: &Ctx, sheet: &Sheet, names: &parts::Names) -> Markup {
    html! {
        p {
            (parts::state_tag(sheet.state)) " " (tag(TagKind::Neutral, sheet.content.kind.label())) " "
            @if sheet.to_peer().is_some() || sheet.arrived.is_some() { (tag(TagKind::Neutral, "自治体の間のファイル")) " " }
            @else if sheet.paper { (tag(TagKind::Neutral, "紙・FAX")) " " }
            strong { (parts::turn(ctx, sheet, Some(names.desk(sheet.turn_desk)))) }
        }
        (definition_list(&[
            ("送り手", html! { (names.from(sheet)) }),
            ("受け手", html! { (names.to(sheet)) @if let To::Outside { contact, .. } = &sheet.content.to { @if !contact.is_empty() { "（" (contact) "）" } } }),
            ("送付", html! { @match sheet.sent_at { Some(at) => (parts::moment(ctx, at)), None => "まだ" } }),
            ("受け手が初めて開いた日時", html! { @match sheet.opened_at { Some(at) => (parts::moment(ctx, at)), None => { @if sheet.to_peer().is_some() { "ファイルで渡しています" } @else if sheet.paper { "紙で渡しています" } @else { "まだ" } } } }),
            ("結果", html! { @match sheet.outcome {
                Some(o) => { (o.label()) @if sheet.linked == Some(true) { "（本人とのつながりを確認）" } }
                None => "まだ",
            } }),
        ]))
        div.submit-row {
            (link_button(ButtonKind::Quiet, &format!("/referrals/{}/print", sheet.room), "印刷"))
            @if !sheet.lines.is_empty() {
                (link_button(ButtonKind::Quiet, &format!("/referrals/{}/sheet.pdf", sheet.room), "A4のPDF"))
            }
            @if sheet.paper && sheet.sent_at.is_some() && act::sides(ctx, sheet).contains(&Side::Sender) {
                (link_button(ButtonKind::Quiet, &format!("/referrals/{}/fax.pdf", sheet.room), "FAX・郵送の一式（PDF）"))
            }
            (link_button(ButtonKind::Quiet, &format!("/rooms/{}/log", sheet.room), "だれが見たか"))
        }
    }
}

fn problems(ctx: &Ctx, sheet: &Sheet) -> Vec<Markup> {
    let mut found = Vec::new();
    if sheet.state == State::Returned && act::sides(ctx, sheet).contains(&Side::Sender) {
        let reason = sheet.return_reason.map_or("", |r| r.label());
        found.push(notice(NoticeKind::Warn, "差し戻されました", html! {
            p { "理由: " (reason) "。次の手を決めるまで、あなたの窓口の対応待ちです。相手を変えて出し直すか、これからの対応を書いて完了にしてください。" }
        }));
    }
    if sheet.state == State::Withdrawn {
        found.push(notice(NoticeKind::Info, "取り下げられました", html! {
            @if sheet.arrived.is_some() { p { "送り手の自治体が取り下げました。受け取った内容は、この記録に残ります。" } }
            @else if sheet.opened_at.is_some() { p { "受け手は取下げの前に開いています。受け取った内容は、受け手の記録に残ります。" } }
            @else { p { "受け手は開いていません。" } }
        }));
    }
    found
}

/// What the receiver reported last, where the sender looks first.
fn report(ctx: &Ctx, sheet: &Sheet, history: &[Step]) -> Markup {
    let last = history
        .iter()
        .rev()
        .find(|s| s.act == Some(DoneAct::Report));
    html! {
        @if let (Some(outcome), Some(s)) = (sheet.outcome, last) {
            (card("受け手からの報告", html! {
                p { strong { (outcome.label()) } @if sheet.linked == Some(true) { "（本人とのつながりを確認）" } }
                p { (lines(&s.note)) }
                p.hint { (parts::moment(ctx, s.at)) }
            }))
        }
    }
}

async fn line(
    conn: &mut Conn,
    ctx: &Ctx,
    history: &[Step],
    names: &parts::Names,
) -> Result<Markup> {
    let mut staff: Vec<StaffId> = history.iter().map(|s| s.staff).collect();
    staff.sort_unstable();
    staff.dedup();
    let people = engawa_organisations::staff_names(conn, &staff).await?;
    let items: Vec<Markup> = history
        .iter()
        .rev()
        .map(|s| {
            let place = s.desk.map_or("", |d| names.desk(d));
            let who = people.get(&s.staff).map_or("システム", String::as_str);
            let by = format!("{who} {place}");
            let when = parts::moment(ctx, s.at);
            let datetime = clock::local(s.at).format("%Y-%m-%dT%H:%M").to_string();
            timeline_item(TimelineItem {
                when: &when,
                datetime: &datetime,
                kind: s.word(),
                by: by.trim(),
                marks: parts::state_tag(s.state),
                body: step(ctx, s, names),
            })
        })
        .collect();
    Ok(timeline(&items))
}

fn step(ctx: &Ctx, s: &Step, names: &parts::Names) -> Markup {
    html! {
        @if !s.reason_label().is_empty() { p { "理由・結果: " (s.reason_label()) } }
        @if !s.note.is_empty() { p { (lines(&s.note)) } }
        @if !s.proposal.is_empty() { p { "代わりの提案: " (s.proposal) } }
        @if let Some(channel) = s.channel { p { (channel.label()) "で返事（" (s.answered_by) "）" } }
        p.hint {
            @match s.turn_desk {
                Some(desk) => { "次に動く窓口: " (names.desk(desk)) @if let Some(due) = s.due_on { "、" (parts::short(ctx, due)) "まで" } }
                None => "これで終わり",
            }
        }
    }
}

async fn keys(conn: &mut Conn, ctx: &Ctx, sheet: &Sheet, sends: bool) -> Result<Markup> {
    if sheet.sent_at.is_none() || sheet.arrived.is_some() {
        return Ok(html! {});
    }
    let open = key::is_open(conn, ctx, sheet.source, sheet.room).await?;
    let kind = sheet::kind_of(conn, ctx, sheet.source).await?;
    Ok(card(
        "渡したもの",
        html! {
            @if sheet.lines.iter().any(|l| l.label == "氏名") {
                p { "根拠: " (sheet.content.basis.label()) @if !sheet.content.basis_reason.is_empty() { "（" (sheet.content.basis_reason) "）" } }
            } @else { p { "根拠: 個人の情報を渡していません（個人を特定しない内容）" } }
            p { "引き受けられたときに渡すもの: " (sheet.content.key_level.label()) }
            p { @if open { (tag(TagKind::Active, "受け手はもとの記録を開けます")) } @else { (tag(TagKind::Neutral, "受け手はもとの記録を開けません")) } }
            @if sends || open { p { a href=(kind.path(sheet.source)) { "もとの記録を開く" } } }
            @if sends { p.hint { "だれに何を渡したかは、本人のページの「同意と提供」にも残ります。同意が撤回されると、受け手の閲覧権はその時に取り消されます。" } }
        },
    ))
}

async fn kin(conn: &mut Conn, ctx: &Ctx, sheet: &Sheet) -> Result<Markup> {
    let kin = list::kin(conn, ctx, sheet).await?;
    let names = parts::Names::load(conn, &kin).await?;
    Ok(html! {
        @if !kin.is_empty() {
            (card("前後のつなぐシート", html! { ul { @for k in &kin { li {
                a href={ "/referrals/" (k.room) } { (k.number) } " " (names.to(k)) " " (parts::state_tag(k.state))
                @if let Some(reason) = k.return_reason { " " (reason.label()) }
            } } } }))
        }
    })
}

fn reply_slip(ctx: &Ctx, sheet: &Sheet) -> Markup {
    if sheet.sent_at.is_none() || rules::whose_move(sheet.state).is_none() {
        return html! {};
    }
    card(
        "返信票",
        html! {
            p { "コードと暗証番号を出して、渡す紙に書き添えます。新しく出すと、前の返信票は使えなくなります。" }
            (form_frame(&format!("/referrals/{}/slip", sheet.room), ctx.csrf(), &Form::blank().scoped("slip"),
                button(ButtonKind::Secondary, "返信票を出す", None)))
        },
    )
}

async fn messages(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, sheet: &Sheet) -> Result<Markup> {
    if !sheet.paper {
        return Ok(html! {});
    }
    let all = slip::messages(conn, key).await?;
    Ok(html! {
        @if !all.is_empty() {
            (card("届いた返信", html! { ul { @for m in &all { li {
                (parts::moment(ctx, m.at)) " " (m.by_name) "：" (m.answer.label()) " "
                @if m.taken { (tag(TagKind::Done, "記録済み")) } @else { (tag(TagKind::Waiting, "右の操作で記録してください")) }
                p { (lines(&m.note)) }
            } } } }))
        }
    })
}
