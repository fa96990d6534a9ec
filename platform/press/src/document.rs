//! One print: a document's forms in a row, numbered through.

use engawa_kernel::paper::{Document, Form};
use serde_json::json;
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::{
    PressError, picture,
    text::{self, Losses},
    world::{DATA, Desk},
};

/// Prints after which what Typst remembers of an unused piece of text is forgotten. Templates and
/// fonts are used by every print and stay; what stood on a page leaves the memory soon.
const REMEMBERED: usize = 5;

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

/// A document while it is being set.
struct Print<'a>(&'a Document);

/// Sets the pages and writes the PDF. Computes: not for an async thread.
///
/// # Errors
/// [`PressError::Form`] when a template does not compile.
pub fn print(document: &Document) -> Result<Pdf, PressError> {
    Print(document).print()
}

/// The pages, for looking at them in tests and examples.
///
/// # Errors
/// [`PressError::Form`] when a template does not compile.
#[doc(hidden)]
pub fn pages(document: &Document) -> Result<PagedDocument, PressError> {
    Print(document).set().map(|(pages, _)| pages)
}

impl Print<'_> {
    fn print(&self) -> Result<Pdf, PressError> {
        let (pages, losses) = self.set()?;
        let ident = format!("{} {}", self.0.title, self.0.imprint.print_number);
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

    fn set(&self) -> Result<(PagedDocument, Losses), PressError> {
        let (data, losses) = self.data()?;
        let forms: Vec<(String, &str)> = self
            .forms()
            .iter()
            .map(|form| (path(form), form.source))
            .collect();
        let pictures = self.0.pictures.iter().map(picture::readable);
        let world =
            Desk::new(self.main(), &forms, data, pictures).ok_or_else(|| PressError::Form {
                form: self.0.title.clone(),
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
        for part in &self.0.parts {
            let mut data = part.data.clone();
            let losses = text::settle(&mut data);
            parts.push(json!({
                "data": data,
                "missing": losses.code_points(),
                "plain": losses.variants(),
            }));
            all.add(losses);
        }
        let mut imprint = serde_json::to_value(&self.0.imprint)?;
        all.add(text::settle(&mut imprint));
        let title = text::line(&self.0.title, &mut all);
        let data = json!({ "title": title, "imprint": imprint, "parts": parts });
        Ok((serde_json::to_vec(&data)?, all))
    }

    /// Each form once, in the order of its first page.
    fn forms(&self) -> Vec<Form> {
        let mut forms = Vec::new();
        for part in &self.0.parts {
            if !forms.contains(&part.form) {
                forms.push(part.form);
            }
        }
        forms
    }

    /// Typst that calls each part's template in turn. Holds no data: only names of forms.
    fn main(&self) -> String {
        let mut main =
            format!("#import \"/frame.typ\": document-of, part\n#let all = json(\"{DATA}\")\n");
        let forms = self.forms();
        for (place, form) in forms.iter().enumerate() {
            main += &format!("#import \"{}\": body as form-{place}\n", path(form));
        }
        main += "#show: document-of.with(all)\n";
        for (place, part) in self.0.parts.iter().enumerate() {
            let form = forms.iter().position(|form| *form == part.form);
            main += &format!(
                "#part(form-{}, all.parts.at({place}), first: {})\n",
                form.unwrap_or_default(),
                place == 0
            );
        }
        main
    }

    fn failed(&self, errors: &[SourceDiagnostic]) -> PressError {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        PressError::Form {
            form: self.0.title.clone(),
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
