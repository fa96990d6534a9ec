//! Every SQL statement of this domain. What lies in a room asks for its key.

mod change;
mod decide;
mod detail;
mod emergency;
mod own_contact;
mod owner;
mod past;
mod queue;
mod read;
mod request;
mod settings;
mod slip;
mod take_in;

pub use change::{
    EDITABLE, Edit, editable, link_subject, save_edit, set_compound, set_first_contact, set_issues,
};
pub use decide::{became_case, decide};
pub use detail::{Detail, Reporter, RequestShown, Subject, detail, reporter};
pub use emergency::record_call;
pub use own_contact::withheld_contact;
pub use owner::{Handover, hand_over, take_up};
pub use past::{PastEnd, PastSaved, take_back, take_in_past};
pub use queue::{View, list, list_after, waiting};
pub use read::{card, of_case, owners, subjects};
pub use request::answer_request;
pub use settings::{
    EmergencyContact, SettingsForm, emergency_contacts, save_settings, sender_keeps_read,
    settings_version,
};
pub use slip::{own_slips, own_words};
pub use take_in::take_in;

use engawa_kernel::{
    context::Ctx,
    db::Tx,
    error::Result,
    id::RoomId,
    search::{self, Doc, DocKind},
};

use crate::model::ConsultationCard;

/// Puts number and words into the search index. The author of a third-party notice is never among
/// them. A hit shows whom it is about and nothing of the text, which may hold what is protected.
async fn index(tx: &mut Tx, ctx: &Ctx, room: RoomId, card: &ConsultationCard) -> Result<()> {
    for (kind, text) in [
        (DocKind::Number, &card.number),
        (DocKind::Words, &card.words),
    ] {
        let doc = Doc {
            room,
            kind,
            source: room.0,
            at: card.received_at,
            shown: &card.subject_line,
            text,
        };
        search::put(tx, ctx, doc).await?;
    }
    Ok(())
}

/// As [`index`], for a record whose text changed.
async fn reindex(tx: &mut Tx, ctx: &Ctx, room: RoomId, card: &ConsultationCard) -> Result<()> {
    for kind in [DocKind::Number, DocKind::Words] {
        search::remove(tx, kind, room.0, Some(room)).await?;
    }
    index(tx, ctx, room, card).await
}
