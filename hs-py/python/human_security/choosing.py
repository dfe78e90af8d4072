"""Which set of interventions to choose: a method of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security.models import Model, as_model
from human_security.result import Portfolio

__all__ = ["Choosing"]

_PORTFOLIO = _core.defaults("portfolio")


class Choosing:
    """The question itself: a method of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

    @face
    def portfolio(
        self,
        interventions: Sequence[str] | None = None,
        budget: float | None = None,
        objective: str = _PORTFOLIO["objective"],
        do_no_harm: bool | Mapping[str, Any] = _PORTFOLIO["do_no_harm"],
        min_share: Mapping[str, float] | None = None,
        max_share: Mapping[str, float] | None = None,
        min_horizon_share: Mapping[str, float] | None = None,
        max_horizon_share: Mapping[str, float] | None = None,
        actors: Mapping[str, Mapping[str, float]] | None = None,
        each_actor: Mapping[str, float] | None = None,
        most: int | None = None,
        fixed: Sequence[str] | None = None,
        forbidden: Sequence[str] | None = None,
        levels: Mapping[str, str | Sequence[float]] | None = None,
        missing_cost: str | Mapping[str, float] = _PORTFOLIO["missing_cost"],
        pushed: float | None = None,
        persons: str = _PORTFOLIO["persons"],
        link: str = _PORTFOLIO["link"],
        slope: float = _PORTFOLIO["slope"],
        severity: float = _PORTFOLIO["severity"],
        prevalence: float = _PORTFOLIO["prevalence"],
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _PORTFOLIO["horizon"],
        groups: str | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        front: int = _PORTFOLIO["front"],
        robustness_draws: int = _PORTFOLIO["robustness_draws"],
        nodes: int = _PORTFOLIO["nodes"],
        evaluations: int = _PORTFOLIO["evaluations"],
        rounds: int = _PORTFOLIO["rounds"],
        draws: int = _PORTFOLIO["draws"],
        seed: int = _PORTFOLIO["seed"],
        level: float = _PORTFOLIO["level"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Portfolio:
        """Choose the interventions that do most within the means and harm nobody more than is allowed.

        Every answer is run through the whole network again before it is given. Worsenings are a constraint, never
        subtracted from what improves.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions to choose from; all where not given.
        budget : float, optional
            Most that may be spent; without limit where not given.
        objective : {"severity-persons", "persons", "cells-lifted", "worst-off"}
            What is to be as large as possible: severity points times persons, persons lifted above the threshold,
            cells brought below both cuts, or the gain of whoever gains least.
        do_no_harm : bool or dict
            Whether harm is a constraint, cell by cell; or its ``rule`` ("per-cell", "group-mean", "probability"),
            ``tolerance``, ``probability`` and ``harm`` ("net", "gross").
        min_share, max_share : dict, optional
            Least and greatest share of what is spent, by pillar: ``{"empowerment": 0.3}``.
        min_horizon_share, max_horizon_share : dict, optional
            The same by horizon of the interventions.
        actors : dict, optional
            What an actor can carry, by id: ``{"undp": {"interventions": 2, "budget": 50_000}}``.
        each_actor : dict, optional
            What every other actor can carry.
        most : int, optional
            Most interventions in all.
        fixed, forbidden : list of str, optional
            Ids that must, and that must not, be chosen.
        levels : dict, optional
            Interventions that may be funded in part: "continuous", or a list of levels up to 1.
        missing_cost : {"refuse", "zero"} or dict
            What becomes of an intervention without a cost where money counts; ``{"assume": 1000}`` gives one.
        pushed : float, optional
            Most persons that may be pushed below the threshold.
        persons : {"exposed", "affected"}
            Which persons weigh a cell: all who live there, or those affected.
        link : {"logit", "additive", "proportional"}
            How a changed severity moves prevalence.
        slope : float
            How strongly.
        severity, prevalence : float
            From where a cell is critical and pervasive.
        model : Model, optional
            How severity travels; `NoisyOr` where not given. Under `Linear` the choice is proven optimal.
        horizon : {"short", "medium", "long", "rest", "all"}
            When the effects are read; "all" looks for harm at every horizon.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        places : list of str, optional
            Ids of the places; all where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        front : int
            Budgets looked at for the front; 0 for none.
        robustness_draws : int
            Draws in which the choice is made again; 0 for none.
        nodes, evaluations, rounds : int
            Where the search ends with a stated gap: nodes of branch and bound, candidates judged, programmes solved.
        draws : int
            Draws, where uncertain effects cannot be enumerated.
        seed : int
            Seed of the draws.
        level : float
            Confidence of the upper bound of a probability of harm.
        anchoring : dict, optional
            How the run is anchored on what was observed: ``over_explained``, ``residual``, ``horizons``,
            ``tolerance``, ``max_steps``.

        Returns
        -------
        Portfolio
            Table: intervention, chosen, level, cost, chosen_share (of the draws); ``.objective``, ``.bound``,
            ``.gap``, ``.status``, ``.binding``, ``.cells``, ``.front``, ``.verification``.

        Raises
        ------
        ArgumentError
            No set keeps every constraint: ``problems`` says which conflict, and how to mend each.

        References
        ----------
        Anderson, M. (1999). *Do No Harm*. Wolsey, L. (1998). *Integer Programming*.
        """
        settings = given(
            interventions=interventions,
            budget=budget,
            objective=objective,
            do_no_harm=do_no_harm,
            min_share=min_share,
            max_share=max_share,
            min_horizon_share=min_horizon_share,
            max_horizon_share=max_horizon_share,
            actors=actors,
            each_actor=each_actor,
            most=most,
            fixed=fixed,
            forbidden=forbidden,
            levels=levels,
            missing_cost=missing_cost,
            pushed=pushed,
            persons=persons,
            link=link,
            slope=slope,
            severity=severity,
            prevalence=prevalence,
            model=as_model(model),
            horizon=horizon,
            groups=groups,
            places=places,
            period=period,
            unweighted=unweighted,
            front=front,
            robustness_draws=robustness_draws,
            nodes=nodes,
            evaluations=evaluations,
            rounds=rounds,
            draws=draws,
            seed=seed,
            level=level,
            anchoring=anchoring,
        )
        return Portfolio(self._core.ask("portfolio", settings))
