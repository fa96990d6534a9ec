//! /referrals/new?room={case or consultation}: receiver, then the sheet, prefilled; preview, draft or
//! send with one form.

use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::{self, Act, Duty, RoomKey},
    components::{empty_state, hidden},
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    id::{DeskId, RoomId},
    once, page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    form::{self, Place},
    ground::Ground,
    preview::{self, Shown},
    receiver,
};
use crate::{
    compose::{self, Composed},
    model::{Content, ReferralKind, State, To},
    store::{peers, send, sheet},
};

/// What the address asks for.
#[derive(Deserialize, Clone, Default)]
pub struct Asked {
    /// The case or consultation.
    pub room: Option<String>,
    /// What is asked for.
    pub kind: Option<String>,
    /// The returned sheet that is raised again.
    pub follows: Option<String>,
    /// `desk:{id}`, `peer:{id}` or `outside`.
    pub to: Option<String>,
    /// Of a body outside.
    pub to_name: Option<String>,
    /// Of a body outside.
    pub to_contact: Option<String>,
    /// Narrowing down.
    pub function: Option<String>,
    /// Narrowing down.
    pub area: Option<String>,
    /// Narrowing down.
    pub q: Option<String>,
}

impl Asked {
    fn of(form: &Form) -> Self {
        let given = |name: &str| Some(form.value(name).to_owned()).filter(|v| !v.is_empty());
        Self {
            room: given("room"),
            kind: None,
            follows: given("follows"),
            to: given("to"),
            to_name: given("to_name"),
            to_contact: given("to_contact"),
            ..Self::default()
        }
    }
    /// Who is asked for; none when nobody is. A peer by the name that it is registered with.
    async fn receiver(&self, conn: &mut Conn, ctx: &Ctx) -> Result<Option<To>> {
        match self.to.as_deref().and_then(|t| t.strip_prefix("peer:")) {
            Some(peer) => peers::receiver(conn, ctx, id(peer)?).await.map(Some),
            None => Ok(self.without_engawa()),
        }
    }
    fn without_engawa(&self) -> Option<To> {
        match self.to.as_deref()? {
            "outside" => {
                let cut = |t: &Option<String>, max| {
                    let text = t.as_deref().unwrap_or_default().trim();
                    engawa_kernel::text::truncate_graphemes(text, max).to_owned()
                };
                let name = cut(&self.to_name, 100);
                (!name.is_empty()).then(|| To::Outside {
                    name,
                    contact: cut(&self.to_contact, 200),
                    peer: None,
                })
            }
            desk => Some(To::Desk(
                desk.strip_prefix("desk:")?.parse::<DeskId>().ok()?,
                None,
            )),
        }
    }
    fn follows(&self) -> Result<Option<RoomId>> {
        self.follows
            .as_deref()
            .filter(|f| !f.is_empty())
            .map(id)
            .transpose()
    }
    fn step_one(&self) -> String {
        let mut href = format!(
            "/referrals/new?room={}",
            self.room.as_deref().unwrap_or_default()
        );
        if let Some(follows) = &self.follows {
            href.push_str("&follows=");
            href.push_str(follows);
        }
        href
    }
    fn draft_key(&self) -> String {
        let of = |id: &Option<String>| id.clone().unwrap_or_default();
        format!("referrals/new/{}/{}", of(&self.room), of(&self.follows))
    }
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let Some(room) = asked.room.as_deref().filter(|r| !r.is_empty()) else {
        let body = empty_state(
            "つなぐシートは、ケースか相談の画面から書きます。",
            html! { p { a href="/cases" { "ケースの一覧" } "　" a href="/consultations" { "相談の一覧" } } },
        );
        return Ok(page::page(&ctx.frame(), "つなぐシートを書く", body));
    };
    let room: RoomId = id(room)?;
    let kind = sheet::kind_of(&mut ctx.read().await?, &ctx, room).await?;
    let source = access::open(&ctx, room, kind, Act::Read, "referral").await?;
    source.need_write()?;
    let earlier = match asked.follows()? {
        Some(room) => Some(earlier(&ctx, room).await?),
        None => None,
    };
    let mut conn = ctx.read().await?;
    let to = asked.receiver(&mut conn, &ctx).await?;
    let ground = Ground::load(&mut conn, &ctx, &source, to.as_ref()).await?;
    let Some(to) = to else {
        return Ok(receiver::page(&ctx, &asked, &ground));
    };
    known(&ground, &to)?;
    let start = earlier.map_or_else(
        || {
            let kind = asked.kind.as_deref().and_then(ReferralKind::from_code);
            form::blank(&ground, kind.unwrap_or(ReferralKind::HandOver))
        },
        |content| form::filled(&ctx, &ground, &content, true),
    );
    let mut form = drafts::restore(&ctx, &asked.draft_key(), start).await?;
    // Whoever sends reads once more, whatever was ticked when the draft was kept.
    form.forget(form::CHECKED);
    view(&mut conn, &ctx, &asked, &ground, &form, &to, None).await
}

