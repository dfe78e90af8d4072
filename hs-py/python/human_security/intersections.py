"""Where threats, vulnerabilities and capacities meet: a method of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security.result import Result

__all__ = ["Meeting"]

_MEETING = _core.defaults("intersections")


class Meeting:
    """The question itself: a method of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

    @face
    def intersections(
        self,
        places: Sequence[str] | None = None,
        groups: str | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        kinds: Sequence[str] = tuple(_MEETING["kinds"]),
        combine: str = _MEETING["combine"],
        normalise: str | None = _MEETING["normalise"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Result:
        """Tell where threats, vulnerabilities and capacities meet, and where a response would reach far.

        Leverage of a cell is its reach, by every path over the network and in persons, times the capacity present
        there. Where no capacity is on record leverage is None: nobody may have looked.

        Parameters
        ----------
        places : list of str, optional
            Ids of the places; all where not given.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1.
        kinds : list of str
            Which kinds of condition are used, the preferred first.
        combine : {"product", "max"}
            How several capacities of a cell combine.
        normalise : {"max-row-column", "max-row", "spectral"}, optional
            What the weights are divided by first; they stand where not given.
        anchoring : dict, optional
            How the network is anchored.

        Returns
        -------
        Result
            Table: threat, place, group, component, severity, prevalence, persons, vulnerability, capacity, reach,
            leverage, rank, population, capacities. ``.meetings``: one row a cell and capacity.

        References
        ----------
        United Nations Human Security Unit (2009). *Human Security in Theory and Practice*.
        """
        settings = given(
            places=places,
            groups=groups,
            period=period,
            unweighted=unweighted,
            kinds=kinds,
            combine=combine,
            normalise=normalise,
            anchoring=anchoring,
        )
        return Result(self._core.intersections(settings))
