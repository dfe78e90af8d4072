"""The command line, as a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import human_security as hs
import pytest

SCRIPT = shutil.which("human-security", path=str(Path(sys.executable).parent))


def run(*arguments: Any, script: bool = False) -> subprocess.CompletedProcess[str]:
    command = [SCRIPT or ""] if script else [sys.executable, "-m", "human_security"]
    return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def test_the_script_ships() -> None:
    assert SCRIPT
    done = run("--version", script=True)
    assert (done.returncode, done.stdout.strip()) == (0, f"human-security {hs.__version__}")


@pytest.mark.parametrize("command", ["", "check", "report", "template", "convert"])
def test_help_says_what_it_does(command: str) -> None:
    done = run(*([command] if command else []), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: human-security")
    assert done.stderr == ""


def test_wrong_usage_is_2() -> None:
    for arguments in ([], ["chek"], ["check"], ["convert", "a"]):
        done = run(*arguments)
        assert done.returncode == 2
        assert "usage" in done.stderr


def test_check_says_what_is_thin() -> None:
    done = run("check", "example:ituri")
    assert done.returncode == 0
    assert "Ituri" in done.stdout
    assert "findings" in done.stdout.splitlines()[-1]


def test_refusals_are_1_and_tell_every_problem(tmp_path: Path) -> None:
    bad = {"schema": "human-security/1", "id": "a b", "title": "A", "threats": [{"id": "t", "name": "T"}]}
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    done = run("check", tmp_path / "bad.json")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "/id:" in done.stderr
    assert "`component`" in done.stderr
    assert "Traceback" not in done.stderr
    done = run("check", tmp_path / "nothing.json")
    assert done.returncode == 1
    assert "nothing.json" in done.stderr
    assert run("check", "example:itury").stderr.count("ituri") == 1


def test_report_writes_a_page_or_prints(tmp_path: Path) -> None:
    done = run("report", "example:ituri", "-o", tmp_path / "page.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "page.html").read_text().lower().startswith("<!doctype html>")
    done = run("report", "example:ituri")
    assert done.returncode == 0
    assert "Ituri" in done.stdout
    assert "<" not in done.stdout.splitlines()[1]


def test_template_and_convert_there_and_back(tmp_path: Path) -> None:
    assert run("template", tmp_path / "new").returncode == 0
    assert run("check", tmp_path / "new").returncode == 0
    assert run("template", tmp_path / "new").returncode == 1
    assert run("convert", "example:moldova", tmp_path / "package").returncode == 0
    assert run("convert", tmp_path / "package", tmp_path / "back.json").returncode == 0
    assert hs.load(tmp_path / "back.json") == hs.examples.load("moldova")


def test_restricted_files_leave_with_an_acknowledgement_alone(tmp_path: Path, small: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps({**small, "sensitivity": "strict"}))
    for command in (
        ["report", tmp_path / "a.json", "-o", tmp_path / "a.html"],
        ["convert", tmp_path / "a.json", tmp_path / "b.json"],
    ):
        done = run(*command)
        assert done.returncode == 1
        assert "strict" in done.stderr
        assert run(*command, "--acknowledge", "restricted").returncode == 1
        assert run(*command, "--acknowledge", "strict").returncode == 0


def test_a_closed_pipe_is_no_fault() -> None:
    done = subprocess.run(
        f"{sys.executable} -m human_security report example:ituri | head -1", shell=True, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert done.stderr == ""
