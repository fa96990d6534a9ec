//! One print: forms in a row, numbered through.

use serde::Serialize;
use serde_json::{Value, json};
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::{
    Form, Page, PressError,
    text::{self, Losses},
    world::{DATA, Desk},
};

/// Prints after which what Typst remembers of an unused piece of text is forgotten. Templates and
/// fonts are used by every print and stay; what stood on a page leaves the memory soon.
const REMEMBERED: usize = 5;

/// What stands on every page.
#[derive(Debug, Clone, Serialize)]
pub struct Imprint {
    /// 町田市; top left.
    pub municipality: String,
    /// Who printed, with the desk: `高齢者支援課　山田 花子`.
    pub printed_by: String,
    /// When, as it shall be read: `令和8年11月22日 14時05分`.
    pub printed_at: String,
    /// The number under which the print log has it; empty when there is none.
    pub print_number: String,
    /// 訓練: invented people. Says so on every page.
    pub training: bool,
}

/// Forms that are printed together: their pages are counted through.
#[derive(Debug)]
pub struct Document {
    title: String,
    imprint: Imprint,
    forms: Vec<Form>,
    parts: Vec<Part>,
}

/// One form with its data.
#[derive(Debug)]
struct Part {
    form: usize,
    data: Value,
}

/// A print that is ready.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages.
    pub pages: usize,
    /// Characters that no embedded font has, each once. On the paper they stand as 〓, with a note
    /// that lists their code points.
    pub unprintable: Vec<char>,
    /// Characters with a variation selector (異体字) whose variant no font has. They are printed in
    /// their common shape, with a note; the selector stays in the PDF's text.
    pub common_shape: Vec<String>,
    /// Conforms to PDF/UA-1 (read aloud in order, with headings). A text that the standard does not
    /// allow is printed all the same, without the promise.
    pub accessible: bool,
}

impl Document {
    /// A print without a form yet. The title is the PDF's, and stands in the head of every page;
    /// file viewers show it, so it names the form and never a person.
    #[must_use]
    pub fn new(title: impl Into<String>, imprint: Imprint) -> Self {
        Self {
            title: title.into(),
            imprint,
            forms: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Adds a form; it begins on a page of its own.
    ///
    /// # Errors
    /// [`PressError::Data`] when the data cannot be written as JSON.
    pub fn with<P: Page>(mut self, page: &P) -> Result<Self, PressError> {
        let data = serde_json::to_value(page)?;
        let form = match self.forms.iter().position(|form| *form == P::FORM) {
            Some(place) => place,
            None => {
                self.forms.push(P::FORM);
                self.forms.len() - 1
            }
        };
        self.parts.push(Part { form, data });
        Ok(self)
    }

    /// Sets the pages and writes the PDF. Computes: not for an async thread.
    ///
    /// # Errors
    /// [`PressError::Form`] when a template does not compile.
    pub fn print(self) -> Result<Pdf, PressError> {
        let (pages, losses) = self.set()?;
        let ident = format!("{} {}", self.title, self.imprint.print_number);
        let failed = |errors: &[SourceDiagnostic]| self.failed(errors);
        let accessible = PdfStandards::new(&[PdfStandard::Ua_1])
            .ok()
            .map(|standards| options(&ident, standards))
            .and_then(|options| typst_pdf::pdf(&pages, &options).ok());
        let (bytes, accessible) = match accessible {
            Some(bytes) => (bytes, true),
            None => (
                typst_pdf::pdf(&pages, &options(&ident, PdfStandards::default()))
                    .map_err(|errors| failed(&errors))?,
                false,
            ),
        };
        Ok(Pdf {
            bytes,
            pages: pages.pages().len(),
            unprintable: losses.missing,
            common_shape: losses.plain,
            accessible,
        })
    }

    /// The pages, for looking at them in tests and examples; [`Document::print`] is what to call.
    ///
    /// # Errors
    /// [`PressError::Form`] when a template does not compile.
    #[doc(hidden)]
    pub fn pages(&self) -> Result<PagedDocument, PressError> {
        self.set().map(|(pages, _)| pages)
    }

    fn set(&self) -> Result<(PagedDocument, Losses), PressError> {
        let (data, losses) = self.data()?;
        let forms: Vec<(String, &str)> = self
            .forms
            .iter()
            .map(|form| (path(form), form.source))
            .collect();
        let world = Desk::new(self.main(), &forms, data).ok_or_else(|| PressError::Form {
            form: self.title.clone(),
            detail: "a form's name is not a path".into(),
        })?;
        let result = typst::compile::<PagedDocument>(&world);
        typst::comemo::evict(REMEMBERED);
        result
            .output
            .map(|pages| (pages, losses))
            .map_err(|errors| self.failed(&errors))
    }

    /// The data of all parts, with only printable text in them, and what was not printable.
    fn data(&self) -> Result<(Vec<u8>, Losses), PressError> {
        let mut all = Losses::default();
        let mut parts = Vec::new();
        for part in &self.parts {
            let mut data = part.data.clone();
            let losses = text::settle(&mut data);
            parts.push(json!({
                "data": data,
                "missing": losses.code_points(),
                "plain": losses.variants(),
            }));
            all.add(losses);
        }
        let mut imprint = serde_json::to_value(&self.imprint)?;
        all.add(text::settle(&mut imprint));
        let title = text::line(&self.title, &mut all);
        let data = json!({ "title": title, "imprint": imprint, "parts": parts });
        Ok((serde_json::to_vec(&data)?, all))
    }

    /// Typst that calls each part's template in turn. Holds no data: only names of forms.
    fn main(&self) -> String {
        let mut main =
            format!("#import \"/frame.typ\": document-of, part\n#let all = json(\"{DATA}\")\n");
        for (place, form) in self.forms.iter().enumerate() {
            main += &format!("#import \"{}\": body as form-{place}\n", path(form));
        }
        main += "#show: document-of.with(all)\n";
        for (place, of) in self.parts.iter().enumerate() {
            main += &format!(
                "#part(form-{}, all.parts.at({place}), first: {})\n",
                of.form,
                place == 0
            );
        }
        main
    }

    fn failed(&self, errors: &[SourceDiagnostic]) -> PressError {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        PressError::Form {
            form: self.title.clone(),
            detail: messages.join("; "),
        }
    }
}

fn path(form: &Form) -> String {
    format!("/forms/{}.typ", form.name)
}

fn options(ident: &str, standards: PdfStandards) -> PdfOptions {
    PdfOptions {
        ident: typst::foundations::Smart::Custom(ident.to_owned()),
        creator: typst::foundations::Smart::Custom(Some("Engawa".into())),
        standards,
        ..PdfOptions::default()
    }
}
