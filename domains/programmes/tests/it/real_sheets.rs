//! The five real sheets that the issue names: each proposes what a person would set up from it. They
//! do not belong to this repository; without them the test says so.

use std::path::Path;

use engawa_programmes::{
    Brought,
    proposals::{Found, Kind, find},
};

fn sheet(town: &str) -> Option<Vec<Found>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/plan-sheets");
    let near = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/plan-sheets");
    let folder = if folder.is_dir() { folder } else { near };
    let file = std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .find(|f| {
            f.file_name()
                .to_string_lossy()
                .ends_with(&format!("-{town}.txt"))
        })?;
    let bytes = std::fs::read(file.path()).unwrap();
    Some(find(&Brought::read("sheet.txt", &bytes).unwrap().parsed))
}

fn names(found: &[Found], kind: Kind) -> Vec<&str> {
    found
        .iter()
        .filter(|f| f.kind == kind)
        .map(|f| f.name.as_str())
        .collect()
}

#[test]
#[allow(clippy::print_stderr)]
fn five_real_sheets_propose_what_they_say() {
    let towns = ["釧路市", "東海村", "市貝町", "草加市", "松戸市"];
    let found: Vec<_> = towns.iter().filter_map(|t| sheet(t)).collect();
    let [kushiro, tokai, ichikai, soka, matsudo] = found.as_slice() else {
        eprintln!("not run: ../shared/plan-sheets is not here");
        return;
    };
    for (town, found) in towns.iter().zip(&found) {
        eprintln!("## {town}");
        for f in found {
            eprintln!(
                "{:?} [{}] code={} body={} mode={} n={}{} note={}",
                f.kind, f.name, f.code, f.body, f.mode, f.number, f.unit, f.note
            );
        }
        assert!(
            found.iter().all(|f| !f.words.is_empty()),
            "{town}: every proposal has its words"
        );
    }
    assert!(names(kushiro, Kind::Area).contains(&"音別町"));
    assert!(names(ichikai, Kind::Area).contains(&"小貝小学校区"));
    assert!(names(soka, Kind::Body).contains(&"社会福祉法人草加市社会福祉協議会"));
    assert!(names(tokai, Kind::Link).contains(&"生活支援体制整備事業"));
    assert!(names(matsudo, Kind::Desk).contains(&"小金原地域包括支援センター"));
}
