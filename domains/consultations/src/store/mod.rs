//! Every SQL statement of this domain. What lies in a room asks for its key.

mod change;
mod decide;
mod detail;
mod emergency;
mod owner;
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
pub use owner::{Handover, hand_over, take_up};
pub use queue::{View, list, list_after, waiting};
pub use read::{card, of_case, subjects};
pub use request::answer_request;
pub use settings::{
    EmergencyContact, SettingsForm, emergency_contacts, save_settings, sender_keeps_read,
    settings_version,
};
pub use slip::{own_slips, own_words};
pub use take_in::take_in;

use engawa_kernel::{context::Ctx, db::Tx, error::Result, id::RoomId};

use crate::model::ConsultationCard;

/// Puts what may be found by words into the search index. The author of a third-party notice is
/// never among it, nor is anything shown of the text: it may hold what is protected later.
///
/// `kernel::search` is written in parallel; the call belongs here and nowhere else.
#[allow(clippy::unused_async)]
async fn index(_tx: &mut Tx, _ctx: &Ctx, _room: RoomId, _card: &ConsultationCard) -> Result<()> {
    Ok(())
}
