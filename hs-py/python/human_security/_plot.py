"""Pictures of results, by Altair where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from human_security.errors import NotFoundError, UnsupportedError
from human_security.table import HIDDEN, shown

if TYPE_CHECKING:
    from human_security.scoring import Score

__all__ = ["plot_score"]


def altair() -> Any:
    """Return Altair, or say how to get it."""
    try:
        import altair
    except ImportError:
        message = "a plot needs Altair: `pip install altair`; the figures are in `.table`"
        raise UnsupportedError(message) from None
    return altair


def plot_score(score: Score, measure: str) -> Any:
    """Return a measure of every group with its interval; what is hidden is said to be hidden."""
    alt = altair()
    table = score.table
    known = [name for name in table.columns if f"{name}_lower" in table.columns]
    if measure not in known:
        raise NotFoundError(f"no measure `{measure}`; known: {', '.join(known)}")
    by = list(score.settings["by"])
    rows = [
        {
            "group": ", ".join("not known" if row[name] is None else shown(row[name]) for name in by) or "all",
            "choice": f"{row['weighting']}, k = {row['cutoff']:.3g}",
            "value": row[measure],
            "lower": row[f"{measure}_lower"],
            "upper": row[f"{measure}_upper"],
            "said": "" if row[measure] is not None else HIDDEN if row["suppressed"] else "undefined",
        }
        for row in table.rows()
    ]
    several = len({row["choice"] for row in rows}) > 1
    chart = alt.Chart(alt.Data(values=rows))
    group = alt.Y("group:N", sort=None, title=None)
    offset = {"yOffset": alt.YOffset("choice:N")} if several else {}
    colour = {"color": alt.Color("choice:N", title="choice")} if several else {}
    value = alt.X("value:Q", title=measure, scale=alt.Scale(zero=True))
    tips = [alt.Tooltip(f"{name}:Q", format=".3f") for name in ("value", "lower", "upper")]
    points = chart.mark_point(filled=True, size=60).encode(x=value, y=group, tooltip=tips, **offset, **colour)
    spans = chart.mark_rule().encode(x=alt.X("lower:Q", title=measure), x2="upper:Q", y=group, **offset, **colour)
    hidden = chart.mark_text(align="left", color="#666", fontStyle="italic").encode(
        x=alt.datum(0), y=group, text="said:N", **offset
    )
    level = score.facts["level"]
    return (spans + points + hidden).properties(title=f"{measure} by group, with {level:.0%} intervals")
