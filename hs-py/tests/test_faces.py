"""The binding decides nothing: signatures show the core's own defaults, and reach every setting of the core."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import human_security as hs
import pytest
from human_security import _core

# The face of each analysis.
FACES: dict[str, Callable[..., Any]] = {
    "network": hs.Assessment.network,
    "criticality": hs.Assessment.criticality,
    "externalities": hs.Assessment.externalities,
    "pillar-gaps": hs.Assessment.pillar_gaps,
    "phases": hs.Assessment.phases,
    "report": hs.Assessment.text_report,
    **{
        word.replace("_", "-"): getattr(hs.Assessment, word)
        for word in [
            "matrix",
            "explain",
            "gender_gaps",
            "vital_core",
            "chronic_and_sudden",
            "capacity_profile",
            "security_infrastructure",
            "perception_gaps",
            "agreement",
            "consensus",
            "mismatch",
            "reliability",
            "problem_definitions",
            "story_coding",
            "action_plan",
            "stakeholders",
            "independence",
            "shared_indicators",
            "participation",
            "programme_stages",
            "representativeness",
            "local_ownership",
            "principles",
            "phase_gates",
            "relevance",
            "screens",
        ]
    },
    "propagate": hs.DominoNetwork.propagate,
    "total-effects": hs.DominoNetwork.total_effects,
    "root-causes": hs.DominoNetwork.root_causes,
    "area-phase": hs.area_phase,
    "intersectoral-severity": hs.intersectoral_severity,
    "people-in-need": hs.people_in_need,
    "composite-index": hs.composite_index,
    "years-of-individual-security": hs.years_of_individual_security,
    "score": hs.score,
    "survey-mean": hs.survey_mean,
    "deprivation": hs.Deprivation,
    "deprivation-scheme": hs.DeprivationScheme,
    "noisy-or": hs.NoisyOr,
    "linear": hs.Linear,
    "fuzzy-cognitive-map": hs.FuzzyCognitiveMap,
}


# Parameters that are no settings: what is analysed, what must always be given, how it is shown.
BESIDE = {
    "explain": "threat",
    "area-phase": "shares full",
    "intersectoral-severity": "sectors full",
    "people-in-need": "sectors population previous",
    "composite-index": "data names units progress",
    "years-of-individual-security": "ages",
    "score": "data scheme progress",
    "survey-mean": "data column progress",
    "deprivation": "name",
    "deprivation-scheme": "indicators cutoff",
}


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", FACES)
def test_signatures_are_those_of_the_core(name: str) -> None:
    face = FACES[name]
    core = _core.defaults(name)
    beside = {"self", *BESIDE.get(name, "").split()}
    shown = {n: p.default for n, p in inspect.signature(face).parameters.items() if n not in beside}
    assert sorted(shown) == sorted(core)
    for setting, default in shown.items():
        assert default is None or plain(default) == core[setting], setting


@pytest.mark.parametrize("name", FACES)
def test_what_is_not_given_is_the_cores_default(name: str, ituri: hs.Assessment) -> None:
    face = FACES[name]
    core = _core.defaults(name)
    if name in ("report", "explain") or inspect.isclass(face) or "." not in face.__qualname__:
        return
    owner = ituri if "Network" not in face.__qualname__ else ituri.network()
    assert getattr(owner, face.__name__)().settings == core


def test_scores_anywhere_take_the_same_settings() -> None:
    wanted = {n: p.default for n, p in inspect.signature(hs.score).parameters.items() if n not in ("data", "progress")}
    for face, more in (
        (hs.ScoreAccumulator, set()),
        (hs.robustness, {"data", "progress"}),
        (hs.score_change, {"first", "second", "samples", "progress"}),
        (hs.dask.score, {"dask_dataframe"}),
    ):
        shown = {n: p.default for n, p in inspect.signature(face).parameters.items() if n not in more}
        assert shown == wanted, face
    assert inspect.signature(hs.score_change).parameters["samples"].default == _core.defaults("score-change")["samples"]


def test_defaults_of_the_interface_page() -> None:
    """The defaults that the project's interface names."""
    assert _core.defaults("criticality")["severity"] == 0.5
    assert _core.defaults("criticality")["prevalence"] == 0.2
    assert _core.defaults("propagate")["max_steps"] == 1000
    assert _core.defaults("propagate")["tolerance"] == 1e-9
    assert hs.FuzzyCognitiveMap() == hs.FuzzyCognitiveMap(rule="modified-kosko", transfer="sigmoid", steepness=1.0)
    assert hs.Linear() == hs.Linear(normalise=None, cap=None)
    assert _core.defaults("externalities")["horizon"] == "rest"
    assert _core.defaults("root-causes")["normalise"] == "max-row-column"
    assert _core.defaults("score")["min_n"] == 25
    assert _core.defaults("deprivation-scheme")["missing"] == "exclude"
    assert _core.defaults("area-phase")["share"] == 0.2
    assert _core.defaults("phases")["bounds"] == [0.2, 0.4, 0.6, 0.8]


