//! Scratch: index a folder of Markdown, write it, time it, answer queries.
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
#[path = "../tests/suite/search/pages.rs"]
#[allow(dead_code, unreachable_pub)]
mod pages;
use guidepost::search::*;
fn rss() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap()
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        / 1024
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let pages: Vec<SearchPage> =
        if args[1] == "example" { pages::example() } else { pages::corpora().unwrap() };
    let bytes: usize =
        pages.iter().flat_map(|p| &p.sections).map(|s| s.text.len() + s.code.len()).sum();
    println!("pages {} text {bytes} rss {}", pages.len(), rss());
    let t = Instant::now();
    let analyzed: Vec<Arc<Analyzed>> = guidepost::memo::parallel(&pages, |p| Arc::new(analyze(p)));
    println!("analyze {:?} rss {}", t.elapsed(), rss());
    let t = Instant::now();
    let ix = index(&analyzed, Settings::default());
    println!("index {:?} rss {}", t.elapsed(), rss());
    drop(ix);
    let t = Instant::now();
    let files = search(&analyzed, Settings::default());
    println!(
        "search {:?} rss {} files {} bytes {}",
        t.elapsed(),
        rss(),
        files.len(),
        files.iter().map(|f| f.1.len()).sum::<usize>()
    );
    if let Some(out) = args.get(2) {
        let _ = std::fs::remove_dir_all(Path::new(out).join("search"));
        for (path, bytes) in files.iter() {
            let p = Path::new(out).join(path.as_str());
            std::fs::create_dir_all(p.parent().unwrap()).unwrap();
            std::fs::write(p, bytes).unwrap();
        }
        let facts: Vec<_> = pages.iter().map(|p| serde_json::json!({"url": p.url, "title": p.title, "name": p.path.name().trim_end_matches(".md"), "alerts": p.alerts.iter().map(|a| &a.name).collect::<Vec<_>>(), "sections": p.sections.iter().map(|s| (s.anchor.clone(), s.heading.clone(), s.text.clone())).collect::<Vec<_>>()})).collect();
        std::fs::write(Path::new(out).join("pages.json"), serde_json::to_string(&facts).unwrap())
            .unwrap();
    }
}
