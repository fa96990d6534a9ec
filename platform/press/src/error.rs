//! What can go wrong when printing.

/// Why there is no PDF. Nothing was printed and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// The data of a form cannot be written as JSON: a defect of the caller.
    #[error(
        "印刷するデータを組み立てられませんでした。印刷はされていません。システムの担当者に知らせてください。({0})"
    )]
    Data(#[from] serde_json::Error),
    /// A template does not compile: a defect of the form. Carries Typst's words, which name places
    /// in the template, never the data.
    #[error(
        "様式「{form}」を組み版できませんでした。印刷はされていません。システムの担当者に知らせてください。({detail})"
    )]
    Form {
        /// The title of the print.
        form: String,
        /// Typst's messages.
        detail: String,
    },
}
