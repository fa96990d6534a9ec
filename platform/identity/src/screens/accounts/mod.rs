//! `/accounts`: the accounts of all staff, for administrators.

mod acts;
mod new;
mod one;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::{
    components::{
        ButtonKind, Pages, Tab, TagKind, button, empty_state, hidden, link_button, pagination,
        submit_row, table, tabs, tag,
    },
    context::{Ctx, Engine},
    error::{Error, Result},
    id::StaffId,
    page::page,
};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::moment;
use crate::accounts::{Asked, Listed, State, listing};

const PER_PAGE: u32 = 50;
/// What the search box takes at most.
const Q_MAX: usize = 100;

pub(super) fn routes() -> Router<Engine> {
    Router::new()
        .route("/accounts", get(list))
        .route("/accounts/new", get(new::show).post(new::send))
        .route("/accounts/{staff}", get(one::show))
        .route("/accounts/{staff}/disable", post(acts::disable))
        .route("/accounts/{staff}/enable", post(acts::enable))
        .route("/accounts/{staff}/password", post(acts::password))
        .route("/accounts/{staff}/totp", post(acts::second_factor))
        .route("/accounts/{staff}/unlock", post(acts::unlock))
        .route("/accounts/{staff}/sessions", post(acts::sessions))
        .route("/accounts/{staff}/tokens", post(acts::token))
}

fn staff_of(text: &str) -> Result<StaffId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn typed(asked: &super::Asked) -> String {
    let q = asked.get("q").map(String::as_str).unwrap_or_default();
    q.trim().chars().take(Q_MAX).collect()
}

async fn list(ctx: Ctx, asked: super::Asked) -> Result<Markup> {
    let wanted = Asked {
        state: State::from_code(asked.get("state").map(String::as_str).unwrap_or_default()),
        q: typed(&asked),
    };
    let current: u32 = asked
        .get("page")
        .and_then(|p| p.parse().ok())
        .unwrap_or(1)
        .clamp(1, 100_000);
    let part = (
        i64::from(PER_PAGE),
        i64::from(current - 1) * i64::from(PER_PAGE),
    );
    let mut conn = ctx.read().await?;
    let (accounts, total) = listing::page(&mut conn, &ctx, &wanted, part).await?;
    drop(conn);
    let href = |state: State, page: u32| {
        let q = utf8_percent_encode(&wanted.q, NON_ALPHANUMERIC);
        format!("/accounts?state={}&q={q}&page={page}", state.as_code())
    };
    let choices: Vec<Tab> = State::ALL
        .into_iter()
        .map(|state| Tab {
            href: href(state, 1),
            label: state.label().into(),
            count: None,
            active: state == wanted.state,
        })
        .collect();
    let body = html! {
        p { "職員がこのシステムにログインするためのアカウントです。職員の登録・配置・退職日は「" a href="/organisations/staff" { "機関・職員" } "」で扱います。" }
        div.submit-row { (link_button(ButtonKind::Primary, "/accounts/new", "アカウントを作成する")) }
        (tabs("アカウントの状態", &choices))
        (search_box("/accounts", "氏名・かな・ユーザー名", &wanted.q, wanted.state.as_code()))
        @if accounts.is_empty() { (nothing(&wanted, current)) }
        @else {
            (rows(&ctx, &accounts))
            (pagination(
                Pages { current, per_page: PER_PAGE, total: u64::try_from(total).unwrap_or_default() },
                |n| href(wanted.state, n),
            ))
        }
    };
    Ok(page(&ctx.frame(), "職員のアカウント", body))
}

fn nothing(wanted: &Asked, current: u32) -> Markup {
    let (what, next) = match wanted.state {
        _ if current > 1 => ("このページに出るアカウントはありません。", "最初のページへ"),
        _ if !wanted.q.is_empty() => (
            "絞り込みに合うアカウントはありません。",
            "絞り込みをやめて、すべてのアカウントを見る",
        ),
        State::Locked => (
            "ロック中のアカウントはありません。",
            "すべてのアカウントを見る",
        ),
        State::Disabled => (
            "停止しているアカウントはありません。",
            "すべてのアカウントを見る",
        ),
        State::Any | State::Active => (
            "使用中のアカウントはありません。",
            "すべてのアカウントを見る",
        ),
    };
    empty_state(what, html! { p { a href="/accounts" { (next) } } })
}

fn rows(ctx: &Ctx, accounts: &[Listed]) -> Markup {
    let rows: Vec<Vec<Markup>> = accounts
        .iter()
        .map(|a| {
            vec![
                html! { a href={ "/accounts/" (a.staff) } { (a.name) } },
                html! { (a.login) },
                places(&a.places),
                html! { (state(a)) @if left(ctx, a) { " " (tag(TagKind::Neutral, "退職")) } },
                html! { @if a.second_factor { "登録済み" } @else { "未登録" } },
                last_login(ctx, a),
            ]
        })
        .collect();
    let headers = [
        "氏名",
        "ユーザー名",
        "本日の配置",
        "状態",
        "二段階認証",
        "最後のログイン",
    ];
    table(&headers, &rows, "職員のアカウント")
}

/// A search box over a list, without a script.
fn search_box(action: &str, what: &str, q: &str, state: &str) -> Markup {
    html! {
        form method="get" action=(action) role="search" aria-label={ (what) "で絞り込む" } {
            @if !state.is_empty() { (hidden("state", state)) }
            label.label for="accounts-q" { (what) }
            (submit_row(html! {
                input.input.input-short #accounts-q type="search" name="q" value=(q) autocomplete="off" maxlength=(Q_MAX);
                (button(ButtonKind::Secondary, "絞り込む", None))
            }))
        }
    }
}

fn places(places: &[String]) -> Markup {
    html! {
        @if places.is_empty() { "配置なし" }
        @for (n, place) in places.iter().enumerate() { @if n > 0 { br; } (place) }
    }
}

fn state(account: &Listed) -> Markup {
    let state = account.state();
    let kind = match state {
        State::Disabled => TagKind::Alert,
        State::Locked => TagKind::Waiting,
        State::Any | State::Active => TagKind::Done,
    };
    tag(kind, state.label())
}

fn left(ctx: &Ctx, account: &Listed) -> bool {
    account.left_on.is_some_and(|last| last < ctx.today())
}

fn last_login(ctx: &Ctx, account: &Listed) -> Markup {
    html! { @if let Some(at) = account.last_login { (moment(ctx, at)) } @else { "まだありません" } }
}
