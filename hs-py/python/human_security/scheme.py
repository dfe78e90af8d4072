"""Deprivation schemes: which indicators, which cut-offs, which weights, from how much on a person is insecure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias, Union

from human_security import _core
from human_security._face import face, given
from human_security.errors import ArgumentTypeError

__all__ = ["Deprivation", "DeprivationScheme"]

Value: TypeAlias = Union[bool, float, str]  # noqa: UP007

_DEPRIVATION = _core.defaults("deprivation")
_SCHEME = _core.defaults("deprivation-scheme")


@dataclass(frozen=True)
class Deprivation:
    """One indicator and its cut-off: exactly one of `below`, `above`, `among`, `not_among`.

    A value that is missing (null, NaN or one of `missing_codes`) is never deprived and never not deprived: what
    becomes of its row is for the scheme to say.

    Parameters
    ----------
    name : str
        Name of the indicator, once in a scheme; it stands in every table.
    column : str, optional
        The column it reads; the one of its name where not given.
    below : float, optional
        Deprived strictly below.
    above : float, optional
        Deprived strictly above.
    among : list, optional
        Deprived when the value is one of these: words, numbers, or yes and no.
    not_among : list, optional
        Deprived when the value is none of these.
    component : str, optional
        Component of human security it belongs to.
    weight : float, optional
        Its weight; where no indicator has one, all (of a component) weigh the same.
    threat : str, optional
        Id of the threat it measures.
    vital : bool
        Of the vital core: deprived in one such indicator is below the bar under the union rule, which is shown apart.
    maximum : float, optional
        Greatest value the indicator can take: gives gaps to `above`.
    missing_codes : list
        Codes that stand for missing, such as 98 for "don't know".

    Examples
    --------
    >>> import human_security as hs
    >>> hs.Deprivation("food_score", below=28, component="food").to_dict()
    {'name': 'food_score', 'below': 28, 'component': 'food'}
    """

    name: str
    column: str | None = _DEPRIVATION["column"]
    below: float | None = _DEPRIVATION["below"]
    above: float | None = _DEPRIVATION["above"]
    among: Collection[Value] | None = _DEPRIVATION["among"]
    not_among: Collection[Value] | None = _DEPRIVATION["not_among"]
    component: str | None = _DEPRIVATION["component"]
    weight: float | None = _DEPRIVATION["weight"]
    threat: str | None = _DEPRIVATION["threat"]
    vital: bool = _DEPRIVATION["vital"]
    maximum: float | None = _DEPRIVATION["maximum"]
    missing_codes: Collection[Value] = tuple(_DEPRIVATION["missing_codes"])

    def __post_init__(self) -> None:
        for name in ("among", "not_among", "missing_codes"):
            object.__setattr__(self, name, _listed(getattr(self, name)))
        # Checked by itself; whether its weight fits is for the scheme to say.
        alone = {name: value for name, value in self.to_dict().items() if name != "weight"}
        _core.Scheme({"indicators": [alone], "cutoff": 1.0})

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any], /) -> Deprivation:
        """Return the indicator that these fields describe."""
        return cls(**fields)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that say something, by name."""
        shown = {field.name: getattr(self, field.name) for field in fields(self)}
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in given(**shown).items()}
        return {name: value for name, value in kept.items() if name == "name" or value not in (_DEPRIVATION[name], [])}


def _listed(values: Any) -> Any:
    """Return values as a tuple; of a set in an order of its own, so that equal schemes have one hash."""
    if isinstance(values, (set, frozenset)):
        return tuple(sorted(values, key=lambda value: (type(value).__name__, value)))
    if isinstance(values, (str, bytes)) or values is None or not hasattr(values, "__iter__"):
        return values
    return tuple(values)


