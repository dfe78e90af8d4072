"""How it is done, by whom, with whom: methods of an assessment."""

from __future__ import annotations

from human_security import _core
from human_security._face import face, given
from human_security.result import Result

__all__ = ["Process"]


class Process:
    """Who acts, who takes part, what the framework asks: methods of `Assessment`."""

    __slots__ = ()
    _core: _core.Assessment

    @face
    def principles(self) -> Result:
        """What is done towards each of the five principles, on what evidence, and what is missing?

        A profile with pointers to what is missing, and no total: one principle does not make up for another, and a
        good part of one does not make up for a missing one. Only evidence makes an action done.

        Returns
        -------
        Result

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

        References
        ----------
        UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2.
        """
        return Result(self._core.ask("phase_gates", given()))
