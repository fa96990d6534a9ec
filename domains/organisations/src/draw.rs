//! The fields of a record as a form and as a page.

use engawa_kernel::{
    components::{
        Conflict, FieldSpec, check_box, check_group, date_field, details, number_field,
        repeated_group, select_field, text_area, text_field,
    },
    form::{Form, Posted},
    text::{
        fiscal::FiscalYear,
        wareki::{Calendar, format_date, format_short},
    },
};
use maud::{Markup, html};

use crate::{
    choices::Choices,
    field::{Field, Kind, Record},
};

/// The fields of a form. `more` names the group to which the user without scripts adds a row.
pub(crate) fn fields(
    form: &Form,
    fields: &'static [Field],
    choices: &Choices,
    more: &str,
) -> Markup {
    let (seldom, often): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|f| f.seldom);
    let draw = |fields: &[&Field]| html! { @for field in fields { (one(form, field, field.key, choices, more)) } };
    let open = seldom.iter().any(|f| holds(form, f, more));
    html! {
        (draw(&often))
        @if open { (draw(&seldom)) }
        @else if !seldom.is_empty() {
            @let labels: Vec<&str> = seldom.iter().map(|f| f.label).collect();
            (details(&format!("ほかの項目（{}）", labels.join("、")), draw(&seldom)))
        }
    }
}

/// Whether there is something to see in a field: a value, a message, a row just asked for.
fn holds(form: &Form, field: &Field, more: &str) -> bool {
    more == field.key
        || !form.value(field.key).is_empty()
        || !form.indexed(field.key).is_empty()
        || form
            .errors()
            .iter()
            .any(|e| e.field == field.key || e.field.starts_with(&format!("{}[", field.key)))
}

fn one(form: &Form, field: &Field, name: &str, choices: &Choices, more: &str) -> Markup {
    let mut spec = FieldSpec::new(name.to_owned(), field.label);
    if !field.hint.is_empty() {
        spec = spec.hint(field.hint);
    }
    if field.required {
        spec = spec.required();
    }
    match field.kind {
        Kind::Line(max) if max <= 20 => text_field(form, spec.maxlength(max).short()),
        Kind::Line(max) => text_field(form, spec.maxlength(max)),
        Kind::Lines(max) => text_area(form, spec.maxlength(max)),
        Kind::Day => date_field(form, spec),
        Kind::Year => text_field(form, spec.short()),
        Kind::Number(..) => number_field(form, spec),
        Kind::Flag => check_box(form, spec),
        Kind::Pick(source) => {
            let kept = form.value(name).to_owned();
            select_field(form, spec, &choices.options(source, &[&kept]))
        }
        Kind::Picks(source) => {
            let kept = form.values(name);
            check_group(form, spec, &choices.options(source, &kept))
        }
        Kind::Rows(inner) => {
            let have = form.indexed(name).len();
            let at_least = if more == name { have + 1 } else { have.max(1) };
            html! {
                @if let Some(message) = form.error_of(name) { p.field-error id=(form.id_of(name)) { (message) } }
                @if !field.hint.is_empty() { p.hint { (field.hint) } }
                (repeated_group(form, name, field.label, &format!("{}を追加", field.label), at_least, |n| {
                    let at = |f: &Field| format!("{name}[{n}].{}", f.key);
                    // A row that is left empty is no row: nothing in it must be filled in.
                    let empty = inner.iter().all(|f| form.value(&at(f)).trim().is_empty());
                    html! {
                        @for f in inner {
                            @let asked = Field { required: f.required && !empty, ..*f };
                            (one(form, &asked, &at(f), choices, more))
                        }
                    }
                }))
            }
        }
    }
}

/// A form holding a record, days as this user likes them.
pub(crate) fn form_of(record: &Record, fields: &'static [Field], calendar: Calendar) -> Form {
    let mut form = Form::blank();
    form.version = Some(record.version);
    for (name, value) in &record.fields {
        let value = match kind_of(fields, name) {
            Some(Kind::Day) => value
                .parse()
                .map_or_else(|_| value.clone(), |day| format_short(day, calendar)),
            _ => value.clone(),
        };
        form.prefill(name, value);
    }
    form
}

/// The kind of a field by its name in the form.
fn kind_of(fields: &'static [Field], name: &str) -> Option<Kind> {
    find(fields, name).map(|f| f.kind)
}

