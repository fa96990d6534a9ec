//! Paper: what is printed on A4. A domain brings its forms (a template and the data that it takes);
//! the edge that can set pages (`platform/press`) brings a [`Printer`]. Nobody else links it.

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    context::Ctx,
    error::{Error, Result},
    text::wareki,
};

/// A template. Its Typst source defines `body(data)`, which draws one form from the data of its
/// [`Page`]; `#import "/frame.typ": *` gives it the house's title, ruled boxes and check boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Name in latin letters, unique among all forms: `referral-sheet`.
    pub name: &'static str,
    /// Typst source, embedded by `include_str!`.
    pub source: &'static str,
}

/// Data for a form. Serialises to what the template reads; a field `svg` holds a picture's source.
pub trait Page: Serialize {
    /// The template that draws it.
    const FORM: Form;
}

/// What stands on every page.
#[derive(Debug, Clone, Serialize, Deserialize)]
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

impl Imprint {
    /// Of a print that the actor makes now.
    #[must_use]
    pub fn of(ctx: &Ctx) -> Self {
        let place = ctx.actor.postings.first().map_or("", |p| p.place.as_str());
        Self {
            municipality: ctx.municipality_name.clone(),
            printed_by: format!("{place}　{}", ctx.actor.name).trim().to_owned(),
            printed_at: wareki::format_date_time(crate::clock::local(ctx.now()), ctx.calendar),
            print_number: String::new(),
            training: ctx.training,
        }
    }
}

/// One form with its data.
#[derive(Debug, Clone)]
pub struct Part {
    /// The template.
    pub form: Form,
    /// What it draws.
    pub data: Json,
}

/// Forms that are printed together: their pages are counted through.
#[derive(Debug, Clone)]
pub struct Document {
    /// The PDF's, and in the head of every page. File viewers show it, so it names the form and
    /// never a person.
    pub title: String,
    /// What stands on every page.
    pub imprint: Imprint,
    /// In their order; each begins on a page of its own.
    pub parts: Vec<Part>,
    /// PNG and JPEG that templates draw, by the paths that [`Document::picture`] gave.
    pub pictures: Vec<Bytes>,
}

impl Document {
    /// A print without a form yet.
    #[must_use]
    pub fn new(title: impl Into<String>, imprint: Imprint) -> Self {
        Self {
            title: title.into(),
            imprint,
            parts: Vec::new(),
            pictures: Vec::new(),
        }
    }

    /// Adds a PNG or JPEG and tells the path by which a template draws it: `image(data.picture)`.
    pub fn picture(&mut self, bytes: impl Into<Bytes>) -> String {
        self.pictures.push(bytes.into());
        picture_path(self.pictures.len() - 1)
    }

    /// Adds a form.
    ///
    /// # Errors
    /// The data cannot be written as JSON: a defect.
    pub fn with<P: Page>(mut self, page: &P) -> Result<Self> {
        self.parts.push(Part {
            form: P::FORM,
            data: serde_json::to_value(page)?,
        });
        Ok(self)
    }

    /// Sets the pages, away from the threads that answer requests.
    ///
    /// # Errors
    /// A template does not compile: a defect.
    pub async fn print(self, ctx: &Ctx) -> Result<Vec<u8>> {
        let printer = std::sync::Arc::clone(&ctx.engine.printer);
        tokio::task::spawn_blocking(move || printer.print(self))
            .await
            .map_err(|e| Error::Internal(format!("printing ended: {e}")))?
    }

    /// Sets the pages for the browser to show. `name`: of the file if it is kept, in ASCII, and
    /// nobody's name.
    ///
    /// # Errors
    /// As [`Document::print`].
    pub async fn show(self, ctx: &Ctx, name: &str) -> Result<Response> {
        let pdf = self.print(ctx).await?;
        let headers = [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("inline; filename=\"{name}\""),
            ),
        ];
        Ok((headers, pdf).into_response())
    }
}

/// The path of a document's picture, counted from 0.
#[must_use]
pub fn picture_path(place: usize) -> String {
    format!("/pictures/{place}")
}

/// What sets pages.
pub trait Printer: Send + Sync {
    /// A document as a PDF.
    ///
    /// # Errors
    /// A template does not compile: a defect.
    fn print(&self, document: Document) -> Result<Vec<u8>>;
}

/// Writes down what would be printed, form by form, as text: for tests, and for a build without the
/// edge that sets pages.
pub struct Plain;

impl Printer for Plain {
    fn print(&self, document: Document) -> Result<Vec<u8>> {
        let mut text = format!("{}\n", document.title);
        for part in &document.parts {
            text += &format!("{}\n{:#}\n", part.form.name, part.data);
        }
        for (place, picture) in document.pictures.iter().enumerate() {
            text += &format!("{} ({} bytes)\n", picture_path(place), picture.len());
        }
        Ok(text.into_bytes())
    }
}
