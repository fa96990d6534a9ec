//! `/organisations/settings`: how this municipality wants the program to behave.

use axum::{http::StatusCode, response::Response};
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, check_box, conflict_view,
        form_frame, number_field, submit_row,
    },
    context::Ctx,
    db::{Conn, sql},
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page::page,
    settings::Settings,
};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::{edit::last_saved, trail};
use crate::registers::mark_saved;

const DRAFT: &str = "organisations/settings";

struct Number {
    key: &'static str,
    /// As the program keeps it, and how many of its units are one of the form's.
    stored: (&'static str, i64),
    label: &'static str,
    hint: &'static str,
    range: (i64, i64),
}

const NUMBERS: &[Number] = &[
    Number {
        key: "session_minutes",
        stored: ("session_minutes", 1),
        label: "操作がないときにログアウトするまでの分数",
        hint: "5分から720分まで",
        range: (5, 720),
    },
    Number {
        key: "lock_minutes",
        stored: ("lock_seconds", 60),
        label: "操作がないときに画面をロックするまでの分数",
        hint: "1分から120分まで",
        range: (1, 120),
    },
    Number {
        key: "break_glass_minutes",
        stored: ("break_glass_minutes", 1),
        label: "緊急閲覧で開いていられる分数",
        hint: "5分から1440分まで。時間が過ぎると自動で閉じます",
        range: (5, 1440),
    },
    Number {
        key: "silent_days",
        stored: ("silent_days", 1),
        label: "連絡のないケースを知らせるまでの日数",
        hint: "7日から730日まで",
        range: (7, 730),
    },
    Number {
        key: "audit_years",
        stored: ("audit_years", 1),
        label: "監査記録を残す年数",
        hint: "1年から100年まで",
        range: (1, 100),
    },
];
const FLAGS: &[(&str, &str)] = &[
    (
        "outside_needs_totp",
        "委託など外部の機関の職員に、二段階認証を必須にする",
    ),
    ("all_need_totp", "全員に、二段階認証を必須にする"),
];

/// GET
pub(crate) async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::Configure)?;
    let mut conn = ctx.read().await?;
    let text = stored(&mut conn, &ctx).await?;
    drop(conn);
    let form = drafts::restore(&ctx, DRAFT, form_of(&text)?).await?;
    Ok(view(&ctx, &form))
}

/// POST
pub(crate) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let mut form = Form::from_posted(posted);
    let mut chosen = serde_json::Map::new();
    for n in NUMBERS {
        if let Some(value) = form.integer(n.key, n.label, n.range.0..=n.range.1, true) {
            chosen.insert(n.stored.0.into(), (value * n.stored.1).into());
        }
    }
    for (key, _) in FLAGS {
        chosen.insert((*key).into(), form.flag(key).into());
    }
    if form.has_errors() {
        let page = view(&ctx, &form);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    }
    let mut tx = ctx.write().await?;
    let old = stored(&mut tx, &ctx).await?;
    if form.version != Some(fingerprint(&old)) {
        return Err(conflict(&mut tx, &ctx, &form, &old).await?);
    }
    // Settings that this screen does not know stay as they are.
    let mut merged: Value = serde_json::from_str(&old).unwrap_or_else(|_| json!({}));
    if let Value::Object(map) = &mut merged {
        map.extend(chosen.clone());
    }
    tx.exec_versioned(
        sql("update municipality set settings = :new where id = :m and settings = :old")
            .bind("new", merged.to_string())
            .bind("m", ctx.municipality)
            .bind("old", old),
    )
    .await?;
    mark_saved(&mut tx, &ctx, ctx.municipality.0).await?;
    audit::append(
        &mut tx,
        &ctx,
        Entry::new("organisations.settings").detail(Value::Object(chosen)),
    )
    .await?;
    drafts::clear(&mut tx, &ctx, DRAFT).await?;
    tx.commit().await?;
    Ok(see_other("/organisations/settings"))
}

/// Both sides of each setting that differs.
async fn conflict(conn: &mut Conn, ctx: &Ctx, form: &Form, now: &str) -> Result<Error> {
    let theirs = form_of(now)?;
    let (who, when) = last_saved(conn, ctx, ctx.municipality.0).await?;
    let info = ConflictInfo {
        who: &who,
        when: &when,
        version: fingerprint(now),
    };
    let mut found = Vec::new();
    for n in NUMBERS {
        let side = |f: &Form| (vec![f.value(n.key).to_owned()], f.value(n.key).to_owned());
        if theirs.value(n.key) != form.value(n.key) {
            found.push(Conflict::coded(n.key, n.label, side(form), side(&theirs)));
        }
    }
    for (key, label) in FLAGS {
        let side = |f: &Form| {
            let (code, word) = if f.flag(key) {
                ("1", "はい")
            } else {
                ("0", "いいえ")
            };
            (vec![code.to_owned()], word.to_owned())
        };
        if theirs.flag(key) != form.flag(key) {
            found.push(Conflict::coded(key, label, side(form), side(&theirs)));
        }
    }
    let shown = conflict_view("/organisations/settings", ctx.csrf(), form, info, &found);
    let body = html! { (trail(&[])) (shown) };
    let page = page(&ctx.frame(), "動作の設定", body);
    Ok(Error::Page(StatusCode::CONFLICT, Box::new(page)))
}

async fn stored(conn: &mut Conn, ctx: &Ctx) -> Result<String> {
    conn.one(sql("select settings from municipality where id = :m").bind("m", ctx.municipality))
        .await?
        .get("settings")
}

fn form_of(text: &str) -> Result<Form> {
    let settings: Settings = serde_json::from_str(text)?;
    let value = serde_json::to_value(&settings)?;
    let mut form = Form::blank();
    form.version = Some(fingerprint(text));
    for n in NUMBERS {
        // What is kept in smaller units is shown rounded up: never longer than nothing.
        let kept = value.get(n.stored.0).and_then(Value::as_i64);
        let shown = kept.map(|v| (v + n.stored.1 - 1) / n.stored.1);
        form.prefill(n.key, shown.map_or_else(String::new, |v| v.to_string()));
    }
    for (key, _) in FLAGS {
        if value.get(key).and_then(Value::as_bool).unwrap_or_default() {
            form.prefill(key, "1");
        }
    }
    Ok(form)
}

/// FNV-1a of the stored text, as the version that the user saw.
fn fingerprint(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::try_from(hash >> 1).unwrap_or_default()
}

fn view(ctx: &Ctx, form: &Form) -> Markup {
    let fields = html! {
        @for n in NUMBERS { (number_field(form, FieldSpec::new(n.key, n.label).hint(n.hint).required())) }
        @for (key, label) in FLAGS { (check_box(form, FieldSpec::new(*key, *label))) }
        (submit_row(button(ButtonKind::Primary, "保存する", None)))
    };
    let body = html! {
        (trail(&[]))
        p { "保存すると、次の操作から全員に効きます。だれがいつ変えたかは監査記録に残ります。" }
        (form_frame("/organisations/settings", ctx.csrf(), form, fields))
        p { a href="/organisations/rules" { "要綱・要領（版ごとの本文）" } }
    };
    page(&ctx.frame(), "動作の設定", body)
}