class DeprivationScheme:
    """Which indicators say that a person or household is deprived, how much each weighs, and from what share on.

    A person is insecure whose weighted share of deprivations reaches the cut-off, inclusive to 1e-9. A scheme is
    checked when it is made, with every problem in one error, and never changes.

    Parameters
    ----------
    indicators : list of Deprivation
        1 to 64 indicators, or dicts of their fields.
    cutoff : float
        k: above 0, to 1.
    missing : {"exclude", "not-deprived"}
        What becomes of rows with a missing indicator: they stay in the design with weight zero and their share is
        reported, or what is missing counts as not deprived.
    components : dict, optional
        Weight of each component, which sum to 1; then the weights of indicators are within their component, and sum to
        1 there.

    Raises
    ------
    ArgumentError
        ``problems`` lists everything that is wrong: a name twice, not exactly one rule, weights that do not sum to 1
        within 1e-9, a cut-off out of its domain.

    References
    ----------
    Alkire, S. & Foster, J. (2011). Counting and multidimensional poverty measurement.

    Examples
    --------
    >>> import human_security as hs
    >>> scheme = hs.DeprivationScheme(
    ...     [hs.Deprivation("food_score", below=28), hs.Deprivation("water", among=["river"])], cutoff=0.5
    ... )
    >>> scheme.weights
    {'food_score': 0.5, 'water': 0.5}
    """

    __slots__ = ("_core",)

    @face
    def __init__(
        self,
        indicators: Sequence[Deprivation | Mapping[str, Any]],
        cutoff: float,
        missing: str = _SCHEME["missing"],
        components: Mapping[str, float] | None = _SCHEME["components"],
    ) -> None:
        if isinstance(indicators, (str, bytes, Mapping, Deprivation)) or not hasattr(indicators, "__iter__"):
            found = type(indicators).__name__
            raise ArgumentTypeError(f"`indicators`: found `{found}`, wanted a list of hs.Deprivation")
        listed = [one.to_dict() if isinstance(one, Deprivation) else one for one in indicators]
        self._core = _core.Scheme(given(indicators=listed, cutoff=cutoff, missing=missing, components=components))

    @classmethod
    def _of(cls, core: _core.Scheme) -> DeprivationScheme:
        scheme = cls.__new__(cls)
        scheme._core = core
        return scheme

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any], /) -> DeprivationScheme:
        """Return the scheme that these fields describe, as `to_dict` gives them."""
        return cls._of(_core.Scheme(dict(fields)))

    @classmethod
    def from_json(cls, text: str, /) -> DeprivationScheme:
        """Return the scheme that a JSON text describes, as `to_json` gives it."""
        return cls._of(_core.Scheme.from_json(text))

    def to_dict(self) -> dict[str, Any]:
        """Return the scheme as plain Python."""
        return self._core.to_dict()

    def to_json(self) -> str:
        """Return the scheme as JSON: one text for one scheme, which `hash` is taken of."""
        return self._core.to_json()

    @property
    def hash(self) -> str:
        """The sha256 of the scheme's JSON, in hexadecimal: it stands in every result."""
        return self._core.hash

    @property
    def indicators(self) -> list[Deprivation]:
        """The indicators, in order."""
        return [Deprivation.from_dict(one) for one in self.to_dict()["indicators"]]

    @property
    def cutoff(self) -> float:
        """The weighted share of deprivations from which a person is insecure."""
        return float(self.to_dict()["cutoff"])

    @property
    def missing(self) -> str:
        """What becomes of rows with a missing indicator."""
        return str(self.to_dict()["missing"])

    @property
    def components(self) -> dict[str, float] | None:
        """Weight of each component, where components are weighed."""
        return self.to_dict().get("components")

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each indicator over all, by name."""
        names = [one["name"] for one in self.to_dict()["indicators"]]
        return dict(zip(names, self._core.weights, strict=True))

    @property
    def is_cardinal(self) -> bool:
        """Whether every indicator has gaps, so that M1 and M2 are defined."""
        return self._core.is_cardinal

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DeprivationScheme):
            return NotImplemented
        return self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> tuple[Any, ...]:
        return (DeprivationScheme.from_json, (self.to_json(),))

    def __repr__(self) -> str:
        names = ", ".join(one["name"] for one in self.to_dict()["indicators"])
        return f"DeprivationScheme({names}; cutoff {self.cutoff:.4g})"


def as_scheme(scheme: DeprivationScheme | Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a scheme."""
    if isinstance(scheme, DeprivationScheme):
        return scheme.to_dict()
    if isinstance(scheme, Mapping):
        return dict(scheme)
    raise ArgumentTypeError(f"`scheme`: found `{type(scheme).__name__}`, wanted a hs.DeprivationScheme")


setattr(Deprivation, "__init__", face(Deprivation.__init__))  # noqa: B010
