//! The form of a 支援経過: the same for writing one and for correcting one.

use chrono::NaiveDate;
use engawa_kernel::{
    clock,
    components::{
        FieldSpec, check_box, check_group, date_field, details, number_field, radio_group,
        select_field, text_area, text_field,
    },
    context::Ctx,
    form::{Form, borrowed},
    text::wareki::{format_short, format_time, parse_date, parse_time},
};
use engawa_organisations::codes::{CodeList, Labels};
use maud::{Markup, html};

use super::parts::People;
use crate::model::{NewContact, Work};

/// Characters of a 支援経過 at most.
pub const TEXT: usize = 20_000;

/// An empty form: now, individual work; with the only person of the case, where there is one only.
pub fn blank(ctx: &Ctx, people: &People) -> Form {
    let mut form = Form::blank();
    let now = clock::local(ctx.now());
    form.prefill("on", format_short(now.date(), ctx.calendar));
    form.prefill("at", format_time(now.time()));
    form.prefill("work", Work::Individual.as_code());
    if let [only] = people.cards() {
        form.prefill("subject", only.id.to_string());
    }
    form
}

/// A form that holds a contact, for correcting it.
pub fn filled(ctx: &Ctx, c: &NewContact, version: i64) -> Form {
    let mut form = Form::blank();
    let at = clock::local(c.at);
    form.prefill("on", format_short(at.date(), ctx.calendar));
    form.prefill("at", format_time(at.time()));
    form.prefill("kind", c.kind.clone());
    for person in &c.subjects {
        form.prefill("subject", person.to_string());
    }
    form.prefill("text", c.body.clone());
    form.prefill(
        "minutes",
        c.minutes.map(|m| m.to_string()).unwrap_or_default(),
    );
    form.prefill("place", c.place.clone());
    form.prefill("work", c.work.as_code());
    if c.person_visible {
        form.prefill("person_visible", "1");
    }
    if c.third_party {
        form.prefill("third_party", "1");
    }
    let next = c.next_on.map(|d| format_short(d, ctx.calendar));
    form.prefill("next_on", next.unwrap_or_default());
    form.version = Some(version);
    form
}

/// Reads the form. Only people of this room can be with whom.
pub fn parse(
    form: &mut Form,
    ctx: &Ctx,
    labels: &Labels,
    kept_kind: &str,
    people: &People,
) -> Option<NewContact> {
    let today = ctx.today();
    let on = form.parsed("on", "日付", true, |t| parse_date(t, today));
    let at = form.parsed("at", "時刻", true, parse_time);
    if on.is_some_and(|on| on > today) {
        form.error(
            "on",
            "日付",
            "「日付」が先の日になっています。これからの予定は「次回予定日」に入力してください。",
        );
    }
    let kinds = labels.options_with(CodeList::ContactKind, &[kept_kind]);
    let kind = form.choice("kind", "対応方法", &kinds, true);
    let options = people.options();
    let subjects = form.choices("subject", "対象", &borrowed(&options), false);
    let body = form.text("text", "内容", TEXT, true);
    let minutes = form.integer("minutes", "所要時間", 0..=1440, false);
    let place = form.text("place", "場所", 200, false);
    let work = form
        .choice("work", "支援の区分", Work::OPTIONS, true)
        .and_then(|c| Work::from_code(&c));
    let next_on: Option<NaiveDate> = form.parsed("next_on", "次回予定日", false, |t| {
        parse_date(t, today)
    });
    if form.has_errors() {
        return None;
    }
    Some(NewContact {
        at: clock::from_local(on?.and_time(at?)),
        kind: kind?,
        minutes,
        place,
        work: work?,
        body,
        person_visible: form.flag("person_visible"),
        third_party: form.flag("third_party"),
        next_on,
        subjects: subjects.iter().filter_map(|s| s.parse().ok()).collect(),
    })
}

/// The fields.
pub fn fields(form: &Form, labels: &Labels, people: &People) -> Markup {
    let options = people.options();
    let kept = form.value("kind");
    html! {
        // One line for what is mostly as it stands, then the words: the page's most frequent act.
        div.field-row {
            (date_field(form, FieldSpec::new("on", "日付").required().hint("")))
            (text_field(form, FieldSpec::new("at", "時刻").required()))
            (select_field(form, FieldSpec::new("kind", "対応方法").required().national(),
                &labels.options_with(CodeList::ContactKind, &[kept])))
            (number_field(form, FieldSpec::new("minutes", "所要時間(分)")))
        }
        (text_area(form, FieldSpec::new("text", "内容").required().maxlength(TEXT).rows(3)))
        @if !options.is_empty() {
            (check_group(form, FieldSpec::new("subject", "対象")
                .hint("一緒に会った・話した人すべて。何人でも1件と数えます。"), &borrowed(&options)))
        }
        (details("場所・区分・印・次回予定日", html! {
            (text_field(form, FieldSpec::new("place", "場所").maxlength(200)
                .hint("秘匿されている人の住所や居場所は書かないでください。")))
            (radio_group(form, FieldSpec::new("work", "支援の区分").required(), Work::OPTIONS))
            (check_box(form, FieldSpec::new("person_visible", "本人に見せてよい内容")))
            (check_box(form, FieldSpec::new("third_party", "第三者から得た情報・支援者の評価を含む")
                .hint("開示の請求があったとき、分けて検討する印です。")))
            (date_field(form, FieldSpec::new("next_on", "次回予定日").hint("入力すると、その日のやることになります。例: R8.4.1")))
        }))
    }
}
