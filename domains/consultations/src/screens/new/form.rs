//! The form, in the order of a call: what was said first, everything else if there is time.

use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, check_box, date_field, form_frame,
        notice, number_field, radio_group, repeated_group, select_field, submit_row, tag,
        text_area, text_field,
    },
    context::Ctx,
    form::{Form, borrowed},
};
use engawa_organisations::codes::CodeList;
use engawa_people::Sex;
use maud::{Markup, html};

use super::{Setting, parse::SUBJECTS};
use crate::{
    WhoCame,
    model::{DROPPED_REASONS, RESIDENCE},
    screens::{
        fields::{call_fields, contact_list, fold, issue_group},
        words::desk_options,
    },
};

const REQUEST: [&str; 6] = [
    "sender_body",
    "sender_person",
    "request_basis",
    "request_sign",
    "request_wanted",
    "reply_due_on",
];
const MORE: [&str; 5] = ["place", "heard_of", "why_not_earlier", "wishes", "notes"];
const GAP: [&str; 6] = [
    "dropped_where",
    "dropped_reason",
    "dropped_note",
    "dropped_days",
    "gap_kind",
    "gap_schemes",
];
const EMERGENCY: [&str; 7] = [
    "emergency",
    "emergency_kind",
    "call_body",
    "call_person",
    "call_basis",
    "call_note",
    "call_time",
];
const CONSULTER: [&str; 4] = [
    "consulter_name",
    "consulter_kana",
    "consulter_relation",
    "consulter_contact",
];

/// The whole form; `rows` people at least.
pub fn view(ctx: &Ctx, form: &Form, setting: &Setting, rows: usize) -> Markup {
    let words = &setting.words;
    let who = WhoCame::OPTIONS;
    let desks = desk_options(&setting.desks);
    let body = html! {
        (fold(form, "emergency", html! { (tag(TagKind::Alert, "緊急")) " 虐待・通報・命の危険のとき(連絡先を開く)" }, &EMERGENCY, html! {
            (notice(NoticeKind::Danger, "連絡先", contact_list(&setting.contacts)))
            (check_box(form, FieldSpec::new("emergency", "限定記録として保存する")
                .hint("保存したときから、あなたと窓口の管理者だけが開けます。管理者に知らせます。")))
            (call_fields(form, words, false))
        }))
        div.form-sides {
            div {
                (text_area(form, FieldSpec::new("words", "相談の内容")
                    .hint("話されたとおりに。ここだけで保存できます。").required().maxlength(20_000).rows(8)))
                // Within a minute from the phone ringing: the words, Tab, Enter.
                (submit_row(button(ButtonKind::Primary, "ここまでの内容で保存する", None)))
            }
            div {
                (radio_group(form, FieldSpec::new("who", "来談者(だれからの相談か)"), who))
                (radio_group(form, FieldSpec::new("urgency", "緊急度"), &words.options(CodeList::Urgency)))
                (select_field(form, FieldSpec::new("channel", "相談の方法").national(), &words.options(CodeList::Channel)))
                (select_field(form, FieldSpec::new("route", "相談の経路").national()
                    .hint("選ばなければ、来談者に合わせて決まります。"), &words.options(CodeList::Route)))
            }
        }
        (repeated_group(form, SUBJECTS, "相談の対象となる人(本人)", "人を追加", rows, |n| subject(form, n)))
        (fold(form, "consulter", "来談者(本人以外のとき)の氏名・連絡先", &CONSULTER, html! {
            p.hint { "情報提供のときは、本人の記録・開示の印刷・ケースには出ません。" }
            div.fields-two {
                (text_field(form, FieldSpec::new("consulter_name", "来談者の氏名").maxlength(100)))
                (text_field(form, FieldSpec::new("consulter_kana", "来談者のふりがな").maxlength(100)))
                (text_field(form, FieldSpec::new("consulter_relation", "本人との関係").hint("例: 長女、隣人、民生委員").maxlength(100)))
                (text_field(form, FieldSpec::new("consulter_contact", "来談者の連絡先").maxlength(200)))
            }
        }))
        (issue_group(form, words))
        (fold(form, "more", "くわしく書く(知ったきっかけ・配慮の希望・備考)", &MORE, html! {
            (text_area(form, FieldSpec::new("wishes", "配慮を希望されること")
                .hint("例: 電話は夜だけ、家族に知られたくない").maxlength(2_000).rows(2)))
            (text_field(form, FieldSpec::new("place", "聞いた場所・行事").maxlength(200)))
            (text_field(form, FieldSpec::new("heard_of", "どこで知ったか").maxlength(500)))
            (text_area(form, FieldSpec::new("why_not_earlier", "もっと早く相談しなかった理由").maxlength(2_000).rows(2)))
            (text_area(form, FieldSpec::new("notes", "備考").maxlength(5_000).rows(3)))
        }))
        (fold(form, "request", "専門機関・庁内の課からの依頼や気づき", &REQUEST, request(form)))
        (fold(form, "gap", "ほかの窓口で受け止められなかった・制度の狭間", &GAP, gap(form)))
        (fold(form, "received", "受付の日時・窓口を変える", &["received_on", "received_time", "desk"], html! {
            (date_field(form, FieldSpec::new("received_on", "受付日").national()))
            (text_field(form, FieldSpec::new("received_time", "受付時刻").hint("例: 10:05、午後2時").short()))
            (select_field(form, FieldSpec::new("desk", "受付窓口"), &borrowed(&desks)))
        }))
        (submit_row(button(ButtonKind::Primary, "保存する", None)))
    };
    form_frame("/consultations/new", ctx.csrf(), form, body)
}

