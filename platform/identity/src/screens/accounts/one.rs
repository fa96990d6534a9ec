//! `/accounts/{staff}`: one account, and everything an administrator does with it.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, card, definition_list, form_frame,
        hidden, link_button, password_field, submit_row, table, tag, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::Form,
    id::StaffId,
    page::page,
    text::wareki::format_date,
};
use maud::{Markup, html};

use super::{last_login, left, places, staff_of, state};
use crate::{
    accounts::{Listed, listing},
    model::{REASON_MAX, Session, Token},
    screens::{Asked, moment, said},
    store::{session, token},
};

const NO_ACCOUNT: &str =
    "この職員には、まだアカウントがありません。作成すると、ログインできるようになります。";
const NO_POSTING: &str = "本日の配置がないため、いまはログインできません。「機関・職員」で配置を登録すると、その日からログインできます。";
const LEFT: &str = "退職日を過ぎているため、ログインできません。";
const MINE: &str = "これはあなたのアカウントです。パスワード・二段階認証・ログイン中の端末は、「アカウント」の画面で扱います。停止するときは、ほかのシステム管理者に頼んでください。";

/// What was just done, by the code in the address.
fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "disabled" => {
            "アカウントを停止しました。開いていた画面とAPIトークンは、すべて終了しました。"
        }
        "enabled" => {
            "アカウントの停止を解除しました。本人は、いままでのパスワードでログインできます。"
        }
        "totp" => {
            "二段階認証の登録を取り消し、ログインをすべて終了しました。必要な所属の職員は、次のログインのときに登録し直します。"
        }
        "unlocked" => "ロックを解除しました。本人は、すぐにログインを試せます。",
        "session" => "その端末のログインを終了しました。",
        "sessions" => "この職員のログインを、すべて終了しました。",
        "token" => "APIトークンを取り消しました。",
        _ => return None,
    })
}

/// The page's forms; the one that was sent comes back with what was typed.
pub(super) struct Forms {
    pub disable: Form,
    pub password: Form,
    pub second_factor: Form,
}

impl Forms {
    pub(super) fn blank() -> Self {
        Self {
            disable: Form::blank().scoped("disable"),
            password: Form::blank().scoped("password"),
            second_factor: Form::blank().scoped("totp"),
        }
    }
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<String>, asked: Asked) -> Result<Response> {
    let told = asked
        .get("done")
        .and_then(|code| done(code))
        .map(|text| (NoticeKind::Success, text.to_owned()));
    // Who may not manage staff must not learn from the address who exists.
    ctx.need(engawa_kernel::access::Duty::ManageStaff)?;
    Ok(view(&ctx, staff_of(&id)?, told, &Forms::blank())
        .await?
        .into_response())
}

/// The page again, with the sentence that says why nothing was done.
pub(super) async fn refused(
    ctx: &Ctx,
    staff: StaffId,
    status: StatusCode,
    told: Option<String>,
    forms: &Forms,
) -> Error {
    let told = told.map(|text| (NoticeKind::Danger, text));
    match view(ctx, staff, told, forms).await {
        Ok(page) => Error::Page(status, Box::new(page)),
        Err(e) => e,
    }
}

