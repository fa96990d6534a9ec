//! A folder or a ZIP file: what leaves is readable by its owner only.

use std::{
    fs::{File, OpenOptions},
    io::{BufReader, BufWriter, Read, Write},
    path::{Component, Path, PathBuf},
};

use engawa_kernel::error::{Error, Result};
use sha2::{Digest, Sha256};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::cell::hex;

/// Where an export goes.
pub enum Target {
    /// Below this folder.
    Folder(PathBuf),
    /// Into this file.
    Zip(Box<ZipWriter<BufWriter<File>>>),
}

fn trouble(path: &Path, e: impl std::fmt::Display) -> Error {
    Error::Invalid(format!("{} を読み書きできません({e})。", path.display()))
}

/// A new file that only its owner reads.
fn private(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map_err(|e| trouble(path, e))
}

/// A folder that only its owner opens; one that is there stays as it is.
fn private_folder(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|e| trouble(path, e))
}

/// Writes and hashes.
pub struct Hashed<'a> {
    to: Box<dyn Write + Send + 'a>,
    sha: Sha256,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.to.write(bytes)?;
        self.sha.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

impl Hashed<'_> {
    /// The hash of what was written.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn finish(mut self) -> Result<String> {
        self.to
            .flush()
            .map_err(|e| Error::Internal(e.to_string()))?;
        Ok(hex(&self.sha.finalize()))
    }
}

impl Target {
    /// A ZIP file where the name ends in `.zip`, else a folder, which must be new or empty.
    ///
    /// # Errors
    /// There is something already, or the disk refuses.
    pub fn new(path: &Path) -> Result<Self> {
        let full = std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
        if full || path.is_file() {
            return Err(Error::Invalid(format!(
                "{} には既にファイルがあります。上書きはしません。新しい場所を指定してください。",
                path.display()
            )));
        }
        if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("zip"))
        {
            let file = private(path)?;
            return Ok(Self::Zip(Box::new(ZipWriter::new(BufWriter::new(file)))));
        }
        private_folder(path)?;
        Ok(Self::Folder(path.to_owned()))
    }

    /// Begins a file; the one before is finished.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn file(&mut self, name: &str) -> Result<Hashed<'_>> {
        let to: Box<dyn Write + Send + '_> = match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                if let Some(parent) = path.parent() {
                    private_folder(parent)?;
                }
                Box::new(BufWriter::new(private(&path)?))
            }
            Self::Zip(zip) => {
                let options = SimpleFileOptions::default()
                    .large_file(true)
                    .unix_permissions(0o600);
                zip.start_file(name, options)
                    .map_err(|e| Error::Internal(e.to_string()))?;
                Box::new(zip)
            }
        };
        Ok(Hashed {
            to,
            sha: Sha256::new(),
        })
    }

    /// Closes it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn close(self) -> Result<()> {
        if let Self::Zip(zip) = self {
            zip.finish()
                .and_then(|mut file| Ok(file.flush()?))
                .map_err(|e| Error::Internal(e.to_string()))?;
        }
        Ok(())
    }
}

/// Where an export comes from.
pub enum Origin {
    /// This folder.
    Folder(PathBuf),
    /// This file.
    Zip(Box<ZipArchive<BufReader<File>>>),
}

impl Origin {
    /// Opens it.
    ///
    /// # Errors
    /// There is nothing, or it is no ZIP file.
    pub fn open(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let file = File::open(path).map_err(|e| trouble(path, e))?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|e| trouble(path, e))?;
        Ok(Self::Zip(Box::new(zip)))
    }

    /// One of its files.
    ///
    /// # Errors
    /// It has no such file, or the name leads out of it.
    pub fn file(&mut self, name: &str) -> Result<Box<dyn Read + Send + '_>> {
        let plain = Path::new(name)
            .components()
            .all(|c| matches!(c, Component::Normal(_)));
        if !plain {
            return Err(Error::Invalid(format!(
                "{name} という名前のファイルは読みません。"
            )));
        }
        let missing = |e: &dyn std::fmt::Display| {
            Error::Invalid(format!(
                "書き出したものの中に {name} がありません({e})。すべてのファイルがそろっているか確かめてください。"
            ))
        };
        Ok(match self {
            Self::Folder(folder) => {
                let file = File::open(folder.join(name)).map_err(|e| missing(&e))?;
                Box::new(BufReader::new(file))
            }
            Self::Zip(zip) => Box::new(zip.by_name(name).map_err(|e| missing(&e))?),
        })
    }

    /// Stops at a file that is not as it was written.
    ///
    /// # Errors
    /// Its hash is another.
    pub fn check(&mut self, name: &str, sha256: &str) -> Result<()> {
        let mut file = self.file(name)?;
        let mut sha = Sha256::new();
        let mut part = vec![0; 64 * 1024];
        loop {
            let n = file
                .read(&mut part)
                .map_err(|e| trouble(Path::new(name), e))?;
            if n == 0 {
                break;
            }
            sha.update(&part[..n]);
        }
        if hex(&sha.finalize()) == sha256 {
            return Ok(());
        }
        Err(Error::Invalid(format!(
            "{name} が、書き出したときと違っています。復元していません。書き出したものをもう一度写してください。"
        )))
    }
}

/// Copies a file into the new data folder.
///
/// # Errors
/// The disk refuses, or there is one already.
pub fn put_back(origin: &mut Origin, name: &str, data: &Path, path: &str) -> Result<()> {
    let mut from = origin.file(name)?;
    let to = data.join(path);
    if let Some(parent) = to.parent() {
        private_folder(parent)?;
    }
    let mut file = private(&to)?;
    std::io::copy(&mut from, &mut file).map_err(|e| trouble(&to, e))?;
    file.sync_all().map_err(|e| trouble(&to, e))
}
