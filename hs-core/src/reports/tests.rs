//! What a report must be, whatever stands in the assessment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use roxmltree::{Document as Xml, Node};
use serde_json::{Value, json};

use super::document::Block;
use super::lettering::{columns, decimal, ems, whole};
use super::picture::Picture;
use super::*;
use crate::tables::Table;
use crate::{ErrorKind, examples};

fn reported(assessment: &Assessment) -> Report {
    Report::new(assessment, &ReportSettings { draws: 20, ..ReportSettings::default() }).expect("a report")
}

/// The cases with their reports, made once.
fn cases() -> &'static [(&'static str, Assessment, Report)] {
    static CASES: OnceLock<Vec<(&str, Assessment, Report)>> = OnceLock::new();
    CASES.get_or_init(|| {
        let made = |name: &&'static str| {
            let assessment = examples::load(name).expect("a case");
            let report = reported(&assessment);
            (*name, assessment, report)
        };
        examples::names().iter().map(made).collect()
    })
}

/// The page as strict XML: its own elements without an end tag are closed, nothing else is changed.
fn strict(page: &str) -> String {
    let body = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    body.split("<meta ").enumerate().fold(String::new(), |mut text, (i, part)| {
        if i > 0 {
            let (tag, rest) = part.split_once('>').expect("an end of the tag");
            text.push_str(&format!("<meta {tag}/>{rest}"));
        } else {
            text.push_str(part);
        }
        text
    })
}

fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(|n| n.is_text()).filter_map(|n| n.text()).collect::<Vec<_>>().join(" ")
}

/// Names of elements with their attributes, each kind once.
fn kinds(xml: &Xml<'_>) -> BTreeSet<(String, Vec<String>)> {
    xml.descendants()
        .filter(Node::is_element)
        .map(|n| (n.tag_name().name().to_owned(), n.attributes().map(|a| a.name().to_owned()).collect()))
        .collect()
}

const PAYLOADS: [&str; 12] = [
    "PAYLOAD<script>alert(1)</script>",
    "PAYLOAD\"><img src=x onerror=alert(1)>",
    "PAYLOAD' onmouseover='alert(1)",
    "PAYLOAD</title></style></svg><iframe src=//evil>",
    "PAYLOAD]]><!--<a href=javascript:alert(1)>-->",
    "PAYLOAD{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "PAYLOAD&lt;script&gt;&#60;b&#62;&amp;amp;",
    "PAYLOAD\u{202E}txt.exe\u{2066}\u{200F}مرحبا",
    "PAYLOAD\u{0}\u{1B}[31m\u{9B}31m\u{7F}\u{FEFF}\u{FFFF}",
    "PAYLOAD\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}zalgo",
    "PAYLOADDonaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle",
    "PAYLOAD\r\nSet-Cookie: a=b\u{2028}粮食危机粮食危机粮食危机粮食危机粮食危机粮食危机",
];

/// The case with hostile words wherever the format takes free text; the reader would refuse some of them, a report must not rely on that.
fn hostile(name: &str) -> Assessment {
    let mut a = examples::load(name).expect("a case");
    let mut next = PAYLOADS.iter().cycle();
    let mut word = || (*next.next().expect("endless")).to_owned();
    a.title = word();
    a.language = Some("en\" onload=\"alert(1)".into());
    a.sources.iter_mut().for_each(|s| {
        s.title = word();
        s.url = Some("javascript:alert('PAYLOAD')".into());
        s.licence = Some(word());
    });
    a.places.iter_mut().for_each(|p| p.name = word());
    a.groups.iter_mut().for_each(|g| {
        g.name = word();
        g.status = Some(word());
        g.tags = vec![word(), word()];
    });
    a.threats.iter_mut().for_each(|t| {
        t.name = word();
        t.provenance.note = Some(word());
    });
    a.interventions.iter_mut().for_each(|i| {
        i.name = word();
        i.provenance.note = Some(word());
        i.externalities.iter_mut().for_each(|e| e.evidence = Some(word()));
    });
    a.actors.iter_mut().for_each(|x| x.name = word());
    a.linkages.iter_mut().for_each(|l| {
        l.evidence = Some(word());
        l.stakeholder = Some(word());
    });
    a
}

