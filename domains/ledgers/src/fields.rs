//! What a row of a ledger may say: the fields, and the labels that offices give them.

use engawa_sheets::Column;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $label:literal, [$($alias:literal),*];)+) => {
        $($(#[$doc])* pub const $name: &str = $key;)+
        /// Every field, in the order in which the screen lists them.
        pub const FIELDS: &[Column] = &[$(Column { key: $key, label: $label, aliases: &[$($alias),*] }),+];
    };
}

fields! {
    /// The day.
    RECEIVED = "received", "受付日", ["受付年月日", "相談日", "相談年月日", "相談受付日", "受理日", "日付", "年月日", "受付日時", "相談日時", "日時", "対応日"];
    /// The time of day.
    TIME = "time", "受付時刻", ["時刻", "時間", "受付時間", "相談時間"];
    /// What the ledger itself calls the row.
    NUMBER = "number", "整理番号", ["番号", "No", "No.", "№", "受付番号", "管理番号", "通し番号", "連番"];
    /// Whom it is about.
    NAME = "name", "本人氏名", ["氏名", "本人", "対象者", "対象者氏名", "対象者名", "利用者", "利用者氏名", "利用者名", "名前", "相談対象者"];
    /// The sound of the name.
    KANA = "kana", "フリガナ", ["ふりがな", "カナ", "かな", "カナ氏名", "氏名カナ", "氏名(カナ)", "氏名かな", "本人フリガナ", "本人ふりがな", "本人カナ", "対象者カナ"];
    /// 生年月日
    BIRTH = "birth", "生年月日", ["本人生年月日", "対象者生年月日", "誕生日"];
    /// As of the day of the consultation.
    AGE = "age", "年齢", ["歳", "年令", "本人年齢", "年代"];
    /// 性別
    SEX = "sex", "性別", ["男女", "本人性別"];
    /// 住所
    ADDRESS = "address", "住所", ["本人住所", "現住所", "居所", "所在地", "対象者住所"];
    /// 電話
    PHONE = "phone", "電話", ["電話番号", "連絡先", "本人電話", "本人電話番号", "本人連絡先", "TEL", "電話・連絡先"];
    /// 支援措置の有無
    PROTECTION = "protection", "支援措置", ["支援措置の有無", "支援措置等", "秘匿", "秘匿の有無", "住所秘匿", "DV支援措置", "DV等支援措置"];
    /// Who came, when not the person.
    CONSULTER = "consulter", "相談者", ["相談者氏名", "相談者名", "来談者", "来談者氏名", "来所者", "相談者(本人以外)"];
    /// What they are to the person.
    RELATION = "relation", "本人との関係", ["関係", "続柄", "本人との続柄", "相談者との関係", "相談者続柄", "相談者関係"];
    /// Where they are reached.
    CONTACT = "contact", "相談者の連絡先", ["相談者連絡先", "相談者電話", "相談者電話番号", "来談者連絡先"];
    /// The words.
    WORDS = "words", "相談内容", ["内容", "相談の内容", "主訴", "相談概要", "概要", "相談内容・主訴", "相談要旨", "要旨", "相談事項"];
    /// 課題
    ISSUE = "issue", "相談区分", ["課題", "主な課題", "相談種別", "相談分類", "相談項目", "区分", "種別", "分類", "カテゴリ"];
    /// 経路
    ROUTE = "route", "経路", ["相談経路", "受付経路", "紹介元", "紹介経路", "相談ルート"];
    /// 方法
    CHANNEL = "channel", "方法", ["相談方法", "受付方法", "対応方法", "相談形態", "相談手段", "手段", "受付形態"];
    /// 緊急度
    URGENCY = "urgency", "緊急度", ["緊急性", "緊急"];
    /// What was done.
    ANSWER = "answer", "対応", ["対応内容", "対応結果", "対応状況", "支援内容", "処理", "処理結果", "結果", "助言内容", "経過"];
    /// A day, or a mark.
    CLOSED = "closed", "終結", ["終結日", "終結年月日", "終了", "終了日", "完了", "完了日", "終結の有無", "処理済", "状況", "状態"];
    /// Who wrote the row.
    STAFF = "staff", "担当", ["担当者", "担当者名", "対応者", "受付者", "受付担当", "受付担当者", "記入者"];
    /// 備考
    NOTES = "notes", "備考", ["メモ", "特記事項", "その他"];
}

/// The field of a key.
#[must_use]
pub fn field(key: &str) -> Option<&'static Column> {
    FIELDS.iter().find(|f| f.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_label_means_two_fields() {
        let all: Vec<&str> = FIELDS
            .iter()
            .flat_map(|f| f.aliases.iter().copied().chain([f.label]))
            .collect();
        let once: BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(all.len(), once.len());
    }
}
