//! Filled-in municipal plan sheets, read from the text that a conversion left of them.
//!
//! | file | what it holds |
//! |---|---|
//! | `decode.rs` | [`decode`]: bytes to text (UTF-8, UTF-16, cp932) |
//! | `markup.rs`, `lines.rs` | HTML debris and white space away; rows of cells of paragraphs |
//! | `fold.rs` | text as labels are compared; how far two texts are apart |
//! | `labels.rs` | the form's labels as one table |
//! | `ordinal.rs`, `recognise.rs`, `scan.rs` | where a label stands, damaged ones too; the words between |
//! | `resolve.rs` | which field a label means that the form prints several times |
//! | `form.rs`, `tail.rs`, `merge.rs` | the walk: words to fields, attachments, copies read once |
//! | `assemble.rs`, `model.rs` | the fields in their shape: [`PlanSheet`] |
//! | `head.rs`, `profile.rs`, `figures.rs` | names and ○ marks; 1-1 and its figures |
//! | `warnings.rs`, `missing.rs` | what the sheet itself contradicts; labels that are nowhere |
//!
//! The crate reasons about the form, never about a place: it knows no municipality's name. It
//! keeps nothing, reads no clock and touches no file. Its work grows in step with the text.

mod assemble;
mod decode;
mod error;
mod figures;
mod fold;
mod form;
mod head;
mod labels;
mod lines;
mod markup;
mod merge;
mod missing;
mod model;
mod ordinal;
mod profile;
mod recognise;
mod resolve;
mod scan;
mod tail;
mod warnings;

use assemble::Fields;
use warnings::Warnings;

pub use decode::decode;
pub use error::ParseError;
pub use model::{
    Backup, Base, CommunityActivity, CommunityDesk, CommunityStrengthening, Desk, Meeting,
    MultiAgency, PlanSheet, Prefectural, Profile, Programmes, Quote, Rate, Specialist, Targeted,
    Vision,
};

/// Largest sheet accepted, in bytes (1 MB as officers count it). Real ones have about 20,000.
pub const MAX_BYTES: usize = 1024 * 1024;
/// With fewer different labels than this a text is no plan sheet.
const FEWEST_LABELS: usize = 4;

/// Reads a plan sheet.
///
/// What the sheet leaves blank is `None`; everything doubtful is in [`PlanSheet::warnings`].
///
/// # Errors
/// [`ParseError::TooLarge`] above [`MAX_BYTES`], [`ParseError::Empty`] without a letter,
/// [`ParseError::NotASheet`] when hardly any label of the form is there.
pub fn parse(text: &str) -> Result<PlanSheet, ParseError> {
    if text.len() > MAX_BYTES {
        return Err(ParseError::TooLarge { bytes: text.len() });
    }
    let rows = lines::rows(text);
    if rows.iter().all(lines::Row::is_blank) {
        return Err(ParseError::Empty);
    }
    let mut warnings = Warnings::default();
    let mut quotes = Vec::new();
    let reading = form::walk(&rows);
    let top = rows.get(..reading.profile_start).unwrap_or_default();
    let table = rows
        .get(reading.profile_start..reading.profile_end)
        .unwrap_or_default();
    // without the heading 1-1 the table stands right below the names
    let top = if top.is_empty() { table } else { top };
    let head = head::head(top, &mut warnings, &mut quotes);
    let (profile, profile_labels) = profile::profile(table, &mut warnings, &mut quotes);
    if head.labels + profile_labels + reading.values.len() < FEWEST_LABELS {
        return Err(ParseError::NotASheet);
    }
    for block in &reading.unheaded {
        if let Some((path, name)) = block_name(*block) {
            warnings.add(
                path,
                format!("「{name}」の見出しがないまま、その欄が始まっています。"),
            );
        }
    }
    missing::check(&reading, &mut warnings);
    let mut fields = Fields::new(&reading, &mut warnings);
    let mut sheet = PlanSheet {
        prefecture: head.prefecture,
        municipality: head.municipality,
        profile,
        features: fields.features(),
        vision: fields.vision(),
        community_strengthening: fields.community(),
        multi_agency: fields.multi_agency(),
        prefectural: fields.prefectural(),
        attachments: Some(reading.attachments.join("\n")).filter(|text| !text.is_empty()),
        quotes,
        ..PlanSheet::default()
    };
    let filled = [
        sheet.community_strengthening.is_some(),
        sheet.multi_agency.is_some(),
        sheet.prefectural.is_some(),
    ];
    sheet.programmes = head.marks.meant(filled, &mut warnings);
    warnings::check(&sheet, &mut warnings);
    sheet.warnings = warnings.into_vec();
    Ok(sheet)
}

fn block_name(block: labels::Block) -> Option<(&'static str, &'static str)> {
    match block {
        labels::Block::Vision => Some(("vision", "2. 事業を実施する上でのビジョンについて")),
        labels::Block::Community => {
            Some(("community_strengthening", "3. 地域力強化推進事業について"))
        }
        labels::Block::MultiAgency => Some((
            "multi_agency",
            "4. 多機関の協働による包括的支援体制構築事業について",
        )),
        labels::Block::Prefectural => Some(("prefectural", "5. 都道府県事業について")),
        labels::Block::Head | labels::Block::Profile | labels::Block::Features => None,
    }
}
