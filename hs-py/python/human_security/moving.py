"""Whom interventions lift above the threshold, and whom they push below: a method of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security._progress import shown
from human_security.models import Model, as_model
from human_security.result import People
from human_security.scheme import DeprivationScheme, as_scheme
from human_security.scoring import as_data

__all__ = ["Moving"]

_PEOPLE = _core.defaults("people")
_SCORE = _core.defaults("score")


class Moving:
    """The question itself: a method of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

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
