//! Choices shown all at once, and groups of fields that repeat.

use maud::{Markup, html};

use super::fields::{FieldSpec, field_class, label_text, support};
use crate::form::Form;

/// From this many choices on, a box to narrow the list down appears (with scripts on).
const FILTER_FROM: usize = 12;

/// One choice out of a few. `options` are (code, label).
pub fn radio_group(form: &Form, spec: FieldSpec, options: &[(&str, &str)]) -> Markup {
    group(form, &spec, options, "radio")
}

/// Any number of choices. `options` are (code, label).
pub fn check_group(form: &Form, spec: FieldSpec, options: &[(&str, &str)]) -> Markup {
    group(form, &spec, options, "checkbox")
}

fn group(form: &Form, spec: &FieldSpec, options: &[(&str, &str)], kind: &str) -> Markup {
    let id = form.id_of(&spec.name);
    let filter = (options.len() >= FILTER_FROM).then_some("choices");
    // The first choice carries the field's id, so that the error summary leads to it.
    let id_at = |place: usize| {
        if place == 0 {
            id.clone()
        } else {
            format!("{id}-{place}")
        }
    };
    html! {
        fieldset class=(field_class(form, spec)) aria-describedby=[spec.described_by(form)]
            data-filter=[filter] {
            legend.label { (label_text(spec)) }
            (support(form, spec))
            div.choices.choices-line[fits_a_line(options)] {
                @for (place, (code, label)) in options.iter().enumerate() {
                    div.choice {
                        input type=(kind) id=(id_at(place)) name=(spec.name) value=(code)
                            checked[form.is_checked(&spec.name, code)]
                            required[spec.required && kind == "radio"];
                        label for=(id_at(place)) { (label) }
                    }
                }
            }
        }
    }
}

/// A few short words stand on one line, one after the other; more of them in columns.
fn fits_a_line(options: &[(&str, &str)]) -> bool {
    options.len() <= 6 && options.iter().all(|(_, label)| label.chars().count() <= 12)
}

/// One box to tick; read it with [`Form::flag`]. The value sent is `1`.
pub fn check_box(form: &Form, spec: FieldSpec) -> Markup {
    let id = form.id_of(&spec.name);
    html! {
        div class=(field_class(form, &spec)) {
            div.choice {
                input type="checkbox" id=(id) name=(spec.name) value="1"
                    checked[form.flag(&spec.name)] required[spec.required]
                    aria-describedby=[spec.described_by(form)];
                label for=(id) { (label_text(&spec)) }
            }
            (support(form, &spec))
        }
    }
}

/// Rows of the same fields: members of a household, issues.
///
/// `row` draws the fields of one row; their names must be `{prefix}[{number}].…`, which is what
/// [`Form::indexed`] finds again. The rows already in the form are drawn, or `at_least` empty
/// ones. With scripts on a button adds rows, from the model that lies unseen beside them, and each
/// row can be removed; with scripts off the button named `add_row` (value: the prefix) asks the
/// server for one more, the handler calls this again with a larger `at_least`, and the page opens
/// where the new row stands.
pub fn repeated_group(
    form: &Form,
    prefix: &str,
    legend: &str,
    add_label: &str,
    at_least: usize,
    row: impl Fn(usize) -> Markup,
) -> Markup {
    let mut numbers = form.indexed(prefix);
    let mut next = numbers.last().map_or(0, |last| last.saturating_add(1));
    while numbers.len() < at_least {
        numbers.push(next);
        next = next.saturating_add(1);
    }
    let asked = form.value("add_row") == prefix;
    let one = |place: usize, number: usize, new: bool| {
        html! {
            fieldset.repeated-row data-row=(number) tabindex=[new.then_some("-1")] autofocus[new] {
                legend.row-legend { (legend) " " span.row-number { (place + 1) } }
                (row(number))
            }
        }
    };
    html! {
        fieldset.repeated data-repeat=(prefix) data-next=(next) {
            legend.group-legend { (legend) }
            div.repeated-rows {
                @for (place, number) in numbers.iter().enumerate() {
                    (one(place, *number, asked && place + 1 == numbers.len()))
                }
            }
            template data-row-model { (one(numbers.len(), next, false)) }
            button.button.button-secondary type="submit" name="add_row" value=(prefix)
                formnovalidate data-add-row { (add_label) }
        }
    }
}
