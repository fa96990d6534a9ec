//! Fields of one value. A label cannot be left out: [`FieldSpec::new`] asks for it.

use std::borrow::Cow;

use maud::{Markup, html};

use super::marks::national_mark;
use crate::form::{Form, grouped};

/// What a field is called and how it behaves. Start with [`FieldSpec::new`].
#[derive(Debug, Clone)]
pub struct FieldSpec<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) label: Cow<'a, str>,
    pub(super) hint: Option<Cow<'a, str>>,
    pub(super) required: bool,
    pub(super) national: bool,
    pub(super) autocomplete: &'a str,
    pub(super) maxlength: Option<usize>,
    pub(super) inputmode: Option<&'a str>,
    pub(super) rows: usize,
    pub(super) age: bool,
    pub(super) width: Width,
}

/// How wide the input is: the width tells how much is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Full,
    Short,
}

impl<'a> FieldSpec<'a> {
    /// A field with its name in the form and the label the user reads.
    pub fn new(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: None,
            required: false,
            national: false,
            autocomplete: "off",
            maxlength: None,
            inputmode: None,
            rows: 4,
            age: false,
            width: Width::Full,
        }
    }

    /// A line under the label that says what to write. An empty one leaves out the examples that a
    /// date field would show.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Marks the field 必須. The reader must be told too (`required = true`).
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The state counts this item: 太枠 and the mark 国報告.
    #[must_use]
    pub fn national(mut self) -> Self {
        self.national = true;
        self
    }

    /// The HTML autocomplete token. It is off unless set: a shared desk must not offer the last
    /// client's name.
    #[must_use]
    pub fn autocomplete(mut self, token: &'a str) -> Self {
        self.autocomplete = token;
        self
    }

    /// The limit in characters, shown and counted but not enforced by the browser: cutting off a
    /// pasted text would lose it silently. [`Form::text`] enforces it.
    #[must_use]
    pub fn maxlength(mut self, graphemes: usize) -> Self {
        self.maxlength = Some(graphemes);
        self
    }

    /// Which keyboard a phone offers (`numeric`, `tel`, `email`).
    #[must_use]
    pub fn inputmode(mut self, mode: &'a str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// Lines shown at first by a text area; it grows with the text.
    #[must_use]
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// Beside a date, shows the age as of today (birth dates).
    #[must_use]
    pub fn age(mut self) -> Self {
        self.age = true;
        self
    }

    /// A narrow input, for numbers and codes.
    #[must_use]
    pub fn short(mut self) -> Self {
        self.width = Width::Short;
        self
    }

    pub(super) fn input_class(&self) -> &'static str {
        match self.width {
            Width::Full => "input",
            Width::Short => "input input-short",
        }
    }

    fn limit_text(&self) -> Option<String> {
        Some(format!("{}文字まで", grouped(self.maxlength?)))
    }

    /// Ids of hint, limit and message, for `aria-describedby`.
    pub(super) fn described_by(&self, form: &Form) -> Option<String> {
        let id = form.id_of(&self.name);
        let mut ids = Vec::new();
        if self.hint.is_some() || self.maxlength.is_some() {
            ids.push(format!("{id}-hint"));
        }
        if form.error_of(&self.name).is_some() {
            ids.push(format!("{id}-error"));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// Label text with its marks, the same for single fields and groups.
pub(super) fn label_text(spec: &FieldSpec) -> Markup {
    html! {
        span.label-text { (spec.label) }
        @if spec.required { span.required-mark { "必須" } }
        @if spec.national { (national_mark()) }
    }
}

/// Hint and message of a field.
pub(super) fn support(form: &Form, spec: &FieldSpec) -> Markup {
    let id = form.id_of(&spec.name);
    let limit = spec.limit_text();
    html! {
        @if spec.hint.is_some() || limit.is_some() {
            // A limit is read only where the text comes near it; see web/ts/counter.ts.
            p.hint.limit-only[spec.hint.is_none()] id={ (id) "-hint" } {
                @if let Some(hint) = &spec.hint { (hint) }
                @if let Some(limit) = &limit {
                    @if spec.hint.is_some() { " " }
                    span.limit { (limit) }
                }
            }
        }
        @for error in form.errors().iter().filter(|error| error.field == spec.name).take(1) {
            p.field-error id={ (id) "-error" } {
                span.visually-hidden { "エラー: " } (error.message)
            }
        }
    }
}

pub(super) fn field_class(form: &Form, spec: &FieldSpec) -> String {
    let mut class = String::from("field");
    if spec.national {
        class.push_str(" national");
    }
    if form.error_of(&spec.name).is_some() {
        class.push_str(" has-error");
    }
    class
}

fn framed(form: &Form, spec: &FieldSpec, input: Markup) -> Markup {
    html! {
        div class=(field_class(form, spec)) {
            label.label for=(form.id_of(&spec.name)) { (label_text(spec)) }
            (support(form, spec))
            (input)
        }
    }
}

fn invalid(form: &Form, spec: &FieldSpec) -> Option<&'static str> {
    form.error_of(&spec.name).map(|_| "true")
}

/// One line of text.
pub fn text_field(form: &Form, spec: FieldSpec) -> Markup {
    input(form, &spec, "text", Some(form.value(&spec.name)))
}

/// A whole number, as text with the number keyboard: spinners change values by accident.
pub fn number_field(form: &Form, spec: FieldSpec) -> Markup {
    let spec = spec.inputmode("numeric").short();
    input(form, &spec, "text", Some(form.value(&spec.name)))
}

/// A password or one-time code that must not be shown. Its value is never sent back to the page.
pub fn password_field(form: &Form, spec: FieldSpec) -> Markup {
    input(form, &spec, "password", None)
}

/// A file to attach; the form must be an [`super::upload_form_frame`]. `accept` as in HTML.
pub fn file_field(form: &Form, spec: FieldSpec, accept: &str) -> Markup {
    let control = html! {
        input.input-file type="file" id=(form.id_of(&spec.name)) name=(spec.name)
            accept=(accept) required[spec.required]
            aria-invalid=[invalid(form, &spec)] aria-describedby=[spec.described_by(form)];
    };
    framed(form, &spec, control)
}

fn input(form: &Form, spec: &FieldSpec, kind: &str, value: Option<&str>) -> Markup {
    let control = html! {
        input class=(spec.input_class()) type=(kind) id=(form.id_of(&spec.name)) name=(spec.name)
            value=[value] autocomplete=(spec.autocomplete) inputmode=[spec.inputmode]
            required[spec.required] data-max=[spec.maxlength]
            aria-invalid=[invalid(form, spec)] aria-describedby=[spec.described_by(form)];
    };
    framed(form, spec, control)
}

/// Several lines of text; grows with what is written.
pub fn text_area(form: &Form, spec: FieldSpec) -> Markup {
    let control = html! {
        textarea class=(spec.input_class()) id=(form.id_of(&spec.name)) name=(spec.name)
            rows=(spec.rows) autocomplete=(spec.autocomplete) required[spec.required]
            data-max=[spec.maxlength]
            aria-invalid=[invalid(form, &spec)] aria-describedby=[spec.described_by(form)] {
            // HTML drops one line end after the tag; this one is there to be dropped.
            "\n" (form.value(&spec.name))
        }
    };
    framed(form, &spec, control)
}

/// A date as people write it: 和暦, 西暦 or 今日. Kept as text until a reader parses it; the page
/// shows beside it how it was understood.
pub fn date_field(form: &Form, spec: FieldSpec) -> Markup {
    let mut spec = spec;
    if spec.hint.is_none() {
        spec.hint = Some(Cow::Borrowed(if spec.age {
            "例: S25.3.4、昭和25年3月4日、1950-03-04"
        } else {
            "例: R8.4.1、2026-04-01、今日"
        }));
    }
    spec.hint = spec.hint.filter(|hint| !hint.is_empty());
    let id = form.id_of(&spec.name);
    let described = match spec.described_by(form) {
        Some(ids) => format!("{ids} {id}-read"),
        None => format!("{id}-read"),
    };
    let control = html! {
        div.date-row {
            input.input.input-date type="text" id=(id) name=(spec.name)
                value=(form.value(&spec.name)) autocomplete=(spec.autocomplete)
                inputmode=[spec.inputmode] required[spec.required]
                data-date=(if spec.age { "birth" } else { "day" })
                aria-invalid=[invalid(form, &spec)] aria-describedby=(described);
            output.date-read id={ (id) "-read" } for=(id) {}
        }
    };
    framed(form, &spec, control)
}

/// One choice out of a long list. For seven or fewer prefer [`super::radio_group`].
/// `options` are (code, label).
pub fn select_field(form: &Form, spec: FieldSpec, options: &[(&str, &str)]) -> Markup {
    let value = form.value(&spec.name);
    let control = html! {
        select class=(spec.input_class()) id=(form.id_of(&spec.name)) name=(spec.name)
            autocomplete=(spec.autocomplete) required[spec.required]
            aria-invalid=[invalid(form, &spec)] aria-describedby=[spec.described_by(form)] {
            option value="" selected[value.is_empty()] { "選んでください" }
            @for (code, label) in options {
                option value=(code) selected[*code == value && !value.is_empty()] { (label) }
            }
        }
    };
    framed(form, &spec, control)
}

/// A hidden value.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}
