//! Pages that take in other files are read again with them.
//!
//! Most pages take in nothing, and are read by themselves alone; which do is known once they are read.

use std::sync::Arc;

use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Memo, Mode};
use crate::parse::{Document, HostPage, IncludeLibrary, Input, ParseOptions, parse_host};

/// The same documents, those that take in other files read with them.
pub(super) fn with_included(
    mut documents: Vec<Arc<Document>>,
    pages: &[(&FilePath, &Bytes)],
    (files, content): (&Files, &str),
    options: &Arc<ParseOptions>,
    mode: Mode,
    memo: &mut Memo<FilePath, HostPage, Document>,
) -> Vec<Arc<Document>> {
    let takes_in = |index: &usize| documents[*index].takes_in;
    let hosts: Vec<usize> = (0..documents.len()).filter(takes_in).collect();
    let library = IncludeLibrary::new(files, content);
    let input = |index: &usize| {
        let (path, bytes) = pages[*index];
        let inclusions = library.gather(path, bytes);
        let options = Arc::clone(options);
        let page = Input { path: path.clone(), bytes: Arc::clone(bytes), options };
        (path.clone(), HostPage { page, inclusions })
    };
    let read = memo.map(mode, &hosts, input, parse_host);
    for (index, document) in hosts.into_iter().zip(read) {
        documents[index] = document;
    }
    documents
}
