//! All that a template can reach.

use std::sync::OnceLock;

use engawa_kernel::paper::picture_path;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::fonts::fonts;

/// The page, boxes and check boxes that every form uses.
const FRAME: &str = include_str!("../templates/frame.typ");
/// Where the data of a print stand.
pub(crate) const DATA: &str = "/data.json";

/// One print: embedded templates, embedded fonts, its own data. No file, no network, no package,
/// no clock: what is not here does not exist.
pub(crate) struct Desk {
    main: FileId,
    sources: Vec<Source>,
    /// The data of this print, and its pictures.
    files: Vec<(FileId, Bytes)>,
}

impl Desk {
    /// A print of `main`, which may import `forms` by their paths. None when a path is no path: a
    /// form's name with signs that a path cannot have.
    pub(crate) fn new(
        main: String,
        forms: &[(String, &str)],
        data: Vec<u8>,
        pictures: impl IntoIterator<Item = Bytes>,
    ) -> Option<Self> {
        let main = Source::new(id("/main.typ")?, main);
        let mut sources = vec![Source::new(id("/frame.typ")?, FRAME.to_owned())];
        for (path, source) in forms {
            sources.push(Source::new(id(path)?, (*source).to_owned()));
        }
        let main_id = main.id();
        sources.push(main);
        let mut files = vec![(id(DATA)?, Bytes::new(data))];
        for (place, picture) in pictures.into_iter().enumerate() {
            files.push((id(&picture_path(place))?, picture));
        }
        Some(Self {
            main: main_id,
            sources,
            files,
        })
    }
}

/// Paths are interned for ever; there are as many as there are forms, and pictures of one print.
fn id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn not_here(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_with_slash().into())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        static LIBRARY: OnceLock<LazyHash<Library>> = OnceLock::new();
        LIBRARY.get_or_init(|| LazyHash::new(Library::default()))
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts().book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources
            .iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| not_here(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if let Some((_, bytes)) = self.files.iter().find(|(known, _)| *known == id) {
            return Ok(bytes.clone());
        }
        self.source(id)
            .map(|source| Bytes::from_string(source.text().to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