async fn view(
    ctx: &Ctx,
    staff: StaffId,
    told: Option<(NoticeKind, String)>,
    forms: &Forms,
) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let Some(account) = listing::one(&mut conn, ctx, staff).await? else {
        let (title, what, may) = match listing::person(&mut conn, ctx, staff).await {
            Ok(person) => (person.name, NO_ACCOUNT.to_owned(), true),
            Err(Error::Invalid(why)) => ("アカウントはありません".into(), why, false),
            Err(e) => return Err(e),
        };
        return Ok(page(
            &ctx.frame(),
            &title,
            html! {
                (trail())
                (said(NoticeKind::Info, &what))
                @if may {
                    div.submit-row { (link_button(ButtonKind::Primary, &format!("/accounts/new?staff={staff}"), "アカウントを作成する")) }
                }
            },
        ));
    };
    let open = session::of_staff(&mut conn, staff, ctx.now()).await?;
    let tokens = token::of_staff(&mut conn, staff, ctx.now()).await?;
    drop(conn);
    let mut frame = ctx.frame();
    let mut danger = None;
    match told {
        Some((NoticeKind::Danger, text)) => danger = Some(text),
        told => frame.flash = told,
    }
    let mine = staff == ctx.actor.staff;
    let base = format!("/accounts/{staff}");
    let body = html! {
        (trail())
        @if let Some(text) = &danger { (said(NoticeKind::Danger, text)) }
        @if left(ctx, &account) { (said(NoticeKind::Warn, LEFT)) }
        @else if account.places.is_empty() { (said(NoticeKind::Warn, NO_POSTING)) }
        (card("アカウント", facts(ctx, &account)))
        @if mine {
            (said(NoticeKind::Info, MINE))
            p { (link_button(ButtonKind::Secondary, "/account", "「アカウント」の画面へ")) }
        } @else {
            @if let Some(until) = account.locked_until {
                (card("ロックの解除", unlock(ctx, &base, &moment(ctx, until))))
            }
            @if account.closed.is_some() { (card("停止の解除", enable(ctx, &base))) }
            (card("パスワードを忘れたとき", password(ctx, &base, &forms.password)))
            @if account.second_factor {
                (card("二段階認証の端末をなくしたとき", second_factor(ctx, &base, &forms.second_factor)))
            }
            (card("ログイン中の端末", sessions(ctx, &base, &open)))
            (card("APIトークン", token_list(ctx, &base, &tokens)))
            @if account.closed.is_none() { (card("停止", disable(ctx, &base, &forms.disable))) }
        }
    };
    Ok(page(&frame, &format!("{}のアカウント", account.name), body))
}

pub(super) fn trail() -> Markup {
    html! { nav aria-label="上の画面" { p { a href="/accounts" { "職員のアカウント" } } } }
}

fn facts(ctx: &Ctx, account: &Listed) -> Markup {
    let staff = html! { a href={ "/organisations/staff/" (account.staff) } { (account.name) } };
    let state = html! {
        (state(account))
        @if let Some(at) = account.closed {
            " " (moment(ctx, at)) "から"
            @if !account.closed_because.is_empty() { br; "理由: " (account.closed_because) }
        } @else if let Some(until) = account.locked_until {
            " " (moment(ctx, until)) "まで。ログインの失敗が続いたためです。"
        }
        @if let Some(last) = account.left_on { br; "退職日: " (format_date(last, ctx.calendar)) }
    };
    let password = html! {
        @if account.must_change { (tag(TagKind::Waiting, "仮パスワード")) " " (moment(ctx, account.password_set)) "に発行。本人はまだ変更していません。" }
        @else { (moment(ctx, account.password_set)) "に本人が設定" }
    };
    definition_list(&[
        ("氏名", staff),
        ("ユーザー名", html! { (account.login) }),
        ("本日の配置", places(&account.places)),
        ("状態", state),
        ("パスワード", password),
        (
            "二段階認証",
            html! { @if account.second_factor { "登録済み" } @else { "未登録" } },
        ),
        ("最後のログイン", last_login(ctx, account)),
    ])
}

/// The administrator's own password, before something that gives a way in.
pub(super) fn own_password(form: &Form) -> Markup {
    let field = FieldSpec::new("password", "あなたのパスワード")
        .hint("操作しているのがあなた本人であることを確かめます。")
        .required()
        .autocomplete("current-password");
    password_field(form, field)
}

fn password(ctx: &Ctx, base: &str, form: &Form) -> Markup {
    html! {
        p { "新しい仮パスワードを発行します。いままでのパスワードと二段階認証、ログイン中の端末、APIトークンは使えなくなります。本人であることを、対面か内線電話で確かめてから発行してください。" }
        (form_frame(&format!("{base}/password"), ctx.csrf(), form, html! {
            (own_password(form))
            (submit_row(button(ButtonKind::Secondary, "仮パスワードを発行する", None)))
        }))
    }
}

