//! Compressed neighbors: `index.html.gz` and `index.html.br` beside `index.html`, for servers that send these as they
//! are instead of compressing each answer anew.

use std::collections::BTreeSet;
use std::io::Write;

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use crate::files::{Bytes, FilePath, compact};
use crate::resolve::Site;
use crate::served::{ENCODINGS, is_text};

/// Which files of a site get compressed neighbors.
pub struct Compressed {
    /// Whether any host sends them.
    is_wanted: bool,
    /// Files of authors whose names end as those of neighbors do: they come first.
    taken: BTreeSet<FilePath>,
}

/// In a shorter file there is nothing to win.
const SHORTEST: usize = 512;

impl Compressed {
    /// What site.toml says, and what its authors have.
    pub fn of(site: &Site) -> Compressed {
        let is_wanted = site.config.hosts.iter().any(|host| host.serves_compressed());
        let ends_so =
            |path: &&FilePath| ENCODINGS.iter().any(|(ending, _)| path.as_str().ends_with(ending));
        let taken = site.assets.iter().filter(ends_so).cloned().collect();
        Compressed { is_wanted, taken }
    }

    /// The neighbors that a file gets, without their content.
    pub fn neighbors(&self, path: &FilePath, bytes: &Bytes) -> Vec<(FilePath, Encoding)> {
        if !self.is_wanted || bytes.len() < SHORTEST || !is_text(path.as_str()) {
            return Vec::new();
        }
        let encodings = [Encoding::Gzip, Encoding::Brotli].into_iter().zip(ENCODINGS);
        let neighbor = |(encoding, (ending, _)): (Encoding, (&str, &str))| {
            let neighbor = FilePath::new(&format!("{path}{ending}"))?;
            // A name that no disk holds is none; the host answers with the file itself.
            let fits = neighbor.name().len() <= LONGEST_NAME;
            (fits && !self.taken.contains(&neighbor)).then_some((neighbor, encoding))
        };
        encodings.filter_map(neighbor).collect()
    }
}

/// How long the name of a file may be, in bytes, on the disks of nearly all systems.
const LONGEST_NAME: usize = 255;

/// How a neighbor is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

impl Encoding {
    /// Compresses a content. Equal content is equal bytes, whatever the time and the system.
    ///
    /// # Panics
    /// Never: a vector takes any bytes.
    pub fn compress(self, bytes: &[u8]) -> Bytes {
        /// Nearly as small as can be, in a fraction of the time.
        const LEVEL: i32 = 6;
        let mut compressed = Vec::new();
        match self {
            Encoding::Gzip => {
                // RFC 1952, section 2.3.1: any other would make the bytes depend on where the site was built.
                const UNKNOWN_SYSTEM: u8 = 255;
                let header = GzBuilder::new().mtime(0).operating_system(UNKNOWN_SYSTEM);
                let mut packer = header.write(compressed, Compression::best());
                packer.write_all(bytes).expect("a vector takes any bytes");
                compressed = packer.finish().expect("a vector takes any bytes");
            }
            Encoding::Brotli => {
                let parameters =
                    BrotliEncoderParams { quality: LEVEL, ..BrotliEncoderParams::default() };
                brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)
                    .expect("a vector takes any bytes");
            }
        }
        compact(compressed).into()
    }
}
