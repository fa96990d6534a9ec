//! 別紙・図・根拠資料: files attached to a record (OPS-09). The kernel stores them and hands them out;
//! who may see one is said by the domain that knows the record ([`OwnerKind`]).
//!
//! | file | holds |
//! |---|---|
//! | `check.rs` | what a file is, by its content; sizes; its name |
//! | `picture.rs` | size of a picture; what a camera wrote beside it (the place!) is taken out |
//! | `store.rs` | every SQL statement |
//! | `serve.rs` | `GET /files/{id}` |
//!
//! The bytes lie in the database: they commit with their record, and one backup or `engawa export`
//! holds all. An attachment that is taken off stays with its date.

mod check;
mod picture;
mod serve;
mod store;

use std::pin::Pin;

use uuid::Uuid;

pub use check::{Checked, check};
pub use serve::{hand_out, routes};
pub use store::{add, bytes, carry_on, change, held, held_by, one, remove};

use crate::{code_enum, context::Ctx, db::Conn, error::Result, id::StaffId, id_type};

/// Bytes of one file at most (10 MB as officers count it).
pub const FILE_LIMIT: usize = 10 * 1024 * 1024;
/// Files of one owner at most.
pub const MOST_FILES: i64 = 20;
/// Bytes of all files of one owner together at most: they are printed and sent as one.
pub const OWNER_LIMIT: i64 = 50 * 1024 * 1024;
/// Characters of a caption at most.
pub const CAPTION: usize = 200;
/// What a file field offers first.
pub const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.csv,.txt";

id_type!(/// An attached file, as its address names it
    AttachmentId);
id_type!(/// Stored bytes
    StoredFileId);

code_enum! {
    /// What a file is, by its content.
    pub enum Media {
        /// PDF
        Pdf = "pdf", "PDF";
        /// PNG
        Png = "png", "画像（PNG）";
        /// JPEG
        Jpeg = "jpeg", "写真（JPEG）";
        /// Excel
        Xlsx = "xlsx", "Excel";
        /// Word
        Docx = "docx", "Word";
        /// CSV
        Csv = "csv", "CSV";
        /// Text
        Text = "txt", "テキスト";
    }
}

impl Media {
    /// As HTTP names it.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
        }
    }

    /// Whether it can be shown in a page and printed.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg)
    }
}

code_enum! {
    /// What a file is for.
    #[schema(as = FileClass)]
    pub enum Class {
        /// 図・写真
        Figure = "figure", "図・写真";
        /// 別紙
        Annex = "annex", "別紙";
        /// 根拠資料
        Evidence = "evidence", "根拠資料";
        /// 会議の資料
        Meeting = "meeting", "会議の資料";
        /// その他
        Other = "other", "その他";
    }
}

/// Whose a file is: a kind of record and the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// [`OwnerKind::code`]
    pub kind: &'static str,
    /// The record.
    pub id: Uuid,
}

/// What people say about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// 説明; also what is read aloud instead of a picture.
    pub caption: String,
    /// What it is for.
    pub class: Class,
    /// 公表してよい
    pub publish: bool,
}

/// A file as it is attached to a record; without its bytes.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The kind of record.
    pub owner_kind: String,
    /// The record.
    pub owner_id: Uuid,
    /// Where in the record.
    pub place: String,
    /// The stored bytes.
    pub file: StoredFileId,
    /// As the file was called.
    pub name: String,
    /// What people say about it.
    pub label: Label,
    /// What it is.
    pub media: Media,
    /// Bytes.
    pub size: i64,
    /// Width and height of a picture as it is looked at, in pixels.
    pub pixels: Option<(i64, i64)>,
    /// For saving on top of what one saw.
    pub version: i64,
    /// Who attached it.
    pub added_by: StaffId,
    /// When.
    pub added_at: chrono::DateTime<chrono::Utc>,
}

impl Attachment {
    /// 「1.2MB」, 「48KB」
    #[must_use]
    pub fn size_label(&self) -> String {
        if self.size >= 1024 * 1024 {
            let tenths = self.size * 10 / (1024 * 1024);
            format!("{}.{}MB", tenths / 10, tenths % 10)
        } else {
            format!("{}KB", (self.size + 1023) / 1024)
        }
    }
}

/// Decides who may be handed a file; an error is the refusal.
pub type MaySee = for<'a> fn(
    &'a mut Conn,
    &'a Ctx,
    &'a Attachment,
) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// A kind of record that files are attached to, told by its domain. Files of a kind that nobody told
/// are handed to nobody.
#[derive(Clone, Copy)]
pub struct OwnerKind {
    /// As stored.
    pub code: &'static str,
    /// Who may see its files.
    pub may_see: MaySee,
}
