//! A file from another municipality: opened, checked, and taken in whole or not at all. Nothing of
//! it is believed before the signature fits a registered peer.

use engawa_kernel::{
    access::Duty,
    clock,
    context::Ctx,
    error::{Error, Result},
    id::{DeskId, RoomId},
};

use super::{answer, arrive, peers};
use crate::{
    border::{
        file::{self, Bad},
        payload::{Body, Payload, Unread},
    },
    model::{Side, State},
};

/// What came of it.
#[derive(Debug, Clone)]
pub struct Came {
    /// The sheet here.
    pub room: RoomId,
    /// Its number here.
    pub number: String,
    /// Where it stands now. Not told of a sheet that was here before: the actor may have no key to it.
    pub state: Option<State>,
    /// It is a sheet, not word of one.
    pub is_sheet: bool,
    /// It was here already, and nothing was changed.
    pub again: bool,
    /// Acts taken in.
    pub taken: usize,
}

fn no(why: &str) -> Error {
    Error::Invalid(format!("{why}何も取り込んでいません。"))
}

/// What is wrong with a file, and what to do.
fn refusal(bad: Bad) -> Error {
    match bad {
        Bad::TooLarge => no(
            "ファイルが大きすぎます（1MBまで）。つなぐシートのファイルではないようです。選んだファイルを確かめてください。",
        ),
        Bad::NotSealed | Bad::Inside(Unread::NotOurs) => no(
            "このファイルは、つなぐシートのファイルではないか、途中で壊れています。選んだファイルを確かめ、それでも開けないときは、相手に作り直してもらってください。",
        ),
        Bad::NotForUs => no(
            "このファイルは、この自治体あてではないため開けません。ほかの自治体あてのものか、こちらの鍵が新しくなる前のものです。相手に、宛先と公開カードを確かめて作り直してもらってください。",
        ),
        Bad::Inside(Unread::Newer(_)) => no(
            "このファイルは、新しい版のEngawaで作られています。システム管理者に、Engawaの更新を頼んでください。急ぐときは、相手に電話し、紙で受け取ってください。",
        ),
        Bad::Inside(Unread::Senseless) => no(
            "ファイルは開けましたが、中身がつなぐシートとして読めません。相手に、ファイルを作り直してもらってください。",
        ),
        Bad::Signature => no(
            "ファイルの署名が、登録してある相手の鍵と合いません。名乗っている相手が作ったものではないおそれがあります。知っている番号に電話して、相手に確かめてください。",
        ),
    }
}

/// Takes a file in. `desk`: where a new sheet goes. Logged.
///
/// # Errors
/// Every reason is a sentence that says what to do; then nothing was written.
pub async fn import(ctx: &Ctx, bytes: &[u8], desk: Option<DeskId>) -> Result<Came> {
    ctx.need(Duty::WorkCase)?;
    let mut conn = ctx.read().await?;
    let (keys, own) = peers::keys(&mut conn, ctx).await?;
    let opened = file::open(&keys, bytes).map_err(refusal)?;
    let Some(peer) = peers::by_code(&mut conn, ctx, opened.claims_from()).await? else {
        return Err(no(
            "ファイルを作った自治体が、「相手の自治体」に登録されていません。システム管理者に登録を頼んでください（相手の公開カードと、電話での指紋の確認が要ります）。",
        ));
    };
    let payload = opened.check(&peer.card.verifier).map_err(refusal)?;
    if !peer.in_force(ctx.today()) {
        return Err(Error::Invalid(peers::ended(&peer.name)));
    }
    if payload.to.code != own.code {
        return Err(refusal(Bad::NotForUs));
    }
    in_time(ctx, &payload)?;
    drop(conn);
    match &payload.body {
        Body::Sheet(sheet) => arrive::arrive(ctx, &peer, &payload, sheet, desk).await,
        Body::Answer(told) => answer::take(ctx, &peer, &payload, told, Side::Receiver).await,
        Body::Notice(told) => answer::take(ctx, &peer, &payload, told, Side::Sender).await,
    }
}

/// Neither too old nor from the future (a day is allowed for clocks that differ).
fn in_time(ctx: &Ctx, payload: &Payload) -> Result<()> {
    if payload.good_until < ctx.today() {
        return Err(no(
            "このファイルの期限が切れています。相手に、新しいファイルを作ってもらってください（相手のシートのページで、いつでも作れます）。",
        ));
    }
    if clock::local(payload.made_at).date() > crate::rules::after(ctx.today(), 1) {
        return Err(no(
            "このファイルの作成日が、まだ来ていない日になっています。相手とこちらのサーバーの時計を、システム管理者に確かめてもらってください。",
        ));
    }
    Ok(())
}
