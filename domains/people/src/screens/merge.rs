//! /people/{id}/merge: look for the same person among visible ones, compare side by side, confirm.

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};
use engawa_kernel::{
    access::{self, Act, RoomKey},
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, empty_state, form_frame, hidden,
        notice, submit_row, table, tag, text_area,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    id::PersonId,
    once,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, href, page_of};
use crate::{
    door::{self, Via},
    model::{Candidate, Probe},
    store,
};

pub(super) async fn get(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    RawQuery(query): RawQuery,
) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.merge").await?;
    let query = Posted::parse_urlencoded(query.unwrap_or_default().as_bytes())
        .map_err(|e| Error::Invalid(e.to_string()))?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    if let Some(other) = query.get("with") {
        let other: PersonId = id(other)?;
        drop(conn);
        return compare(&ctx, &key, &this, other, &Form::blank()).await;
    }
    let asked = query.get("q").unwrap_or_default().trim().to_owned();
    let probes = probes(&mut conn, &ctx, &key, &this, &asked).await?;
    let found = store::candidates::candidates(&mut conn, &ctx, &probes)
        .await?
        .into_iter()
        .filter(|c| c.card.id != person)
        .collect::<Vec<_>>();
    let mut merges = Vec::new();
    for m in store::merge::of(&mut conn, &key, person).await? {
        let who = store::staff_name(&mut conn, &ctx, m.decided_by).await?;
        merges.push((m, who));
    }
    let body = html! {
        p { "同じ人の記録が二つあるとき、一つにまとめます。元の記録は両方とも残り、あとで取り消せます。候補は、あなたが開ける記録からだけ出ます。" }
        (search(&key, &this, &asked))
        (list(&key, &this, &found))
        @if !merges.is_empty() {
            h2 { "統合の履歴" }
            ul {
                @for (m, who) in &merges {
                    li {
                        (shell::moment(&ctx, m.decided_at)) " " (who) " 統合: " (m.reason)
                        @if let Some(at) = m.undone_at { " / " (shell::moment(&ctx, at)) " 取り消し: " (m.undone_reason.as_deref().unwrap_or_default()) }
                    }
                }
            }
            @if merges.iter().any(|(m, _)| m.undone_at.is_none() && m.kept == person) {
                p { a href=(href(&key, person, "/unmerge")) { "統合を取り消す" } }
            }
        }
    };
    Ok(page_of(&ctx, &key, &this, Place::Merge, "名寄せ", body))
}

/// What is known of this person, or the words asked for.
async fn probes(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    this: &shell::This,
    asked: &str,
) -> Result<Vec<Probe>> {
    if !asked.is_empty() {
        return Ok(vec![Probe {
            name: asked.chars().take(200).collect(),
            birth: this.birth,
            ..Probe::default()
        }]);
    }
    let record = store::person::load(conn, ctx, key, this.id).await?;
    let phones = record.phones.shown().cloned().unwrap_or_default();
    Ok(record
        .names
        .iter()
        .map(|n| Probe {
            name: n.text.clone(),
            kana: n.kana.clone(),
            birth: this.birth,
            phones: phones.clone(),
        })
        .collect())
}

fn search(key: &RoomKey, this: &shell::This, asked: &str) -> Markup {
    html! {
        form.form method="get" action=(format!("/people/{}/merge", this.id)) {
            (hidden("room", &key.room().to_string()))
            div.field {
                label.label for="merge-q" { "ほかの氏名で探す" }
                input.input #merge-q type="search" name="q" value=(asked) autocomplete="off";
            }
            (submit_row(html! { button.button.button-secondary type="submit" { "候補を探す" } }))
        }
    }
}

