//! The card as printed: as large as half a postcard, with marks to cut along.

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

/// One card, once or twice on a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SupportCard {
    /// 氏名 of the holder.
    pub holder: String,
    /// 版: `第2版`.
    pub number: String,
    /// 発行日: `令和8年11月22日`.
    pub issued_on: String,
    /// Who issued it, and the number to call when somebody finds it.
    pub from: String,
    /// 電話 of the desk that issued it.
    pub from_phone: String,
    /// Whom to call, six at most.
    pub lines: Vec<CardLine>,
    /// How many of it stand on the page: 1 or 2.
    pub copies: u8,
}

/// Somebody to call.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CardLine {
    /// 氏名, or the desk.
    pub name: String,
    /// 機関
    pub body: String,
    /// 電話
    pub phone: String,
}

impl Page for SupportCard {
    const FORM: Form = Form {
        name: "support-card",
        source: include_str!("../../print/card.typ"),
    };
}
