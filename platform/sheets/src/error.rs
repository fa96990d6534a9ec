use thiserror::Error;

use crate::{
    MAX_CELL_CHARS, MAX_CELLS, MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, MAX_SHEETS, MAX_TEXT_BYTES,
    MAX_UNPACKED_BYTES,
};

const MB: usize = 1024 * 1024;

/// Why a file could not be read or written.
///
/// `Display` is the sentence shown to the officer: what happened and what to do next.
/// Nothing has been taken in when [`crate::read`] fails.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SheetError {
    /// More than [`MAX_FILE_BYTES`].
    #[error("ファイルが大きすぎます（上限{}MB）。年度や地区で分けて、もう一度選んでください。", MAX_FILE_BYTES / MB)]
    FileTooLarge,
    /// A zipped workbook unpacks to more than [`MAX_UNPACKED_BYTES`].
    #[error("ファイルを展開すると{}MBを超えるため、読み込みませんでした。画像や不要なシートを削除するか、行を分けて保存し直してください。", MAX_UNPACKED_BYTES / MB as u64)]
    UnpackedTooLarge,
    /// More than [`MAX_SHEETS`].
    #[error(
        "シートが{MAX_SHEETS}枚を超えています。取り込むシートだけを残して保存し直してください。"
    )]
    TooManySheets,
    /// More than [`MAX_ROWS`].
    #[error(
        "シート「{sheet}」の行数が上限（{MAX_ROWS}行）を超えています。年度や地区で分けて保存し直してください。"
    )]
    TooManyRows {
        /// Sheet name as in the file.
        sheet: String,
    },
    /// More than [`MAX_COLUMNS`].
    #[error(
        "シート「{sheet}」の列数が上限（{MAX_COLUMNS}列）を超えています。表の右側に残っている不要な列を削除して保存し直してください。"
    )]
    TooManyColumns {
        /// Sheet name as in the file.
        sheet: String,
    },
    /// More than [`MAX_CELLS`] in the file.
    #[error(
        "セルの数が上限（{MAX_CELLS}個）を超えています。表の外に残っている値や書式を削除するか、行を分けて保存し直してください。"
    )]
    TooManyCells,
    /// More than [`MAX_TEXT_BYTES`] of text in the file.
    #[error("文字の量が上限（{}MB）を超えています。行を分けて保存し直してください。", MAX_TEXT_BYTES / MB)]
    TooMuchText,
    /// A cell longer than [`MAX_CELL_CHARS`].
    #[error(
        "シート「{sheet}」の{row}行目・{column}列目の文字数が上限（{MAX_CELL_CHARS}文字）を超えています。そのセルを短くして保存し直してください。"
    )]
    CellTooLong {
        /// Sheet name.
        sheet: String,
        /// 1-based, as Excel shows it.
        row: usize,
        /// 1-based.
        column: usize,
    },
    /// No bytes, or no cell with a value.
    #[error("ファイルに中身がありません。保存されているか確かめて、もう一度選んでください。")]
    Empty,
    /// Encrypted workbook.
    #[error(
        "パスワードのかかったファイルは読み込めません。Excelでパスワードを外して保存し直してください。"
    )]
    Password,
    /// .xlsb.
    #[error(
        "Excelバイナリ形式（.xlsb）は読み込めません。Excelで開き、「Excelブック（.xlsx）」で保存し直してください。"
    )]
    BinaryWorkbook,
    /// A web page saved as .xls, as some systems export.
    #[error(
        "このファイルは拡張子がExcelでも、中身はウェブページ（HTML）です。Excelで開き、「Excelブック（.xlsx）」で保存し直してください。"
    )]
    Html,
    /// A workbook that cannot be opened.
    #[error(
        "Excelファイルとして開けませんでした。壊れている可能性があります。Excelで開けることを確かめ、「Excelブック（.xlsx）」で保存し直してください。"
    )]
    Broken,
    /// Neither a workbook nor readable text.
    #[error("表として読めないファイルです。Excelブック（.xlsx）かCSVを選んでください。")]
    NotASheet,
    /// Text in none of the known encodings.
    #[error(
        "文字コードを判別できませんでした。Excelで開き、「CSV UTF-8」または「Excelブック（.xlsx）」で保存し直してください。"
    )]
    UnknownEncoding,
    /// No row looks like a header.
    #[error(
        "シート「{sheet}」に見出しの行が見つかりません。表のいちばん上に「氏名」などの項目名を並べた行を置いてください。"
    )]
    NoHeader {
        /// Sheet name as in the file.
        sheet: String,
    },
    /// The workbook could not be made; the detail goes to the log, not to the screen.
    #[error(
        "Excelファイルを作れませんでした。データは変わっていません。もう一度お試しいただき、続くときは管理者に知らせてください。"
    )]
    Write(String),
}
