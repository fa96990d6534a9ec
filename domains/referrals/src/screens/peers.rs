//! /referrals/peers: 相手の自治体, our own card for them, theirs for us. For administrators; who works
//! cases sees the names only where a sheet is written.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, card, date_field, definition_list,
        details, empty_state, form_frame, lines, link_button, notice, submit_row, table, tag,
        text_area, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    id::PeerId,
    once, page,
    text::{municipality::MunicipalityCode, wareki::parse_date},
};
use maud::{Markup, html};

use super::parts;
use crate::{
    border::card::Card,
    store::peers::{self, NewPeer, Own, Peer},
};

const PAGE: &str = "/referrals/peers";

pub async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::Configure)?;
    view(&ctx, &Form::blank()).await
}

async fn view(ctx: &Ctx, form: &Form) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let own = peers::own(&mut conn, ctx).await?;
    let all = peers::all(&mut conn, ctx).await?;
    let ready = matches!(own, Own::Ready(..));
    let body = html! {
        p { "ほかの自治体もEngawaを使っているとき、つなぐシートを、その自治体だけが開けるファイルにして渡せます。メールや記録媒体で渡しても、途中で拾った人には開けません。" }
        p { a href="/referrals/settings" { "つなぐシートの期日の決まり" } }
        (own_card(ctx, &own))
        (card("登録した自治体", list(ctx, &all)))
        @if ready { (card("自治体を登録する", register(ctx, form))) }
    };
    Ok(page::page(&ctx.frame(), "相手の自治体", body))
}

fn own_card(ctx: &Ctx, own: &Own) -> Markup {
    let make = |label| {
        form_frame(
            "/referrals/peers/keys",
            ctx.csrf(),
            &Form::blank().scoped("keys"),
            button(ButtonKind::Primary, label, None),
        )
    };
    let body = match own {
        Own::Ready(_, own) => html! {
            p { "このカードを相手の管理者に渡します。秘密は入っていないので、メールでかまいません。" }
            pre.card-text { (own.text()) }
            p { (link_button(ButtonKind::Secondary, "/referrals/peers/card.txt", "カードをファイルで受け取る")) }
            (definition_list(&[("この自治体の指紋", html! { strong { (own.fingerprint()) } })]))
            p.hint { "指紋はカードには書いてありません。相手が登録するときに、電話で読み上げてください。" }
        },
        Own::Never => html! {
            p { "まだ鍵がありません。鍵を作ると、相手に渡す公開カードができます。" }
            (make("鍵を作る"))
        },
        Own::Missing => html! {
            (notice(NoticeKind::Danger, "鍵のファイルが見つかりません", html! {
                p { "前に作った鍵のファイル（データフォルダの border.*.key）が、このサーバーにないか、違うものです。まず、バックアップから戻せないか、サーバーの管理者に確かめてください。複数のサーバーで動かしているときは、同じファイルを置きます。" }
                p { "戻せないときだけ、新しい鍵を作ります。前の鍵あてのファイルは開けなくなり、相手の全員に新しいカードの登録を頼むことになります。" }
            }))
            (make("新しい鍵を作る（元に戻せません）"))
        },
    };
    card("この自治体の公開カード", body)
}

fn list(ctx: &Ctx, all: &[Peer]) -> Markup {
    if all.is_empty() {
        return empty_state("登録した自治体はありません。", html! {});
    }
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|p| {
            vec![
                html! { (p.name) br; (p.card.code) },
                html! { (p.card.fingerprint()) },
                html! { (parts::short(ctx, p.from_on)) "から" @if let Some(to) = p.to_on { (parts::short(ctx, to)) "まで" } @if !p.agreement.is_empty() { br; (lines(&p.agreement)) } },
                state(ctx, p),
                end(ctx, p),
            ]
        })
        .collect();
    table(
        &["自治体", "指紋", "協定", "状態", "操作"],
        &rows,
        "登録した自治体",
    )
}

fn state(ctx: &Ctx, p: &Peer) -> Markup {
    match p.ended_at {
        Some(at) => html! { (tag(TagKind::Done, "終了")) " " (parts::moment(ctx, at)) },
        None if p.in_force(ctx.today()) => tag(TagKind::Active, "やりとりできます"),
        None if ctx.today() < p.from_on => tag(TagKind::Waiting, "期間の前"),
        None => tag(TagKind::Alert, "期間が過ぎています"),
    }
}

fn end(ctx: &Ctx, p: &Peer) -> Markup {
    if p.ended_at.is_some() {
        return html! {};
    }
    let mut form = Form::blank().scoped(format!("end-{}", p.id));
    form.version = Some(p.version);
    let ends = form_frame(
        &format!("/referrals/peers/{}/end", p.id),
        ctx.csrf(),
        &form,
        html! {
            p { "ファイルのやりとりができなくなります。登録はここに残り、消えません。続けるには、もう一度登録します。" }
            (button(ButtonKind::Danger, &format!("{}とのやりとりを終了する", p.name), None))
        },
    );
    details(&format!("{}を終了する", p.name), ends)
}

