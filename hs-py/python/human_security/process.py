"""How it is done, by whom, with whom: methods of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security.result import Result

__all__ = ["Process"]

_ACTION_PLAN = _core.defaults("action-plan")
_STAKEHOLDERS = _core.defaults("stakeholders")
_INDEPENDENCE = _core.defaults("independence")
_SHARED_INDICATORS = _core.defaults("shared-indicators")
_PARTICIPATION = _core.defaults("participation")
_PROGRAMME_STAGES = _core.defaults("programme-stages")
_REPRESENTATIVENESS = _core.defaults("representativeness")
_RELEVANCE = _core.defaults("relevance")
_SCREENS = _core.defaults("screens")


class Process:
    """Who acts, who takes part, what the framework asks: methods of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

    @face
    def action_plan(
        self,
        interventions: Sequence[str] | None = None,
        most: int = _ACTION_PLAN["most"],
        burden: float = _ACTION_PLAN["burden"],
        tensions: bool = _ACTION_PLAN["tensions"],
        coherence: Mapping[str, Any] | None = None,
    ) -> Result:
        """Who does what, when, and where does the plan not hold?

        Roles are Responsible, Accountable, Consulted and Informed, by intervention and, where the plan uses them,
        by the five participatory stages. A role without a stage holds at every stage. What is not written down is
        shown as a gap, not filled in; short gains that are later harms stand beside each other.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where absent.
        most : int
            Interventions one actor may be responsible or accountable for before it counts as overloaded.
        burden : float
            Burdens one actor may carry together before it counts as overloaded.
        tensions : bool
            Whether gains and harms over time are looked for.
        coherence : dict, optional
            How they are looked for; `interventions` above stands in for its own.

        Returns
        -------
        Result
            Table: intervention, stage, responsible, accountable, consulted, informed, state, named, local, tasks.
            Others: ``.tables["findings"]``; ``.tables["load"]``; ``.tables["timeline"]``; ``.tables["horizons"]``;
            ``.tables["tensions"]``; ``.tables["pooling"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, lines 303, 313, 365, 393, 426-427 and 467-479.
        """
        return Result(
            self._core.ask(
                "action_plan",
                given(interventions=interventions, most=most, burden=burden, tensions=tensions, coherence=coherence),
            )
        )

    @face
    def stakeholders(
        self,
        inferred: bool = _STAKEHOLDERS["inferred"],
        network: bool = _STAKEHOLDERS["network"],
        claims: bool = _STAKEHOLDERS["claims"],
    ) -> Result:
        """Who stands where among those who act, who protects and endangers at once, and who was not considered?

        Ties are those the assessment states and, unless turned off, those inferred from work on the same
        intervention; the table `ties` says which. A great betweenness marks a broker, not a good or a bad one.
        Where an actor protects from a threat and is a source of it, both stand: they are never netted.

        Parameters
        ----------
        inferred : bool
            Whether work on the same intervention counts as a tie.
        network : bool
            Whether linkages carry the touch of an intervention on to further threats and places.
        claims : bool
            Whether the claims of Table III count as touching a component.

        Returns
        -------
        Result
            Table: actor, kind, degree, in, out, betweenness, core, coreness, component, isolate, paths, cut,
            in_plan, mandates, alone, inferred. Others: ``.tables["not_considered"]``; ``.tables["dual_roles"]``;
            ``.tables["axes"]``; ``.tables["ties"]``.

        References
        ----------
        Freeman 1977. Brandes 2001. Seidman 1983. Borgatti and Everett 1999. UNTFHS 2009, lines 275 and 292.
        """
        return Result(self._core.ask("stakeholders", given(inferred=inferred, network=network, claims=claims)))

    @face
    def independence(
        self,
        overlap: float = _INDEPENDENCE["overlap"],
        layers: int = _INDEPENDENCE["layers"],
    ) -> Result:
        """Is anyone's independence at risk, and do those who act get in each other's way?

        Cooperation, not integration: rules look at ties for who commands, funds and hears from civil society, and
        at mandates, committees and roles for turf and layers. A flag is a question to those concerned, never a
        verdict on them. What nobody wrote down is `not-assessed`, never `clear`.

        Parameters
        ----------
        overlap : float
            Overlap of mandates from which two actors without a tie are flagged.
        layers : int
            Committees on one intervention from which layers are flagged.

        Returns
        -------
        Result
            Table: rule, actor, other, tie, flag, why, locator, mend, basis. Others: ``.tables["overlap"]``;
            ``.tables["layers"]``; ``.tables["rules"]``.

        References
        ----------
        Civil society position paper, 2013, section 2 and recommendation 6. UNTFHS, *Human Security in Theory and
        Practice*, 2009, lines 396-402.
        """
        return Result(self._core.ask("independence", given(overlap=overlap, layers=layers)))

    @face
    def shared_indicators(
        self,
        core: int = _SHARED_INDICATORS["core"],
        names: bool = _SHARED_INDICATORS["names"],
    ) -> Result:
        """Which indicators could agencies report together, and what stands in the way?

        Indicators are one and the same where they share a code of another system (DHIS2, IATI and so on) or,
        written alike, a name. What two agencies or more report is the common core of a joint log frame; where unit,
        direction or threshold differ, they must first be made to agree. What is not said is no conflict.

        Parameters
        ----------
        core : int
            Agencies from which an indicator is of the common core.
        names : bool
            Whether indicators of the same name count as one without a shared code.

        Returns
        -------
        Result
            Table: key, indicators, agencies, count, core, conflict, codes, all_agencies, components, differences.
            Others: ``.tables["agencies"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, lines 402 and 472: harmonised monitoring and
        reporting.
        """
        return Result(self._core.ask("shared_indicators", given(core=core, names=names)))

    @face
    def participation(
        self,
        interventions: Sequence[str] | None = None,
        period: str | None = None,
        min_n: int = _PARTICIPATION["min_n"],
        level: float = _PARTICIPATION["level"],
    ) -> Result:
        """How can people take part here, at what risk, and are they answered?

        Approaches are shortlisted by rules with reasons and no score. Danger goes first: where taking part is
        judged dangerous nothing in person is suitable, however well it would fit. What was not rated is not taken
        for favourable: it is listed as unrated.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions feedback and meetings are about; all where absent.
        period : str, optional
            The period feedback was received and meetings held in; all where absent.
        min_n : int
            Fewest pieces of feedback of a cell that is shown; 0 shows all.
        level : float
            Level of the intervals, inside 0 to 1.

        Returns
        -------
        Result
            Table: approach, suitable, reasons, safeguards, what, depth, unrated, rules. Others:
            ``.tables["factors"]``; ``.tables["risk"]``; ``.tables["feedback"]``; ``.tables["process"]``;
            ``.tables["themes"]``; ``.tables["rules"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2, phase II; Wilson, JASA 22, 1927;
        Hundepool et al., *Statistical Disclosure Control*, 2012.
        """
        return Result(
            self._core.ask("participation", given(interventions=interventions, period=period, min_n=min_n, level=level))
        )

    @face
    def programme_stages(
        self,
        interventions: Sequence[str] | None = None,
        as_of: str | None = None,
        margin: float = _PROGRAMME_STAGES["margin"],
    ) -> Result:
        """Which of the five stages of participatory implementation is reached, on what evidence?

        A stage is done only with evidence, and only after those before it: what somebody says without evidence is a
        claim, and what is done before its turn stands as such. Burden and benefit of a task are shown side by side
        and never set off against each other.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where absent.
        as_of : str, optional
            The period of which it is asked what is overdue; nothing is overdue where absent.
        margin : float
            Burden or benefit differ when they differ by more than this, 0 to 1.

        Returns
        -------
        Result
            Table: stage, intervention, status, evidence, asks_met, wanting, state, locator, name, asks, records,
            computed_finding, of_programme, overdue, by, date, earlier. Others: ``.tables["tasks"]``;
            ``.tables["transitions"]``; ``.tables["allocation"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2, phase II B.
        """
        return Result(
            self._core.ask("programme_stages", given(interventions=interventions, as_of=as_of, margin=margin))
        )

    @face
    def representativeness(
        self,
        partition: str | None = None,
        committees: Sequence[str] | None = None,
        level: float = _REPRESENTATIVENESS["level"],
        fraction: float = _REPRESENTATIVENESS["fraction"],
    ) -> Result:
        """Does a committee look like the people it speaks for?

        Seats by group against the shares of the population, over declared partitions. A committee is no sample: the
        chance answers how often a draw by lot would look as unlike the population as this one. With few seats it
        can show little, so absent groups are listed whatever the chance.

        Parameters
        ----------
        partition : str, optional
            Id of a partition; all where absent.
        committees : list of str, optional
            Names of committees; all where absent.
        level : float
            Level of the intervals, inside 0 to 1.
        fraction : float
            Share of the population from which drawing without putting back matters.

        Returns
        -------
        Result
            Table: committee, place, partition, group, members, share, population_share, expected, ratio, lower,
            upper, p_value, state, group_p_value, population_of, intervention. Others: ``.tables["committees"]``.

        References
        ----------
        Read & Cressie 1988; Cochran 1954; Clopper & Pearson 1934; UNTFHS, *Human Security in Theory and Practice*,
        2009, section 2.2, phase II B.
        """
        return Result(
            self._core.ask(
                "representativeness", given(partition=partition, committees=committees, level=level, fraction=fraction)
            )
        )

    @face
    def local_ownership(self) -> Result:
        """How far do those concerned own the programme, as several raters see it?

        A profile on six anchored scales of 0 to 4; there is no total, and what the assessment shows stands beside
        the rating, never in it.

        Returns
        -------
        Result
            Table: dimension, rating, lowest, highest, raters, anchor, computed_finding, computed_share, pointer,
            state, evidence, question, locator. Others: ``.tables["ratings"]``; ``.tables["rubric"]``.

        References
        ----------
        Cohen, *Weighted kappa*, Psychological Bulletin 70, 1968; UNTFHS, *Human Security in Theory and Practice*,
        2009, section 2.2, phase II.
        """
        return Result(self._core.ask("local_ownership", given()))

    @face
    def principles(self) -> Result:
        """What is done towards each of the five principles, on what evidence, and what is missing?

        A profile with pointers to what is missing, and no total: one principle does not make up for another, and a
        good part of one does not make up for a missing one. Only evidence makes an action done.

        Returns
        -------
        Result
            Table: principle, list, number, action, status, evidence, computed, computed_finding, missing, by, date,
            reason, earlier, locator. Others: ``.tables["profile"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, sections 2.1 and 2.2 A.
        """
        return Result(self._core.ask("principles", given()))

    @face
    def phase_gates(self) -> Result:
        """Which tasks of the three phases are done, on what evidence, and which phase may be left?

        People judge a task, and only evidence makes it done; a claim without evidence is a state of its own. What
        the assessment itself shows stands beside the judgement and never over it.

        Returns
        -------
        Result
            Table: phase, number, task, status, evidence, computed, computed_finding, missing, by, date, reason,
            earlier, locator. Others: ``.tables["gates"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2.
        """
        return Result(self._core.ask("phase_gates", given()))

    @face
    def relevance(
        self,
        interventions: Sequence[str] | None = None,
        places: Sequence[str] | None = None,
        period: str | None = None,
        first: float = _RELEVANCE["first"],
        min_n: int = _RELEVANCE["min_n"],
    ) -> Result:
        """Is it the right thing: does what is done answer what people put first?

        Not whether it is done well. A strategy that works on what people put last may still be right, for reasons
        people decide; this says only where it stands in their order. Without voices it is unknown, never off.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where absent.
        places : list of str, optional
            Ids of the places; all where absent.
        period : str, optional
            The period of the voices asked for; each respondent's latest where absent.
        first : float
            Up to which rank a threat is among people's first.
        min_n : int
            Fewest respondents of a place whose order is used.

        Returns
        -------
        Result
            Table: intervention, threats, people_rank, priority, share, state, why, worsens, aims, aims_with_rank.
            Others: ``.tables["unaddressed"]``; ``.tables["aims"]``.

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, sections 2.2 (phase 3) and phase III; Civil Society
        Network for Human Security, 2013.
        """
        return Result(
            self._core.ask(
                "relevance", given(interventions=interventions, places=places, period=period, first=first, min_n=min_n)
            )
        )

    @face
    def screens(self, interventions: Sequence[str] | None = None, evidence: bool = _SCREENS["evidence"]) -> Result:
        """Which measures call for a closer look, and why?

        Rules on measures of disarmament, security-sector reform, policing, military means, counter-extremism and
        suppression of crime, and on conflict sensitivity everywhere. They judge measures and how they are arranged,
        never people: no group is a threat. What is not said is not assessed, never clear.

        Parameters
        ----------
        interventions : list of str, optional
            Ids of the interventions; all where absent.
        evidence : bool
            Whether an answer clears a measure only with evidence.

        Returns
        -------
        Result
            Table: rule, intervention, measure, flag, why, wanting, locator, reason, mend. Others:
            ``.tables["root_coverage"]``; ``.tables["oversight"]``; ``.tables["interactions"]``;
            ``.tables["rules"]``.

        References
        ----------
        Civil Society Network for Human Security, *The Human Security Approach in Conflict Prevention and
        Peacebuilding*, 2013; UNTFHS, *Human Security in Theory and Practice*, 2009, Table III; Anderson, *Do No
        Harm*, 1999.
        """
        return Result(self._core.ask("screens", given(interventions=interventions, evidence=evidence)))
