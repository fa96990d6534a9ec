//! 引継書: a whole caseload when staff change, one page a case.

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

/// 引継書: a list to tick off, then one page for each case. Texts of usual length fit on one page;
/// a longer case flows on rather than lose a word.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CasePacket {
    /// 引き継ぐ人, with the desk.
    pub from: String,
    /// 引き継がれる人, with the desk.
    pub to: String,
    /// 引継日: `令和9年4月1日`.
    pub on: String,
    /// The cases, in the order in which they shall be spoken about.
    pub cases: Vec<CasePage>,
    /// 閲覧できないケース: those of the caseload that the printer has no key to, by count only.
    pub hidden: usize,
    /// Cases that did not fit into one print.
    pub more: usize,
}

/// One case on its page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CasePage {
    /// ケース番号.
    pub number: String,
    /// 氏名 as it may be shown.
    pub name: String,
    /// ふりがな.
    pub kana: String,
    /// 生年月日・年齢, 性別: `昭和25年3月4日（76歳） 女性`.
    pub about: String,
    /// 世帯: `夫・長男と3人`.
    pub household: String,
    /// 住所・連絡先, or that they are withheld. Empty lines are left out.
    pub contact: String,
    /// 配慮・注意: on top of the page. DV等支援措置, a dog, whom not to call.
    pub care: String,
    /// いまの状況.
    pub situation: String,
    /// 本人・家族の意向, disagreeing ones side by side.
    pub wishes: String,
    /// 支援の目標・方針.
    pub aim: String,
    /// 関わり方のこつ: what no record says and every successor needs.
    pub manner: String,
    /// 関係機関・関係者.
    pub contacts: Vec<Contact>,
    /// これからの予定・期限, the nearest first.
    pub dues: Vec<Due>,
    /// 返事待ち・申し送り: what is still open.
    pub open: Vec<String>,
    /// 書かれている理由, a line each; empty when there are none.
    pub reasons: String,
    /// 最後の関わり: `令和9年3月25日 訪問`.
    pub last_contact: String,
    /// 同意の状況 in a line.
    pub consent: String,
}

/// 関係機関・関係者 of a case.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Contact {
    /// 機関.
    pub body: String,
    /// 担当者.
    pub person: String,
    /// 役割.
    pub part: String,
    /// 電話.
    pub phone: String,
}

/// A date to keep.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Due {
    /// いつ.
    pub on: String,
    /// 何を.
    pub what: String,
}

impl Page for CasePacket {
    const FORM: Form = Form {
        name: "case-packet",
        source: include_str!("../print/packet.typ"),
    };
}
