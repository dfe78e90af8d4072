"""Models of propagation: how severity travels along the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeAlias, Union

from human_security import _core
from human_security._face import ByNode, Numbers, by_position, face, given

PerNode: TypeAlias = Union[float, Numbers, ByNode]  # noqa: UP007

__all__ = [
    "AlternatingRenewal",
    "DebtRank",
    "DynamicInoperability",
    "FuzzyCognitiveMap",
    "IndependentCascade",
    "Linear",
    "LinearThreshold",
    "Model",
    "NoisyOr",
    "Watts",
]

_LINEAR = _core.defaults("linear")
_MAP = _core.defaults("fuzzy-cognitive-map")
_DYNAMIC = _core.defaults("dynamic-inoperability")
_THRESHOLD = _core.defaults("linear-threshold")
_WATTS = _core.defaults("watts")
_CASCADE = _core.defaults("independent-cascade")
_DEBT = _core.defaults("debt-rank")
_RENEWAL = _core.defaults("alternating-renewal")


@dataclass(frozen=True, eq=False)
class Model:
    """What all models share; use one of the models themselves."""

    word: ClassVar[str] = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_core", _core.Model(self.word, self._given()))

    def _given(self) -> dict[str, Any]:
        return given(**{field.name: by_position(getattr(self, field.name)) for field in fields(self)})

    def to_dict(self) -> dict[str, Any]:
        """Return the settings by name, defaults written out, the name of the model under ``model``."""
        return core_of(self).to_dict()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and core_of(self) == core_of(other)

    def __hash__(self) -> int:
        return hash(core_of(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), tuple(getattr(self, field.name) for field in fields(self)))


def core_of(model: Model) -> _core.Model:
    """Return what the core keeps of a model."""
    core: _core.Model = object.__getattribute__(model, "_core")
    return core


@dataclass(frozen=True, eq=False)
class NoisyOr(Model):
    """Independent causes, each with its chance.

    A feeding weight reads: the chance that the source, at its worst, brings the target about by itself. Negative
    weights dampen. Weights lie in [-1, 1].

    Notes
    -----
    ``x_j = (1 - (1 - b_j) Π_feeds (1 - w_ij x_i)) Π_dampens (1 - |w_ij| x_i)``

    References
    ----------
    Pearl, J. (1988). *Probabilistic Reasoning in Intelligent Systems*.
    """

    word: ClassVar[str] = "noisy-or"


@dataclass(frozen=True, eq=False)
class Linear(Model):
    """Shares that add up: ``x = b + Wᵀ x`` (Leontief, inoperability, Katz).

    Refused with a `DivergingError` that names a loop where the spectral radius is 1 or more, unless `normalise` is
    asked for.

    Parameters
    ----------
    normalise : {"max-row-column", "max-row", "spectral"}, optional
        What the weights are divided by, taken on their magnitudes; weights stand as they are where not given.
    cap : float, optional
        Ceiling held inside the map at every step, with 0 as the floor. Where not given: 1 from an assessment, none
        on bare arrays.

    References
    ----------
    Leontief, W. (1936). Quantitative input and output relations in the economic system of the United States.
    Haimes, Y. Y. & Jiang, P. (2001). Leontief-based model of risk in complex interconnected infrastructures.
    """

    normalise: str | None = _LINEAR["normalise"]
    cap: float | None = _LINEAR["cap"]
    word: ClassVar[str] = "linear"


@dataclass(frozen=True, eq=False)
class FuzzyCognitiveMap(Model):
    """A weighted sum pressed through a transfer function.

    Parameters
    ----------
    rule : {"kosko", "modified-kosko", "rescaled"}
        What goes into the transfer function: ``Wᵀx``, ``x + Wᵀx``, or ``(2x-1) + Wᵀ(2x-1)``.
    transfer : {"sigmoid", "tanh", "bivalent", "trivalent", "clamp"}
        The transfer function.
    steepness : float
        Steepness of sigmoid and tanh, above 0.

    References
    ----------
    Kosko, B. (1986). Fuzzy cognitive maps.
    Stylios, C. D. & Groumpos, P. P. (2004). Modeling complex systems using fuzzy cognitive maps.
    Papageorgiou, E. I. (2011). A new methodology for decisions in medical informatics using fuzzy cognitive maps.
    """

    rule: str = _MAP["rule"]
    transfer: str = _MAP["transfer"]
    steepness: float = _MAP["steepness"]
    word: ClassVar[str] = "fuzzy-cognitive-map"


@dataclass(frozen=True, eq=False)
class DynamicInoperability(Model):
    """Inoperability that moves towards ``A q + c`` at each node's own pace.

    Takes signs, lags, shocks and clamps; `base` is c, the direct inoperability.

    Parameters
    ----------
    resilience : float, array_like or dict
        Resilience K of nodes, above 0 and at most 1: one number for all, one a node, or by name or position.
    cap : float
        Ceiling held inside the map at every step, with 0 as the floor.

    Notes
    -----
    ``q' = q + K (A q + c - q)``

    References
    ----------
    Lian, C. & Haimes, Y. Y. (2006). Managing the risk of terrorism to interdependent infrastructure systems through the
    dynamic inoperability input-output model.
    """

    resilience: PerNode = _DYNAMIC["resilience"]
    cap: float = _DYNAMIC["cap"]
    word: ClassVar[str] = "dynamic-inoperability"


@dataclass(frozen=True, eq=False)
class LinearThreshold(Model):
    """A node turns on for good when enough of what feeds it is on.

    `start` is the chance, 0 to 1, that a node is on at step 0. Weights are 0 or above. The state is the share of runs
    in which a node is on, with `standard_error`.

    Parameters
    ----------
    threshold : float, array_like or dict, optional
        Thresholds, 0 to 1: one for all, one a node, or by name or position; a node without one draws it evenly from 0
        to 1, anew in every run.
    runs : int
        Runs, where something is drawn.
    seed : int
        Seed of the random numbers.
    rule : {"normalised", "kempe"}
        What is held against the threshold: the share of the incoming weight that is on, or that weight as it is, whose
        sum over what comes in must not pass 1.

    References
    ----------
    Granovetter, M. (1978). Threshold models of collective behavior.
    Kempe, D., Kleinberg, J. & Tardos, É. (2003). Maximizing the spread of influence through a social network.
    """

    threshold: PerNode | None = _THRESHOLD["threshold"]
    runs: int = _THRESHOLD["runs"]
    seed: int = _THRESHOLD["seed"]
    rule: str = _THRESHOLD["rule"]
    word: ClassVar[str] = "linear-threshold"


@dataclass(frozen=True, eq=False)
class Watts(Model):
    """A node turns on for good when the share of its in-neighbours that is on reaches its threshold.

    Weights do not count; parallel edges count each.

    Parameters
    ----------
    threshold : float, array_like or dict, optional
        Thresholds, 0 to 1; a node without one draws it evenly from 0 to 1, anew in every run.
    runs : int
        Runs, where something is drawn.
    seed : int
        Seed of the random numbers.

    References
    ----------
    Watts, D. J. (2002). A simple model of global cascades on random networks.
    """

    threshold: PerNode | None = _WATTS["threshold"]
    runs: int = _WATTS["runs"]
    seed: int = _WATTS["seed"]
    word: ClassVar[str] = "watts"


@dataclass(frozen=True, eq=False)
class IndependentCascade(Model):
    """Each node that turns on tries each it feeds once, with the weight as the chance.

    `start` is the chance, 0 to 1, that a node is on at step 0. Weights lie within 0 and 1; parallel edges are a try
    each. The state is the share of runs in which a node is on, with `standard_error`.

    Parameters
    ----------
    runs : int
        Runs.
    seed : int
        Seed of the random numbers: the same seed gives the same bytes on any number of threads.

    References
    ----------
    Kempe, D., Kleinberg, J. & Tardos, É. (2003). Maximizing the spread of influence through a social network.
    """

    runs: int = _CASCADE["runs"]
    seed: int = _CASCADE["seed"]
    word: ClassVar[str] = "independent-cascade"


@dataclass(frozen=True, eq=False)
class DebtRank(Model):
    """Distress that passes along exposures: ``h_j(t) = min(1, h_j(t-1) + Σ w_ij Δh_i(t-1))``.

    `start` is the distress at step 0. Weights are 0 or above. The fact ``value`` is the worth lost beyond the start.

    Parameters
    ----------
    variant : {"original", "linear"}
        Whether a node passes its distress on once, or every increment of it.
    value : float, array_like or dict, optional
        What each node is worth in the fact ``value``; equal shares of 1 where not given.

    References
    ----------
    Battiston, S. et al. (2012). DebtRank: too central to fail?
    Bardoscia, M. et al. (2015). DebtRank: a microscopic foundation for shock propagation.
    """

    variant: str = _DEBT["variant"]
    value: PerNode | None = _DEBT["value"]
    word: ClassVar[str] = "debt-rank"


@dataclass(frozen=True, eq=False)
class AlternatingRenewal(Model):
    """Threats that begin and end: on by themselves or through what is on, off by recovery.

    Rates are per unit of time; those where nothing is given are 0. `start` is the chance that a node is on at step 0.

    Parameters
    ----------
    internal : float, array_like or dict
        Rate at which a node turns on by itself.
    external : float, array_like or dict
        Rate at which a node turns on through one that is on; that of the node that receives.
    recovery : float, array_like or dict
        Rate at which a node turns off.
    step : float
        Length Δt of a step.
    method : {"simulated", "mean-field"}
        Whether runs are simulated, or chances followed as if nodes were independent.
    runs : int
        Runs, where they are simulated.
    seed : int
        Seed of the random numbers.
    periods : int
        Steps of a run.

    Notes
    -----
    Off to on in a step: ``1 - (1 - p_internal) Π_{on i} (1 - p_external)^{w_ij}``; on to off: ``p_recovery``;
    ``p = 1 - exp(-rate Δt)``.

    References
    ----------
    Szymanski, B. K. et al. (2015). Failure dynamics of the global risk network.
    Lin, X. et al. (2017). Limits of risk predictability in a cascading alternating renewal process model.
    """

    internal: PerNode = _RENEWAL["internal"]
    external: PerNode = _RENEWAL["external"]
    recovery: PerNode = _RENEWAL["recovery"]
    step: float = _RENEWAL["step"]
    method: str = _RENEWAL["method"]
    runs: int = _RENEWAL["runs"]
    seed: int = _RENEWAL["seed"]
    periods: int = _RENEWAL["periods"]
    word: ClassVar[str] = "alternating-renewal"


def as_model(model: Model | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the settings of a model as a dict, or None where none was given."""
    found = as_core(model)
    return found.to_dict() if isinstance(found, _core.Model) else found


def as_core(model: Model | Mapping[str, Any] | None) -> _core.Model | dict[str, Any] | None:
    """Return what crosses for a model: what the core keeps of it, its settings as a dict, or None if none was given."""
    if isinstance(model, Model):
        return core_of(model)
    if model is None:
        return None
    if isinstance(model, Mapping):
        return dict(model)
    from human_security.errors import ArgumentTypeError

    found = model.__name__ if isinstance(model, type) else type(model).__name__
    raise ArgumentTypeError(f"`model`: found `{found}`, wanted a model such as hs.NoisyOr()")


for _model in Model.__subclasses__():
    setattr(_model, "__init__", face(_model.__init__))  # noqa: B010
