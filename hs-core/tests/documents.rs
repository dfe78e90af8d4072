//! The corpus of documents in `cases/documents`: for each rule of the format one just inside and one just outside.
// helpers of tests fail as the tests do
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::path::PathBuf;

use hs_core::assessment::{Limits, Node, parse};
use hs_core::{Assessment, Error, ErrorKind};

const FILES: [&str; 9] = ["fields", "words", "texts", "references", "places", "numbers", "periods", "interventions", "raw"];

fn read(name: &str) -> Node {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/documents").join(format!("{name}.json"));
    parse(&std::fs::read(path).unwrap(), &Limits::default()).unwrap()
}

/// Applies one change to a document: `[pointer, "=", value]` puts a value (`/-` appends), `[pointer, "-"]` takes a field out.
fn change(document: &mut Node, change: &[Node]) {
    let pointer = change[0].text().unwrap();
    if pointer.is_empty() {
        *document = change[2].clone();
        return;
    }
    let steps: Vec<String> = pointer[1..].split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let (last, owners) = steps.split_last().unwrap();
    let mut node = document;
    for step in owners {
        node = match node {
            Node::List(items) => &mut items[step.parse::<usize>().unwrap()],
            Node::Object(entries) => &mut entries.iter_mut().find(|(key, _)| key == step).unwrap().1,
            _ => panic!("{pointer}"),
        };
    }
    match (node, change.get(2)) {
        (Node::List(items), Some(value)) if last == "-" => items.push(value.clone()),
        (Node::List(items), Some(value)) => items[last.parse::<usize>().unwrap()] = value.clone(),
        (Node::Object(entries), Some(value)) => match entries.iter_mut().find(|(key, _)| key == last) {
            Some((_, old)) => *old = value.clone(),
            None => entries.push((last.clone(), value.clone())),
        },
        (Node::Object(entries), None) => {
            let before = entries.len();
            entries.retain(|(key, _)| key != last);
            assert_eq!(entries.len(), before - 1, "{pointer}");
        }
        _ => panic!("{pointer}"),
    }
}

struct Case {
    name: String,
    text: String,
    tree: Option<Node>,
    problems: Vec<(String, String)>,
    place: Option<(i64, i64)>,
}

fn cases() -> Vec<Case> {
    let base = read("base");
    let mut cases = Vec::new();
    for file in FILES {
        for case in read(file).items().unwrap() {
            let text = |key: &str| case.get(key).and_then(Node::text).map(str::to_owned);
            let whole = |key: &str| match case.get(key) {
                Some(Node::Integer(value)) => Some(*value),
                _ => None,
            };
            let problems = case.get("problems").and_then(Node::items).unwrap().iter().map(|problem| {
                let words: Vec<&str> = problem.items().unwrap().iter().filter_map(Node::text).collect();
                (words[0].to_owned(), words[1].to_owned())
            });
            let tree = case.get("change").and_then(Node::items).map(|changes| {
                let mut document = base.clone();
                changes.iter().for_each(|one| change(&mut document, one.items().unwrap()));
                document
            });
            cases.push(Case {
                name: format!("{file}: {}", text("name").unwrap()),
                text: tree.as_ref().map_or_else(|| text("text").unwrap(), |tree| serde_json::to_string(tree).unwrap()),
                tree,
                problems: problems.collect(),
                place: whole("line").zip(whole("column")),
            });
        }
    }
    cases
}

fn problems(result: &Result<Assessment, Error>) -> Vec<(String, String)> {
    let Err(error) = result else { return Vec::new() };
    error
        .problems
        .iter()
        .map(|problem| {
            let kind = serde_json::to_value(problem.kind).unwrap();
            assert!(!problem.found.is_empty() && !problem.wanted.is_empty(), "{problem:?}");
            (kind.as_str().unwrap().to_owned(), problem.pointer.clone())
        })
        .collect()
}

