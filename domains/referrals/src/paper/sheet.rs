//! つなぐシート, in the order of the national form (令和5年版厚生労働白書, 岡山市の様式), with
//! 配慮を希望されること on top.

mod sorting;

use engawa_kernel::paper::{Form, Page};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// Something that the receiver reads, and why they may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared {
    /// What it says; empty: the box stays empty.
    pub text: String,
    /// Withheld of a protected person: printed as 秘匿, whatever the text says.
    pub hidden: bool,
    /// 共有の根拠: `同意（R8.4.1から）`.
    pub why: String,
}

impl Serialize for Shared {
    /// What is withheld does not even reach the template.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Shared", 3)?;
        fields.serialize_field("text", if self.hidden { "" } else { &self.text })?;
        fields.serialize_field("hidden", &self.hidden)?;
        fields.serialize_field("why", &self.why)?;
        fields.end()
    }
}

/// A line as the snapshot of a sheet keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedLine {
    /// Its heading: 配慮, 依頼, 本人・家族　氏名, お困りごと, 相談の内容.
    pub section: String,
    /// What it is: 氏名, 住所・居所 …
    pub label: String,
    /// What it says, and why it may be shared.
    pub shared: Shared,
}

/// What stands above the boxes: no line of the snapshot, but of the envelope.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SheetHead {
    /// つR8-00012
    pub number: String,
    /// 紹介先 機関名.
    pub to: String,
    /// 紹介先の担当者・連絡先; empty when not known.
    pub to_contact: String,
    /// 紹介元 機関名.
    pub from: String,
    /// 紹介元の担当者.
    pub from_person: String,
    /// 紹介元の電話・FAX.
    pub from_contact: String,
    /// 送付日; empty: a draft, and the page says so.
    pub sent_on: String,
    /// 返事の期日.
    pub reply_due_on: String,
    /// 共有の根拠 in a column at the right. Off: the receiver's copy, as the screen shows it.
    pub show_basis: bool,
}

/// One of お困りごと, with its check box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Worry {
    /// 病気・医療, 介護 …
    pub label: String,
    /// Ticked.
    pub ticked: bool,
}

/// The person whom the sheet is about: a box of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SheetPerson {
    /// 氏名
    pub name: Shared,
    /// ふりがな
    pub kana: Shared,
    /// 性別
    pub sex: Shared,
    /// 生年月日（年齢）
    pub birth: Shared,
    /// 住所・居所
    pub address: Shared,
    /// 電話
    pub phone: Shared,
    /// 続柄
    pub relation: Shared,
    /// Anything else that is said of this person: label and what.
    pub more: Vec<Member>,
}

/// A labelled line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Member {
    /// What it is.
    pub label: String,
    /// What it says.
    pub said: Shared,
}

/// つなぐシート. Build it from a snapshot by [`ReferralSheet::from_lines`]: every line finds its box,
/// and one that has none stands under その他.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReferralSheet {
    /// Above the boxes.
    pub head: SheetHead,
    /// 配慮を希望されること: on top, in a thick box.
    pub wishes: Shared,
    /// 依頼の種類
    pub kind: Shared,
    /// 緊急度
    pub urgency: Shared,
    /// The people in the sheet: the first one in large type, the others as 世帯構成.
    pub people: Vec<SheetPerson>,
    /// お困りごと: the check boxes.
    pub worries: Vec<Worry>,
    /// お困りごと in words: whose, and why it may be shared.
    pub troubles: Vec<Shared>,
    /// 相談したいこと
    pub words: Shared,
    /// 紹介する理由
    pub reason: Shared,
    /// お願いしたいこと
    pub asked: Shared,
    /// Lines that have no box.
    pub others: Vec<Member>,
}

impl Page for ReferralSheet {
    const FORM: Form = Form {
        name: "referral-sheet",
        source: include_str!("../../print/sheet.typ"),
    };
}
