//! A sheet's figures beside the register: the newest to write down, and those that say otherwise.

use std::collections::HashMap;

use engawa_kernel::{context::Ctx, db::Conn, error::Result};

use super::{Kept, kind_of};
use crate::{form::Field, model::FieldValue, store::figures};

/// The whole municipality's figures, by kind, newest first.
#[derive(Debug, Default)]
pub struct Beside {
    whole: HashMap<String, Vec<Kept>>,
    today: chrono::NaiveDate,
}

impl Beside {
    /// Reads them.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn of(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let mut whole: HashMap<String, Vec<Kept>> = HashMap::new();
        for kept in figures::whole(conn, ctx).await? {
            whole
                .entry(kept.figure.kind.clone())
                .or_default()
                .push(kept);
        }
        Ok(Self {
            whole,
            today: ctx.today(),
        })
    }

    fn all(&self, field: Field) -> &[Kept] {
        kind_of(field)
            .and_then(|kind| self.whole.get(kind))
            .map_or(&[], Vec::as_slice)
    }

    /// The newest figures for a field: all of one day, since two sources may differ; no forecasts.
    #[must_use]
    pub fn newest(&self, field: Field) -> Vec<&Kept> {
        let usable = |k: &&Kept| k.figure.as_of <= self.today && k.figure.sure.has_number();
        let day = self.all(field).iter().find(usable).map(|k| k.figure.as_of);
        self.all(field)
            .iter()
            .filter(usable)
            .filter(|k| Some(k.figure.as_of) == day)
            .collect()
    }

    /// The registered figures of the same day, when none of them says what the field says.
    #[must_use]
    pub fn otherwise(&self, field: Field, value: &FieldValue) -> Vec<&Kept> {
        let (Some(day), false) = (value.as_of, value.number.is_empty()) else {
            return Vec::new();
        };
        let same_day: Vec<&Kept> = self
            .all(field)
            .iter()
            .filter(|k| k.figure.as_of == day && k.figure.sure.has_number())
            .collect();
        let number = value.number.parse::<f64>().ok();
        let unit = if value.unit.is_empty() {
            field.printed_unit()
        } else {
            &value.unit
        };
        let agrees =
            |k: &&Kept| k.figure.value() == number && super::rules::same_unit(&k.figure.unit, unit);
        if same_day.iter().any(agrees) {
            Vec::new()
        } else {
            same_day
        }
    }
}
