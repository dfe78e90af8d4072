"""What responses do: every question on the embedded cases, and what a user would trip over."""

from __future__ import annotations

from typing import Any

import human_security as hs
import numpy as np
import pytest

CASES = hs.examples.names()
FEW: dict[str, Any] = {"draws": 60}


@pytest.fixture(scope="module")
def loaded() -> dict[str, hs.Assessment]:
    return {name: hs.examples.load(name) for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_every_question_has_an_answer_on_the_cases(name: str, loaded: dict[str, hs.Assessment]) -> None:
    a = loaded[name]
    interventions = len(a.interventions)
    register = a.harm_register(**FEW)
    assert set(register.assessed["state"]) <= {"assessed", "not assessed", "no harm found"}
    assert len(register.assessed) == interventions
    assert "low" not in set(register.assessed["state"])
    assert len(a.synergies(**FEW).table) > 0
    assert a.pillar_balance().table["interventions"].sum() > 0
    questions = a.seven_questions()
    assert list(questions.table["number"]) == [1, 2, 3, 4, 5, 6, 7]
    assert set(questions.table["state"]) <= {"answered", "partly", "open"}
    coherence = a.policy_coherence(**FEW)
    assert list(coherence.tables) == ["conflicts", "duplicates", "tensions", "substitution", "dual_roles"]
    for result in (register, questions, coherence):
        assert "<table" in result._repr_html_()


def test_eradication_without_other_income_feeds_the_risk_of_conflict(loaded: dict[str, hs.Assessment]) -> None:
    harms = loaded["shan"].harm_register(interventions=["eradication-plan"], **FEW)
    threats = {row["threat"] for row in harms.rows()}
    assert "income-drop" in threats
    components = {row["component"] for row in harms.rows()}
    assert components & {"community", "political"}
    carried = harms.pathways.rows()
    assert any(len(row["nodes"]) > 1 for row in carried)


def test_prompts_of_table_iii_name_rivalry_and_harm_to_women() -> None:
    a = hs.load(
        {
            "schema": "human-security/1",
            "id": "proposal",
            "title": "A proposal without numbers",
            "places": [{"id": "p", "name": "P", "level": "local"}],
            "threats": [{"id": "poverty", "name": "Poverty", "component": "economic"}],
            "interventions": [{"id": "micro-credit", "name": "Micro-credit", "component": "economic"}],
        }
    )
    register = a.harm_register()
    assert list(register.assessed["state"]) == ["not assessed"]
    prompts = register.prompts.rows()
    handbook = {row["id"]: row for row in prompts if row["source"] == "table-iii"}
    assert {"X03", "X04"} <= set(handbook)
    assert "women" in handbook["X04"]["text"]


def test_better_and_worse_are_never_netted(loaded: dict[str, hs.Assessment]) -> None:
    for a in loaded.values():
        for name in ("by_component", "by_place", "by_group"):
            table = a.externalities(**FEW).tables[name]
            better, worse = table["better"], table["worse"]
            assert np.all(np.isnan(better) | (better <= 0))
            assert np.all(np.isnan(worse) | (worse >= 0))


def test_a_portfolio_keeps_to_its_budget_and_harms_no_cell(loaded: dict[str, hs.Assessment]) -> None:
    document = loaded["ituri"].to_dict()
    for at, intervention in enumerate(document["interventions"]):
        intervention["cost"] = 100.0 + 40 * at
    a = hs.load(document)
    small, large = (
        a.portfolio(budget=budget, robustness_draws=0, front=0, model=hs.Linear(), **FEW) for budget in (250, 600)
    )
    assert small.objective <= large.objective + 1e-9
    assert sum(row["cost"] for row in small.rows() if row["chosen"]) <= 250
    cells = small.tables["cells"]
    assert np.nanmax(cells["net"]) <= 0.01 + 1e-9
    with pytest.raises(hs.ArgumentError) as refused:
        a.portfolio(budget=10, fixed=["cooperatives"], robustness_draws=0, front=0)
    assert refused.value.problems


def test_an_unknown_intervention_is_met_with_the_nearest(loaded: dict[str, hs.Assessment]) -> None:
    for call in ("harm_register", "synergies", "policy_coherence", "portfolio"):
        with pytest.raises(hs.NotFoundError, match="cooperatives"):
            getattr(loaded["ituri"], call)(interventions=["cooperative"])


def test_people_are_moved_and_nobody_moves_without_a_reason() -> None:
    a = hs.examples.load("ituri")
    survey: Any = hs.examples.survey("ituri", n=1500, seed=3)
    scheme = hs.examples.survey_scheme("ituri")
    design = {
        k: v for k, v in hs.examples.survey_design("ituri").items() if k in ("weight", "size", "strata", "cluster")
    }
    moved = a.people(scheme, survey, **design, in_place="ituri", group="group", draws=40)
    table = moved.table
    lifted, low, high = (np.asarray(table[c], dtype=float) for c in ("lifted", "lifted_lower", "lifted_upper"))
    known = ~np.isnan(lifted)
    assert known.any()
    assert np.all(lifted[known] >= 0)
    assert np.all(low[known] <= high[known] + 1e-9)
    still = a.people(scheme, survey, [], **design, in_place="ituri", group="group", draws=40)
    assert np.nansum(still.table["lifted"]) == 0
    assert np.nansum(still.table["pushed"]) == 0
