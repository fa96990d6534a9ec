//! Identifiers. Inside, every record has a UUIDv7; people see short numbers (`number`).

use uuid::Uuid;

/// Makes a newtype over [`Uuid`], so that an id of one kind cannot be passed for another.
#[macro_export]
macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);
        impl $name {
            /// A new id; ids sort by the time they were made.
            #[must_use]
            pub fn new() -> Self { Self($crate::id::new_uuid()) }
        }
        impl Default for $name { fn default() -> Self { Self::new() } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::id::BadId;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                uuid::Uuid::try_parse(s.trim()).map(Self).map_err(|_| $crate::id::BadId)
            }
        }
        impl $crate::db::ToColumn for $name {
            const NULL: $crate::db::Value = $crate::db::Value::Uuid(None);
            fn to_value(self) -> $crate::db::Value { $crate::db::Value::Uuid(Some(self.0)) }
        }
        impl $crate::db::FromColumn for $name {
            type Raw = uuid::Uuid;
            fn from_raw(raw: uuid::Uuid) -> Result<Self, String> { Ok(Self(raw)) }
        }
    };
}

/// A posted or typed id that is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("選択肢の指定が正しくありません。画面を開き直して選び直してください。")]
pub struct BadId;

/// Where ids come from instead of the clock and chance, inside [`with_ids`].
pub type IdSource = std::sync::Arc<dyn Fn() -> Uuid + Send + Sync>;

tokio::task_local! {
    static SOURCE: IdSource;
}

/// Runs `work` with ids from a source of its own, so that demo data are the same for a seed. Tasks
/// that the work spawns make ordinary ids.
pub async fn with_ids<F: Future>(source: IdSource, work: F) -> F::Output {
    SOURCE.scope(source, work).await
}

/// The one place where random, time-ordered ids are made.
#[allow(clippy::disallowed_methods)]
#[must_use]
pub fn new_uuid() -> Uuid {
    SOURCE
        .try_with(|source| source())
        .unwrap_or_else(|_| Uuid::now_v7())
}

id_type!(/// 自治体
    MunicipalityId);
id_type!(/// 機関・法人
    BodyId);
id_type!(/// 窓口
    DeskId);
id_type!(/// 職員
    StaffId);
id_type!(/// 配置
    PostingId);
id_type!(/// 圏域
    AreaId);
id_type!(/// 本人・世帯員
    PersonId);
id_type!(/// 世帯
    HouseholdId);
id_type!(/// A room: a case or a consultation that is not yet one.
    RoomId);
id_type!(/// 閲覧権
    GrantId);
id_type!(/// 相手の自治体: a municipality with an Engawa of its own
    PeerId);
id_type!(/// ログインの状態
    SessionId);
id_type!(/// やること
    TaskId);
