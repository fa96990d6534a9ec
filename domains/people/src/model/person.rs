//! A person as much as is known: no name, several names, an estimated age (HSE-01).

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    code_enum,
    id::{PersonId, RoomId, StaffId},
    id_type,
    protected::Protected,
    text::birth::BirthDate,
};

code_enum! {
    /// What kind of name; names are stored exactly as typed.
    pub enum NameKind {
        /// As in the family register.
        Registered = "registered", "戸籍名";
        /// As it was heard or written down, not compared with any register: what a caller says.
        Heard = "heard", "聞き取り";
        /// Used in daily life, also the 通称 of the residents' register.
        Common = "common", "通称";
        /// Before a marriage or adoption.
        Former = "former", "旧姓";
        /// What people call them.
        Nickname = "nickname", "あだ名";
        /// Only the sound is known.
        Kana = "kana", "カナ";
    }
}

code_enum! {
    /// 性別, as the person says or as it was heard.
    #[derive(Default)]
    pub enum Sex {
        /// 女
        Female = "female", "女";
        /// 男
        Male = "male", "男";
        /// その他
        Other = "other", "その他";
        /// 不明
        #[default]
        Unknown = "unknown", "不明";
    }
}

code_enum! {
    /// 居所 is not 住所: one person may have both on the same day.
    pub enum AddressKind {
        /// Where the register has them.
        Registered = "registered", "住所";
        /// Where they live in fact.
        Living = "living", "居所";
        /// For a while: with relatives, temporary housing.
        Temporary = "temporary", "一時";
        /// A hospital or a home.
        Facility = "facility", "施設";
    }
}

code_enum! {
    /// Whether the register has somebody at an address.
    #[derive(Default)]
    pub enum Registered {
        /// 住民登録あり
        Yes = "yes", "あり";
        /// 住民登録なし
        No = "no", "なし";
        /// 不明
        #[default]
        Unknown = "unknown", "不明";
    }
}

id_type!(/// One address spell.
    AddressId);

/// A name to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewName {
    /// What kind.
    pub kind: NameKind,
    /// As written; may be empty when only the sound is known.
    pub text: String,
    /// The sound.
    pub kana: String,
}

/// A stored name.
#[derive(Clone, Debug)]
pub struct Name {
    /// Its id.
    pub id: uuid::Uuid,
    /// What kind.
    pub kind: NameKind,
    /// As written.
    pub text: String,
    /// The sound.
    pub kana: String,
    /// No longer used since; it still finds the person.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Name {
    /// What a screen shows: the written name, or the sound where nothing more is known.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.text.is_empty() {
            &self.kana
        } else {
            &self.text
        }
    }
}

/// A person to make; everything may be missing.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// What staff call them while there is no name; none: composed from sex and age.
    pub label: Option<String>,
    /// Names, the one to show first.
    pub names: Vec<NewName>,
    /// As much as is known.
    pub birth: BirthDate,
    /// 性別
    pub sex: Sex,
    /// Code of `CodeList::Residence`.
    pub residence: Option<String>,
    /// Where they live, as said; kept as a spell that begins on an unknown day.
    pub address: Option<String>,
    /// As typed.
    pub phones: Vec<String>,
}

/// What is written about a person besides names and addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Details {
    /// What staff call somebody without a name.
    pub label: Option<String>,
    /// 性別
    pub sex: Sex,
    /// As much as is known.
    pub birth: BirthDate,
    /// Code of `CodeList::Residence`.
    pub residence: Option<String>,
    /// Languages spoken.
    pub languages: String,
    /// 手帳など
    pub certificates: String,
    /// 宛名番号, opaque.
    pub resident_number: String,
    /// In free words; never where somebody can be found.
    pub notes: String,
}

/// A person as the person page needs it.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// What is written besides the withheld things.
    pub details: Details,
    /// 学校
    pub school: Protected<String>,
    /// 勤め先
    pub workplace: Protected<String>,
    /// 通院先
    pub hospital: Protected<String>,
    /// 担当機関
    pub desk_in_charge: Protected<String>,
    /// Telephone numbers as typed.
    pub phones: Protected<Vec<String>>,
    /// Names in use, the one to show first, then former ones.
    pub names: Vec<Name>,
    /// Whether the flag withholds.
    pub protected: bool,
    /// The record that this one was merged into.
    pub merged_into: Option<PersonId>,
    /// For saving on top of what one saw.
    pub version: i64,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// By whom.
    pub updated_by: StaffId,
}

/// One address spell; the text and the municipality are withheld of a protected person.
#[derive(Clone, Debug)]
pub struct Address {
    /// Its id.
    pub id: AddressId,
    /// What kind.
    pub kind: AddressKind,
    /// The address and, for another municipality, its name.
    pub place: Protected<String>,
    /// 住民登録
    pub resident: Registered,
    /// Why it began; withheld with the place.
    pub reason: Protected<String>,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// For saving on top of what one saw.
    pub version: i64,
}

/// An address spell to write down.
#[derive(Clone, Debug)]
pub struct NewAddress {
    /// What kind.
    pub kind: AddressKind,
    /// As said.
    pub text: String,
    /// The other municipality; empty: here.
    pub municipality: String,
    /// 住民登録
    pub resident: Registered,
    /// Why.
    pub reason: String,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// A person in a list: what other domains show.
#[derive(Clone, Debug, serde::Serialize)]
pub struct PersonCard {
    /// Its id.
    pub id: PersonId,
    /// A name, a label, or 匿名(女性・50代推定); 匿名の方 where nothing is known.
    pub shown_name: String,
    /// The sound of the shown name; may be empty.
    pub kana: String,
    /// As much as is known.
    pub birth: BirthDate,
    /// 性別
    pub sex: Sex,
    /// 72歳, 70代・推定, or 年齢不詳.
    pub age_text: String,
    /// Where they are today; empty when unknown.
    pub address: Protected<String>,
    /// All numbers, joined by 、.
    pub phones: Protected<String>,
    /// Whether the flag withholds.
    pub protected: bool,
    /// The record that this one was merged into.
    pub merged_into: Option<PersonId>,
}

/// What is known of somebody who may already have a record.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    /// As typed.
    pub name: String,
    /// The sound.
    pub kana: String,
    /// As much as is known.
    pub birth: BirthDate,
    /// As typed.
    pub phones: Vec<String>,
}

/// Somebody visible to the actor who may be the same.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub card: PersonCard,
    /// A room through which the actor sees them.
    pub room: RoomId,
    /// 0 to 100.
    pub score: u32,
    /// Why, in words.
    pub reasons: Vec<String>,
}