/// What the returned sheet said, to be raised again.
async fn earlier(ctx: &Ctx, room: RoomId) -> Result<Content> {
    let key = access::open(
        ctx,
        room,
        access::RoomKind::Referral,
        Act::Read,
        "referral again",
    )
    .await?;
    let sheet = sheet::read(&mut ctx.read().await?, &key).await?;
    if sheet.state != State::Returned {
        return Err(Error::Invalid(
            "出し直せるのは、差し戻されたつなぐシートだけです。いまの状態を確かめてください。"
                .into(),
        ));
    }
    Ok(sheet.content)
}

fn known(ground: &Ground, to: &To) -> Result<()> {
    match to {
        To::Desk(desk, _) if ground.desk(*desk).is_none() => Err(Error::Invalid(
            "選んだ窓口は、いまの一覧にありません（廃止されたか、あなたの窓口です）。相手を選び直してください。".into(),
        )),
        _ => Ok(()),
    }
}

async fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    asked: &Asked,
    ground: &Ground,
    form: &Form,
    to: &To,
    composed: Option<(&Composed, Shown)>,
) -> Result<Markup> {
    let along = html! {
        (hidden("room", asked.room.as_deref().unwrap_or_default()))
        (hidden("to", asked.to.as_deref().unwrap_or_default()))
        (hidden("to_name", asked.to_name.as_deref().unwrap_or_default()))
        (hidden("to_contact", asked.to_contact.as_deref().unwrap_or_default()))
        (hidden("follows", asked.follows.as_deref().unwrap_or_default()))
    };
    let step_one = asked.step_one();
    let place = Place {
        action: "/referrals/new",
        other_receiver: &step_one,
        along,
        must_check: composed.is_some_and(|(c, _)| c.must_check),
    };
    let body = html! {
        p { a href=(ground.back) { "← " (ground.number) } }
        @if let Some(follows) = &asked.follows { p { "差し戻された " a href={ "/referrals/" (follows) } { "つなぐシート" } " を出し直します。送ると、元のシートは完了になります。" } }
        (receiver::others(&ground.others))
        @if let Some((composed, shown)) = composed { (preview::above(ground, composed, shown)) }
        h2 { "2. 渡す内容" }
        (preview::place(form::view(conn, ctx, ground, form, to, place).await?))
    };
    Ok(page::page(&ctx.frame(), "つなぐシートを書く", body))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::WorkCase)?;
    let mut form = Form::from_posted(posted);
    let asked = Asked::of(&form);
    form.draft_key = Some(asked.draft_key());
    let room: RoomId = id(asked.room.as_deref().unwrap_or_default())?;
    let mut conn = ctx.read().await?;
    let to = asked
        .receiver(&mut conn, &ctx)
        .await?
        .ok_or(Error::NotFound)?;
    let kind = sheet::kind_of(&mut conn, &ctx, room).await?;
    drop(conn);
    let wish = form.value("do").to_owned();
    let live = wish == preview::LIVE;
    let purpose = if live { access::LIVE } else { "referral" };
    let (mut tx, source) = access::open_for_write(&ctx, room, kind, purpose).await?;
    if !live {
        once::seen(&mut tx, &ctx, &form.once).await?;
    }
    let ground = Ground::load(&mut tx, &ctx, &source, Some(&to)).await?;
    known(&ground, &to)?;
    if live {
        return live_view(&mut tx, &ctx, &source, &ground, &mut form, &to).await;
    }
    let Some(content) = form::parse(&mut tx, &ctx, &ground, &mut form, &to).await? else {
        let shown = view(&mut tx, &ctx, &asked, &ground, &form, &to, None).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    if wish != "draft" {
        let composed = composed(&mut tx, &ctx, &source, &content).await?;
        let how = Shown::of(&wish);
        if how == Shown::Asked || preview::refused(&mut form, &composed) {
            let composed = Some((&composed, how));
            let shown = view(&mut tx, &ctx, &asked, &ground, &form, &to, composed).await?;
            if how == Shown::Asked {
                return Ok(shown.into_response());
            }
            return Err(Error::Page(
                StatusCode::UNPROCESSABLE_ENTITY,
                Box::new(shown),
            ));
        }
    }
    once::claim(&mut tx, &ctx, &form.once).await?;
    let key = sheet::begin(&mut tx, &ctx, &source, &content, asked.follows()?).await?;
    if wish != "draft" {
        send::send(&mut tx, &ctx, &key, 1, form.flag(form::CHECKED)).await?;
    }
    let at = format!("/referrals/{}", key.room());
    once::lead_to(&mut tx, &ctx, &form.once, &at).await?;
    drafts::clear(&mut tx, &ctx, &asked.draft_key()).await?;
    tx.commit().await?;
    Ok(see_other(&at))
}

/// What the receiver would read of what is written so far; nothing is kept.
pub(super) async fn live_view(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &RoomKey,
    ground: &Ground,
    form: &mut Form,
    to: &To,
) -> Result<Response> {
    let composed = match form::so_far(conn, ctx, ground, form, to).await? {
        Some(content) => Some(composed(conn, ctx, source, &content).await?),
        None => None,
    };
    Ok(preview::live(ground, form, composed.as_ref()).into_response())
}

/// As it would go out now from the actor's desk.
pub(super) async fn composed(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &RoomKey,
    content: &Content,
) -> Result<Composed> {
    let from = ctx.actor.desk_for(Duty::WorkCase)?;
    let paper = sheet::is_paper(conn, ctx, &content.to).await?;
    compose::compose(conn, ctx, source, content, from, paper).await
}
