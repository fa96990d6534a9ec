//! 返信票, and its 暗証番号 on a paper of its own.

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

/// 返信票: how a receiver without Engawa answers. By the code on the reply form (or staff key it in
/// for them), or by ticking and sending it back by FAX. It shows nothing but the question: no name,
/// no matter; and never the 暗証番号, which goes another way ([`ReplySecret`]).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReplySlip {
    /// Number of the sheet: `つR8-00012`.
    pub number: String,
    /// What was asked for, as a kind: `つなぐ（引き継ぎ）`.
    pub kind: String,
    /// 宛先: who answers.
    pub to: String,
    /// Where the answer goes: 機関・窓口.
    pub from: String,
    /// Its person.
    pub from_person: String,
    /// Its telephone.
    pub from_phone: String,
    /// Its FAX: where the ticked slip goes. Empty: only the form and the telephone are offered.
    pub from_fax: String,
    /// 返事の期日: `令和8年11月29日`.
    pub reply_due_on: String,
    /// The code in groups, as it is read out: `ABCD 2345J`. Empty without a slip in the system:
    /// then only FAX and telephone are offered.
    pub code: String,
    /// Last day of the code.
    pub expires_on: String,
    /// Address of the reply form as one types it: `https://engawa.example.jp/reply`. Empty where
    /// the receiver cannot reach it (LGWAN): then the code is for the telephone.
    pub url: String,
    /// [`super::qr_svg`] of that address with the code; empty without.
    pub svg: String,
    /// お返しする理由, as the system has them: labels of its list.
    pub return_reasons: Vec<String>,
}

impl Page for ReplySlip {
    const FORM: Form = Form {
        name: "reply-slip",
        source: include_str!("../../print/reply.typ"),
    };
}

/// The 暗証番号 of a [`ReplySlip`], printed once on a paper of its own and given another way than
/// the sheet: read out by telephone, or sent in another envelope.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReplySecret {
    /// Number of the sheet.
    pub number: String,
    /// Who may know it.
    pub to: String,
    /// Who gives it.
    pub from: String,
    /// Whom to ask.
    pub from_phone: String,
    /// The secret in groups, as it is read out.
    pub secret: String,
    /// Last day.
    pub expires_on: String,
}

impl Page for ReplySecret {
    const FORM: Form = Form {
        name: "reply-secret",
        source: include_str!("../../print/secret.typ"),
    };
}
