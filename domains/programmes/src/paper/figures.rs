//! 別紙 behind the sheet: pictures on the page, the names of the other files.

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

use crate::{
    files::{self, Numbered},
    model::Sheet,
};

/// Width and height that a picture may take, in millimetres: a page without its margins and titles.
const SPACE: (f64, f64) = (172.0, 205.0);
/// Millimetres of a pixel where there is room: 96 of them to the inch.
const PIXEL: f64 = 25.4 / 96.0;

/// What the template draws.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FiguresPage {
    /// 令和8年度 縁側市 実施計画書
    pub sheet: String,
    /// 第2版
    pub version: String,
    /// In the order of the form.
    pub figures: Vec<FigurePage>,
    /// Files that are handed over as files.
    pub others: Vec<OtherPage>,
}

/// A picture.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FigurePage {
    /// 別紙1
    pub number: String,
    /// Which block it belongs to.
    pub block: String,
    /// Its caption, also for who has it read aloud.
    pub caption: String,
    /// Path of the picture in the document.
    pub picture: String,
    /// As wide as it stands on the page.
    pub width_mm: f64,
}

/// A file that is only named.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OtherPage {
    /// 別紙2
    pub number: String,
    /// Which block it belongs to.
    pub block: String,
    /// Its caption.
    pub caption: String,
    /// Its name and kind.
    pub name: String,
}

impl Page for FiguresPage {
    const FORM: Form = Form {
        name: "plan-figures",
        source: include_str!("../../print/plan-figures.typ"),
    };
}

impl FiguresPage {
    /// The files of a version; `path` tells where the document has a picture. None: there are no
    /// files.
    pub fn of(
        sheet: &Sheet,
        version: i64,
        all: &[Numbered],
        mut path: impl FnMut(&Numbered) -> Option<String>,
    ) -> Option<Self> {
        let mut page = Self {
            sheet: sheet.title(),
            version: format!("第{version}版"),
            ..Self::default()
        };
        for one in all {
            let (number, file) = one;
            let number = format!("別紙{number}");
            let block = files::block(file).label().to_owned();
            let caption = file.label.caption.clone();
            match (path(one), file.pixels) {
                (Some(picture), Some(pixels)) => page.figures.push(FigurePage {
                    number,
                    block,
                    caption,
                    picture,
                    width_mm: width(pixels),
                }),
                _ => page.others.push(OtherPage {
                    number,
                    block,
                    caption,
                    name: format!("{}（{}）", file.name, file.media.label()),
                }),
            }
        }
        (!all.is_empty()).then_some(page)
    }
}

/// As large as the picture is, but no larger than the page.
#[allow(clippy::cast_precision_loss, reason = "pixels are small numbers")]
fn width((width, height): (i64, i64)) -> f64 {
    let (width, height) = (width as f64, height as f64);
    (width * PIXEL).min(SPACE.0).min(SPACE.1 * width / height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_fits_on_a_page_however_it_lies() {
        assert!((width((96, 96)) - 25.4).abs() < 0.01);
        assert!((width((4000, 3000)) - 172.0).abs() < 0.01);
        assert!((width((1000, 10_000)) - 20.5).abs() < 0.01);
    }
}
