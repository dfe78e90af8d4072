"""How sure the answers are: intervals from ranges, and which ranges or inputs matter most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from human_security import _core
from human_security._face import by_position, face, given
from human_security._progress import shown
from human_security.errors import ArgumentTypeError
from human_security.models import Model, as_model
from human_security.result import Result

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from human_security._face import ByNode, Numbers

__all__ = ["Doubt", "Shares", "sobol"]

_SIMULATE = _core.defaults("simulate")
_SENSITIVITY = _core.defaults("sensitivity")
_SOBOL = _core.defaults("sobol")


class Shares(Result):
    """Which share of a variance each parameter explains.

    Attributes
    ----------
    first, total : ndarray of shape (parameters,)
        What each explains alone, and with all it interacts with.
    first_lower, first_upper, total_lower, total_upper : ndarray of shape (parameters,)
        Ends of their intervals.
    """

    @property
    def first_lower(self) -> NDArray[Any]:
        """Lower end of what each explains alone."""
        return self.table["first_lower"]

    @property
    def first_upper(self) -> NDArray[Any]:
        """Upper end of what each explains alone."""
        return self.table["first_upper"]

    @property
    def total_lower(self) -> NDArray[Any]:
        """Lower end of what each explains with all it interacts with."""
        return self.table["total_lower"]

    @property
    def total_upper(self) -> NDArray[Any]:
        """Upper end of what each explains with all it interacts with."""
        return self.table["total_upper"]


class Doubt:
    """Questions about the ranges of what was stated: methods of `DominoNetwork`."""

    __slots__ = ()
    _core: _core.Network

    @face
    def simulate(
        self,
        model: Model | Mapping[str, Any] | None = None,
        draws: int = _SIMULATE["draws"],
        seed: int = _SIMULATE["seed"],
        start: Numbers | ByNode | None = None,
        tolerance: float = _SIMULATE["tolerance"],
        shocks: Numbers | ByNode | None = None,
        clamp: Numbers | ByNode | None = None,
        base: Numbers | ByNode | None = None,
        distribution: str = _SIMULATE["distribution"],
        interval: float | None = _SIMULATE["interval"],
        level: float = _SIMULATE["level"],
        keep: str = _SIMULATE["keep"],
        most_excluded: float = _SIMULATE["most_excluded"],
        max_steps: int = _SIMULATE["max_steps"],
        pulse: bool = _SIMULATE["pulse"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Result:
        """Tell how far severities and ranks can lie, given the ranges of what was stated.

        Every number that was given with a range is drawn once a draw, as the user gave it; each draw is a run of its
        own, anchored anew. The same seed gives the same bytes on any number of threads.

        Parameters
        ----------
        model : Model, optional
            `NoisyOr` where not given.
        draws : int
            Number of draws.
        seed : int
            Seed of the random numbers.
        start, shocks, clamp, base : array_like of shape (n,) or dict, optional
            As in `propagate`.
        tolerance : float
            Greatest change of a node at which a run has settled.
        distribution : {"pert", "uniform", "triangular", "beta"}
            How a number spreads over its range.
        interval : float, optional
            The probability of which ranges are the central interval; where not given they are the whole support.
        level : float
            Level of the intervals.
        keep : {"figures", "states"}
            Whether to keep the last state of every draw.
        most_excluded : float
            Largest share of draws without rest that figures may leave out.
        max_steps : int
            Steps of a run at the most.
        pulse : bool
            Whether shocks act in the first step only.
        anchoring : dict, optional
            How a network from an assessment is anchored.

        Returns
        -------
        Result
            Table: node, median, mean, lower, upper, rank_lower, rank_upper and more; rank 1 is the greatest state.
            ``.states`` of shape (draws, n) with ``keep="states"``; ``.excluded`` lists draws that came to no rest.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0], [1], [0.5], names=["drought", "hunger"], low=[0.2], high=[0.9])
        >>> found = n.simulate(hs.Linear(), draws=200, base={"drought": 1.0})
        >>> row = found.table.rows()[1]
        >>> 0.2 < row["lower"] < row["median"] < row["upper"] < 0.9
        True
        """
        settings = given(
            model=as_model(model),
            draws=draws,
            seed=seed,
            start=by_position(start),
            tolerance=tolerance,
            shocks=by_position(shocks),
            clamp=by_position(clamp),
            base=by_position(base),
            distribution=distribution,
            interval=interval,
            level=level,
            keep=keep,
            most_excluded=most_excluded,
            max_steps=max_steps,
            pulse=pulse,
            anchoring=anchoring,
        )
        return Result(self._core.analyse("simulate", settings))

    @face
    def sensitivity(
        self,
        model: Model | Mapping[str, Any] | None = None,
        outcome: str | None = _SENSITIVITY["outcome"],
        method: str = _SENSITIVITY["method"],
        n: int = _SENSITIVITY["n"],
        seed: int = _SENSITIVITY["seed"],
        over: str = _SENSITIVITY["over"],
        trajectories: int = _SENSITIVITY["trajectories"],
        levels: int = _SENSITIVITY["levels"],
        level: float = _SENSITIVITY["level"],
        resamples: int = _SENSITIVITY["resamples"],
        distribution: str = _SENSITIVITY["distribution"],
        interval: float | None = _SENSITIVITY["interval"],
        most_excluded: float = _SENSITIVITY["most_excluded"],
        start: Numbers | ByNode | None = None,
        shocks: Numbers | ByNode | None = None,
        clamp: Numbers | ByNode | None = None,
        base: Numbers | ByNode | None = None,
        tolerance: float = _SENSITIVITY["tolerance"],
        max_steps: int = _SENSITIVITY["max_steps"],
        pulse: bool = _SENSITIVITY["pulse"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Shares:
        """Tell which of the stated ranges matter most for an outcome.

        Parameters
        ----------
        model : Model, optional
            `NoisyOr` where not given.
        outcome : str, optional
            Name of a node, or id of a threat; all nodes where not given.
        method : {"sobol", "morris"}
            Shares of the variance, or screening by few runs where there are many parameters.
        n : int
            Base points of "sobol", a power of two.
        seed : int
            Seed of the points and of the bootstrap.
        over : {"mean", "sum"}
            How several nodes make one figure.
        trajectories, levels : int
            Walks of "morris", and levels of its grid.
        level : float
            Level of the intervals.
        resamples : int
            Replicates of the bootstrap.
        distribution : {"pert", "uniform", "triangular", "beta"}
            How a number spreads over its range.
        interval : float, optional
            The probability of which ranges are the central interval; where not given they are the whole support.
        most_excluded : float
            Largest share of base points or walks that may be left out.
        start, shocks, clamp, base : array_like of shape (n,) or dict, optional
            As in `propagate`.
        tolerance : float
            Greatest change of a node at which a run has settled.
        max_steps : int
            Steps of a run at the most.
        pulse : bool
            Whether shocks act in the first step only.
        anchoring : dict, optional
            How a network from an assessment is anchored.

        Returns
        -------
        Shares
            Table of "sobol": parameter, first, first_lower, first_upper, total, total_lower, total_upper,
            distinguishable; of "morris": parameter, mu, mu_star, mu_star_lower, mu_star_upper, sigma. ``.ranges``.

        References
        ----------
        Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output.
        Jansen, M. J. W. (1999). Analysis of variance designs for model output.
        Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments.
        """
        settings = given(
            model=as_model(model),
            outcome=outcome,
            method=method,
            n=n,
            seed=seed,
            over=over,
            trajectories=trajectories,
            levels=levels,
            level=level,
            resamples=resamples,
            distribution=distribution,
            interval=interval,
            most_excluded=most_excluded,
            start=by_position(start),
            shocks=by_position(shocks),
            clamp=by_position(clamp),
            base=by_position(base),
            tolerance=tolerance,
            max_steps=max_steps,
            pulse=pulse,
            anchoring=anchoring,
        )
        return Shares(self._core.analyse("sensitivity", settings))


@face
def sobol(
    function: Callable[..., Any],
    bounds: Sequence[Sequence[float]] | NDArray[Any] | Mapping[str, Sequence[float]],
    n: int = _SOBOL["n"],
    seed: int = _SOBOL["seed"],
    names: Sequence[str] | None = None,
    level: float = _SOBOL["level"],
    resamples: int = _SOBOL["resamples"],
    second_order: bool = _SOBOL["second_order"],
    vectorised: bool | None = None,
    progress: bool | None = None,
) -> Shares:
    """Tell which inputs of a function matter most, and how far chance blurs that.

    Parameters
    ----------
    function : callable
        Called once with an array of shape (rows, d); where that does not give one number a row, it is called row by
        row with an array of shape (d,). What it raises is raised.
    bounds : list of (low, high), array_like of shape (d, 2) or dict
        Ends of each input; a dict gives the inputs their names.
    n : int
        Base points, a power of two. The function is wanted at ``n (d + 2)`` points, ``n (2 d + 2)`` with pairs.
    seed : int
        Seed of the points and of the bootstrap.
    names : list of str, optional
        Names of the inputs.
    level : float
        Level of the intervals.
    resamples : int
        Replicates of the bootstrap.
    second_order : bool
        Whether pairs of inputs are told too.
    vectorised : bool, optional
        Whether the function takes all points at once; tried where not given.
    progress : bool, optional
        Whether a progress bar is shown: in a terminal or notebook, once work turns out to be long, where not given.

    Returns
    -------
    Shares
        ``.first`` and ``.total``, each with ``_lower`` and ``_upper``; table: parameter, first, first_lower,
        first_upper, total, total_lower, total_upper, distinguishable.

    References
    ----------
    Sobol, I. M. (1993). Sensitivity estimates for nonlinear mathematical models.
    Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output.

    Examples
    --------
    >>> import human_security as hs
    >>> found = hs.sobol(lambda x: x[:, 0] + 2 * x[:, 1], [(0, 1), (0, 1)], n=256)
    >>> found.first.round(1)
    array([0.2, 0.8])
    """
    if not callable(function):
        raise ArgumentTypeError(f"`function`: found `{type(function).__name__}`, wanted a function of an array")
    if isinstance(bounds, Mapping):
        names = [str(name) for name in bounds] if names is None else names
        bounds = list(bounds.values())
    settings = given(
        bounds=bounds,
        names=names,
        n=n,
        seed=seed,
        level=level,
        resamples=resamples,
        second_order=second_order,
    )
    figures = _figures(function, _core.sobol_points(settings), vectorised, progress)
    return Shares(_core.sobol_estimate(settings, figures))


def _figures(
    function: Callable[..., Any], points: NDArray[Any], vectorised: bool | None, progress: bool | None
) -> NDArray[Any]:
    """Return what a function says of every point: of all at once where it can, else one by one."""
    rows = len(points)
    if vectorised is not False:
        try:
            # A copy: what the function does to its argument must not change the points of a second try.
            found = np.asarray(function(points.copy()))
        except Exception:
            if vectorised:
                raise
        else:
            # There are more rows than inputs, so that a function of one row cannot be taken for one of all.
            if found.shape == (rows,) and found.dtype.kind in "biuf":
                return found.astype(np.float64)
            if vectorised:
                shape = tuple(int(axis) for axis in found.shape)
                raise ArgumentTypeError(
                    f"`function`: gave an array of shape {shape}, wanted ({rows},): one number a row"
                )
    figures = np.empty(rows)
    with shown(progress, "sobol") as bar:
        for at, point in enumerate(points):
            figures[at] = _figure(function(point.copy()))
            if bar is not None:
                bar(at + 1, rows)
    return figures


def _figure(found: Any) -> float:
    """Return the one number that a function gave."""
    try:
        return float(np.asarray(found, dtype=np.float64).reshape(()))
    except (TypeError, ValueError):
        raise ArgumentTypeError(f"`function`: gave `{type(found).__name__}`, wanted one number") from None
