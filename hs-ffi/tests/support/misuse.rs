//! Writes a C program that misuses every function of `hs.h`: each pointer NULL, each handle wrong in every way, and nothing at all.

use std::fmt::Write;

/// A function of the header.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) parameters: Vec<Parameter>,
}

pub(crate) struct Parameter {
    kind: String,
    name: String,
}

const HANDLES: [&str; 7] = ["hs_assessment", "hs_network", "hs_result", "hs_text", "hs_error", "hs_scorer", "hs_bytes"];

/// Pointers that may be NULL; anything else must not be.
const MAY_BE_NULL: [&str; 17] = [
    "node_names",
    "low",
    "high",
    "dampens",
    "error",
    "settings",
    "limits",
    "lag",
    "start",
    "shocks",
    "info",
    "acknowledgement",
    "context",
    "population",
    "previous",
    "units",
    "indicators",
];

/// Whether a function takes NULL for a pointer.
fn may_be_null(function: &str, name: &str) -> bool {
    // what may be left out of one question is what another is asked about
    MAY_BE_NULL.contains(&name) || (function == "hs_inequality" && ["weights", "groups"].contains(&name))
}

/// Whether a function has no default settings: without a scheme there is no score.
fn asks(function: &str) -> Option<&'static str> {
    match function {
        "hs_score" | "hs_scorer_new" => Some("score_settings"),
        "hs_score_change" | "hs_robustness" => Some("nested_settings"),
        "hs_people" => Some("people_settings"),
        "hs_survey_mean" => Some("mean_settings"),
        "hs_attribution" => Some("attribution_settings"),
        "hs_explain" => Some("explain_settings"),
        "hs_chains" => Some("ends"),
        "hs_sobol" => Some("bounds"),
        "hs_renewal_rates" => Some("history"),
        _ => None,
    }
}

/// Settings that spare time where the defaults would do too.
fn prefers(function: &str) -> Option<&'static str> {
    (function == "hs_sensitivity").then_some("outcome_settings")
}

/// Every function that returns a status, as the header declares it.
pub(crate) fn functions(header: &str) -> Vec<Function> {
    let code: String = header.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line} ")).collect();
    let mut functions = Vec::new();
    for part in code.split("hs_status hs_").skip(1) {
        let (name, rest) = part.split_once('(').expect("a declaration");
        let (list, _) = rest.split_once(");").expect("a declaration");
        let parameters = list.split(',').map(str::trim).filter(|text| *text != "void" && !text.is_empty()).map(|text| {
            let at = text.rfind([' ', '*']).expect("a type and a name") + 1;
            Parameter { kind: text[..at].trim().to_owned(), name: text[at..].to_owned() }
        });
        functions.push(Function { name: format!("hs_{name}"), parameters: parameters.collect() });
    }
    functions
}

impl Parameter {
    fn is_pointer(&self) -> bool {
        self.kind.ends_with('*')
    }

    fn is_handle(&self) -> bool {
        HANDLES.contains(&self.kind.as_str())
    }

    /// Rows that a call consumes.
    fn is_rows(&self) -> bool {
        self.kind == "struct ArrowArrayStream *" && self.name != "out"
    }

    fn is_input(&self) -> bool {
        !self.is_pointer()
            || self.is_rows()
            || self.name == "context"
            || (self.kind.starts_with("const ") && (self.kind.matches('*').count() == 1 || self.kind.contains("*const")))
    }

    /// Type of what an output points to.
    fn target(&self) -> &str {
        self.kind[..self.kind.len() - 1].trim()
    }

    /// An argument that is right; `fixtures.h` declares what these name.
    fn good(&self, function: &str) -> String {
        match (asks(function).or(prefers(function)), self.name.as_str()) {
            (Some(settings), "settings" | "scheme") => return settings.into(),
            (Some(settings), "length") => return format!("strlen({settings})"),
            _ => {}
        }
        if self.name == "other" {
            return "another_scorer".into();
        }
        if self.is_handle() {
            return format!("good.{}", self.kind.trim_start_matches("hs_"));
        }
        if self.is_rows() {
            return "fresh_rows()".into();
        }
        if !self.is_input() {
            let buffer = self.name == "state";
            return if buffer { "state".into() } else { format!("&{}", self.name) };
        }
        match (function, self.name.as_str()) {
            ("hs_result_array", "name") => "\"state\"".into(),
            ("hs_network_position", "name") => "\"hunger/P\"".into(),
            ("hs_example", "name") => "\"ituri\"".into(),
            ("hs_scorer_from_bytes", "data") => "scorer_bytes".into(),
            ("hs_scorer_from_bytes", "length") => "scorer_length".into(),
            ("hs_composite_index", "data") => "data_of_grid".into(),
            ("hs_krippendorff_alpha", "units") => "items".into(),
            ("hs_inequality", "weights" | "groups") => "NULL".into(),
            ("hs_assessment_from_json" | "hs_assessment_from_json_within", "length") => "strlen(document)".into(),
            ("hs_network_from_text", "text") => "network_text".into(),
            ("hs_network_from_text", "text_length") => "strlen(network_text)".into(),
            ("hs_network_to_text", "format") => "\"graphml\"".into(),
            ("hs_network_write", "path") => "SCRATCH \"/written.graphml\"".into(),
            ("hs_network_read", "path") => "SCRATCH \"/map.json\"".into(),
            (_, "networks") => "pair_of_networks".into(),
            (_, "assessments") => "pair_of_assessments".into(),
            (_, "count") => "2".into(),
            (_, "function") => "some_function".into(),
            (_, "text") => "document".into(),
            ("hs_example_survey" | "hs_example_survey_settings", "name") => "\"ituri\"".into(),
            (_, "name") => "\"states\"".into(),
            (_, "length") => "0".into(),
            (
                _,
                "settings" | "limits" | "lag" | "start" | "acknowledgement" | "tick" | "context" | "population" | "previous" | "units"
                | "indicators" | "node_names" | "low" | "high" | "dampens",
            ) => "NULL".into(),
            ("hs_assessment_save", "path") => "SCRATCH \"/saved.json\"".into(),
            (_, "path") => "SCRATCH \"/loaded.json\"".into(),
            (_, "folder") => "fresh_folder()".into(),
            (_, name) => name.to_owned(),
        }
    }
}