#[test]
fn words_from_a_file_make_no_element_and_no_attribute() {
    for (name, _, benign) in cases() {
        let report = reported(&hostile(name));
        for (page, model) in
            [(strict(&report.html()), strict(&benign.html())), (report.svg().expect("a picture"), benign.svg().expect("a picture"))]
        {
            let xml = Xml::parse(&page).unwrap_or_else(|e| panic!("{name}: {e}"));
            let model = Xml::parse(&model).expect("strict");
            let mut allowed = kinds(&model);
            // a name may carry its language only where the file names a sound one
            allowed.insert(("bdi".into(), Vec::new()));
            for kind in kinds(&xml) {
                let known =
                    allowed.contains(&kind) || allowed.iter().any(|(tag, with)| *tag == kind.0 && kind.1.iter().all(|k| with.contains(k)));
                assert!(known, "{name}: {kind:?}");
            }
            for node in xml.descendants().filter(Node::is_element) {
                for attribute in node.attributes() {
                    assert!(!attribute.value().contains("PAYLOAD"), "{name}: {attribute:?}");
                    assert!(!attribute.name().starts_with("on"), "{name}: {attribute:?}");
                }
            }
            assert!(page.contains("PAYLOAD"));
            let bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            assert!(!page.contains(bad), "{name}: {:?}", page.chars().find(|c| bad(*c)));
        }
        let text = report.text();
        assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202E}'), "{name}");
        for line in text.lines() {
            assert!(columns(line) <= 80, "{name}: {} columns: {line}", columns(line));
        }
    }
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    for (name, _, report) in cases() {
        let page = report.html();
        let strict = strict(&page);
        let xml = Xml::parse(&strict).unwrap_or_else(|e| panic!("{name}: {e}"));
        let policy = xml
            .descendants()
            .find(|n| n.attribute("http-equiv") == Some("Content-Security-Policy"))
            .and_then(|n| n.attribute("content"))
            .expect("a policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"));
        for node in xml.descendants().filter(Node::is_element) {
            let tag = node.tag_name().name();
            assert!(
                !["script", "iframe", "object", "embed", "link", "img", "base", "form", "use", "image", "foreignObject"].contains(&tag),
                "{tag}"
            );
            for attribute in ["src", "style", "srcset", "action", "data"] {
                assert!(node.attribute(attribute).is_none(), "{tag} {attribute}");
            }
            if let Some(href) = node.attribute("href") {
                assert!(href.starts_with('#'), "{href}");
            }
        }
    }
}

