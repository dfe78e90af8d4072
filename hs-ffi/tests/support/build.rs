//! Compiles, links and runs a C program against the library that cargo just built.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where the package lies.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A source among the C tests.
pub(crate) fn test(name: &str) -> PathBuf {
    root().join("tests/c").join(name)
}

/// How a program gets at the library.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Link {
    Shared,
    Static,
}

/// A source and its language.
pub(crate) struct Program {
    source: PathBuf,
    compiler: &'static str,
    standard: &'static str,
    checked: bool,
}

impl Program {
    pub(crate) fn c(source: &Path) -> Self {
        Program { source: source.to_owned(), compiler: "gcc", standard: "-std=c11", checked: true }
    }

    pub(crate) fn cpp(source: &Path) -> Self {
        Program { source: source.to_owned(), compiler: "g++", standard: "-std=c++17", checked: true }
    }

    /// The same, not under valgrind.
    pub(crate) fn plainly(self) -> Self {
        Program { checked: false, ..self }
    }
}

/// A folder of its own for one test.
pub(crate) struct Bench {
    folder: PathBuf,
}

fn present(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: {tool} is not installed");
    }
    found
}

/// Where the library lies. Cargo builds no C library for a test, so the test asks for it: same profile, same target folder.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
        let made = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "hs-ffi", "--profile", profile, "--target-dir"])
            .arg(target)
            .current_dir(root())
            .output()
            .expect("cargo runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        target.join(if cfg!(debug_assertions) { "debug" } else { "release" })
    })
}

/// An empty folder for the test, or nothing where there is no compiler.
pub(crate) fn bench(name: &str) -> Option<Bench> {
    if !cfg!(target_os = "linux") || !present("gcc") || !present("g++") {
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    for link in ["libhs.so", "libhs.so.0"] {
        std::os::unix::fs::symlink(built().join("libhs.so"), folder.join(link)).expect("a link to the library");
    }
    Some(Bench { folder })
}

impl Bench {
    /// Writes a generated source.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("a generated source");
        path
    }

    /// Compiles with warnings denied, runs plainly, then under valgrind; gives what the plain run printed.
    pub(crate) fn run(&self, program: &Program, link: Link) -> String {
        let exe = self.folder.join("program");
        let mut compile = Command::new(program.compiler);
        compile.args([program.standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-O1", "-pthread"]);
        compile.arg("-I").arg(root().join("include")).arg("-I").arg(root().join("tests/c")).arg("-I").arg(&self.folder);
        let scratch = self.folder.join("scratch");
        let cleared = || {
            let _ = std::fs::remove_dir_all(&scratch);
            std::fs::create_dir_all(&scratch).expect("a folder to write in");
        };
        compile.arg(format!("-DSCRATCH=\"{}\"", scratch.display())).arg(&program.source).arg("-o").arg(&exe);
        match link {
            Link::Shared => {
                compile.arg("-L").arg(&self.folder).arg("-lhs").arg(format!("-Wl,-rpath,{}", self.folder.display())).arg("-lm");
            }
            Link::Static => {
                compile.arg(built().join("libhs.a")).args(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"]);
            }
        }
        let made = compile.output().expect("the compiler runs");
        assert!(made.status.success(), "{}: {}", program.source.display(), String::from_utf8_lossy(&made.stderr));

        cleared();
        let plain = Command::new(&exe).output().expect("the program runs");
        let (said, complained) = (String::from_utf8_lossy(&plain.stdout), String::from_utf8_lossy(&plain.stderr));
        assert!(plain.status.success() && complained.is_empty(), "{}: {}\n{said}{complained}", exe.display(), plain.status);
        let first: String = said.lines().next().unwrap_or_default().chars().take(100).collect();
        println!("{}: {first}", program.source.file_name().unwrap_or_default().display());

        if program.checked && present("valgrind") {
            cleared();
            let leaks = "definite,indirect,possible";
            let mut checked = Command::new("valgrind");
            checked.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]);
            checked.arg(format!("--show-leak-kinds={leaks}")).arg(format!("--errors-for-leak-kinds={leaks}"));
            checked.arg(format!("--suppressions={}", test("valgrind.supp").display()));
            // a program may spare numbers that take long and touch no other memory
            let run = checked.arg(&exe).env("HS_TEST_MEMORY", "1").output().expect("valgrind runs");
            let complained = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success(), "{} under valgrind: {}\n{complained}", exe.display(), run.status);
        }
        said.into_owned()
    }
}

/// Names the shared library exports.
pub(crate) fn exported() -> Option<Vec<String>> {
    if !cfg!(target_os = "linux") || !present("nm") {
        return None;
    }
    let listed = Command::new("nm").args(["-D", "--defined-only"]).arg(built().join("libhs.so")).output().expect("nm runs");
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    Some(text.lines().filter_map(|line| line.split_whitespace().last().map(str::to_owned)).collect())
}

/// The soname of the shared library.
pub(crate) fn soname() -> Option<String> {
    if !cfg!(target_os = "linux") || !present("readelf") {
        return None;
    }
    let read = Command::new("readelf").arg("-d").arg(built().join("libhs.so")).output().expect("readelf runs");
    let text = String::from_utf8_lossy(&read.stdout).into_owned();
    let line = text.lines().find(|line| line.contains("(SONAME)"))?;
    Some(line.split_once('[')?.1.trim_end_matches(']').to_owned())
}
