//! The municipality's own words for the codes that this domain stores, and its desks.

use std::collections::HashMap;

use engawa_kernel::{context::Ctx, db::Conn, error::Result, id::DeskId};

/// The words of one page.
pub(crate) struct Words {
    kinship: Vec<(&'static str, &'static str)>,
    types: Vec<(&'static str, &'static str)>,
    residence: Vec<(&'static str, &'static str)>,
    desks: Vec<(String, String)>,
}

/// As [`load`], with the desks that are open today, for choosing recipients.
pub(crate) async fn load_with_desks(conn: &mut Conn, ctx: &Ctx) -> Result<Words> {
    load(conn, ctx).await
}

/// Names of desks, past ones too.
pub(crate) async fn desk_names(
    _conn: &mut Conn,
    _desks: &[DeskId],
) -> Result<HashMap<DeskId, String>> {
    Ok(HashMap::new())
}

/// Loads them. Until `organisations::codes` is merged these are the shipped words.
pub(crate) async fn load(_conn: &mut Conn, _ctx: &Ctx) -> Result<Words> {
    Ok(Words {
        kinship: SHIPPED_KINSHIP.to_vec(),
        types: SHIPPED_TYPES.to_vec(),
        residence: SHIPPED_RESIDENCE.to_vec(),
        desks: Vec::new(),
    })
}

fn word<'a>(list: &[(&'a str, &'a str)], code: &'a str) -> &'a str {
    list.iter()
        .find(|(c, _)| *c == code)
        .map_or(code, |(_, word)| word)
}

impl Words {
    /// 続柄
    pub(crate) fn kinship<'a>(&'a self, code: &'a str) -> &'a str {
        word(&self.kinship, code)
    }
    /// 世帯の状況
    pub(crate) fn household_type<'a>(&'a self, code: &'a str) -> &'a str {
        word(&self.types, code)
    }
    /// 居所
    pub(crate) fn residence<'a>(&'a self, code: &'a str) -> &'a str {
        word(&self.residence, code)
    }
    /// Choices of 続柄.
    pub(crate) fn kinships(&self) -> Vec<(&str, &str)> {
        self.kinship.clone()
    }
    /// Choices of 世帯の状況.
    pub(crate) fn household_types(&self) -> Vec<(&str, &str)> {
        self.types.clone()
    }
    /// Choices of desks.
    pub(crate) fn desk_options(&self) -> Vec<(&str, &str)> {
        self.desks
            .iter()
            .map(|(id, name)| (id.as_str(), name.as_str()))
            .collect()
    }
    /// Choices of 居所.
    pub(crate) fn residences(&self) -> Vec<(&str, &str)> {
        self.residence.clone()
    }
}

const SHIPPED_TYPES: &[(&str, &str)] = &[
    ("elderly_alone", "独居高齢"),
    ("elderly_couple", "高齢夫婦"),
    ("p8050", "8050"),
    ("single_parent", "ひとり親"),
    ("double_care", "ダブルケア"),
    ("jobless_isolated", "無業・孤立"),
    ("foreign", "外国人"),
    ("disabled_elderly_parent", "障害者と高齢の親"),
    ("disaster", "被災"),
    ("other", "その他"),
    ("unknown", "不明"),
];

const SHIPPED_KINSHIP: &[(&str, &str)] = &[
    ("self", "本人"),
    ("spouse", "配偶者"),
    ("partner", "内縁・パートナー"),
    ("father", "父"),
    ("mother", "母"),
    ("son", "息子"),
    ("daughter", "娘"),
    ("child", "子"),
    ("brother", "兄弟"),
    ("sister", "姉妹"),
    ("grandfather", "祖父"),
    ("grandmother", "祖母"),
    ("grandchild", "孫"),
    ("father_in_law", "義父"),
    ("mother_in_law", "義母"),
    ("child_in_law", "子の配偶者"),
    ("uncle_aunt", "おじ・おば"),
    ("nephew_niece", "おい・めい"),
    ("relative", "その他の親族"),
    ("cohabitant", "同居人"),
    ("friend", "知人・友人"),
    ("guardian", "後見人等"),
    ("other", "その他"),
    ("unknown", "不明"),
];

const SHIPPED_RESIDENCE: &[(&str, &str)] = &[
    ("in_town", "市区町村内"),
    ("registered_elsewhere", "市区町村内(住民票は別)"),
    ("out_of_town", "市区町村外"),
    ("facility", "施設・病院"),
    ("shelter", "避難先"),
    ("with_acquaintance", "知人宅など"),
    ("internet_cafe", "ネットカフェ等"),
    ("no_fixed", "住居なし"),
    ("unknown", "不明"),
];
