"""What responses do, to whom, and which set to choose: methods of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security._progress import shown
from human_security.models import Model, as_model
from human_security.result import Externalities, HarmRegister, People, Portfolio, Result
from human_security.scheme import DeprivationScheme, as_scheme
from human_security.scoring import as_data

__all__ = ["Responses"]

_EXTERNALITIES = _core.defaults("externalities")
_HARMS = _core.defaults("harm-register")
_SYNERGIES = _core.defaults("synergies")
_COHERENCE = _core.defaults("policy-coherence")
_PORTFOLIO = _core.defaults("portfolio")
_PEOPLE = _core.defaults("people")
_SCORE = _core.defaults("score")


class Responses:
    """The questions themselves: methods of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

    @face
    def externalities(
        self,
        interventions: Sequence[str] | None = None,
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _EXTERNALITIES["horizon"],
        groups: str | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        packages: Mapping[str, Sequence[str]] | None = None,
        harm: float = _EXTERNALITIES["harm"],
        divider: float = _EXTERNALITIES["divider"],
        flag: float = _EXTERNALITIES["flag"],
        phases: Sequence[float] = tuple(_EXTERNALITIES["phases"]),
        ranges: str = _EXTERNALITIES["ranges"],
        level: float = _EXTERNALITIES["level"],
        draws: int = _EXTERNALITIES["draws"],
        seed: int = _EXTERNALITIES["seed"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Externalities:
        """Tell what each intervention does outside its own target, for good and ill, to whom and where.

        Better and worse are never netted: each has its rows. A change is in severity points; positive is more severe.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        model : Model, optional
            How severity travels; `NoisyOr` where not given.
        horizon : {"short", "medium", "long", "rest", "all"}
            When the effects are read.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        places : list of str, optional
            Ids of the places; all where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        packages : dict of str to list of str, optional
            Interventions taken together, by the name of the package; it stands where the intervention stands.
        harm : float
            A cell that gets worse by more than this many severity points is a harm.
        divider : float
            Groups of one place that differ by more than this many severity points are divided.
        flag : float
            Probability of a harm from which it is listed.
        phases : four floats
            Bounds of the severity phases, from mild to severe.
        ranges : {"all", "effects", "none"}
            Which ranges the intervals carry: those of effects, linkages and conditions, of effects alone, or none.
        level : float
            Level of the intervals.
        draws : int
            Draws, where uncertain numbers cannot be enumerated; the same for every intervention.
        seed : int
            Seed of the draws.
        anchoring : dict, optional
            How the run is anchored on what was observed: ``over_explained``, ``residual``, ``horizons``,
            ``tolerance``, ``max_steps``.

        Returns
        -------
        Externalities
            Table: intervention, threat, component, place, group, horizon, route ("direct", "declared",
            "propagated"), outcome ("better", "worse", "none"), change, lower, upper, persons, crosses;
            ``.components``: the 7 x 7 table with "no claim" apart from zero; ``.harms``; ``.spill_overs``:
            what reaches other places, and over which borders.
        """
        settings = given(
            interventions=interventions,
            model=as_model(model),
            horizon=horizon,
            groups=groups,
            places=places,
            period=period,
            unweighted=unweighted,
            packages=packages,
            harm=harm,
            divider=divider,
            flag=flag,
            phases=phases,
            ranges=ranges,
            level=level,
            draws=draws,
            seed=seed,
            anchoring=anchoring,
        )
        return Externalities(self._core.respond("externalities", settings))

    @face
    def harm_register(
        self,
        interventions: Sequence[str] | None = None,
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _HARMS["externalities"]["horizon"],
        groups: str | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        packages: Mapping[str, Sequence[str]] | None = None,
        harm: float = _EXTERNALITIES["harm"],
        divider: float = _EXTERNALITIES["divider"],
        flag: float = _EXTERNALITIES["flag"],
        phases: Sequence[float] = tuple(_EXTERNALITIES["phases"]),
        ranges: str = _EXTERNALITIES["ranges"],
        level: float = _EXTERNALITIES["level"],
        draws: int = _EXTERNALITIES["draws"],
        seed: int = _EXTERNALITIES["seed"],
        anchoring: Mapping[str, Any] | None = None,
        chains: int = _HARMS["chains"],
        max_length: int = _HARMS["max_length"],
        most_cells: int = _HARMS["most_cells"],
        shared: float = _HARMS["shared"],
        databank: bool = _HARMS["databank"],
    ) -> HarmRegister:
        """Tell what may get worse for whom, by which chains, and what was decided about it.

        Decisions stand beside the computed figures, never over them. Nothing without a number is called low: it reads
        "not assessed". Prompts say what the handbook and the databank warn of; they foretell nothing.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        model : Model, optional
            How severity travels; `NoisyOr` where not given.
        horizon : {"short", "medium", "long", "rest", "all"}
            When the effects are read.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        places : list of str, optional
            Ids of the places; all where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        packages : dict of str to list of str, optional
            Interventions taken together, by the name of the package; it stands where the intervention stands.
        harm : float
            A cell that gets worse by more than this many severity points is a harm.
        divider : float
            Groups of one place that differ by more than this many severity points are divided.
        flag : float
            Probability of a harm from which it is listed.
        phases : four floats
            Bounds of the severity phases, from mild to severe.
        ranges : {"all", "effects", "none"}
            Which ranges the intervals carry: those of effects, linkages and conditions, of effects alone, or none.
        level : float
            Level of the intervals.
        draws : int
            Draws, where uncertain numbers cannot be enumerated; the same for every intervention.
        seed : int
            Seed of the draws.
        anchoring : dict, optional
            How the run is anchored on what was observed: ``over_explained``, ``residual``, ``horizons``,
            ``tolerance``, ``max_steps``.
        chains : int
            How many chains are told for each harmed cell.
        max_length : int
            Links of the longest chain.
        most_cells : int
            Harmed cells of one intervention whose chains are told, from the greatest harm.
        shared : float
            Severity from which a threat is shared where every group of a place meets it.
        databank : bool
            Whether the databank's eight cases are asked for prompts.

        Returns
        -------
        HarmRegister
            Table: one row a harmed cell, with change, interval, probability, persons, divider, and reversibility,
            mitigation, decision, reason, by, date as judged; ``.assessed``, ``.pathways``, ``.prompts``,
            ``.dividers_connectors``, ``.unmatched``.

        References
        ----------
        Anderson, M. (1999). *Do No Harm: How Aid Can Support Peace or War*.
        """
        externalities = given(
            interventions=interventions,
            model=as_model(model),
            horizon=horizon,
            groups=groups,
            places=places,
            period=period,
            unweighted=unweighted,
            packages=packages,
            harm=harm,
            divider=divider,
            flag=flag,
            phases=phases,
            ranges=ranges,
            level=level,
            draws=draws,
            seed=seed,
            anchoring=anchoring,
        )
        settings = given(
            externalities=externalities,
            chains=chains,
            max_length=max_length,
            most_cells=most_cells,
            shared=shared,
            databank=databank,
        )
        return HarmRegister(self._core.respond("harm_register", settings))

    @face
    def policy_coherence(
        self,
        interventions: Sequence[str] | None = None,
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _COHERENCE["horizon"],
        groups: str | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        tolerance: float = _COHERENCE["tolerance"],
        overlap: float = _COHERENCE["overlap"],
        most_conflicts: int = _COHERENCE["most_conflicts"],
        draws: int = _COHERENCE["draws"],
        seed: int = _COHERENCE["seed"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Result:
        """Tell which interventions and policies work against each other, double each other, or stand in for the state.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        model : Model, optional
            How severity travels; `NoisyOr` where not given.
        horizon : {"short", "medium", "long", "rest", "all"}
            When the effects are read.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        places : list of str, optional
            Ids of the places; all where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        tolerance : float
            Severity points that a push must exceed.
        overlap : float
            Share of cells in common from which two interventions double each other, 0 to 1.
        most_conflicts : int
            Conflicts listed at the most.
        draws : int
            Draws, where uncertain effects cannot be enumerated.
        seed : int
            Seed of the draws.
        anchoring : dict, optional
            How the run is anchored on what was observed: ``over_explained``, ``residual``, ``horizons``,
            ``tolerance``, ``max_steps``.

        Returns
        -------
        Result
            Table: conflicts, one row a pair and cell: first, second, threat, component, place, group, horizon,
            better_by, worse_by, better, worse, persons; ``.duplicates``, ``.tensions``, ``.substitution``,
            ``.dual_roles``.
        """
        settings = given(
            interventions=interventions,
            model=as_model(model),
            horizon=horizon,
            groups=groups,
            places=places,
            period=period,
            unweighted=unweighted,
            tolerance=tolerance,
            overlap=overlap,
            most_conflicts=most_conflicts,
            draws=draws,
            seed=seed,
            anchoring=anchoring,
        )
        return Result(self._core.respond("policy_coherence", settings))

    @face
    def synergies(
        self,
        interventions: Sequence[str] | None = None,
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _SYNERGIES["horizon"],
        groups: str | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        triples: bool = _SYNERGIES["triples"],
        other_model: Model | Mapping[str, Any] | None = None,
        least: float = _SYNERGIES["least"],
        draws: int = _SYNERGIES["draws"],
        seed: int = _SYNERGIES["seed"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Result:
        """Tell which interventions do more together than apart, and which less.

        A synergy is what a set does beyond the sum of its parts, in severity points: negative where they amplify each
        other. Better and worse stay apart.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        model : Model, optional
            How severity travels; `NoisyOr` where not given.
        horizon : {"short", "medium", "long", "rest", "all"}
            When the effects are read.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        places : list of str, optional
            Ids of the places; all where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        triples : bool
            Whether three-way interactions are told too.
        other_model : Model, optional
            The model whose sign is held against the first one's.
        least : float
            Severity points under which a computed bearing of one strategy on another is not listed.
        draws : int
            Draws, where uncertain effects cannot be enumerated.
        seed : int
            Seed of the draws.
        anchoring : dict, optional
            How the run is anchored on what was observed: ``over_explained``, ``residual``, ``horizons``,
            ``tolerance``, ``max_steps``.

        Returns
        -------
        Result
            Table: first, second, component, better, worse, synergy; ``.triples``, ``.protection_to_empowerment``,
            ``.empowerment_to_protection``.
        """
        settings = given(
            interventions=interventions,
            model=as_model(model),
            horizon=horizon,
            groups=groups,
            places=places,
            period=period,
            unweighted=unweighted,
            triples=triples,
            other_model=as_model(other_model),
            least=least,
            draws=draws,
            seed=seed,
            anchoring=anchoring,
        )
        return Result(self._core.respond("synergies", settings))

    @face
    def pillar_gaps(self, criticality: Mapping[str, Any] | None = None) -> Result:
        """Tell where protection or empowerment is missing, for every critical or pervasive cell.

        Parameters
        ----------
        criticality : dict, optional
            Settings of `criticality` that say which cells count.

        Returns
        -------
        Result
            Table: threat, place, group, class, protection, empowerment, gap, interventions, capacities.
        """
        return Result(self._core.respond("pillar_gaps", given(criticality=criticality)))

    @face
    def pillar_balance(
        self, interventions: Sequence[str] | None = None, criticality: Mapping[str, Any] | None = None
    ) -> Result:
        """Tell how budget, persons and interventions are spread over pillars, horizons and stages.

        There is no pass mark: what is right hangs on the place. A note warns where a side is empty.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        criticality : dict, optional
            Settings of `criticality` that say which cells persons are counted in.

        Returns
        -------
        Result
            Table: axis ("pillar", "horizon", "stage"), value ("not said" is one), interventions, interventions_share,
            budget, budget_share, persons_low, persons_high; ``.by_component``.
        """
        return Result(self._core.respond("pillar_balance", given(interventions=interventions, criticality=criticality)))

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
        return Portfolio(self._core.respond("portfolio", settings))

    @face
    def seven_questions(self) -> Result:
        """Tell which of the handbook's seven questions on protection and empowerment are answered.

        Returns
        -------
        Result
            Table: number, question, pillar, state ("answered", "partly", "open"), answer, by, date, evidence, what was
            computed towards it, and what would answer it; ``.capacities``: those needed against those present.
        """
        return Result(self._core.respond("seven_questions", {}))

    @face
    def people(
        self,
        scheme: DeprivationScheme | Mapping[str, Any] | None = None,
        data: Any = None,
        interventions: Sequence[str] | None = None,
        place: str | None = None,
        group: str | None = None,
        places_of: Mapping[str, str] | None = None,
        groups_of: Mapping[str, str] | None = None,
        in_place: str | None = None,
        packages: Mapping[str, Sequence[str]] | None = None,
        together: bool = _PEOPLE["together"],
        link: str = _PEOPLE["link"],
        slope: float = _PEOPLE["slope"],
        slope_range: Sequence[float] | None = None,
        crossing: str = _PEOPLE["crossing"],
        joint: str = _PEOPLE["joint"],
        weight: str | None = _SCORE["weight"],
        size: str | None = _SCORE["size"],
        strata: str | None = _SCORE["strata"],
        cluster: str | None = _SCORE["cluster"],
        fpc: str | None = _SCORE["fpc"],
        lonely_psu: str = _SCORE["lonely_psu"],
        domain: str | None = _SCORE["domain"],
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _PEOPLE["horizon"],
        groups: str | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        draws: int = _PEOPLE["draws"],
        seed: int = _PEOPLE["seed"],
        level: float = _PEOPLE["level"],
        min_n: int | None = None,
        anchoring: Mapping[str, Any] | None = None,
        progress: bool | None = None,
    ) -> People:
        """Tell whom interventions lift above the threshold and whom they push below: two figures, never one.

        From survey to network and back: an indicator that names a threat moves as that threat does in its place and
        group; then everyone is scored again. Who crosses is not known, so there are three answers: at random, nearest
        the cut-off, farthest. Intervals carry the survey's design and the ranges together.

        Parameters
        ----------
        scheme : DeprivationScheme, optional
            Indicators, each with the threat it measures. Without scheme and data the prevalence of conditions moves.
        data : frame, mapping or path, optional
            Rows, as for `score`.
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        place, group : str, optional
            Columns with ids or names of places and of groups.
        places_of, groups_of : dict, optional
            Place, or group, of the assessment by value of that column.
        in_place : str, optional
            Place of the assessment for every row whose value names none.
        packages : dict of str to list of str, optional
            Interventions taken together, by the name of the package.
        together : bool
            Whether all chosen ones are also taken together.
        link : {"logit", "additive", "proportional"}
            How the share deprived answers the severity of its threat.
        slope : float
            How strongly.
        slope_range : pair of float, optional
            Range of the slope.
        crossing : {"random", "nearest", "farthest"}
            Whose answer `lifted` and `pushed` give.
        joint : {"independent", "comonotone"}
            Whether a household's indicators cross each by its own chance or all by one rank.
        weight, size, strata, cluster, fpc, lonely_psu, domain : any
            The design of the survey, as for `score`.
        model : Model, optional
            How severity travels; `NoisyOr` where not given.
        horizon : {"short", "medium", "long", "rest"}
            When the effects are read.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        places : list of str, optional
            Ids of the places of the network; all where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        draws : int
            Draws of the intervals.
        seed : int
            Seed of the draws.
        level : float
            Level of the intervals.
        min_n : int, optional
            Least sample count behind a published figure; 25 where not given, 0 turns suppression off.
        anchoring : dict, optional
            How the run is anchored on what was observed.
        progress : bool, optional
            Whether a progress bar is shown, as for `score`.

        Returns
        -------
        People
            Table: intervention, place, group, lifted, pushed, each with ``_lower``, ``_upper``, ``_nearest``,
            ``_farthest``; ``.indicators``: which indicator moved them; ``.unmoved``: which could not, and why;
            ``.prevalence`` where there is no data.

        References
        ----------
        Alkire, S. & Foster, J. (2011). Counting and multidimensional poverty measurement.
        """
        score = None
        if scheme is not None:
            score = given(
                scheme=as_scheme(scheme),
                weight=weight,
                size=size,
                strata=strata,
                cluster=cluster,
                fpc=fpc,
                lonely_psu=lonely_psu,
                domain=domain,
            )
        settings = given(
            score=score,
            interventions=interventions,
            place=place,
            group=group,
            places_of=places_of,
            groups_of=groups_of,
            in_place=in_place,
            packages=packages,
            together=together,
            link=link,
            slope=slope,
            slope_range=slope_range,
            crossing=crossing,
            joint=joint,
            model=as_model(model),
            horizon=horizon,
            groups=groups,
            places=places,
            period=period,
            unweighted=unweighted,
            draws=draws,
            seed=seed,
            level=level,
            min_n=min_n,
            anchoring=anchoring,
        )
        with shown(progress, "people") as bar:
            return People(self._core.people(settings, as_data(data), bar))