#[test]
fn every_document_is_refused_with_its_problems_or_accepted() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let result = Assessment::from_json(&case.text);
        let found = problems(&result);
        if found != case.problems {
            wrong.push(format!(
                "{}\n  wanted {:?}\n  found {:?}\n  {:?}",
                case.name,
                case.problems,
                found,
                result.as_ref().err().map(|e| &e.message)
            ));
        }
        if let (Some(place), Err(error)) = (case.place, &result) {
            let found = error.problems.first().and_then(|problem| Some((problem.line? as i64, problem.column? as i64)));
            if found != Some(place) {
                wrong.push(format!("{}\n  wanted line and column {place:?}\n  found {found:?}", case.name));
            }
        }
        if let Some(tree) = &case.tree {
            assert_eq!(Assessment::from_document(tree.clone(), &Limits::default()), result, "{}: text and tree differ", case.name);
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn what_is_accepted_is_written_and_read_again_equal() {
    for case in cases().iter().filter(|case| case.problems.is_empty()) {
        let first = Assessment::from_json(&case.text).unwrap();
        let text = first.to_json().unwrap();
        let second = Assessment::from_json(&text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(first, second, "{}", case.name);
        assert_eq!(text, second.to_json().unwrap(), "{}", case.name);
    }
}

#[test]
fn the_users_own_part_is_kept_to_the_digit() {
    let extra = r#"{"z":[1e308,-1e308,1e-999,0.1000000000000000055511151231257827,123456789012345678901234567890,-0,-0.0,1.50,1E5,1e+5,18446744073709551615,null,{}],"a":{"b":null,"a":"\u0000"}}"#;
    let text = format!(
        r#"{{"schema":"human-security/1","id":"a","title":"A","groups":[{{"id":"g","name":"G","extra":{extra}}}],"extra":{extra}}}"#
    );
    let assessment = Assessment::from_json(&text).unwrap();
    for own in [assessment.extra.as_ref(), assessment.groups[0].provenance.extra.as_ref()] {
        assert_eq!(serde_json::to_string(own.unwrap()).unwrap(), extra);
    }
    assert_eq!(Assessment::from_json(&assessment.to_json().unwrap()).unwrap(), assessment);
}

#[test]
fn problems_past_a_hundred_are_counted_and_the_first_kept() {
    let groups: Vec<String> = (0..250).map(|i| format!(r#"{{"id": "g{i}", "name": "G", "source": "none", "x{i}": 1}}"#)).collect();
    let text = format!(
        r#"{{"extra": {{}}, "groups": [{}], "populations": [{{"place": "p", "persons": -1}}], "schema": "human-security/1", "title": "A"}}"#,
        groups.join(",")
    );
    let error = Assessment::from_json(&text).unwrap_err();
    assert_eq!((error.kind, error.total, error.problems.len()), (ErrorKind::Document, 503, 100));
    // the missing id belongs to the root, which comes first
    assert_eq!(error.problems[0].pointer, "");
    assert_eq!(error.problems[1].pointer, "/groups/0/source");
    assert_eq!(error.problems[99].pointer, "/groups/49/source");
    assert!(error.message.starts_with("503 problems, the first: "));
    assert!(error.to_string().ends_with("and 403 more"));
}

#[test]
fn each_limit_at_its_edge() {
    let text = r#"{"schema": "human-security/1", "id": "a", "title": "Four", "extra": {"list": [{}, {}], "word": "é234"}}"#;
    let read = |limits: Limits| Assessment::from_slice(text.as_bytes(), &limits);
    let tree = |limits: Limits| Assessment::from_document(parse(text.as_bytes(), &Limits::default()).unwrap(), &limits);
    let kind = |result: Result<Assessment, Error>| result.err().map(|error| error.kind);
    let (over, all) = (Some(ErrorKind::Limit), Limits::default());
    assert_eq!(kind(read(Limits { bytes: text.len() + 1, ..all })), None);
    assert_eq!(kind(read(Limits { bytes: text.len(), ..all })), None);
    assert_eq!(kind(read(Limits { bytes: text.len() - 1, ..all })), over);
    // the root, extra and two of the user's own
    for (objects, wanted) in [(5, None), (4, None), (3, over), (0, over)] {
        assert_eq!(kind(read(Limits { objects, ..all })), wanted, "{objects}");
        assert_eq!(kind(tree(Limits { objects, ..all })), wanted, "{objects}");
    }
    assert_eq!(tree(Limits { objects: 3, ..all }).unwrap_err().problems[0].pointer, "/extra/list/1");
    assert_eq!(read(Limits { objects: 3, ..all }).unwrap_err().problems[0].pointer, "/extra/list/1");
    let longest = "human-security/1".len();
    for (limit, wanted) in [(longest + 1, None), (longest, None), (longest - 1, over)] {
        assert_eq!(kind(read(Limits { text: limit, ..all })), wanted, "{limit}");
    }
    let error = read(Limits { text: 4, ..all }).unwrap_err();
    let places: Vec<&str> = error.problems.iter().map(|problem| problem.pointer.as_str()).collect();
    // keys longer than that at their owner, the texts of 16 and of 5 bytes at their own place
    assert_eq!(places, ["", "", "", "/schema", "/extra/word"]);
    let big = "x".repeat(64 << 10);
    let of = |name: &str| format!(r#"{{"schema": "human-security/1", "id": "a", "title": "{name}"}}"#);
    assert!(Assessment::from_json(&of(&big)).is_ok());
    assert_eq!(Assessment::from_json(&of(&format!("{big}x"))).unwrap_err().problems[0].pointer, "/title");
}

#[test]
fn bytes_that_are_not_utf8() {
    for (bytes, pointer, line, column) in [
        (&b"{\"schema\": \"human-security/1\",\n \"title\": \"\xC3\xA9\xFF\"}"[..], "/title", 2, 13),
        (b"\xFF\xFE{\x00", "", 1, 1),
        (b"{\"threats\": [{}, {\"id\": \"\xED\xA0\x80\"}]}", "/threats/1/id", 1, 26),
        (b"{\"a\": \"\xC3", "/a", 1, 8),
    ] {
        let error = Assessment::from_slice(bytes, &Limits::default()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Syntax);
        let problem = &error.problems[0];
        assert_eq!((problem.pointer.as_str(), problem.line, problem.column), (pointer, Some(line), Some(column)), "{problem:?}");
        assert_eq!(serde_json::to_value(problem.kind).unwrap(), "encoding");
    }
}

#[test]
fn the_nearest_word_is_offered() {
    let base = serde_json::to_string(&read("base")).unwrap();
    for (from, to, mend) in [
        (r#""component":"food""#, r#""component":"foods""#, "did you mean `food`?"),
        (r#""place":"lower""#, r#""place":"lowr""#, "did you mean `lower`?"),
        (r#""severity":0.8"#, r#""severty":0.8"#, "did you mean `severity`?"),
        (r#""parent":"lower""#, r#""parent":"Lower""#, "did you mean `lower`?"),
        (r#""lag":0"#, r#""lag":1.0"#, "write 1"),
        (r#""severity":0.8"#, r#""severity":80"#, "80 % is 0.8"),
        (r#""weight":0.7"#, r#""weight":"0.7""#, "write the number without quotes"),
        (r#""range":[0.5,0.9]"#, r#""range":[0.9,0.5]"#, "write [0.5, 0.9]"),
        (r#""id":"land""#, r#""id":"the land""#, "write `the-land`"),
    ] {
        assert!(base.contains(from), "{from}");
        let text = base.replacen(from, to, 1);
        let error = Assessment::from_json(&text).unwrap_err();
        assert!(error.problems.iter().any(|problem| problem.mend.as_deref() == Some(mend)), "{to}: {error}");
    }
}

#[test]
fn the_example_of_the_format_page_loads() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/format.md")).unwrap();
    let examples: Vec<&str> = page.split("```json\n").skip(1).filter_map(|part| part.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        Assessment::from_json(example).unwrap();
    }
}

/// What this version writes, later versions read, and write alike. Run with `HS_WRITE=1` to write it anew.
#[test]
fn the_golden_file_is_written_to_the_byte() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/documents/golden-1.json");
    let base = Assessment::from_json(&serde_json::to_string(&read("base")).unwrap()).unwrap();
    let text = base.to_json().unwrap() + "\n";
    if std::env::var_os("HS_WRITE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    assert!(golden == text, "golden-1.json is no longer what is written");
    assert_eq!(Assessment::from_json(&golden).unwrap(), base);
}