#[test]
fn a_page_can_be_read_aloud() {
    for (name, _, report) in cases() {
        let page = strict(&report.html());
        let xml = Xml::parse(&page).unwrap_or_else(|e| panic!("{name}: {e}"));
        let elements: Vec<Node<'_, '_>> = xml.descendants().filter(Node::is_element).collect();
        let ids: Vec<&str> = elements.iter().filter_map(|n| n.attribute("id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}: an id twice");
        for node in &elements {
            for target in node.attribute("aria-labelledby").into_iter().flat_map(|t| t.split(' ')) {
                assert!(ids.contains(&target), "{name}: nothing is called {target}");
            }
            if let Some(target) = node.attribute("href").and_then(|h| h.strip_prefix('#')) {
                assert!(ids.contains(&target), "{name}: nothing is called {target}");
            }
            match node.tag_name().name() {
                "table" => assert!(node.children().any(|c| c.has_tag_name("caption") && !text_of(c).trim().is_empty())),
                "th" => assert!(matches!(node.attribute("scope"), Some("col" | "row"))),
                "tr" => assert!(node.children().next().is_some_and(|c| c.has_tag_name("th"))),
                "svg" => assert!(node.attribute("role") == Some("img") || node.attribute("aria-hidden") == Some("true")),
                _ => {}
            }
        }
        let levels: Vec<u32> = elements.iter().filter_map(|n| n.tag_name().name().strip_prefix('h').and_then(|l| l.parse().ok())).collect();
        assert_eq!(levels.first(), Some(&1));
        assert_eq!(levels.iter().filter(|l| **l == 1).count(), 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: a level of heading is left out");
        for landmark in ["header", "nav", "main", "footer"] {
            assert_eq!(elements.iter().filter(|n| n.has_tag_name(landmark)).count(), 1, "{name}: {landmark}");
        }
        for section in elements.iter().filter(|n| n.has_tag_name("section")) {
            let finding = section.children().find(|c| c.attribute("class") == Some("finding")).map(text_of).unwrap_or_default();
            assert!(finding.trim().ends_with('.'), "{name}: {finding}");
        }
    }
}

#[test]
fn labels_stay_in_their_boxes_and_boxes_stay_apart() {
    for name in examples::names() {
        for assessment in [examples::load(name).expect("a case"), hostile(name)] {
            let picture = Picture::new(&assessment, &[]).expect("a layout").expect("a picture");
            assert_eq!(picture.nodes.len(), assessment.threats.len());
            for (i, a) in picture.nodes.iter().enumerate() {
                assert!(a.lines.iter().all(|l| ems(l) * 13.0 <= a.width - 12.0), "{name}: {:?}", a.lines);
                assert!(a.lines.len() as f64 * 16.0 + 11.0 <= a.height);
                for b in picture.nodes.iter().take(i) {
                    let apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                    assert!(apart, "{name}: {} and {} overlap", a.id, b.id);
                }
            }
        }
    }
}

#[test]
fn a_ring_of_forty_threats_is_drawn() {
    let threats: Vec<Value> =
        (0..40).map(|i| json!({"id": format!("t{i}"), "name": format!("Threat {i}"), "component": "economic"})).collect();
    let links: Vec<Value> = (0..80)
        .map(|i| json!({"id": format!("l{i}"), "from": format!("t{}", i % 40), "to": format!("t{}", (i * 7 + 1) % 40), "effect": "feeds", "weight": 0.1}))
        .collect();
    let text = json!({"schema": "human-security/1", "id": "ring", "title": "Ring", "threats": threats, "linkages": links}).to_string();
    let report = reported(&Assessment::from_json(&text).expect("a document"));
    let svg = report.svg().expect("a picture");
    let xml = Xml::parse(&svg).expect("strict");
    assert_eq!(xml.descendants().filter(|n| n.attribute("class") == Some("threat")).count(), 40);
}

#[test]
fn the_same_bytes_every_time() {
    for (_, assessment, first) in cases().iter().filter(|(name, ..)| ["shan", "moldova"].contains(name)) {
        let second = reported(assessment);
        assert_eq!(first.html(), second.html());
        assert_eq!(first.text(), second.text());
        assert_eq!(first.svg(), second.svg());
    }
}

/// Numbers within a text: digits with points and commas inside.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut number = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() || (!number.is_empty() && matches!(c, '.' | ',')) {
            number.push(c);
        } else if !number.is_empty() {
            found.push(std::mem::take(&mut number).trim_end_matches(['.', ',']).to_owned());
        }
    }
    found
}

fn spellings(value: &Value, known: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => {
            let x = number.as_f64().unwrap_or_default();
            for x in [x, x.abs()] {
                known.extend([decimal(x), whole(x), format!("{x:.1}"), number.to_string()].iter().flat_map(|t| numbers(t)));
            }
        }
        Value::String(text) => known.extend(numbers(text)),
        Value::Array(items) => items.iter().for_each(|v| spellings(v, known)),
        Value::Object(map) => map.iter().for_each(|(key, v)| {
            known.extend(numbers(key));
            spellings(v, known);
        }),
        Value::Null | Value::Bool(_) => {}
    }
}

#[test]
fn a_number_that_is_in_no_result_is_in_no_report() {
    for (name, assessment, report) in cases() {
        // the ends of the scale, and the year of a framework's source
        let mut known: BTreeSet<String> = ["0", "1", "0.001", "001"].map(String::from).into();
        spellings(&serde_json::to_value(assessment).expect("json"), &mut known);
        for finding in report.findings() {
            if let Ok(outcome) = &finding.result {
                spellings(&outcome.to_json(), &mut known);
                // rows that a table of the page does not show are counted on the page
                known.extend(outcome.tables.iter().flat_map(|(_, t)| (0..=t.rows()).map(|r| r.to_string())));
            }
        }
        for number in numbers(&report.text()) {
            assert!(known.contains(&number), "{name}: {number} is in no result");
        }
    }
}

#[test]
fn a_restricted_assessment_asks_for_its_class() {
    let mut assessment = examples::load("ituri").expect("a case");
    assessment.sensitivity = Some(Sensitivity::Strict);
    let asked = |acknowledgement: Option<&str>| {
        let settings = ReportSettings { acknowledgement: acknowledgement.map(Into::into), draws: 20, ..ReportSettings::default() };
        Report::new(&assessment, &settings)
    };
    assert_eq!(asked(None).map(|_| ()).unwrap_err().kind, ErrorKind::Sensitivity);
    assert_eq!(asked(Some("restricted")).map(|_| ()).unwrap_err().kind, ErrorKind::Sensitivity);
    assert!(asked(Some("strict")).expect("acknowledged").html().contains("strict: could endanger people"));
}