fn subject(form: &Form, n: usize) -> Markup {
    let name = |field: &str| format!("{SUBJECTS}[{n}].{field}");
    let more = [name("relation"), name("residence"), name("residence_place")];
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    html! { div.fields-two {
        (text_field(form, FieldSpec::new(name("name"), "氏名").hint("分からなければ空けておきます(匿名として保存)。").maxlength(100)))
        (text_field(form, FieldSpec::new(name("kana"), "ふりがな").maxlength(100)))
        (text_field(form, FieldSpec::new(name("label"), "呼び名").hint("氏名が分からないとき。例: 3丁目の女性").maxlength(50)))
        (date_field(form, FieldSpec::new(name("birth"), "生年月日・年齢").national().age()
            .hint("例: S25.3.4、昭和25年、70代、不詳")))
        (radio_group(form, FieldSpec::new(name("sex"), "性別").national(), Sex::OPTIONS))
        (text_field(form, FieldSpec::new(name("phone"), "電話").inputmode("tel").maxlength(50)))
        div.wide { (text_field(form, FieldSpec::new(name("address"), "住所・居所").maxlength(300))) }
        (fold(form, &format!("{SUBJECTS}-{n}-more"), "来談者との関係・市外の人", &more, html! {
            (text_field(form, FieldSpec::new(name("relation"), "来談者との関係").hint("来談者から見て。例: 母、隣の人").maxlength(100)))
            (select_field(form, FieldSpec::new(name("residence"), "住まいの区分"), &RESIDENCE))
            (text_field(form, FieldSpec::new(name("residence_place"), "他市町村の名前").maxlength(100)))
        }))
    } }
}

fn request(form: &Form) -> Markup {
    html! {
        (text_field(form, FieldSpec::new("sender_body", "依頼元の機関・課").maxlength(200)))
        (text_field(form, FieldSpec::new("sender_person", "依頼元の担当者").maxlength(100)))
        (text_field(form, FieldSpec::new("request_basis", "根拠(法令・本人の同意など)").maxlength(500)))
        (text_area(form, FieldSpec::new("request_sign", "気づいたこと").hint("例: 滞納、給水停止、欠席が続く").maxlength(2_000).rows(2)))
        (text_area(form, FieldSpec::new("request_wanted", "依頼の内容").maxlength(2_000).rows(2)))
        (date_field(form, FieldSpec::new("reply_due_on", "回答期限")))
    }
}

fn gap(form: &Form) -> Markup {
    html! {
        (text_field(form, FieldSpec::new("dropped_where", "初めに相談した窓口").maxlength(200)))
        (select_field(form, FieldSpec::new("dropped_reason", "受け止められなかった理由"), &DROPPED_REASONS))
        (text_area(form, FieldSpec::new("dropped_note", "受け止められなかった事情").maxlength(2_000).rows(2)))
        (number_field(form, FieldSpec::new("dropped_days", "失われた日数").hint("初めに相談した日から今日まで")))
        (text_field(form, FieldSpec::new("gap_kind", "どの制度にも当てはまらないこと").hint("書くと「制度の狭間」として数え、担当はあなたの窓口に残ります。").maxlength(200)))
        (text_area(form, FieldSpec::new("gap_schemes", "確かめた制度と、使えない理由").maxlength(2_000).rows(3)))
    }
}
