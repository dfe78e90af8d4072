"""The corpus of documents, against the reader and against the JSON Schema."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import human_security as hs
import jsonschema
import pytest
from conftest import CASES, read

FOLDER = CASES / "documents"
BASE = read(FOLDER / "base.json")
GOLDEN = sorted(FOLDER.glob("golden-*.json"))
CORPUS = [
    pytest.param(case, id=f"{path.stem}: {case['name']}"[:90])
    for path in sorted(FOLDER.glob("*.json"))
    if path.stem != "base" and path not in GOLDEN
    for case in read(path)
]
VALIDATOR = jsonschema.Draft202012Validator(hs.schema())


def changed(changes: list[list[Any]]) -> Any:
    document = copy.deepcopy(BASE)
    for pointer, what, *value in changes:
        if pointer == "":
            document = value[0]
            continue
        *path, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        owner = document
        for step in path:
            owner = owner[int(step)] if isinstance(owner, list) else owner[step]
        if isinstance(owner, list) and last == "-":
            owner.append(value[0])
        elif what == "-":
            del owner[int(last) if isinstance(owner, list) else last]
        else:
            owner[int(last) if isinstance(owner, list) else last] = value[0]
    return document


def found(load: Any) -> list[list[str]]:
    try:
        load()
    except (hs.DocumentError, hs.FormatSyntaxError, hs.LimitError) as error:
        return [[problem["kind"], problem["pointer"]] for problem in error.problems]
    return []


def test_the_corpus_is_there() -> None:
    assert len(CORPUS) > 300
    assert found(lambda: hs.load(BASE)) == []
    VALIDATOR.check_schema(hs.schema())
    VALIDATOR.validate(BASE)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_an_earlier_version_wrote_is_written_alike(path: Path, tmp_path: Path) -> None:
    a = hs.load(path)
    VALIDATOR.validate(read(path))
    a.save(tmp_path / "a.json")
    assert (tmp_path / "a.json").read_text(encoding="utf-8").strip() == path.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("case", CORPUS)
def test_a_document_is_accepted_or_refused_as_told(case: dict[str, Any], tmp_path: Path) -> None:
    if "text" in case:
        text = case["text"]
        (tmp_path / "a.json").write_text(text, encoding="utf-8", newline="")
        assert found(lambda: hs.load(tmp_path / "a.json")) == case["problems"]
        if case.get("schema") is None:
            return
        try:
            document = json.loads(text.removeprefix("\ufeff"))
        except RecursionError:
            return
    else:
        document = changed(case["change"])
        if isinstance(document, dict):
            assert found(lambda: hs.load(document)) == case["problems"]
    if case.get("schema") is not None:
        assert (not VALIDATOR.is_valid(document)) is case["schema"]
    if case.get("schema"):
        assert case["problems"], "what the schema refuses, the reader refuses too"
