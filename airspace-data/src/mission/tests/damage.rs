//! No bytes make a reader panic; what is read can be timed or is refused.

use proptest::prelude::*;

use super::*;

fn samples() -> impl Strategy<Value = Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(KMZ)).unwrap();
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_name("wpmz/waylines.wpml").unwrap(), &mut text).unwrap();
    let all =
        [QGC.to_vec(), WPL.to_vec(), KMZ.to_vec(), LINE.as_bytes().to_vec(), PLAN.as_bytes().to_vec(), text];
    prop::sample::select(all.to_vec())
}

fn check(bytes: &[u8]) {
    let packed = bytes.starts_with(b"<?xml").then(|| zipped(&[("wpmz/waylines.wpml", bytes)]));
    match read_mission("test", packed.as_deref().unwrap_or(bytes)) {
        Ok(mission) => {
            assert!(mission.points.len() <= MOST_POINTS && !mission.points.is_empty());
            let mut world = world(Ground::Flat);
            world.frame = mission.frame().unwrap();
            if let Ok(timed) = mission.timed("test", &world, &quad(), 15.0, Some(START)) {
                assert_eq!(timed.legs.len() + 1, timed.waypoints.len());
                assert!(timed.legs.is_sorted() && timed.legs.iter().all(|leg| *leg < mission.points.len()));
                assert!(timed.waypoints.is_sorted_by(|a, b| a.time <= b.time));
            }
        }
        Err(error) => {
            assert!(!error.faults.is_empty() && error.faults.iter().all(|fault| !fault.found.is_empty()))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn bytes_changed(bytes in samples(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = bytes;
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        check(&bytes);
    }

    #[test]
    fn parts_cut_out_or_doubled(bytes in samples(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), twice in any::<bool>()) {
        let (a, b) = (from.index(bytes.len()), to.index(bytes.len()));
        let (a, b) = (a.min(b), a.max(b));
        let kept = if twice { [&bytes[..b], &bytes[a..]].concat() } else { [&bytes[..a], &bytes[b..]].concat() };
        check(&kept);
    }

    /// A number of the file becomes another one.
    #[test]
    fn numbers_changed(bytes in samples(), at in any::<prop::sample::Index>(), number in prop::sample::select(vec![
        "0", "-0", "-1", "1e308", "1e-308", "NaN", "inf", "-inf", "90", "180.0000001", "65535", "16", "20", "21", "22", "178", "93", "19",
        "99999999999999999999", "null", "3", "10", "0.1",
    ])) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let starts: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
        let start = starts[at.index(starts.len())];
        let length = text[start..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len() - start);
        check(format!("{}{number}{}", &text[..start], &text[start + length..]).as_bytes());
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), start in prop::sample::select(vec!["", "PK\u{3}\u{4}", "QGC WPL 110\n", "{\"type\":"])) {
        check(&[start.as_bytes(), &bytes].concat());
    }
}