/// The program; `fixtures.h` has what it works on.
pub(crate) fn program(functions: &[Function]) -> String {
    let mut text = String::from("/* Generated from hs.h by tests/support/misuse.rs. */\n#include \"fixtures.h\"\n\n");
    let mut calls = String::new();
    for function in functions {
        let Function { name, parameters } = function;
        let _ = writeln!(text, "static void misuse_{name}(void) {{");
        let _ = writeln!(calls, "    misuse_{name}();");
        let frees = name.ends_with("_free");
        for (at, parameter) in parameters.iter().enumerate() {
            if parameter.is_handle() {
                let kind = parameter.kind.trim_start_matches("hs_");
                let _ = writeln!(text, "    for (size_t i = 0; i < WRONG; i++) {{");
                let wrong = format!("({}){{wrong_{kind}[i]}}", parameter.kind);
                call(&mut text, function, Some((at, wrong)), "HS_HANDLE", &format!("{name}: wrong {}", parameter.name));
                text.push_str("    }\n");
            } else if parameter.is_pointer()
                && (!may_be_null(name, &parameter.name) || (parameter.name == "settings" && asks(name).is_some()))
            {
                call(&mut text, function, Some((at, "NULL".into())), "HS_ARGUMENT", &format!("{name}: {} NULL", parameter.name));
            } else if parameter.is_pointer()
                && !frees
                && name != "hs_result_array"
                && !(name == "hs_propagate" && parameter.name == "shocks")
            {
                call(&mut text, function, Some((at, "NULL".into())), "HS_OK", &format!("{name}: {} may be NULL", parameter.name));
            }
        }
        if frees {
            text.push_str("    /* Freed once above by no call; twice is refused in fixtures.h. */\n");
        } else {
            call(&mut text, function, None, "HS_OK", &format!("{name}: used well"));
        }
        let nothing: Vec<String> = parameters
            .iter()
            .map(|p| match () {
                () if p.is_pointer() || ["hs_tick", "hs_function"].contains(&p.kind.as_str()) => "NULL".into(),
                () if p.is_handle() => format!("({}){{0}}", p.kind),
                () => "0".to_owned(),
            })
            .collect();
        let _ = writeln!(text, "    REFUSED({name}({}), \"{name}: nothing at all\");", nothing.join(", "));
        text.push_str("}\n\n");
    }
    let _ = write!(text, "int main(void) {{\n    set_up();\n{calls}    tear_down();\n    return finish({});\n}}\n", functions.len());
    text
}

/// One call with one argument replaced: its status, and that outputs are untouched where it fails.
fn call(text: &mut String, function: &Function, replaced: Option<(usize, String)>, wanted: &str, title: &str) {
    let outputs: Vec<&Parameter> = function.parameters.iter().filter(|p| !p.is_input() && p.name != "state").collect();
    text.push_str("    {\n");
    for output in &outputs {
        let _ = writeln!(
            text,
            "        {k} {n}; {k} {n}_was; memset(&{n}, 0x5a, sizeof {n}); memcpy(&{n}_was, &{n}, sizeof {n});",
            k = output.target(),
            n = output.name
        );
    }
    let arguments: Vec<String> = function
        .parameters
        .iter()
        .enumerate()
        .map(|(at, p)| match &replaced {
            Some((index, value)) if *index == at => value.clone(),
            _ => p.good(&function.name),
        })
        .collect();
    let _ = writeln!(text, "        hs_status status = {}({});", function.name, arguments.join(", "));
    let _ = writeln!(text, "        EXPECT(status, {wanted}, \"{title}\");");
    for (at, output) in function.parameters.iter().enumerate().filter(|(_, p)| !p.is_input() && p.name != "state") {
        let n = &output.name;
        let given = !matches!(&replaced, Some((index, _)) if *index == at);
        let is_error = n == "error" && output.target() == "hs_error";
        let free = match output.target() {
            kind if HANDLES.contains(&kind) => format!("TRUE({kind}_free({n}) == HS_OK, \"{title}: {n} is live\");"),
            "struct ArrowArrayStream" => format!("{n}.release(&{n});"),
            _ => String::new(),
        };
        let untouched = format!("UNTOUCHED({n}, \"{title}: {n} untouched\");");
        let _ = match (given, is_error) {
            (false, _) => writeln!(text, "        UNTOUCHED({n}, \"{title}\");"),
            (true, true) => writeln!(text, "        if (status != HS_OK) {{ {free} }} else {{ {untouched} }}"),
            (true, false) => writeln!(text, "        if (status == HS_OK) {{ {free} }} else {{ {untouched} }}"),
        };
    }
    text.push_str("    }\n");
}
