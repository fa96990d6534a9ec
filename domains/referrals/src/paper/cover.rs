//! FAX送付状: the page on top of a sheet that leaves by FAX or by post.

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

/// FAX送付状 with the check against sending to the wrong number (誤送付チェック), ticked by two
/// persons. It lies open on a machine: no name of a client, no matter, on this page. The number of
/// pages is counted by the print itself.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CoverPage {
    /// 宛先機関名, printed in the largest type.
    pub to: String,
    /// 部署・担当者; empty when not known.
    pub to_person: String,
    /// 宛先のFAX番号, printed large enough to be read out. Empty: a ruled space to fill in.
    pub to_fax: String,
    /// 宛先の電話番号, for the call before and after sending.
    pub to_phone: String,
    /// 発信元の機関・窓口.
    pub from: String,
    /// 発信元の担当者.
    pub from_person: String,
    /// 発信元の電話番号: whom the wrong receiver calls.
    pub from_phone: String,
    /// 発信元のFAX番号.
    pub from_fax: String,
    /// 送付日: `令和8年11月22日`.
    pub sent_on: String,
    /// Number of the sheet: `つR8-00012`.
    pub number: String,
    /// 件名: what kind of paper comes, never about whom: `つなぐシートの送付について`.
    pub subject: String,
    /// 返事の期日; empty when none is asked for.
    pub reply_due_on: String,
    /// 送付書類: the papers below, in their order: `つなぐシート`, `返信票`.
    pub enclosures: Vec<String>,
}

impl Page for CoverPage {
    const FORM: Form = Form {
        name: "fax-cover",
        source: include_str!("../../print/cover.typ"),
    };
}
