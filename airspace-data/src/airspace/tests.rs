#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
#[ignore = "by hand: every file under TIANLU_DATA"]
fn every_file_at_hand() {
    let Ok(root) = std::env::var("TIANLU_DATA") else { return };
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match read_airspace(&name, &bytes, &ReadOptions::default()) {
                Ok(file) => {
                    eprintln!("OK {name}: {:?} {} zones", file.format, file.zones.len());
                    file.warnings.iter().for_each(|warning| eprintln!("     {warning}"));
                }
                Err(error) => eprintln!("NO {error}"),
            }
        }
    }
}
