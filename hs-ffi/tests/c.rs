//! Compiles the C and C++ tests and the example with warnings denied, and runs them plainly and, where it is present, under valgrind.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)] // a test may stop and speak

#[path = "support/answers.rs"]
mod answers;
#[path = "support/build.rs"]
mod build;
#[path = "support/misuse.rs"]
mod misuse;
#[path = "support/people.rs"]
mod people;
#[path = "support/ratings.rs"]
mod ratings;

use build::{Link, Program};

#[test]
fn every_misuse_is_a_status() {
    let Some(bench) = build::bench("misuse") else { return };
    let header = std::fs::read_to_string(build::root().join("include/hs.h")).expect("hs.h");
    let functions = misuse::functions(&header);
    assert_eq!(functions.len() + 3, header.matches("\nhs_status hs_").count() + 3, "every declaration is understood");
    let source = bench.write("misuse.c", &misuse::program(&functions));
    bench.run(&Program::c(&source), Link::Shared);
}

#[test]
fn known_answers_are_met() {
    let Some(bench) = build::bench("answers") else { return };
    let answers = answers::answers();
    assert!(answers.count >= 60, "found {} answers", answers.count);
    bench.write("answers.h", &answers.header);
    let said = bench.run(&Program::c(&build::test("answers.c")), Link::Shared);
    answers.check_facts(&said);
    println!("{} known answers", answers.count);
}

#[test]
fn known_answers_on_people_and_places_are_met() {
    let Some(bench) = build::bench("people") else { return };
    let (header, count) = people::header();
    assert!(count >= 30, "found {count} answers");
    bench.write("people.h", &header);
    bench.run(&Program::c(&build::test("people.c")), Link::Shared);
    println!("{count} known answers");
}

#[test]
fn known_answers_on_ratings_are_met() {
    let Some(bench) = build::bench("ratings") else { return };
    let ratings = ratings::ratings();
    assert!(ratings.facts.len() >= 12, "found {} answers", ratings.facts.len());
    bench.write("ratings.h", &ratings.header);
    let said = bench.run(&Program::c(&build::test("ratings.c")), Link::Shared);
    ratings.check(&said);
    println!("{} known answers", ratings.facts.len());
}

#[test]
fn the_example_prints_harms() {
    let Some(bench) = build::bench("harms") else { return };
    let said = bench.run(&Program::c(&build::root().join("examples/harms.c")), Link::Shared);
    assert!(said.starts_with("intervention") && said.lines().count() > 1, "{said}");
}

#[test]
fn what_the_guide_shows_compiles_and_runs() {
    let Some(bench) = build::bench("guide") else { return };
    let guide = std::fs::read_to_string(build::root().join("../docs/guide/c.md")).expect("the guide");
    let blocks: Vec<&str> = guide.split("```").skip(1).step_by(2).filter(|block| block.contains("int main(")).collect();
    assert_eq!(blocks.len(), 3, "two programs in C, one in C++");
    for block in blocks {
        let said = match block.split_once('\n').expect("a language and a program") {
            ("c", program) => bench.run(&Program::c(&bench.write("guide.c", program)).plainly(), Link::Shared),
            ("cpp", program) => bench.run(&Program::cpp(&bench.write("guide.cpp", program)).plainly(), Link::Shared),
            (language, _) => unreachable!("no compiler for {language}"),
        };
        assert!(said.contains("\"settings\""), "{said}");
    }
}

#[test]
fn memory_that_is_not_to_be_had_is_a_status() {
    let Some(bench) = build::bench("memory") else { return };
    // The limit on memory is one valgrind itself would not fit in.
    bench.run(&Program::c(&build::test("memory.c")).plainly(), Link::Shared);
}

#[test]
fn errors_texts_and_round_trips() {
    let Some(bench) = build::bench("documents") else { return };
    bench.run(&Program::c(&build::test("documents.c")), Link::Shared);
}

#[test]
fn runs_on_the_callers_buffers() {
    let Some(bench) = build::bench("runs") else { return };
    bench.run(&Program::c(&build::test("runs.c")), Link::Shared);
}

#[test]
fn maps_in_files_and_several_at_a_time() {
    let Some(bench) = build::bench("maps") else { return };
    bench.run(&Program::c(&build::test("maps.c")), Link::Shared);
}

#[test]
fn tables_are_arrow_streams() {
    let Some(bench) = build::bench("arrow") else { return };
    bench.run(&Program::c(&build::test("arrow.c")), Link::Shared);
}

#[test]
fn rows_that_lie_are_refused_and_released() {
    let Some(bench) = build::bench("streams") else { return };
    bench.run(&Program::c(&build::test("streams.c")), Link::Shared);
}

#[test]
fn scorers_take_rows_in_bit_by_bit() {
    let Some(bench) = build::bench("scorers") else { return };
    bench.run(&Program::c(&build::test("scorers.c")), Link::Shared);
}

#[test]
fn any_thread_may_call_anything() {
    let Some(bench) = build::bench("threads") else { return };
    bench.run(&Program::c(&build::test("threads.c")), Link::Shared);
}

#[test]
fn no_panic_leaves_the_library() {
    if cfg!(not(debug_assertions)) {
        eprintln!("skipped: a release build holds no planted panic");
        return;
    }
    let Some(bench) = build::bench("panic") else { return };
    bench.run(&Program::c(&build::test("panic.c")), Link::Shared);
}

#[test]
fn the_static_library_links() {
    let Some(bench) = build::bench("static") else { return };
    bench.run(&Program::c(&build::test("documents.c")).plainly(), Link::Static);
}

#[test]
fn the_wrapper_for_cpp_owns_and_throws() {
    let Some(bench) = build::bench("wrapper") else { return };
    bench.run(&Program::cpp(&build::test("wrapper.cpp")), Link::Shared);
}

#[test]
fn only_functions_of_the_header_are_exported() {
    let Some(symbols) = build::exported() else { return };
    let header = std::fs::read_to_string(build::root().join("include/hs.h")).expect("hs.h");
    for symbol in &symbols {
        let declared = header.contains(&format!(" {symbol}(")) || header.contains(&format!("*{symbol}("));
        assert!(declared || (symbol == "hs_planted_panic" && cfg!(debug_assertions)), "exported but not in hs.h: {symbol}");
    }
    for function in misuse::functions(&header) {
        assert!(symbols.contains(&function.name), "in hs.h but not exported: {}", function.name);
    }
}

#[test]
fn the_shared_library_has_its_soname() {
    let Some(soname) = build::soname() else { return };
    assert_eq!(soname, "libhs.so.0");
}
