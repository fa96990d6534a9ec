//! The lines of a snapshot into the boxes of the form.

use super::{Member, ReferralSheet, Shared, SharedLine, SheetHead, SheetPerson, Worry};

/// Sections of people begin with this; the rest is who.
const PEOPLE: &str = "本人・家族";

impl ReferralSheet {
    /// A sheet from the lines of its snapshot. `worries` are the labels of all お困りごと, in the
    /// order of the municipality's list, for the check boxes; empty: only what is ticked.
    ///
    /// No line is lost: one with an unknown label, or a second one for the same box, is printed
    /// under その他 (of a person: with the person).
    #[must_use]
    pub fn from_lines(
        head: SheetHead,
        worries: &[String],
        lines: impl IntoIterator<Item = SharedLine>,
    ) -> Self {
        let mut sheet = Self {
            head,
            worries: worries
                .iter()
                .map(|label| Worry {
                    label: label.clone(),
                    ticked: false,
                })
                .collect(),
            ..Self::default()
        };
        let mut whose = None;
        for line in lines {
            if line.section.starts_with(PEOPLE) {
                if whose.as_ref() != Some(&line.section) || line.label == "氏名" {
                    whose = Some(line.section.clone());
                    sheet.people.push(SheetPerson::default());
                }
                if let Some(person) = sheet.people.last_mut() {
                    person.take(line);
                }
            } else {
                whose = None;
                sheet.take(line);
            }
        }
        sheet
    }

    fn take(&mut self, line: SharedLine) {
        let place = match (line.section.as_str(), line.label.as_str()) {
            ("配慮", "配慮を希望されること") => &mut self.wishes,
            ("依頼", "依頼の種類") => &mut self.kind,
            ("依頼", "緊急度") => &mut self.urgency,
            ("依頼", "お願いしたいこと") => &mut self.asked,
            ("依頼", "紹介する理由") => &mut self.reason,
            ("相談の内容", "相談したいこと") => &mut self.words,
            // The head says the same.
            ("依頼", "返事の期日") if line.shared.text == self.head.reply_due_on => return,
            ("依頼", "紹介元") if self.names_sender(&line.shared.text) => return,
            ("お困りごと", _) => return self.worry(line.shared),
            _ => return self.others.push(line.into()),
        };
        if let Some(line) = put(place, line) {
            self.others.push(line.into());
        }
    }

    fn names_sender(&self, said: &str) -> bool {
        !self.head.from.is_empty()
            && said.contains(&self.head.from)
            && said.contains(&self.head.from_person)
    }

    /// Ticks the box of a worry: `介護`, or `介護（母）` for somebody's.
    fn worry(&mut self, said: Shared) {
        if said.hidden {
            return self.troubles.push(said);
        }
        let word = said.text.split('（').next().unwrap_or_default();
        let of = |worry: &&mut Worry| worry.label == said.text || worry.label == word;
        if let Some(worry) = self.worries.iter_mut().find(of) {
            worry.ticked = true;
        } else {
            self.worries.push(Worry {
                label: word.to_owned(),
                ticked: true,
            });
        }
        self.troubles.push(said);
    }
}

impl SheetPerson {
    fn take(&mut self, line: SharedLine) {
        let place = match line.label.as_str() {
            "氏名" => &mut self.name,
            "ふりがな" => &mut self.kana,
            "性別" => &mut self.sex,
            "生年月日" => &mut self.birth,
            "住所・居所" | "住所" => &mut self.address,
            "電話" => &mut self.phone,
            "続柄" => &mut self.relation,
            _ => return self.more.push(line.into()),
        };
        if let Some(line) = put(place, line) {
            self.more.push(line.into());
        }
    }
}

/// Puts a line into its box, or gives it back when the box is taken.
fn put(place: &mut Shared, line: SharedLine) -> Option<SharedLine> {
    if *place != Shared::default() {
        return Some(line);
    }
    *place = line.shared;
    None
}

impl From<SharedLine> for Member {
    fn from(line: SharedLine) -> Self {
        Self {
            label: line.label,
            said: line.shared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(section: &str, label: &str, text: &str) -> SharedLine {
        SharedLine {
            section: section.into(),
            label: label.into(),
            shared: Shared {
                text: text.into(),
                hidden: false,
                why: "同意（R8.4.1から）".into(),
            },
        }
    }

    fn head() -> SheetHead {
        SheetHead {
            from: "高齢者支援課".into(),
            from_person: "山田 花子".into(),
            reply_due_on: "令和8年11月29日".into(),
            ..SheetHead::default()
        }
    }

    #[test]
    fn every_line_finds_its_box() {
        let sheet = ReferralSheet::from_lines(
            head(),
            &["介護".into(), "住まい".into()],
            [
                line("配慮", "配慮を希望されること", "電話は午前中に"),
                line("依頼", "依頼の種類", "つなぐ（引き継ぎ）"),
                line("依頼", "紹介元", "高齢者支援課　山田 花子"),
                line("依頼", "返事の期日", "令和8年11月29日"),
                line("本人・家族　田中", "氏名", "田中 一郎"),
                line("本人・家族　田中", "性別", "男性"),
                line("本人・家族　田中", "氏名", "田中 一郎"),
                line("本人・家族　田中", "続柄", "子"),
                line("お困りごと", "課題", "介護（田中 一郎）"),
                line("お困りごと", "課題", "ごみ"),
                line("相談の内容", "相談したいこと", "眠れない"),
            ],
        );
        assert_eq!(sheet.wishes.text, "電話は午前中に");
        assert_eq!(sheet.people.len(), 2, "two people of one name");
        assert_eq!(sheet.people[1].relation.text, "子");
        let ticked: Vec<_> = sheet
            .worries
            .iter()
            .map(|w| (w.label.as_str(), w.ticked))
            .collect();
        assert_eq!(ticked, [("介護", true), ("住まい", false), ("ごみ", true)]);
        assert_eq!(sheet.troubles.len(), 2);
        assert!(sheet.others.is_empty());
    }

    #[test]
    fn what_has_no_box_is_not_lost() {
        let sheet = ReferralSheet::from_lines(
            head(),
            &[],
            [
                line("依頼", "紹介元", "別の課　鈴木"),
                line("依頼", "緊急度", "緊急"),
                line("依頼", "緊急度", "通常"),
                line("経過", "支援の経過", "3回訪問した"),
                line("本人・家族　田中", "氏名", "田中 一郎"),
                line("本人・家族　田中", "通称", "いっちゃん"),
            ],
        );
        let others: Vec<_> = sheet.others.iter().map(|o| o.said.text.as_str()).collect();
        assert_eq!(others, ["別の課　鈴木", "通常", "3回訪問した"]);
        assert_eq!(sheet.urgency.text, "緊急");
        assert_eq!(sheet.people[0].more[0].said.text, "いっちゃん");
    }
}
