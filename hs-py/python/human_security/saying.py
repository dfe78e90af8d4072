"""What people themselves say: methods of an assessment."""

from __future__ import annotations

from collections.abc import Sequence

from human_security import _core
from human_security._face import face, given
from human_security.result import Result

__all__ = ["Saying"]

_PERCEPTION_GAPS = _core.defaults("perception-gaps")
_AGREEMENT = _core.defaults("agreement")
_CONSENSUS = _core.defaults("consensus")
_MISMATCH = _core.defaults("mismatch")
_RELIABILITY = _core.defaults("reliability")
_PROBLEM_DEFINITIONS = _core.defaults("problem-definitions")
_STORY_CODING = _core.defaults("story-coding")


class Saying:
    """What people themselves say: methods of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

    @face
    def perception_gaps(
        self,
        period: str | None = None,
        kinds: Sequence[str] = tuple(_PERCEPTION_GAPS["kinds"]),
        observations: str = _PERCEPTION_GAPS["observations"],
        weights: str = _PERCEPTION_GAPS["weights"],
        bounds: Sequence[float] = tuple(_PERCEPTION_GAPS["bounds"]),
        gap: float = _PERCEPTION_GAPS["gap"],
        cut: float = _PERCEPTION_GAPS["cut"],
        level: float = _PERCEPTION_GAPS["level"],
        min_n: int = _PERCEPTION_GAPS["min_n"],
    ) -> Result:
        """Where do people see more, or less, than the indicators show?

        What people say of a threat stands beside what was measured of it, by place and group: two numbers, never
        one. Where they part, that is a question to ask, not an error of either: a blind spot of the indicators, or
        of the conversation. Few respondents are shown with a warning, fewer than `min_n` not at all.

        Parameters
        ----------
        period : str, optional
            The period asked for, of both sides; the latest of each where absent.
        kinds : list of str
            Which conditions stand for the indicator, in order of preference; never `perception`.
        observations : {"none", "fill"}
            Whether observations of indicators fill what no condition states.
        weights : {"linear", "quadratic", "none"}
            How much a disagreement counts in kappa.
        bounds : list of float
            Severities at which the categories of kappa begin.
        gap : float
            Gap from which a cell is a blind spot.
        cut : float
            Severity from which what one side alone sees is a blind spot.
        level : float
            Level of the intervals.
        min_n : int
            Fewest respondents of a cell that is shown; 0 shows all.

        Returns
        -------
        Result
            Table: threat, component, place, group, perceived, perceived_lower, perceived_upper, indicator, gap,
            rank_perceived, rank_indicator, rank_gap, n, p_value, state, p_value_exact, perceived_from,
            indicator_from. Others: ``.tables["agreement"]``; ``.tables["blind_spots"]``.

        References
        ----------
        Wilcoxon 1945. Kendall 1938. Cohen 1968. Bland and Altman 1986. Hundepool et al. 2012. UNTFHS 2009 (context-
        specific; perceptions beside indicators).
        """
        return Result(
            self._core.ask(
                "perception_gaps",
                given(
                    period=period,
                    kinds=kinds,
                    observations=observations,
                    weights=weights,
                    bounds=bounds,
                    gap=gap,
                    cut=cut,
                    level=level,
                    min_n=min_n,
                ),
            )
        )

    @face
    def agreement(
        self,
        by: str = _AGREEMENT["by"],
        place: str | None = None,
        period: str | None = None,
        missing: str = _AGREEMENT["missing"],
        test: str = _AGREEMENT["test"],
        values: str = _AGREEMENT["values"],
        draws: int = _AGREEMENT["draws"],
        seed: int = _AGREEMENT["seed"],
        min_n: int = _AGREEMENT["min_n"],
    ) -> Result:
        """How far do people agree on what comes first?

        Kendall's W over what respondents (or stakeholders) rank: 1 where all give one order, 0 where their ranks
        cancel out. A small chance says that the agreement is no accident, not that it is large. Raters who do not
        speak of every threat are left out or treated as asked, and that is noted: what is missing is no rank.

        Parameters
        ----------
        by : {"respondent", "stakeholder"}
            Who counts as one rater.
        place : str, optional
            Id of a place: what is said of it alone; all where absent.
        period : str, optional
            The period asked for; each respondent's latest word where absent.
        missing : {"complete-raters", "complete-items", "behind"}
            What is done with gaps.
        test : {"auto", "exact", "chi-squared", "permutation"}
            How the chance is found.
        values : {"ratings", "ranks"}
            What the numbers of an array are; not used on an assessment, which says so itself.
        draws : int
            Random arrangements of the permutation test.
        seed : int
            Seed of the permutation test.
        min_n : int
            Fewest respondents of a row that is shown; 0 shows all.

        Returns
        -------
        Result
            Table: scope, place, stakeholder, raters, items, w, chi_squared, p_value, method, state,
            raters_left_out, items_left_out. Others: ``.tables["mean_ranks"]``.

        References
        ----------
        Kendall and Babington Smith 1939. Siegel and Castellan, *Nonparametric Statistics*, 1988, 9.7. Hundepool et
        al., *Statistical Disclosure Control*, 2012.
        """
        return Result(
            self._core.ask(
                "agreement",
                given(
                    by=by,
                    place=place,
                    period=period,
                    missing=missing,
                    test=test,
                    values=values,
                    draws=draws,
                    seed=seed,
                    min_n=min_n,
                ),
            )
        )

    @face
    def consensus(
        self,
        by: str = _CONSENSUS["by"],
        place: str | None = None,
        period: str | None = None,
        behind: bool = _CONSENSUS["behind"],
        values: str = _CONSENSUS["values"],
        last: float = _CONSENSUS["last"],
        level: float = _CONSENSUS["level"],
        draws: int = _CONSENSUS["draws"],
        seed: int = _CONSENSUS["seed"],
        min_n: int = _CONSENSUS["min_n"],
    ) -> Result:
        """Which order do people agree on, and who sees it otherwise?

        Borda's order counts how many comparisons each threat wins; Kemeny's is the one that contradicts the fewest
        of all comparisons people make. Where many orders are equally near, a threat stands at its mean place over
        them, so ties stay ties and no name decides. What a minority puts first and the common order puts last is
        listed with who says so: a common order is no reason to drop it.

        Parameters
        ----------
        by : {"respondent", "stakeholder"}
            Who has one vote.
        place : str, optional
            Id of a place: what is said of it alone; all where absent.
        period : str, optional
            The period asked for; each respondent's latest word where absent.
        behind : bool
            Whether what a voter does not name stands tied behind all it names: for lists of the first few.
        values : {"ratings", "ranks"}
            What the numbers of an array are; not used on an assessment.
        last : float
            Share of the threats, from the last, that counts as last for minority views.
        level : float
            Level of the rank intervals.
        draws : int
            Draws of the rank intervals; 0 makes none.
        seed : int
            Seed of the draws.
        min_n : int
            Fewest respondents of what is shown; 0 shows all.

        Returns
        -------
        Result
            Table: threat, borda, borda_rank, kemeny_rank, mean_rank, rank_lower, rank_upper, place_first,
            place_last, n. Others: ``.tables["dissent"]``; ``.tables["minority"]``; ``.tables["order"]``.

        References
        ----------
        Borda 1781. Kemeny 1959. Young and Levenglick 1978. Truchon 1998. Davenport and Kalagnanam 2004.
        """
        return Result(
            self._core.ask(
                "consensus",
                given(
                    by=by,
                    place=place,
                    period=period,
                    behind=behind,
                    values=values,
                    last=last,
                    level=level,
                    draws=draws,
                    seed=seed,
                    min_n=min_n,
                ),
            )
        )

    @face
    def mismatch(
        self,
        policies: Sequence[str] | None = None,
        place: str | None = None,
        period: str | None = None,
        behind: bool = _MISMATCH["behind"],
        need: str = _MISMATCH["need"],
        kinds: Sequence[str] = tuple(_MISMATCH["kinds"]),
        most: int = _MISMATCH["most"],
        level: float = _MISMATCH["level"],
        draws: int = _MISMATCH["draws"],
        seed: int = _MISMATCH["seed"],
        min_n: int = _MISMATCH["min_n"],
    ) -> Result:
        """Do policies put first what people put first?

        People's order of threats in a place stands beside the order of each policy there, threat by threat, with
        the direction in which they differ; and the share of its budget beside the share of the need. What a policy
        does not name, or people do not, is said so and never counted as last or as nothing.

        Parameters
        ----------
        policies : list of str, optional
            Policies; all where absent.
        place : str, optional
            Id of a place: policies there alone; all where absent.
        period : str, optional
            The period asked for, of perceptions and conditions; the latest where absent.
        behind : bool
            Whether what a respondent does not name stands tied behind all it names: for lists of the first few.
        need : {"severity-persons", "severity"}
            What counts as need.
        kinds : list of str
            Which conditions may say how large a need is, in order of preference.
        most : int
            How many threats of each policy and place the largest differences hold.
        level : float
            Level of the intervals.
        draws : int
            Draws of the intervals; 0 makes none.
        seed : int
            Seed of the draws.
        min_n : int
            Fewest respondents whose order is shown; 0 shows all.

        Returns
        -------
        Result
            Table: policy, place, threat, people_rank, policy_rank, difference, direction, component, origin,
            budget, budget_share, need_share. Others: ``.tables["tau"]``; ``.tables["components"]``;
            ``.tables["origins"]``; ``.tables["largest"]``.

        References
        ----------
        Kendall 1938. Efron and Tibshirani 1993. Commission on Human Security 2003.
        """
        return Result(
            self._core.ask(
                "mismatch",
                given(
                    policies=policies,
                    place=place,
                    period=period,
                    behind=behind,
                    need=need,
                    kinds=kinds,
                    most=most,
                    level=level,
                    draws=draws,
                    seed=seed,
                    min_n=min_n,
                ),
            )
        )

    @face
    def reliability(
        self,
        scales: Sequence[str] | None = None,
        period: str | None = None,
        reversed: Sequence[int] = tuple(_RELIABILITY["reversed"]),
        level: float = _RELIABILITY["level"],
        answered: float = _RELIABILITY["answered"],
        min_n: int = _RELIABILITY["min_n"],
    ) -> Result:
        """How well does a scale of several items measure one thing, and what does it say by place and group?

        Trust, legitimacy and how people and the state stand to each other are asked by several items. Alpha and
        omega say how far the items of one scale go together; neither proves that they measure what their name says.
        Scores stand from 0 (least) to 1 (most), by place and group; the sources of legitimacy stand apart and have
        no total. An item of `better: lower` is turned round.

        Parameters
        ----------
        scales : list of str, optional
            Scales; all where absent.
        period : str, optional
            The period asked for; each respondent's latest answer where absent.
        reversed : Sequence[int]
            Positions of the items of an array that are turned round; those of an assessment say so themselves.
        level : float
            Level of the intervals.
        answered : float
            Share of a scale's items that a respondent must answer to have a score.
        min_n : int
            Fewest respondents of a cell that is shown; 0 shows all.

        Returns
        -------
        Result
            Table: scale, about, items, respondents, alpha, alpha_lower, alpha_upper, omega, state, left_out,
            ordinal_alpha, ordinal_omega.
            Others: ``.tables["items"]``; ``.tables["scores"]``; ``.tables["trend"]``.

        References
        ----------
        Cronbach 1951. Feldt 1965; Feldt, Woodruff and Salih 1987. McDonald 1999. Rubin and Thayer 1982.
        """
        return Result(
            self._core.ask(
                "reliability",
                given(scales=scales, period=period, reversed=reversed, level=level, answered=answered, min_n=min_n),
            )
        )

    @face
    def problem_definitions(self, lags: bool = _PROBLEM_DEFINITIONS["lags"]) -> Result:
        """Do stakeholders see the same problem?

        Governments, associations and people may mean different things by one word. Each stakeholder's linkages are
        its map; every pair of maps is laid side by side: what both draw, what one alone draws, where they say the
        opposite. A link that a stakeholder does not draw is silence, not disagreement.

        Parameters
        ----------
        lags : bool
            Whether the same link with another lag is another link.

        Returns
        -------
        Result
            Table: first, second, shared, only_first, only_second, jaccard, edit_distance, sign_conflicts,
            sign_agreement, shared_nodes, normalised_distance. Others: ``.tables["disputed"]``;
            ``.tables["factors"]``.

        References
        ----------
        As [`CompareMaps`]; Kendall and Babington Smith 1939.
        """
        return Result(self._core.ask("problem_definitions", given(lags=lags)))

    @face
    def story_coding(
        self,
        period: str | None = None,
        draws: int = _STORY_CODING["draws"],
        seed: int = _STORY_CODING["seed"],
        confidence: float = _STORY_CODING["confidence"],
        reliable: float = _STORY_CODING["reliable"],
        min_n: int = _STORY_CODING["min_n"],
    ) -> Result:
        """What do people's stories tell of, and how far do those who coded them agree?

        Stories are codes, never words. A segment coded by two coders or more says how well the codes hold; a code
        counts where any coder gave it. Which linkages stories bear out stands beside which were merely stated, and
        what no story tells of is listed: it is not thereby untrue.

        Parameters
        ----------
        period : str, optional
            The period told of; all where absent.
        draws : int
            Draws of segments for intervals; 0 gives none.
        seed : int
            Seed of the draws.
        confidence : float
            Share of draws between lower and upper.
        reliable : float
            Alpha from which a code is called reliable.
        min_n : int
            Who tells of something is named from so many stories on; 0 names always.

        Returns
        -------
        Result
            Table: kind, id, stories, segments, stakeholders, alpha, state, double_coded, agreed. Others:
            ``.tables["coding_agreement"]``; ``.tables["linkage_evidence"]``; ``.tables["uncoded"]``;
            ``.tables["causes"]``.

        References
        ----------
        Krippendorff, *Content Analysis*, 4th ed., 2019. Passonneau, *Measuring agreement on set-valued items*, LREC
        2006.
        """
        return Result(
            self._core.ask(
                "story_coding",
                given(period=period, draws=draws, seed=seed, confidence=confidence, reliable=reliable, min_n=min_n),
            )
        )
