"""The situation by level and by group: methods of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security.result import Result

__all__ = ["Situation"]

_MATRIX = _core.defaults("matrix")
_EXPLAIN = _core.defaults("explain")
_GENDER_GAPS = _core.defaults("gender-gaps")
_VITAL_CORE = _core.defaults("vital-core")
_CHRONIC_AND_SUDDEN = _core.defaults("chronic-and-sudden")
_CAPACITY_PROFILE = _core.defaults("capacity-profile")
_SECURITY_INFRASTRUCTURE = _core.defaults("security-infrastructure")


class Situation:
    """The situation by level and by group: methods of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

    @face
    def matrix(
        self,
        severity: float = _MATRIX["severity"],
        prevalence: float = _MATRIX["prevalence"],
        period: str | None = None,
        kinds: Sequence[str] = tuple(_MATRIX["kinds"]),
        prevalence_from: Sequence[str] = tuple(_MATRIX["prevalence_from"]),
        dimensions: Sequence[str] | None = None,
        levels: Sequence[str] | None = None,
        thin: int = _MATRIX["thin"],
        min_n: int = _MATRIX["min_n"],
        level: float = _MATRIX["level"],
        draws: int = _MATRIX["draws"],
        seed: int = _MATRIX["seed"],
    ) -> Result:
        """What threatens whom, at which level, and what stands against it?

        Seven components by level by gender, age, socio-economic status and any further dimension, with capacities.
        A cell takes its worst threat: threats are never summed nor averaged into one, and a cell nobody spoke of
        stays empty. What may not be shown is suppressed over every margin as one set.

        Parameters
        ----------
        severity : float
            Severity from which a cell is critical.
        prevalence : float
            Prevalence from which a cell is pervasive.
        period : str, optional
            The period asked for; the latest of each cell where absent.
        kinds : list of str
            Which kind of condition is preferred, in order; a kind that is not named is never used.
        prevalence_from : list of str
            Ids of indicators that are shares of persons affected.
        dimensions : list of str, optional
            Dimensions of groups; gender, age, status and whatever the tags name where absent.
        levels : list of str, optional
            Levels; all where absent.
        thin : int
            A cell with fewer statements behind it is thin.
        min_n : int
            Smallest sample whose figures are shown; 0 shows all.
        level : float
            Probability of the intervals of differences.
        draws : int
            Draws where figures have ranges.
        seed : int
            Seed of the draws.

        Returns
        -------
        Result
            Table: component, level, place, dimension, value, severity, prevalence, persons, capacity, evidence,
            state, coverage, persons_low, persons_high, n, kinds, stated, inferred, measured, unsaid, threats,
            worst, groups, kept_back, population. Others: ``.tables["cells"]``; ``.tables["roll_up"]``;
            ``.tables["capacities"]``; ``.tables["differences"]``; ``.tables["inequality"]``;
            ``.tables["priorities"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2 A, Table I; Hundepool et al.,
        *Statistical Disclosure Control*, 2012.
        """
        return Result(
            self._core.ask(
                "matrix",
                given(
                    severity=severity,
                    prevalence=prevalence,
                    period=period,
                    kinds=kinds,
                    prevalence_from=prevalence_from,
                    dimensions=dimensions,
                    levels=levels,
                    thin=thin,
                    min_n=min_n,
                    level=level,
                    draws=draws,
                    seed=seed,
                ),
            )
        )

    @face
    def explain(
        self,
        threat: str,
        place: str | None = None,
        group: str | None = None,
        period: str | None = None,
        min_n: int = _EXPLAIN["min_n"],
    ) -> Result:
        """What stands behind a cell?

        A threat in a place, of a group or of everyone: its conditions and observations, those used and those not
        and why, the links that lead in and out with the stories that tell of them, capacities, interventions, and
        how many people spoke of it. Voices are counted, never quoted. What the matrix keeps back for its few people
        is not told here either: the statement is listed, its figures are not.

        Parameters
        ----------
        threat : str
            Id of the threat.
        place : str, optional
            Id of the place; all where absent.
        group : str, optional
            Id of the group; everyone where absent.
        period : str, optional
            The period asked for; the latest of each cell where absent.
        min_n : int
            Smallest sample whose figures are shown; 0 shows all, and every count of voices.

        Returns
        -------
        Result
            Table: entity, place, period, kind, used, why, severity, prevalence, value, source, locator, basis,
            confidence, n, at. Others: ``.tables["linkages"]``; ``.tables["capacities"]``;
            ``.tables["interventions"]``; ``.tables["voices"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2 A.
        """
        return Result(
            self._core.ask("explain", given(threat=threat, place=place, group=group, period=period, min_n=min_n))
        )

    @face
    def gender_gaps(
        self,
        dimension: str = _GENDER_GAPS["dimension"],
        first: str = _GENDER_GAPS["first"],
        second: str = _GENDER_GAPS["second"],
        intersections: bool = _GENDER_GAPS["intersections"],
        period: str | None = None,
        prevalence_from: Sequence[str] = tuple(_GENDER_GAPS["prevalence_from"]),
        min_n: int = _GENDER_GAPS["min_n"],
        level: float = _GENDER_GAPS["level"],
        draws: int = _GENDER_GAPS["draws"],
        seed: int = _GENDER_GAPS["seed"],
    ) -> Result:
        """Where do women and men, girls and boys, face different threats, and where does nobody say?

        Two values of one dimension are set side by side, threat by threat and place by place, with difference and
        ratio; then every cell in which dimensions meet. Margins and intersections are suppressed as one set.
        Nothing here knows an incident: the smallest thing shown is a group in a place.

        Parameters
        ----------
        dimension : str
            `gender`, `age`, `status`, or any other word for the tags.
        first : str
            The value looked at.
        second : str
            The value it is compared with.
        intersections : bool
            Whether to look where dimensions meet.
        period : str, optional
            The period asked for; the latest of each cell where absent.
        prevalence_from : list of str
            Ids of indicators that are shares of persons affected.
        min_n : int
            Smallest sample whose figures are shown; 0 shows all.
        level : float
            Probability of the intervals.
        draws : int
            Draws where figures have ranges.
        seed : int
            Seed of the draws.

        Returns
        -------
        Result
            Table: threat, component, place, first, second, severity_first, severity_second, severity_difference,
            severity_difference_lower, severity_difference_upper, severity_ratio, severity_ratio_lower,
            severity_ratio_upper, prevalence_first, prevalence_second, prevalence_difference,
            prevalence_difference_lower, prevalence_difference_upper, prevalence_ratio, prevalence_ratio_lower,
            prevalence_ratio_upper, n_first, n_second, state, within, severity_interval, prevalence_interval,
            kind_first, kind_second, coverage_first, coverage_second, groups_first, groups_second. Others:
            ``.tables["intersections"]``; ``.tables["missing"]``; ``.tables["harms"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009; WHO, *Ethical and safety recommendations for
        researching, documenting and monitoring sexual violence in emergencies*, 2007; Hundepool et al.,
        *Statistical Disclosure Control*, 2012.
        """
        return Result(
            self._core.ask(
                "gender_gaps",
                given(
                    dimension=dimension,
                    first=first,
                    second=second,
                    intersections=intersections,
                    period=period,
                    prevalence_from=prevalence_from,
                    min_n=min_n,
                    level=level,
                    draws=draws,
                    seed=seed,
                ),
            )
        )

    @face
    def vital_core(self, criticality: Mapping[str, Any] | None = None, min_n: int = _VITAL_CORE["min_n"]) -> Result:
        """What of the vital core, and which freedom, is at stake, where and for how many?

        A second view of the same cells: a threat may endanger survival, livelihood and dignity at once and then
        counts in each, so the rows overlap and are never added up. A threat that nobody tagged stands under `not-
        said` and is never given a tag.

        Parameters
        ----------
        criticality : dict, optional
            Which cells are read, and from where they are critical or pervasive.
        min_n : int
            Smallest sample whose figures are shown; 0 shows all.

        Returns
        -------
        Result
            Table: axis, value, threats, cells, critical, pervasive, critical_and_pervasive, persons_low,
            persons_high, severity_max, worst, coverage, suppressed. Others: ``.tables["threats"]``.

        References
        ----------
        Commission on Human Security, *Human Security Now*, 2003; UNTFHS, *Human Security in Theory and Practice*,
        2009.
        """
        return Result(self._core.ask("vital_core", given(criticality=criticality, min_n=min_n)))

    @face
    def chronic_and_sudden(
        self,
        baseline: Mapping[str, Any] | None = None,
        seasonal: bool = _CHRONIC_AND_SUDDEN["seasonal"],
        z: float = _CHRONIC_AND_SUDDEN["z"],
        least: float = _CHRONIC_AND_SUDDEN["least"],
        chronic_share: float = _CHRONIC_AND_SUDDEN["chronic_share"],
        cut: float = _CHRONIC_AND_SUDDEN["cut"],
        cusum_k: float = _CHRONIC_AND_SUDDEN["cusum_k"],
        cusum_h: float = _CHRONIC_AND_SUDDEN["cusum_h"],
        least_periods: int = _CHRONIC_AND_SUDDEN["least_periods"],
        kinds: Sequence[str] = tuple(_CHRONIC_AND_SUDDEN["kinds"]),
        min_n: int = _CHRONIC_AND_SUDDEN["min_n"],
    ) -> Result:
        """Which threats stand high all the time, which strike suddenly, and who recovers?

        Human security is safety from chronic threats and protection from sudden disruption. Every dated series of
        conditions (and of observed indicators) is read for its level, its greatest shock and what became of it. A
        period nobody speaks of is no point: it is neither zero nor unchanged.

        Parameters
        ----------
        baseline : dict, optional
            What a series is measured against: its first so many periods, or those inside a period; all of them
            where absent.
        seasonal : bool
            Whether each month (or week) is measured against the same of other years.
        z : float
            Modified z-score from which a rise is a shock.
        least : float
            Least size of a shock: severity points, or the share of an indicator's minimum to maximum.
        chronic_share : float
            Share of periods from which a threat is chronic.
        cut : float
            Severity from which a period counts for that.
        cusum_k : float
            Slack of the cumulative sum, in robust standard deviations.
        cusum_h : float
            Where the cumulative sum alarms, in robust standard deviations.
        least_periods : int
            Fewest periods that a series is judged by.
        kinds : list of str
            Which kind of condition is preferred, in order; a series is of one kind.
        min_n : int
            Smallest sample whose figures are shown; 0 shows all.

        Returns
        -------
        Result
            Table: threat, indicator, place, group, periods, level, chronic, share, shock, shock_date, robust_z,
            cusum_alarm, recovery, recovered, loss_area, class, reason, recovery_days, kind, baseline, suppressed.
            Others: ``.tables["points"]``; ``.tables["transitions"]``.

        References
        ----------
        UNDP, *Human Development Report*, 1994; Iglewicz and Hoaglin, *How to Detect and Handle Outliers*, 1993;
        Page, Continuous inspection schemes, 1954; Bruneau et al., A framework to quantitatively assess seismic
        resilience, 2003.
        """
        return Result(
            self._core.ask(
                "chronic_and_sudden",
                given(
                    baseline=baseline,
                    seasonal=seasonal,
                    z=z,
                    least=least,
                    chronic_share=chronic_share,
                    cut=cut,
                    cusum_k=cusum_k,
                    cusum_h=cusum_h,
                    least_periods=least_periods,
                    kinds=kinds,
                    min_n=min_n,
                ),
            )
        )

    @face
    def capacity_profile(
        self,
        criticality: Mapping[str, Any] | None = None,
        need: str = _CAPACITY_PROFILE["need"],
        need_cut: float = _CAPACITY_PROFILE["need_cut"],
        capacity_cut: float = _CAPACITY_PROFILE["capacity_cut"],
        shocks: Mapping[str, Any] | None = None,
        draws: int = _CAPACITY_PROFILE["draws"],
        seed: int = _CAPACITY_PROFILE["seed"],
        level: float = _CAPACITY_PROFILE["level"],
        min_n: int = _CAPACITY_PROFILE["min_n"],
    ) -> Result:
        """What is there to build on, what is neglected, and where does need meet no capacity?

        Harmful coping stands in a table of its own and in none of the others: it is a signal of stress and no
        strength. What nobody recorded is not assessed; it is never taken for a capacity of 0.

        Parameters
        ----------
        criticality : dict, optional
            Which cells are read.
        need : {"severity", "burden"}
            What need is.
        need_cut : float
            Need from which it is high.
        capacity_cut : float
            Capacity from which it is high.
        shocks : dict, optional
            How shocks are read for resilience.
        draws : int
            Draws over ranges, for ranks; 0 for none.
        seed : int
            Seed of the draws.
        level : float
            Probability of the intervals.
        min_n : int
            Smallest sample whose figures are shown; 0 shows all.

        Returns
        -------
        Result
            Table: capacity, component, place, group, pillar, level, kind, capital, function, holder, state,
            needed_by, why. Others: ``.tables["neglected"]``; ``.tables["harmful_coping"]``;
            ``.tables["readiness"]``; ``.tables["hot_spots"]``; ``.tables["resources"]``; ``.tables["resilience"]``;
            ``.tables["crosswalk"]``; ``.tables["unlocks"]``; ``.tables["coping_scores"]``.

        References
        ----------
        DFID, *Sustainable Livelihoods Guidance Sheets*, 1999; Maxwell and Caldwell, *The Coping Strategies Index:
        Field Methods Manual*, 2008; IPC Global Partners, *Technical Manual 3.1*, 2021; FAO, *Resilience Index
        Measurement and Analysis*, 2016.
        """
        return Result(
            self._core.ask(
                "capacity_profile",
                given(
                    criticality=criticality,
                    need=need,
                    need_cut=need_cut,
                    capacity_cut=capacity_cut,
                    shocks=shocks,
                    draws=draws,
                    seed=seed,
                    level=level,
                    min_n=min_n,
                ),
            )
        )

    @face
    def security_infrastructure(
        self,
        criticality: Mapping[str, Any] | None = None,
        min_n: int = _SECURITY_INFRASTRUCTURE["min_n"],
    ) -> Result:
        """Which norms, institutions, processes and services protect people, and which are not there?

        Every cell that is critical or pervasive is looked at for the four parts of an infrastructure of protection.
        A part nobody recorded is a gap on record, not proof that there is none: `not-recorded` and `absent`
        (recorded at level 0) are told apart.

        Parameters
        ----------
        criticality : dict, optional
            Which cells are critical or pervasive.
        min_n : int
            Smallest sample whose figures are shown; 0 shows all.

        Returns
        -------
        Result
            Table: threat, component, place, class, persons, norms, institutions, processes, services, gap, need,
            actors, basis, group, level, absent, not_recorded, maturity, capacities, dual_role. Others:
            ``.tables["coverage"]``; ``.tables["access"]``.

        References
        ----------
        Commission on Human Security, *Human Security Now*, 2003; UNTFHS, *Human Security in Theory and Practice*,
        2009.
        """
        return Result(self._core.ask("security_infrastructure", given(criticality=criticality, min_n=min_n)))