fn list(key: &RoomKey, this: &shell::This, found: &[Candidate]) -> Markup {
    if found.is_empty() {
        return empty_state(
            "同じ人とみられる記録は見つかりませんでした。",
            html! { p { "旧姓や通称でも探してみてください。" } },
        );
    }
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .map(|c| {
            let to = format!(
                "/people/{}/merge?room={}&with={}",
                this.id,
                key.room(),
                c.card.id
            );
            vec![
                html! { (c.card.shown_name) @if !c.card.kana.is_empty() { "（" (c.card.kana) "）" } },
                html! { (c.card.age_text) "・" (c.card.sex.label()) },
                html! { @for why in &c.reasons { (tag(TagKind::Neutral, why)) " " } },
                html! { a href=(to) { "見比べる" } },
            ]
        })
        .collect();
    table(
        &["氏名", "年齢・性別", "一致した点", "操作"],
        &rows,
        "同じ人とみられる記録",
    )
}

/// Both records side by side. The other one is opened through its own room, and logged there.
async fn compare(
    ctx: &Ctx,
    key: &RoomKey,
    this: &shell::This,
    other: PersonId,
    form: &Form,
) -> Result<Markup> {
    let (theirs, kind) = {
        let mut conn = ctx.read().await?;
        let room = store::candidates::visible_room(&mut conn, ctx, other)
            .await?
            .ok_or(Error::NotFound)?;
        (room, door::kind_of(&mut conn, ctx, room).await?)
    };
    let second = access::open(ctx, theirs, kind, Act::Read, "person.merge").await?;
    let mut conn = ctx.read().await?;
    let that = shell::card(&mut conn, ctx, &second, other).await?;
    let a = store::person::load(&mut conn, ctx, key, this.id).await?;
    let b = store::person::load(&mut conn, ctx, &second, other).await?;
    let names = |p: &crate::model::Person| {
        p.names
            .iter()
            .map(|n| format!("{}（{}）{}", n.kind.label(), n.kana, n.text))
            .collect::<Vec<_>>()
            .join(" / ")
    };
    let row = |what: &str, left: Markup, right: Markup| vec![html! { (what) }, left, right];
    let rows = vec![
        row(
            "呼び名",
            html! { (this.shown_name) },
            html! { (that.shown_name) },
        ),
        row("氏名", html! { (names(&a)) }, html! { (names(&b)) }),
        row(
            "生年月日",
            html! { (this.birth.display(ctx.calendar)) },
            html! { (that.birth.display(ctx.calendar)) },
        ),
        row(
            "性別",
            html! { (this.sex.label()) },
            html! { (that.sex.label()) },
        ),
        row(
            "いまの住所・居所",
            html! { (this.address) },
            html! { (that.address) },
        ),
        row("電話", html! { (this.phones) }, html! { (that.phones) }),
        row(
            "宛名番号",
            html! { (a.details.resident_number) },
            html! { (b.details.resident_number) },
        ),
    ];
    let action = format!("/people/{}/merge?room={}", this.id, key.room());
    let body = html! {
        (table(&["項目", "残す記録（このページの人）", "統合する記録"], &rows, "二つの記録の見比べ"))
        @if this.protected || that.protected {
            (notice(NoticeKind::Warn, "一方が秘匿中です", html! { p { "統合すると、両方の記録が秘匿になります。" } }))
        }
        (form_frame(&action, ctx.csrf(), form, html! {
            (hidden("with", &other.to_string()))
            (text_area(form, FieldSpec::new("reason", "同じ人と判断した理由").required().maxlength(300).rows(2)
                .hint("例: 生年月日と電話番号が一致し、本人に確認した")))
            (submit_row(button(ButtonKind::Danger, "同じ人として統合する", None)))
        }))
    };
    Ok(page_of(
        ctx,
        key,
        this,
        Place::Merge,
        "見比べて統合する",
        body,
    ))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let other: PersonId = id(form.value("with"))?;
    let reason = form.text("reason", "同じ人と判断した理由", 300, true);
    if form.has_errors() {
        let key = door::open(&ctx, person, via, "person.merge").await?;
        let this = shell::card(&mut ctx.read().await?, &ctx, &key, person).await?;
        return Err(again(compare(&ctx, &key, &this, other, &form).await?));
    }
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.merge").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let second = door::second_key(&mut tx, &ctx, other, "person.merge").await?;
    store::merge::merge(&mut tx, &ctx, &key, person, &second, other, &reason).await?;
    let to = href(&key, person, "");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}