fn register(ctx: &Ctx, form: &Form) -> Markup {
    form_frame(
        PAGE,
        ctx.csrf(),
        form,
        html! {
            (text_area(form, FieldSpec::new("card", "相手の公開カード").required().maxlength(4000).rows(6).hint("相手から受け取った「engawa-card 1」で始まる文字を、全部貼り付けます。")))
            (text_field(form, FieldSpec::new("code", "相手の全国地方公共団体コード").required().inputmode("numeric").short().hint("6桁。カードの番号と合っているかを確かめるため、別の資料を見て入力します。")))
            (text_field(form, FieldSpec::new("heard", "電話で聞いた相手の指紋").required().inputmode("numeric").hint("知っている番号に電話をかけ、相手の画面の指紋（4桁が8つ）を読み上げてもらって入力します。カードがすり替えられていれば、合いません。")))
            (text_field(form, FieldSpec::new("name", "名前").maxlength(100).hint("空欄ならカードの名前です。同意の「ほかの提供先」には、ここと同じ名前を書きます。")))
            (text_area(form, FieldSpec::new("agreement", "協定").maxlength(1000).rows(2).hint("例: 令和8年10月1日 多機関協働に関する協定（第3条）")))
            (date_field(form, FieldSpec::new("from_on", "協定の始まり").required()))
            (date_field(form, FieldSpec::new("to_on", "協定の終わり").hint("決まっていなければ空欄")))
            (submit_row(button(ButtonKind::Primary, "登録する", None)))
        },
    )
}

fn parse(ctx: &Ctx, form: &mut Form) -> Option<NewPeer> {
    let today = ctx.today();
    let text = form.text("card", "相手の公開カード", 4000, true);
    let code = form.parsed(
        "code",
        "相手の全国地方公共団体コード",
        true,
        MunicipalityCode::parse,
    );
    let heard = form.text("heard", "電話で聞いた相手の指紋", 100, true);
    let name = form.text("name", "名前", 100, false);
    let agreement = form.text("agreement", "協定", 1000, false);
    let from_on = form.parsed("from_on", "協定の始まり", true, |t| {
        parse_date(t, today)
    });
    let to_on = form.parsed("to_on", "協定の終わり", false, |t| {
        parse_date(t, today)
    });
    let card = match Card::parse(&text) {
        Ok(card) => card,
        Err(why) => {
            if !text.is_empty() {
                form.error("card", "相手の公開カード", why.sentence());
            }
            return None;
        }
    };
    if code.is_some_and(|c| c.to_string() != card.code) {
        form.error(
            "code",
            "相手の全国地方公共団体コード",
            format!(
                "カードの番号（{}）と合いません。相手のカードかどうか、確かめてください。",
                card.code
            ),
        );
    }
    if !heard.is_empty() && !card.sounds_like(&heard) {
        form.error("heard", "電話で聞いた相手の指紋", "貼り付けたカードの指紋と合いません。聞き直しても合わないときは、カードがすり替えられたおそれがあります。登録せず、相手の管理者とカードの受け渡しからやり直してください。");
    }
    if let (Some(from), Some(to)) = (from_on, to_on)
        && to < from
    {
        form.error(
            "to_on",
            "協定の終わり",
            "協定の終わりが、始まりより前になっています。",
        );
    }
    let name = if name.is_empty() {
        card.name.clone()
    } else {
        name
    };
    from_on
        .filter(|_| !form.has_errors())
        .map(|from_on| NewPeer {
            name,
            card,
            agreement,
            from_on,
            to_on,
        })
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let mut form = Form::from_posted(posted);
    let Some(new) = parse(&ctx, &mut form) else {
        let shown = view(&ctx, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    peers::register(&mut tx, &ctx, &new).await?;
    once::lead_to(&mut tx, &ctx, &form.once, PAGE).await?;
    tx.commit().await?;
    Ok(see_other(PAGE))
}

pub async fn end_post(ctx: Ctx, Path(peer): Path<String>, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    peers::end(
        &mut tx,
        &ctx,
        id::<PeerId>(&peer)?,
        form.version.unwrap_or_default(),
    )
    .await?;
    tx.commit().await?;
    Ok(see_other(PAGE))
}

pub async fn keys(ctx: Ctx, _posted: Posted) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let mut tx = ctx.write().await?;
    if peers::make_keys(&mut tx, &ctx).await? {
        tx.commit().await?;
    }
    Ok(see_other(PAGE))
}

pub async fn card_text(ctx: Ctx) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let Own::Ready(_, own) = peers::own(&mut ctx.read().await?, &ctx).await? else {
        return Err(Error::NotFound);
    };
    let name = format!("attachment; filename=\"engawa-card-{}.txt\"", own.code);
    let kind = "text/plain; charset=utf-8".to_owned();
    Ok((
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, name),
        ],
        own.text(),
    )
        .into_response())
}
