//! The lines themselves, in the order of the sheet: 配慮 on top.

use engawa_kernel::{context::Ctx, db::Conn, error::Result, id::DeskId, text::wareki};
use engawa_organisations::codes::{CodeList, Labels};
use engawa_people::ConsentItem;

use super::Included;
use crate::{
    model::{Content, Line},
    rules::sharing::{self, Clearance},
};

/// Of nobody in particular: what the form itself says, never what somebody wrote.
const NOT_PERSONAL: &str = "本人の情報ではない";

/// All lines; notes with each person what of theirs stands in them.
pub(super) async fn lines(
    conn: &mut Conn,
    ctx: &Ctx,
    content: &Content,
    included: &mut [Included],
    labels: &Labels,
    clearance: &Clearance,
    from: DeskId,
) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let grounds: Vec<&str> = included
        .iter()
        .filter(|p| p.may(ConsentItem::Consultation))
        .map(|p| p.why.as_str())
        .collect();
    let speaking = clearance.why(&grounds);
    text(
        &mut lines,
        "配慮",
        "配慮を希望されること",
        &content.wishes,
        &speaking,
    );
    plain(&mut lines, "依頼", "依頼の種類", content.kind.label());
    let names = engawa_organisations::desk_names(conn, &[from]).await?;
    let sender = names.get(&from).map_or("", String::as_str);
    plain(
        &mut lines,
        "依頼",
        "紹介元",
        &format!("{sender}　{}", ctx.actor.name),
    );
    plain(&mut lines, "依頼", "緊急度", content.urgency.label());
    let due = wareki::format_date(content.reply_due_on, ctx.calendar);
    plain(&mut lines, "依頼", "返事の期日", &due);
    text(
        &mut lines,
        "依頼",
        "お願いしたいこと",
        &content.asked,
        &speaking,
    );
    text(
        &mut lines,
        "依頼",
        "紹介する理由",
        &content.reason,
        &speaking,
    );
    for person in included.iter_mut() {
        about(ctx, &mut lines, person);
    }
    worries(content, included, labels, &mut lines);
    text(
        &mut lines,
        "相談の内容",
        "相談したいこと",
        &content.words,
        &speaking,
    );
    if content.texts().iter().any(|(_, t)| !t.trim().is_empty()) {
        for person in included
            .iter_mut()
            .filter(|p| p.may(ConsentItem::Consultation))
        {
            person.gives(ConsentItem::Consultation);
        }
    }
    Ok(lines)
}

/// That the sender has read the texts once more. The receiver reads it too.
pub(super) fn checked() -> Line {
    Line {
        section: "文章の確認".into(),
        label: "送り手の確認".into(),
        text: sharing::CHECKED.into(),
        hidden: false,
        why: NOT_PERSONAL.into(),
    }
}

fn plain(lines: &mut Vec<Line>, section: &str, label: &str, said: &str) {
    text(lines, section, label, said, NOT_PERSONAL);
}

fn text(lines: &mut Vec<Line>, section: &str, label: &str, said: &str, why: &str) {
    if !said.trim().is_empty() {
        lines.push(Line {
            section: section.into(),
            label: label.into(),
            text: said.into(),
            hidden: false,
            why: why.into(),
        });
    }
}

/// 氏名, 性別, 生年月日, 住所, 電話, 続柄; what is protected stays withheld whatever was agreed.
fn about(ctx: &Ctx, lines: &mut Vec<Line>, person: &mut Included) {
    let card = person.card.clone();
    let why = person.why.clone();
    let section = format!("本人・家族　{}", card.shown_name);
    let mut add = |label: &str, said: &str| text(lines, &section, label, said, &why);
    add("氏名", &card.shown_name);
    if card.kana != card.shown_name {
        add("ふりがな", &card.kana);
    }
    add("性別", card.sex.label());
    let birth = card.birth.display(ctx.calendar);
    add("生年月日", &format!("{birth}（{}）", card.age_text));
    for (label, value) in [("住所・居所", &card.address), ("電話", &card.phones)] {
        match value.shown() {
            Some(said) => text(lines, &section, label, said, &why),
            None => lines.push(Line {
                section: section.clone(),
                label: label.into(),
                text: String::new(),
                hidden: true,
                why: "秘匿のため、同意があっても載せません".into(),
            }),
        }
    }
    person.gives(ConsentItem::Basic);
    if !person.relation.is_empty() && person.may(ConsentItem::Family) {
        text(lines, &section, "続柄", &person.relation.clone(), &why);
        person.gives(ConsentItem::Family);
    }
}

fn worries(content: &Content, included: &mut [Included], labels: &Labels, lines: &mut Vec<Line>) {
    for (code, whose) in &content.issues {
        let item = sharing::item_of_issue(code);
        let word = labels.label(CodeList::Issue, code);
        let bearer = included
            .iter_mut()
            .find(|p| whose.is_none_or(|w| w == p.card.id) && p.may(item));
        if let Some(person) = bearer {
            let said = match whose {
                Some(_) => format!("{word}（{}）", person.card.shown_name),
                None => word.to_owned(),
            };
            text(lines, "お困りごと", "課題", &said, &person.why);
            person.gives(item);
        } else if included.is_empty() && whose.is_none() {
            let why = "個人を特定しない内容";
            text(lines, "お困りごと", "課題", word, why);
        }
    }
}
