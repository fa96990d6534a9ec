//! /cases/{room}/team: who supports the household, with which key; inviting and letting go.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::{Basis, Level, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, card, date_field, details, form_frame, notice,
        radio_group, select_field, submit_row, table, text_field,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    id::PersonId,
    once, page,
    text::wareki::{format_short, parse_date},
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use super::{
    parts::{self, Holders, Names, People},
    read, write,
};
use crate::{
    model::{Member, MemberId, MemberKind},
    rules,
    store::{self, team},
};

const LEVELS: [(&str, &str); 2] = [("write", "読んで書ける"), ("read", "読むだけ")];
const BASES: [Basis; 4] = [
    Basis::Consent,
    Basis::Duty,
    Basis::SupportMeeting,
    Basis::Emergency,
];

fn bases() -> Vec<(&'static str, &'static str)> {
    BASES.iter().map(|b| (b.as_code(), b.label())).collect()
}

fn blank(ctx: &Ctx) -> Form {
    let mut form = Form::blank();
    form.prefill("kind", MemberKind::Posting.as_code());
    form.prefill("level", "write");
    form.prefill("from_on", format_short(ctx.today(), ctx.calendar));
    form
}

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "case team").await?;
    let mut conn = ctx.read().await?;
    render(&mut conn, &ctx, &key, &blank(&ctx)).await
}

async fn render(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let head = store::case::card(conn, key).await?;
    let people = People::load(conn, ctx, key).await?;
    let labels = codes::load(conn, ctx, &[CodeList::TeamRole]).await?;
    let members = team::all(conn, key).await?;
    let names = Names::load(conn, ctx, &members).await?;
    let shown = |now: bool| -> Vec<Vec<Markup>> {
        members
            .iter()
            .filter(|m| m.until_on.is_none() == now)
            .map(|m| row(ctx, key, m, &names, &people, &labels))
            .collect()
    };
    let heads = ["名前", "役割", "できること", "閲覧権", "期間", "操作"];
    let past = shown(false);
    let add = if key.may_write() {
        let holders = Holders::all(conn, ctx).await?;
        adding(ctx, key, form, &holders, &people, &labels)
    } else {
        html! {}
    };
    let body = html! {
        (parts::back(&head))
        @if rules::is_lone(&members) {
            (notice(NoticeKind::Warn, "一人で支援しています", html! { p { "下の欄から、一緒に支える人を加えられます。" } }))
        }
        (table(&heads, &shown(true), "いまのチーム"))
        (add)
        @if !past.is_empty() { (details("これまでのチーム", table(&heads, &past, "チームを離れた人"))) }
    };
    Ok(page::page(&ctx.frame(), "支援チーム", body))
}

fn row(
    ctx: &Ctx,
    key: &RoomKey,
    m: &Member,
    names: &Names,
    people: &People,
    labels: &Labels,
) -> Vec<Markup> {
    vec![
        html! { (names.member(m, people)) },
        html! { @if m.is_owner { "主担当" } @else { (labels.label(CodeList::TeamRole, &m.role)) } },
        html! { (m.does) },
        html! { @match m.level { Some(Level::Write) => "読んで書ける", Some(Level::Read) => "読むだけ", None => "なし" } },
        html! {
            (parts::short(ctx, m.from_on)) "〜"
            @if let Some(to) = m.until_on { (parts::short(ctx, to)) " " (m.end_reason) }
        },
        html! {
            @if m.until_on.is_none() && key.may_write() {
                @if m.is_owner { a href={ "/cases/" (key.room()) "/owner" } { "主担当を替える" } }
                @else { (ending(ctx, key, m)) }
            }
        },
    ]
}

fn ending(ctx: &Ctx, key: &RoomKey, m: &Member) -> Markup {
    let form = Form::blank().scoped(m.id.to_string());
    let action = format!("/cases/{}/team/{}/end", key.room(), m.id);
    details(
        "外す",
        form_frame(
            &action,
            ctx.csrf(),
            &form,
            html! {
                (text_field(&form, FieldSpec::new("reason", "外す理由").required().maxlength(200)))
                (submit_row(button(ButtonKind::Danger, "外して閲覧権を返す", None)))
            },
        ),
    )
}

