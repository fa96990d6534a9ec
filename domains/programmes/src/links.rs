//! Statutory and own programmes that work beside ours (PRG-12): who runs each, on what basis, how
//! work is shared.

use engawa_kernel::id_type;

use crate::{form::Block, proposals::Found};

id_type!(/// 連携する事業
    LinkId);

/// A programme beside ours.
#[derive(Debug, Clone)]
pub struct Link {
    /// Beside which programme of ours.
    pub block: Block,
    /// Code of the list of programmes.
    pub programme: String,
    /// As this municipality calls it.
    pub name: String,
    /// 実施主体
    pub body: String,
    /// 根拠: 介護保険法115条の45第2項5号
    pub basis: String,
    /// 按分・役割, as written.
    pub share: String,
    /// 備考
    pub note: String,
}

impl Link {
    /// A link as a sheet proposes it.
    #[must_use]
    pub fn proposed(found: &Found, name: &str) -> Self {
        Self {
            block: found.field.block(),
            programme: found.code.clone(),
            name: name.to_owned(),
            body: String::new(),
            basis: String::new(),
            share: String::new(),
            note: format!("実施計画書の「{}」から", found.field.label()),
        }
    }
}

/// A link as stored.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: LinkId,
    /// The link.
    pub link: Link,
    /// For saving on top of what one saw.
    pub version: i64,
}
