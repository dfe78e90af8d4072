//! Settings of an analysis from JSON: one reader for every binding, so that a slip is refused in the same words everywhere.

use std::collections::HashSet;

use serde::de::DeserializeOwned;

use crate::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};

/// Reads the settings of an analysis from JSON; what is left out keeps its default.
///
/// # Errors
/// [`ErrorKind::Syntax`] where the text is not JSON; [`ErrorKind::Argument`] where a setting is unknown, given twice, or has a value
/// that does not fit. The one problem carries the JSON pointer of the setting and, for an unknown one, the nearest known name.
///
/// # Examples
/// ```
/// #[derive(Default, serde::Deserialize)]
/// #[serde(default, deny_unknown_fields)]
/// struct Settings { damping: f64 }
///
/// assert_eq!(hs_core::settings_from_json::<Settings>(r#"{"damping": 0.5}"#)?.damping, 0.5);
/// let error = hs_core::settings_from_json::<Settings>(r#"{"dampin": 0.5}"#).err().unwrap();
/// assert_eq!(error.problems[0].pointer, "/dampin");
/// # Ok::<(), hs_core::Error>(())
/// ```
pub fn settings_from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    match serde_json::from_str(text) {
        Err(e) => Err(refusal(text, &e)),
        // A list would fill the settings by their order, which nobody means.
        Ok(_) if !text.trim_start().starts_with('{') => {
            let problem = Problem::new(ProblemKind::WrongType, "", "a list", "settings as a JSON object");
            Err(Error::with_problems(ErrorKind::Argument, vec![problem]))
        }
        // A map among the settings would keep the last of two equal keys in silence.
        Ok(settings) => match Walk::over(text, text.len()).duplicate {
            None => Ok(settings),
            Some(pointer) => {
                let problem = Problem::new(ProblemKind::DuplicateKey, pointer, "the same setting twice", "each setting once");
                Err(Error::with_problems(ErrorKind::Argument, vec![problem]))
            }
        },
    }
}

fn refusal(text: &str, error: &serde_json::Error) -> Error {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(before, _)| before);
    if !error.is_data() {
        let problem = Problem::new(ProblemKind::Syntax, "", said.to_lowercase(), "settings as a JSON object")
            .at(error.line() as u64, error.column() as u64);
        return Error::with_problems(ErrorKind::Syntax, vec![problem]);
    }
    let mut pointer = Walk::over(text, offset(text, error.line(), error.column())).pointer();
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    let (kind, found, wanted) = match said.split_once(", expected ") {
        Some((found, wanted)) if said.starts_with("unknown field") => (ProblemKind::UnknownField, found, wanted),
        Some((found, wanted)) if said.starts_with("unknown variant") => (ProblemKind::UnknownWord, found, wanted),
        Some((found, wanted)) => (ProblemKind::WrongType, found, wanted),
        None if said.starts_with("missing field") => (ProblemKind::MissingField, said, "that field"),
        None if said.starts_with("duplicate field") => (ProblemKind::DuplicateKey, said, "each setting once"),
        None => (ProblemKind::WrongType, said, "a value the setting can take"),
    };
    let mut mend = None;
    if let Some((word, known)) = quoted.split_first() {
        // The position of a setting inside a tagged model is only known up to the model.
        let last = format!("/{}", escaped(word));
        if kind == ProblemKind::UnknownField && !pointer.ends_with(&last) {
            pointer.push_str(&last);
        }
        mend = nearest(word, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    }
    let (found, wanted) = (plain(found), plain(wanted));
    let mut problem = Problem::new(kind, pointer, shown(&found), wanted.chars().take(400).collect::<String>());
    problem.mend = mend.filter(|_| matches!(kind, ProblemKind::UnknownField | ProblemKind::UnknownWord));
    if error.line() > 0 {
        problem = problem.at(error.line() as u64, error.column() as u64);
    }
    Error::with_problems(ErrorKind::Argument, vec![problem])
}

/// What `serde` says, in words for people who do not write Rust.
fn plain(said: &str) -> String {
    let said = ["invalid type: ", "invalid value: "].iter().find_map(|start| said.strip_prefix(start)).unwrap_or(said);
    match said {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number of 0 or more".into(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".into(),
        "f32" | "f64" => "a number".into(),
        "a boolean" => "true or false".into(),
        "a sequence" => "a list".into(),
        "a map" => "an object".into(),
        "a string" => "text".into(),
        _ => {
            let words = [("unknown variant ", "the word "), ("unknown field ", "the field "), ("floating point ", "the number ")];
            let words = words.iter().chain(&[("integer ", "the number "), ("string ", "the text "), ("boolean ", "")]);
            words
                .clone()
                .find_map(|(start, word)| said.strip_prefix(start).map(|rest| format!("{word}{rest}")))
                .unwrap_or_else(|| said.into())
        }
    }
}

/// Byte offset of a line and column as `serde_json` counts them.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let end = start.saturating_add(column).min(text.len());
    // A closing bracket it has only peeked at does not close what the error speaks of.
    if text.get(..end).is_some_and(|before| before.ends_with(['}', ']'])) { end - 1 } else { end }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

enum Level {
    Object { keys: HashSet<String>, key: Option<String>, wants_key: bool },
    List(usize),
}

/// A lenient pass over JSON that knows where it stands; whether the text is JSON is decided elsewhere.
struct Walk {
    levels: Vec<Level>,
    duplicate: Option<String>,
}

