//! What other domains do when rooms change hands without anybody opening them.

use std::{future::Future, pin::Pin};

use crate::{
    context::Ctx,
    db::Tx,
    error::Result,
    id::{DeskId, PostingId, RoomId},
};

/// One hand-over of rooms, as it was just carried out in the caller's transaction.
#[derive(Debug, Clone)]
pub struct HandedOver {
    /// Whose rooms they were; none: a desk's that nobody in particular had.
    pub from: Option<PostingId>,
    /// The desk that answers for them now.
    pub to_desk: DeskId,
    /// Who has them now, if somebody in particular.
    pub to_posting: Option<PostingId>,
    /// The rooms that changed hands, consultations and cases.
    pub rooms: Vec<RoomId>,
    /// The posting ended: every other key of it was taken back as well.
    pub ended: bool,
}

/// What a [`Follower`] returns.
pub type Following<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// A domain's part of a hand-over, in the same transaction: it happens with it or not at all. The
/// application registers followers ([`crate::context::Engine::following`]), so that neither the
/// kernel nor the domain that orders a hand-over knows who follows.
pub type Follower = for<'a> fn(&'a mut Tx, &'a Ctx, &'a HandedOver) -> Following<'a>;

/// Calls every follower in the order of registration.
pub(super) async fn tell(tx: &mut Tx, ctx: &Ctx, what: &HandedOver) -> Result<()> {
    for follower in ctx.engine.followers() {
        follower(tx, ctx, what).await?;
    }
    Ok(())
}
