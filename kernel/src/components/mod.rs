//! The parts every screen is made of, on the Digital Agency's design tokens.
//!
//! Each part is a function that returns [`maud::Markup`]; what a person needs in order to use it
//! (a label, a caption, a name for a set of tabs) is an argument, so a part without it does not
//! compile. Values are escaped by maud. No part uses an inline style or script, and every part
//! works with scripts off; `web/ts` only makes them nicer.

mod case;
mod conflict;
mod fields;
mod frame;
mod groups;
mod lists;
mod marks;

pub use case::{
    TimelineItem, acts_and_two_columns, card, case_layout, three_columns, timeline, timeline_item,
    two_columns,
};
pub use conflict::{Conflict, ConflictInfo, conflict_view};
pub use fields::{
    FieldSpec, date_field, file_field, hidden, number_field, password_field, select_field,
    text_area, text_field,
};
pub use frame::{
    ButtonKind, button, error_summary, form_frame, link_button, submit_row, upload_form_frame,
};
pub use groups::{check_box, check_group, radio_group, repeated_group};
pub use lists::{
    Pages, Tab, definition_list, details, empty_state, lines, list_table, or_dash, pagination,
    progress, table, tabs, trail,
};
pub use marks::{NoticeKind, TagKind, badge, national_mark, notice, protected_mark, refusal, tag};

#[cfg(test)]
mod tests;