impl Walk {
    fn over(text: &str, end: usize) -> Walk {
        let mut walk = Walk { levels: Vec::new(), duplicate: None };
        let mut rest = text.char_indices().take_while(|(at, _)| *at < end);
        while let Some((start, c)) = rest.next() {
            match c {
                '{' => walk.levels.push(Level::Object { keys: HashSet::new(), key: None, wants_key: true }),
                '[' => walk.levels.push(Level::List(0)),
                // The error at a closing bracket speaks of what it closes.
                '}' | ']' => {
                    walk.levels.pop();
                }
                ',' => match walk.levels.last_mut() {
                    Some(Level::List(index)) => *index += 1,
                    Some(Level::Object { wants_key, .. }) => *wants_key = true,
                    None => {}
                },
                '"' => {
                    let mut escape = false;
                    let close = rest.find(|(_, c)| {
                        let closes = *c == '"' && !escape;
                        escape = *c == '\\' && !escape;
                        closes
                    });
                    if let Some((close, _)) = close {
                        walk.text(text.get(start..=close).unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
        walk
    }

    fn text(&mut self, quoted: &str) {
        let Some(Level::Object { keys, key, wants_key }) = self.levels.last_mut() else { return };
        if !std::mem::take(wants_key) {
            return;
        }
        let name: String = serde_json::from_str(quoted).unwrap_or_default();
        let twice = !keys.insert(name.clone());
        *key = Some(name);
        if twice && self.duplicate.is_none() {
            self.duplicate = Some(self.pointer());
        }
    }

    fn pointer(&self) -> String {
        self.levels
            .iter()
            .filter_map(|level| match level {
                Level::Object { key, .. } => key.as_deref().map(|key| format!("/{}", escaped(key))),
                Level::List(index) => Some(format!("/{index}")),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Settings {
        tolerance: f64,
        clamp: BTreeMap<String, f64>,
        places: Vec<String>,
        model: Model,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "model", rename_all = "kebab-case", deny_unknown_fields)]
    enum Model {
        NoisyOr {},
        Linear {
            #[serde(default)]
            cap: Option<f64>,
        },
    }

    impl Default for Model {
        fn default() -> Self {
            Model::NoisyOr {}
        }
    }

    fn refused(text: &str) -> (ErrorKind, Problem) {
        let error = settings_from_json::<Settings>(text).unwrap_err();
        assert_eq!(error.problems.len(), 1, "{error:?}");
        (error.kind, error.problems[0].clone())
    }

    #[test]
    fn what_is_left_out_keeps_its_default() {
        assert_eq!(settings_from_json::<Settings>("{}").unwrap(), Settings::default());
        let read: Settings = settings_from_json(r#"{"model": {"model": "linear", "cap": 1}, "clamp": {"a": 1, "b": 0}}"#).unwrap();
        assert_eq!(read.model, Model::Linear { cap: Some(1.0) });
        assert_eq!(read.clamp.len(), 2);
    }

    #[test]
    fn an_unknown_setting_is_named_with_its_place_and_the_nearest() {
        let (kind, problem) = refused("{\"places\": [\"a\"],\n \"tolerence\": 1}");
        assert_eq!((kind, problem.kind), (ErrorKind::Argument, ProblemKind::UnknownField));
        assert_eq!(problem.pointer, "/tolerence");
        assert_eq!(problem.mend.as_deref(), Some("did you mean `tolerance`?"));
        assert_eq!(problem.line, Some(2));
    }

    #[test]
    fn a_setting_inside_a_model_is_placed_too() {
        let (_, problem) = refused(r#"{"model": {"model": "linear", "caps": 1}, "tolerance": 1}"#);
        assert_eq!(problem.pointer, "/model/caps");
        assert_eq!(refused(r#"{"model": {"model": "linear", "caps": 1}}"#).1.pointer, "/model/caps");
        let (_, problem) = refused(r#"{"model": {"model": "linaer"}}"#);
        assert_eq!(problem.kind, ProblemKind::UnknownWord);
        assert_eq!(problem.mend.as_deref(), Some("did you mean `linear`?"));
    }

    #[test]
    fn what_was_found_and_wanted_is_said_in_plain_words() {
        let said = |text: &str| {
            let (_, problem) = refused(text);
            (problem.found, problem.wanted)
        };
        assert_eq!(said(r#"{"tolerance": "small"}"#), (r#"the text "small""#.into(), "a number".into()));
        assert_eq!(said(r#"{"places": "a"}"#), (r#"the text "a""#.into(), "a list".into()));
        assert_eq!(said(r#"{"tolerance": true}"#), ("`true`".into(), "a number".into()));
        assert_eq!(said(r#"{"model": {"model": "linaer"}}"#).0, "the word `linaer`");
    }

    #[test]
    fn values_that_do_not_fit_are_placed() {
        assert_eq!(refused(r#"{"tolerance": "small"}"#).1.pointer, "/tolerance");
        assert_eq!(refused(r#"{"places": ["a", 2]}"#).1.pointer, "/places/1");
        assert_eq!(refused(r#"{"clamp": {"a/b": null}}"#).1.pointer, "/clamp/a~1b");
        assert_eq!(refused("[]").0, ErrorKind::Argument);
    }

    #[test]
    fn a_setting_given_twice_is_refused_in_maps_too() {
        assert_eq!(refused(r#"{"tolerance": 1, "tolerance": 2}"#).1.kind, ProblemKind::DuplicateKey);
        let (_, problem) = refused(r#"{"clamp": {"a": 1, "b\"": 2, "\u0061": 3}}"#);
        assert_eq!((problem.kind, problem.pointer.as_str()), (ProblemKind::DuplicateKey, "/clamp/a"));
    }

    #[test]
    fn broken_text_is_placed_by_line_and_column() {
        for text in ["", "{", "{\"tolerance\": 1e999}", "nonsense", "{}{}"] {
            let (kind, problem) = refused(text);
            assert_eq!((kind, problem.kind), (ErrorKind::Syntax, ProblemKind::Syntax), "{text}");
        }
    }
}