fn find(fields: &'static [Field], name: &str) -> Option<&'static Field> {
    match name.split_once('[') {
        None => fields.iter().find(|f| f.key == name),
        Some((group, rest)) => {
            let key = rest.split_once("].")?.1;
            match fields.iter().find(|f| f.key == group)?.kind {
                Kind::Rows(inner) => inner.iter().find(|f| f.key == key),
                _ => None,
            }
        }
    }
}

/// A field's value in words.
pub(crate) fn shown(
    record: &Record,
    field: &Field,
    choices: &Choices,
    calendar: Calendar,
) -> Markup {
    match field.kind {
        Kind::Rows(inner) => {
            let rows = record.next_row(field.key);
            html! {
                @if rows == 0 { "—" } @else {
                    ul {
                        @for n in 0..rows {
                            @let words: Vec<String> = inner.iter()
                                .map(|f| words(&values(record, &format!("{}[{n}].{}", field.key, f.key)), f, choices, calendar)
                                    .map_or_else(String::new, |w| if f.label.is_empty() || matches!(f.kind, Kind::Pick(_)) { w } else { format!("{} {w}", f.label) }))
                                .filter(|w| !w.is_empty()).collect();
                            li { (words.join("、")) }
                        }
                    }
                }
            }
        }
        _ => match words(&values(record, field.key), field, choices, calendar) {
            Some(text) => html! { @for line in text.lines() { (line) br; } },
            None => html! { "—" },
        },
    }
}

fn values<'a>(record: &'a Record, name: &str) -> Vec<&'a str> {
    record
        .fields
        .iter()
        .filter(|(n, _)| n == name)
        .map(|(_, v)| v.as_str())
        .collect()
}

fn words(values: &[&str], field: &Field, choices: &Choices, calendar: Calendar) -> Option<String> {
    if values.is_empty() {
        return None;
    }
    let each = values.iter().map(|v| match field.kind {
        Kind::Pick(source) | Kind::Picks(source) => choices.label(source, v).to_owned(),
        Kind::Day => v
            .parse()
            .map_or_else(|_| (*v).to_owned(), |d| format_date(d, calendar)),
        Kind::Year => v
            .parse()
            .map_or_else(|_| (*v).to_owned(), FiscalYear::label),
        Kind::Flag => "はい".to_owned(),
        _ => (*v).to_owned(),
    });
    Some(each.collect::<Vec<_>>().join("、"))
}

/// Numbers the rows of groups 0, 1, 2 …, so that two forms can be compared row by row.
fn renumbered(form: &Form, fields: &'static [Field]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for field in fields {
        match field.kind {
            Kind::Rows(inner) => {
                let mut next = 0_usize;
                for n in form.indexed(field.key) {
                    let row: Vec<(&str, &str)> = inner
                        .iter()
                        .map(|f| (f.key, form.value(&format!("{}[{n}].{}", field.key, f.key))))
                        .collect();
                    if row.iter().any(|(_, v)| !v.trim().is_empty()) {
                        out.extend(
                            row.iter().map(|(k, v)| {
                                (format!("{}[{next}].{k}", field.key), (*v).to_owned())
                            }),
                        );
                        next += 1;
                    }
                }
            }
            _ => out.extend(
                form.values(field.key)
                    .into_iter()
                    .map(|v| (field.key.to_owned(), v.to_owned())),
            ),
        }
    }
    out
}

/// Where what this user typed and what another saved differ; and the form to choose on.
pub(crate) fn conflicts(
    mine: &Form,
    theirs: &Record,
    fields: &'static [Field],
    choices: &Choices,
    calendar: Calendar,
) -> (Form, Vec<Conflict>) {
    let mine_pairs = renumbered(mine, fields);
    let their_pairs = renumbered(&form_of(theirs, fields, calendar), fields);
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in mine_pairs.iter().chain(&their_pairs) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let of = |pairs: &[(String, String)], name: &str| -> Vec<String> {
        pairs
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
            .collect()
    };
    let mut found = Vec::new();
    for name in names {
        let (a, b) = (of(&mine_pairs, name), of(&their_pairs, name));
        let bare = |v: &[String]| {
            v.iter()
                .filter(|t| !t.is_empty())
                .cloned()
                .collect::<Vec<_>>()
        };
        let Some(field) = find(fields, name).filter(|_| bare(&a) != bare(&b)) else {
            continue;
        };
        let row = name
            .split_once('[')
            .and_then(|(group, rest)| {
                let n: usize = rest.split_once(']')?.0.parse().ok()?;
                let group = fields.iter().find(|f| f.key == group)?;
                Some(format!("{} {} ", group.label, n + 1))
            })
            .unwrap_or_default();
        let label = format!("{row}{}", field.label);
        if matches!(field.kind, Kind::Line(_) | Kind::Lines(_)) {
            found.push(Conflict::text(name, &label, &a.concat(), &b.concat()));
        } else {
            let say = |v: &[String]| {
                let v: Vec<&str> = v
                    .iter()
                    .map(String::as_str)
                    .filter(|v| !v.is_empty())
                    .collect();
                match field.kind {
                    // Already as this user writes days.
                    Kind::Day => v.join("、"),
                    _ => words(&v, field, choices, calendar).unwrap_or_default(),
                }
            };
            let (a_shown, b_shown) = (say(&a), say(&b));
            found.push(Conflict::coded(name, &label, (a, a_shown), (b, b_shown)));
        }
    }
    let mut shown = Form::from_posted(Posted::from_pairs(mine_pairs));
    shown.once.clone_from(&mine.once);
    shown.draft_key.clone_from(&mine.draft_key);
    (shown, found)
}