fn adding(
    ctx: &Ctx,
    key: &RoomKey,
    form: &Form,
    holders: &Holders,
    people: &People,
    labels: &Labels,
) -> Markup {
    let family = people.options();
    let body = html! {
        (radio_group(form, FieldSpec::new("kind", "加える人・機関").required(), MemberKind::OPTIONS))
        (select_field(form, FieldSpec::new("who", "職員・窓口").hint("職員・窓口を加えるときに選びます。"), &borrowed(&holders.options())))
        (text_field(form, FieldSpec::new("name", "外部の機関・協力者の名前").maxlength(100).hint("このシステムを使わない人・機関のときに書きます。閲覧権は渡しません。")))
        @if !family.is_empty() {
            (select_field(form, FieldSpec::new("person", "家族・親族").hint("家族を加えるときに選びます。閲覧権は渡しません。"), &borrowed(&family)))
        }
        (select_field(form, FieldSpec::new("role", "役割").required(), &labels.options(CodeList::TeamRole)))
        (text_field(form, FieldSpec::new("does", "できること・受け持つこと").maxlength(200)))
        (date_field(form, FieldSpec::new("from_on", "いつから").required()))
        (radio_group(form, FieldSpec::new("level", "閲覧権(職員・窓口のとき)"), &LEVELS))
        (radio_group(form, FieldSpec::new("basis", "見せてよい根拠(職員・窓口のとき)")
            .hint("本人の同意があるか、同意のいらない根拠を選びます。"), &bases()))
        (text_field(form, FieldSpec::new("reason", "根拠の説明(職員・窓口のとき)").maxlength(200)
            .hint("例: R8.4.1 本人から口頭で同意。")))
        (submit_row(button(ButtonKind::Primary, "チームに加える", None)))
    };
    card(
        "チームに加える",
        form_frame(
            &format!("/cases/{}/team", key.room()),
            ctx.csrf(),
            form,
            body,
        ),
    )
}

fn parse(
    form: &mut Form,
    ctx: &Ctx,
    holders: &Holders,
    people: &People,
    labels: &Labels,
) -> Option<team::NewMember> {
    let today = ctx.today();
    let kind = form
        .choice("kind", "加える人・機関", MemberKind::OPTIONS, true)
        .and_then(|k| MemberKind::from_code(&k));
    let role = form.choice("role", "役割", &labels.options(CodeList::TeamRole), true);
    let does = form.text("does", "できること・受け持つこと", 200, false);
    let from_on = form.parsed("from_on", "いつから", true, |t| parse_date(t, today));
    if from_on.is_some_and(|d| d > today) {
        form.error(
            "from_on",
            "いつから",
            "閲覧権は今日から渡されます。「いつから」は今日までの日を入力してください。",
        );
    }
    let who = match kind? {
        MemberKind::Posting => {
            let holder = holder(form, holders, "posting:");
            let key = key_of(form);
            team::Who::Posting(holder?.1?, key?)
        }
        MemberKind::Desk => {
            let holder = holder(form, holders, "desk:");
            let key = key_of(form);
            team::Who::Desk(holder?.0, key?)
        }
        MemberKind::Body => {
            let name = form.text("name", "外部の機関・協力者の名前", 100, true);
            team::Who::Body(None, name)
        }
        MemberKind::Family => {
            let options = people.options();
            let person = form.choice("person", "家族・親族", &borrowed(&options), true)?;
            team::Who::Family(person.parse::<PersonId>().ok()?)
        }
    };
    (!form.has_errors()).then_some(())?;
    Some(team::NewMember {
        who,
        role: role?,
        does,
        from_on: from_on?,
    })
}

fn holder(
    form: &mut Form,
    holders: &Holders,
    prefix: &str,
) -> Option<(
    engawa_kernel::id::DeskId,
    Option<engawa_kernel::id::PostingId>,
)> {
    let options = holders.options();
    let code = form.choice("who", "職員・窓口", &borrowed(&options), true)?;
    if !code.starts_with(prefix) {
        form.error("who", "職員・窓口", "「加える人・機関」と「職員・窓口」の選び方が合っていません。職員か窓口か、どちらかにそろえてください。");
        return None;
    }
    holders.find(&code).ok()
}

fn key_of(form: &mut Form) -> Option<team::Key> {
    let level = form
        .choice("level", "閲覧権", &LEVELS, true)
        .and_then(|l| Level::from_code(&l));
    let basis = form
        .choice("basis", "見せてよい根拠", &bases(), true)
        .and_then(|b| Basis::from_code(&b));
    let reason = form.text("reason", "根拠の説明", 200, true);
    Some(team::Key {
        level: level?,
        basis: basis?,
        reason,
    })
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "case team").await?;
    let mut form = Form::from_posted(posted);
    let holders = Holders::all(&mut tx, &ctx).await?;
    let people = People::load(&mut tx, &ctx, &key).await?;
    let labels = codes::load(&mut tx, &ctx, &[CodeList::TeamRole]).await?;
    let Some(new) = parse(&mut form, &ctx, &holders, &people, &labels) else {
        let shown = render(&mut tx, &ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    team::add(&mut tx, &ctx, &key, new).await?;
    let to = format!("/cases/{}/team", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

/// POST /cases/{room}/team/{member}/end
pub async fn end(
    ctx: Ctx,
    Path((room, member)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let member = id::<MemberId>(&member)?;
    let (mut tx, key) = write(&ctx, &room, "case team").await?;
    let mut form = Form::from_posted(posted);
    let reason = form.text("reason", "外す理由", 200, true);
    if form.has_errors() {
        return Err(Error::Invalid(
            "外す理由を入力してください。まだ外していません。".into(),
        ));
    }
    team::end(&mut tx, &ctx, &key, member, &reason).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/cases/{}/team", key.room())))
}
