use hs_core::reports::{Report, ReportSettings};
fn main() {
    let out = std::env::args().nth(1).unwrap();
    for name in hs_core::examples::names().iter().chain(&["stress"]) {
        let a = if *name == "stress" {
            hs_core::Assessment::from_json(&std::fs::read_to_string(format!("{out}/stress.json")).unwrap()).unwrap()
        } else {
            hs_core::examples::load(name).unwrap()
        };
        let r = Report::new(&a, &ReportSettings::default()).unwrap();
        std::fs::write(format!("{out}/{name}.html"), r.html()).unwrap();
        std::fs::write(format!("{out}/{name}.txt"), r.text()).unwrap();
        std::fs::write(format!("{out}/{name}.svg"), r.svg().unwrap()).unwrap();
    }
}
