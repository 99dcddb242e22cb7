//! A folder for one test: empty at first, gone afterwards. Knows no Markdown.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process;

pub(crate) struct Folder(PathBuf);

impl Folder {
    /// `name` is the test's own, so that tests do not meet.
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn name(&self) -> &str {
        self.0.to_str().expect("a name in UTF-8")
    }

    pub(crate) fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    /// A file that takes no room on the disk.
    pub(crate) fn with_sparse(self, path: &str, megabytes: u64) -> Self {
        let file = File::create(self.0.join(path)).expect("a file");
        file.set_len(megabytes << 20).expect("a sparse file");
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left lies in the target folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}