fn second_factor(ctx: &Ctx, base: &str, form: &Form) -> Markup {
    html! {
        p { "二段階認証の登録と予備コードを取り消します。ログイン中の端末はすべて終了します。パスワードはそのままです。本人であることを、対面か内線電話で確かめてから行ってください。" }
        (form_frame(&format!("{base}/totp"), ctx.csrf(), form, html! {
            (own_password(form))
            (submit_row(button(ButtonKind::Secondary, "二段階認証の登録を取り消す", None)))
        }))
    }
}

fn unlock(ctx: &Ctx, base: &str, until: &str) -> Markup {
    html! {
        p { "ログインの失敗が続いたため、" (until) "までログインできません。失敗したのが本人であることを確かめてから、解除してください。" }
        (form_frame(&format!("{base}/unlock"), ctx.csrf(), &Form::blank().scoped("unlock"), html! {
            (submit_row(button(ButtonKind::Secondary, "ロックを解除する", None)))
        }))
    }
}

fn enable(ctx: &Ctx, base: &str) -> Markup {
    html! {
        p { "解除すると、本人はいままでのパスワードでログインできます。終了した端末とAPIトークンは元に戻りません。" }
        (form_frame(&format!("{base}/enable"), ctx.csrf(), &Form::blank().scoped("enable"), html! {
            (submit_row(button(ButtonKind::Secondary, "停止を解除する", None)))
        }))
    }
}

fn disable(ctx: &Ctx, base: &str, form: &Form) -> Markup {
    let reason = FieldSpec::new("reason", "停止の理由")
        .hint("例: 休職のため。監査記録にも残ります。相談者の名前や内容は書かないでください。")
        .required()
        .maxlength(REASON_MAX);
    html! {
        p { "停止すると、この職員の開いている画面とAPIトークンはすぐに終了し、ログインできなくなります。担当している記録はそのまま残ります。あとで解除できます。" }
        (form_frame(&format!("{base}/disable"), ctx.csrf(), form, html! {
            (text_field(form, reason))
            (submit_row(button(ButtonKind::Danger, "アカウントを停止する", None)))
        }))
    }
}

/// A form of one button in a row of a table.
fn row_form(ctx: &Ctx, action: &str, id: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(action) data-once {
            (hidden("csrf", ctx.csrf()))
            (hidden("once", &Form::blank().once))
            (hidden("id", id))
            (button(ButtonKind::Secondary, label, None))
        }
    }
}

fn sessions(ctx: &Ctx, base: &str, open: &[Session]) -> Markup {
    if open.is_empty() {
        return html! { p { "いまログイン中の端末はありません。" } };
    }
    let action = format!("{base}/sessions");
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|s| {
            let label = format!("終了する({})", s.user_agent);
            vec![
                html! { (s.user_agent) },
                html! { (moment(ctx, s.created)) },
                html! { (moment(ctx, s.seen)) },
                row_form(ctx, &action, &s.id.to_string(), &label),
            ]
        })
        .collect();
    html! {
        (table(&["端末", "ログイン", "最後の操作", "操作"], &rows, "ログイン中の端末"))
        @if open.len() > 1 {
            (form_frame(&action, ctx.csrf(), &Form::blank().scoped("sessions"), html! {
                (submit_row(button(ButtonKind::Secondary, "すべての端末を終了する", Some(("all", "1")))))
            }))
        }
    }
}

fn token_list(ctx: &Ctx, base: &str, tokens: &[Token]) -> Markup {
    if tokens.is_empty() {
        return html! { p { "使用中のAPIトークンはありません。" } };
    }
    let action = format!("{base}/tokens");
    let rows: Vec<Vec<Markup>> = tokens
        .iter()
        .map(|t| {
            let label = format!("取り消す({})", t.name);
            vec![
                html! { (t.name) },
                html! { (moment(ctx, t.created)) },
                html! { (moment(ctx, t.expires)) },
                html! { @if let Some(used) = t.used { (moment(ctx, used)) } @else { "まだ使われていません" } },
                row_form(ctx, &action, &t.id.to_string(), &label),
            ]
        })
        .collect();
    table(
        &["使いみち", "作成", "期限", "最後の使用", "操作"],
        &rows,
        "使用中のAPIトークン",
    )
}
