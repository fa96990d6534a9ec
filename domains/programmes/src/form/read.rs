//! A read sheet as fields of the form: its text, its figure, the words it was read from and what the
//! reader doubted.

use engawa_plansheet::PlanSheet;
use serde_json::Value;

use super::{Block, Field};
use crate::model::{BlockState, FieldValue};

/// What a sheet says.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// Every field of the form, blank ones too.
    pub fields: Vec<(Field, FieldValue)>,
    /// What the ○ and the text say of each programme.
    pub states: Vec<(Block, BlockState)>,
}

/// Takes a read sheet apart. Every doubt of the reader ends at a field, so that somebody looks there.
#[must_use]
pub fn of_sheet(sheet: &PlanSheet) -> Read {
    let json = serde_json::to_value(sheet).unwrap_or_default();
    let mut fields: Vec<(Field, FieldValue)> = Field::ALL
        .into_iter()
        .map(|field| {
            let mut value = of_json(at(&json, field.as_code()), field);
            value.raw = sheet
                .quotes
                .iter()
                .find(|quote| quote.field == field.as_code())
                .map(|quote| quote.words.trim().to_owned())
                .filter(|raw| *raw != value.text)
                .unwrap_or_default();
            if value.text.is_empty() && !value.raw.is_empty() {
                // Words where the form wants a figure (「未集計」) are kept as they are.
                value = FieldValue::written(field, &value.raw);
            }
            (field, value)
        })
        .collect();
    for warning in &sheet.warnings {
        let (path, doubt) = warning.split_once(": ").unwrap_or(("", warning));
        let field = field_of(path);
        if let Some((_, value)) = fields.iter_mut().find(|(known, _)| *known == field) {
            if !value.doubt.is_empty() {
                value.doubt.push('\n');
            }
            value.doubt.push_str(doubt);
        }
    }
    let marks = [
        (Block::Community, sheet.programmes.community_strengthening),
        (Block::MultiAgency, sheet.programmes.multi_agency),
        (Block::Prefectural, sheet.programmes.prefectural),
    ];
    let states = marks
        .into_iter()
        .map(|(block, marked)| {
            let filled = fields
                .iter()
                .any(|(field, value)| field.block() == block && !value.text.is_empty());
            let state = match (marked, filled) {
                (true, _) => BlockState::Marked,
                (false, true) => BlockState::FilledUnmarked,
                (false, false) => BlockState::Absent,
            };
            (block, state)
        })
        .collect();
    Read { fields, states }
}

fn at<'a>(json: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(json, |value, key| &value[key])
}

fn of_json(value: &Value, field: Field) -> FieldValue {
    match value {
        Value::String(text) => FieldValue::written(field, text),
        Value::Number(number) => FieldValue::figure(&number.to_string(), ""),
        Value::Object(rate) => FieldValue::figure(
            &rate.get("value").map(Value::to_string).unwrap_or_default(),
            rate.get("unit").and_then(Value::as_str).unwrap_or_default(),
        ),
        _ => FieldValue::default(),
    }
}

/// The field at a warning's path; the first of its block where the path names no single one.
fn field_of(path: &str) -> Field {
    let path = path.strip_prefix("programmes.").unwrap_or(path);
    Field::from_code(path)
        .or_else(|| {
            Field::ALL.into_iter().find(|field| {
                field
                    .as_code()
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('.'))
            })
        })
        .unwrap_or(Field::Municipality)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engawa_plansheet::{CommunityStrengthening, Profile, Programmes, Quote, Rate};

    #[test]
    fn figures_keep_their_words_and_doubts_stand_at_a_field() {
        let sheet = PlanSheet {
            prefecture: Some("例示県".into()),
            municipality: Some("縁側市".into()),
            programmes: Programmes::default(),
            profile: Profile {
                population: Some(54_321),
                welfare_rate: Some(Rate {
                    value: 11.1,
                    unit: Some("‰".into()),
                }),
                ..Profile::default()
            },
            community_strengthening: Some(CommunityStrengthening {
                need: Some("ひとり暮らしが多い".into()),
                ..CommunityStrengthening::default()
            }),
            warnings: vec![
                "profile.welfare_rate: 高すぎます。".into(),
                "programmes.community_strengthening: ○がありません。".into(),
                "どこでもない".into(),
            ],
            quotes: vec![Quote {
                field: "profile.population".into(),
                words: "５４，３２１（人）".into(),
            }],
            ..PlanSheet::default()
        };
        let read = of_sheet(&sheet);
        let of = |field: Field| {
            read.fields
                .iter()
                .find(|(f, _)| *f == field)
                .map(|(_, v)| v)
        };
        let population = of(Field::Population).unwrap();
        assert_eq!(
            (population.text.as_str(), population.number.as_str()),
            ("54,321", "54321")
        );
        assert_eq!(population.raw, "５４，３２１（人）");
        let rate = of(Field::WelfareRate).unwrap();
        assert_eq!((rate.text.as_str(), rate.unit.as_str()), ("11.1‰", "‰"));
        assert_eq!(rate.doubt, "高すぎます。");
        assert!(of(Field::CommunityImplementer).unwrap().doubt.contains('○'));
        assert!(
            of(Field::Municipality)
                .unwrap()
                .doubt
                .contains("どこでもない")
        );
        assert_eq!(read.states[0].1, BlockState::FilledUnmarked);
        assert_eq!(read.states[1].1, BlockState::Absent);
    }
}