#[test]
fn sections_come_as_asked() {
    let settings: ReportSettings =
        crate::settings_from_json(r#"{"title": "Mine", "sections": ["sources", "situation"], "draws": 20}"#).expect("settings");
    let report = Report::new(&examples::load("shan").expect("a case"), &settings).expect("a report");
    let ids: Vec<&str> = report.document.parts.iter().map(|p| p.id).collect();
    assert_eq!(ids, ["sources", "situation"]);
    assert!(report.html().contains("<title>Mine</title>"));
    assert!(crate::settings_from_json::<ReportSettings>(r#"{"sectoins": []}"#).is_err());
}

#[test]
fn an_empty_assessment_gives_a_report_that_says_so() {
    let assessment = Assessment::from_json(r#"{"schema": "human-security/1", "id": "empty", "title": "Nothing yet"}"#).expect("a document");
    let report = reported(&assessment);
    assert!(report.svg().is_none());
    assert!(Xml::parse(&strict(&report.html())).is_ok());
    assert!(report.text().contains("names no place"));
}

#[test]
fn a_saved_page_is_the_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.html");
    let report = reported(&examples::load("moldova").expect("a case"));
    report.write(&path).expect("written");
    assert_eq!(std::fs::read_to_string(&path).expect("read"), report.html());
}

#[test]
fn page_and_text_have_the_same_sections() {
    let report = reported(&examples::load("liberia").expect("a case"));
    let (page, text) = (report.html(), report.text());
    let counts: BTreeMap<&str, (usize, usize)> = report
        .document
        .parts
        .iter()
        .map(|p| {
            (
                p.heading,
                (page.matches(&format!(">{}</h2>", p.heading)).count(), text.lines().filter(|l| *l == p.heading.to_uppercase()).count()),
            )
        })
        .collect();
    assert!(counts.values().all(|c| *c == (1, 1)), "{counts:?}");
    // no budget was given, so no set was chosen; what has nothing to show is a line in the notes
    let notes = report.document.parts.iter().find(|p| p.id == "notes").expect("notes");
    let left = notes
        .blocks
        .windows(2)
        .find_map(|pair| match pair {
            [Block::Heading(heading), Block::List(lines)] if heading.text() == "What the assessment holds nothing on" => Some(lines.len()),
            _ => None,
        })
        .unwrap_or(0);
    assert_eq!(counts.len() + left, Section::ALL.len() - 1);
}

#[test]
fn a_partition_is_followed_group_by_group() {
    let assessment = examples::load("mitrovica").expect("a case");
    let partition = assessment.partitions.first().expect("a partition");
    let settings = ReportSettings { groups: Some(partition.id.clone()), draws: 20, ..ReportSettings::default() };
    let report = Report::new(&assessment, &settings).expect("a report");
    let text = report.text();
    let group = assessment.groups.iter().find(|g| partition.groups.contains(&g.id)).expect("a group");
    assert!(text.contains(&group.name));
    assert!(text.lines().all(|line| columns(line) <= 80));
    let unknown = ReportSettings { groups: Some("nobody".into()), ..ReportSettings::default() };
    assert_eq!(Report::new(&assessment, &unknown).map(|_| ()).unwrap_err().kind, ErrorKind::NotFound);
}

/// Findings as the analyses give them, with names that try to break out.
fn made_up() -> Vec<Finding> {
    let of = |analysis: &'static str, tables: Vec<(&'static str, Table)>, facts: Value| {
        let mut outcome = Outcome::new(analysis, &json!({"objective": "severity-persons", "budget": 500_000.0})).expect("settings");
        outcome.tables = tables;
        outcome.facts = facts.as_object().cloned().unwrap_or_default();
        Finding::from(outcome)
    };
    let people = Table::builder()
        .text("intervention", [Some("eradication-plan"), Some("eradication-plan")])
        .text("place", [Some("shan"), None])
        .text("group", [Some("PAYLOAD<script>"), Some("نساء")])
        .number("lifted", [Some(1200.0), None])
        .number("lifted_lower", [Some(800.0), None])
        .number("lifted_upper", [Some(1900.0), None])
        .number("pushed", [Some(40.0), None])
        .boolean("suppressed", [Some(false), Some(true)])
        .build()
        .expect("a table");
    let portfolio = Table::builder()
        .text("intervention", [Some("irrigation"), Some("eradication-plan")])
        .boolean("chosen", [Some(true), Some(false)])
        .number("cost", [Some(300_000.0), Some(250_000.0)])
        .number("chosen_share", [Some(0.75), Some(0.25)])
        .build()
        .expect("a table");
    let front = Table::builder()
        .number("budget", [Some(250_000.0), Some(600_000.0)])
        .number("cost", [Some(250_000.0), Some(550_000.0)])
        .number("benefit", [Some(12.5), Some(17.25)])
        .number("harm", [Some(0.0), Some(0.125)])
        .list("interventions", [Some(vec!["irrigation".to_owned()]), Some(vec!["irrigation".to_owned(), "eradication-plan".to_owned()])])
        .build()
        .expect("a table");
    let harms = Table::builder()
        .text("intervention", [Some("eradication-plan"), Some("eradication-plan")])
        .text("threat", [Some("income-drop"), Some("income-drop")])
        .text("place", [Some("shan"), Some("shan")])
        .text("group", [None::<&str>, None])
        .text("horizon", [Some("short"), Some("rest")])
        .number("change", [Some(0.125), Some(0.25)])
        .number("lower", [Some(0.0), Some(0.2)])
        .number("upper", [Some(0.25), Some(0.3)])
        .text("decision", [None::<&str>, Some("change")])
        .text("by", [None::<&str>, Some("programme-lead")])
        .build()
        .expect("a table");
    let pathways = Table::builder()
        .text("intervention", [Some("eradication-plan")])
        .text("threat", [Some("income-drop")])
        .text("place", [Some("shan")])
        .text("group", [None::<&str>])
        .number("rank", [Some(1.0)])
        .list("nodes", [Some(vec!["poppy-dependence/shan".to_owned(), "income-drop/shan".to_owned()])])
        .list("links", [Some(vec!["PAYLOAD\">".to_owned()])])
        .text("starts_from", [Some("worse")])
        .number("gain", [Some(0.5)])
        .build()
        .expect("a table");
    vec![
        of("people", vec![("people", people)], json!({})),
        of(
            "portfolio",
            vec![("portfolio", portfolio), ("front", front)],
            json!({"status": "optimal", "objective": 12.5, "bound": 12.5, "gap": 0.0}),
        ),
        of("harm_register", vec![("harms", harms), ("pathways", pathways)], json!({"harms": 2, "open": 1})),
    ]
}

#[test]
fn findings_that_are_there_already_are_told_and_the_others_are_not_asked_for() {
    let assessment = examples::load("shan").expect("a case");
    let report = Report::from_findings(&assessment, &ReportSettings::default(), made_up()).expect("a report");
    let (page, text) = (report.html(), report.text());
    let page = strict(&page);
    let xml = Xml::parse(&page).expect("strict");
    let charts = |label: &str| xml.descendants().filter(|n| n.attribute("aria-label") == Some(label)).count();
    assert_eq!([charts("Persons as figures"), charts("Benefit and harm against cost"), charts("Harm tree")], [1, 1, 1]);
    assert!(!xml.descendants().any(|n| n.has_tag_name("script")));
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("1,200 (800 to 1,900)") && page.contains("suppressed: too few asked"));
    assert!(flat.contains("Decision: change (programme-lead)") && flat.contains("not assessed"));
    assert!(flat.contains("This analysis was not asked for."));
    assert!(text.lines().all(|line| columns(line) <= 80));
    // every picture has its table right after it
    for figure in xml.descendants().filter(|n| n.has_tag_name("figure") && n.descendants().any(|c| c.attribute("class") == Some("chart"))) {
        assert!(figure.next_siblings().skip(1).any(|n| n.descendants().any(|c| c.has_tag_name("table"))));
    }
}

#[test]
fn without_a_survey_no_section_speaks_of_one() {
    for (name, _, report) in cases() {
        let part = report.document.parts.iter().find(|p| p.id == "people").expect("a section");
        let finding = part.finding.text();
        assert!(!finding.contains("survey"), "{name}: {finding}");
    }
}
