//! Why a file gives no sheet, said to the person who chose it.

use thiserror::Error;

/// Why a file could not be read as a plan sheet. Nothing is kept of such a file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseError {
    /// More bytes than [`crate::MAX_BYTES`].
    #[error(
        "ファイルが大きすぎます（{bytes}バイト）。読み取れるのは{max}バイト（1MB）までです。何も取り込んでいません。計画書1件だけのテキストファイルを選んでください。",
        max = crate::MAX_BYTES
    )]
    TooLarge {
        /// What came, in bytes.
        bytes: usize,
    },
    /// Nothing but white space.
    #[error(
        "ファイルに文字がありません。何も取り込んでいません。計画書の本文が入ったテキストファイルを選んでください。"
    )]
    Empty,
    /// Neither UTF-8, UTF-16 nor Shift_JIS (cp932), or not text at all.
    #[error(
        "文字として読み取れません。何も取り込んでいません。UTF-8またはShift_JISのテキストで保存し直してから、もう一度選んでください。"
    )]
    NotText,
    /// Text, but hardly any label of the form is in it.
    #[error(
        "計画書の様式の項目（「都道府県名」「①実施主体」など）が見つかりません。何も取り込んでいません。計画書をテキストにしたファイルかどうかを確かめてください。"
    )]
    NotASheet,
}