def methods(owner: type) -> list[Any]:
    return [method for name, method in inspect.getmembers(owner, callable) if not name.startswith("_")]


CALLABLES = [
    *(getattr(hs, name) for name in hs.__all__ if callable(getattr(hs, name)) and not name.endswith("Error")),
    *methods(hs.Assessment),
    *methods(hs.DominoNetwork),
    *methods(hs.Table),
    *methods(hs.DeprivationScheme),
    *methods(hs.ScoreAccumulator),
    hs.dask.score,
    hs.examples.survey,
    hs.examples.survey_scheme,
    hs.examples.survey_design,
    hs.examples.survey_truth,
]


@pytest.mark.parametrize("thing", CALLABLES, ids=lambda thing: thing.__qualname__)
def test_everything_public_says_what_it_does_and_takes(thing: Any) -> None:
    doc = inspect.getdoc(thing) or ""
    assert doc
    if thing.__qualname__.endswith((".text_report",)):
        return
    for name in inspect.signature(thing).parameters:
        if name not in ("self", "cls", "args", "kwargs", "core") and "Parameters\n-----" in doc:
            assert re.search(rf"^(.*, )?\*{{0,2}}{name}(, .*)? : ", doc, re.MULTILINE), f"{thing.__qualname__}: {name}"


def test_every_name_is_there() -> None:
    for name in hs.__all__:
        assert hasattr(hs, name)
    assert re.fullmatch(r"\d+\.\d+\.\d+", hs.__version__)


def slip(name: str) -> dict[str, Any]:
    return {name: 2.0}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda a: a.criticality(severty=0.5), "did you mean `severity`"),
        (lambda a: a.externalities(intervention=["x"]), "did you mean `interventions`"),
        (lambda a: a.network(group="x"), "did you mean `groups`"),
        (lambda a: a.check(deep=True), "found the keyword `deep`"),
        (lambda a: a.network().propagate(shock={}), "did you mean `shocks`"),
        (lambda a: hs.FuzzyCognitiveMap(**slip("slope")), "`steepness`"),
        (lambda a: hs.FuzzyCognitiveMap(**slip("steepnes")), "did you mean `steepness`"),
        (lambda a: hs.load(**slip("path")), "did you mean|wanted `source`"),
    ],
)
def test_unknown_keywords_are_type_errors_with_the_nearest(call: Any, says: str, ituri: hs.Assessment) -> None:
    with pytest.raises(TypeError, match=says) as caught:
        call(ituri)
    assert isinstance(caught.value, hs.HumanSecurityError)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda a: a.criticality(severity=1.5), hs.ArgumentError, "severity"),
        (lambda a: a.criticality(severity="high"), hs.ArgumentError, "/severity"),
        (lambda a: a.criticality(severity=float("nan")), hs.ArgumentError, "severity.*NaN"),
        (lambda a: a.criticality(risk="geometrc"), hs.ArgumentError, "did you mean `geometric`"),
        (lambda a: a.criticality(places=["itury"]), hs.NotFoundError, "did you mean `ituri`"),
        (lambda a: a.criticality(places="ituri"), hs.ArgumentError, "/places"),
        (lambda a: a.externalities(interventions=["police"]), hs.NotFoundError, "police"),
        (lambda a: a.externalities(model=hs.Linear), TypeError, r"hs\.NoisyOr\(\)"),
        (lambda a: a.externalities(draws=-1), hs.ArgumentError, "/draws"),
        (lambda a: a.externalities(draws=object()), TypeError, "draws: found a value of type `object`"),
        (lambda a: a.network(groups="gendr"), hs.NotFoundError, "no partition `gendr`"),
        (lambda a: a.pillar_gaps({"severty": 0.1}), hs.ArgumentError, "did you mean `severity`"),
        (lambda a: a.report("/nowhere/at/all.html"), hs.FileError, "nowhere"),
        (lambda a: hs.FuzzyCognitiveMap(steepness=0), hs.ArgumentError, "steepness"),
        (lambda a: hs.Linear(normalise="max"), hs.ArgumentError, "/normalise"),
    ],
)
def test_settings_out_of_their_domain_are_refused(
    call: Any, error: type[Exception], says: str, ituri: hs.Assessment
) -> None:
    with pytest.raises(error, match=says) as caught:
        call(ituri)
    assert isinstance(caught.value, hs.HumanSecurityError)
    assert not isinstance(caught.value, hs.InternalError)
