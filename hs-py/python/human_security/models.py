"""Models of propagation: how severity travels along the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from human_security import _core
from human_security._face import by_position, face, given

__all__ = ["FuzzyCognitiveMap", "Linear", "Model", "NoisyOr"]

_LINEAR = _core.defaults("linear")
_MAP = _core.defaults("fuzzy-cognitive-map")


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


for _model in (NoisyOr, Linear, FuzzyCognitiveMap):
    setattr(_model, "__init__", face(_model.__init__))  # noqa: B010
