"""What responses do, beyond their target and together: methods of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security.models import Model, as_model
from human_security.result import Externalities, HarmRegister, Result

__all__ = ["Responses"]

_EXTERNALITIES = _core.defaults("externalities")
_HARMS = _core.defaults("harm-register")
_SYNERGIES = _core.defaults("synergies")
_COHERENCE = _core.defaults("policy-coherence")
_PORTFOLIO = _core.defaults("portfolio")
_PEOPLE = _core.defaults("people")
_QUESTIONS = _core.defaults("seven-questions")
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
        return Externalities(self._core.ask("externalities", settings))

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
        return HarmRegister(self._core.ask("harm_register", settings))

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
        return Result(self._core.ask("policy_coherence", settings))

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
        return Result(self._core.ask("synergies", settings))

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
        return Result(self._core.ask("pillar_gaps", given(criticality=criticality)))

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
        return Result(self._core.ask("pillar_balance", given(interventions=interventions, criticality=criticality)))

    @face
    def seven_questions(
        self,
        interventions: Sequence[str] | None = None,
        model: Model | Mapping[str, Any] | None = None,
        groups: str | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        criticality: Mapping[str, Any] | None = None,
        least: float = _QUESTIONS["least"],
        draws: int = _QUESTIONS["draws"],
        seed: int = _QUESTIONS["seed"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Result:
        """Tell which of the handbook's seven questions on protection and empowerment are answered.

        An answer is what people judged, with its evidence; what is computed stands beside it and answers nothing.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        model : Model, optional
            How severity travels; `NoisyOr` where not given.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        places : list of str, optional
            Ids of the places; all where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        criticality : dict, optional
            Settings of `criticality` that say which threats are severe and which widespread.
        least : float
            Severity points under which an effect is too small to speak of.
        draws : int
            Draws, where uncertain effects cannot be enumerated.
        seed : int
            Seed of the draws.
        anchoring : dict, optional
            How the run is anchored on what was observed.

        Returns
        -------
        Result
            Table: number, question, pillar, state ("answered", "partly", "open"), answer, by, date, evidence, what was
            computed towards it, and what would answer it; ``.capacities``: those needed against those present.
        """
        settings = given(
            interventions=interventions,
            model=as_model(model),
            groups=groups,
            places=places,
            period=period,
            unweighted=unweighted,
            criticality=criticality,
            least=least,
            draws=draws,
            seed=seed,
            anchoring=anchoring,
        )
        return Result(self._core.ask("seven_questions", settings))
