"""Pictures of networks: a drawing that needs nothing, or a chart of Altair."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from human_security._face import as_path
from human_security._plot import altair
from human_security.errors import FileError, UndefinedError, UnsupportedError

if TYPE_CHECKING:
    from human_security.network import DominoNetwork

__all__ = ["Picture", "plot_network"]

_FEEDS, _DAMPENS = "#b3261e", "#0b5f8a"


class Picture:
    """A drawing: SVG text that carries no script and fetches nothing.

    Attributes
    ----------
    svg : str
        The drawing as text.
    """

    __slots__ = ("svg",)

    def __init__(self, svg: str, /) -> None:
        self.svg = svg

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the drawing to a file."""
        try:
            Path(as_path(path)).write_text(self.svg, encoding="utf-8")
        except OSError as error:
            raise FileError(f"`{os.path.basename(as_path(path))}` cannot be written: {error.strerror}") from None

    def __repr__(self) -> str:
        return f"Picture({len(self.svg):,} characters of SVG)"

    def _repr_html_(self) -> str:
        # An image by itself: neither its styles nor its ids reach the page around it.
        data = base64.b64encode(self.svg.encode()).decode()
        return f'<img alt="picture of the network" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


def plot_network(network: DominoNetwork, static: bool | None) -> Any:
    """Return a network as a chart of Altair, or as a drawing."""
    found = network._core.picture()
    if found is None:
        raise UndefinedError("a network without nodes has no picture")
    if static:
        return Picture(found["svg"])
    try:
        alt = altair()
    except UnsupportedError:
        if static is False:
            raise
        return Picture(found["svg"])
    return _chart(alt, found)


def _chart(alt: Any, found: dict[str, Any]) -> Any:
    """Return boxes and arrows as layers of a chart."""
    boxes = [
        {**box, "right": box["x"] + box["width"], "below": box["y"] + box["height"]}
        | {"middle": box["x"] + box["width"] / 2, "centre": box["y"] + box["height"] / 2}
        for box in found["boxes"]
    ]
    points, heads = [], []
    for at, arrow in enumerate(found["arrows"]):
        told = {name: arrow[name] for name in ("from", "to", "effect", "weight")}
        points += [{**told, "arrow": at, "step": step, "x": x, "y": y} for step, (x, y) in enumerate(arrow["points"])]
        heads.append({**told, "x": arrow["points"][-1][0], "y": arrow["points"][-1][1]})
    wide, high = found["width"], found["height"]
    across = alt.Scale(domain=[0, wide], nice=False)
    down = alt.Scale(domain=[0, high], nice=False, reverse=True)
    x, y = alt.X("x:Q", axis=None, scale=across), alt.Y("y:Q", axis=None, scale=down)
    colour = alt.Color("effect:N", scale=alt.Scale(domain=["feeds", "dampens"], range=[_FEEDS, _DAMPENS]))
    dash = alt.StrokeDash("effect:N", scale=alt.Scale(domain=["feeds", "dampens"], range=[[1, 0], [6, 4]]))
    tips = ["from:N", "to:N", "effect:N", alt.Tooltip("weight:Q", format=".3f")]
    lines = (
        alt.Chart(alt.Data(values=points))
        .mark_line(interpolate="monotone", opacity=0.8)
        .encode(x=x, y=y, detail="arrow:N", order="step:Q", color=colour, strokeDash=dash, tooltip=tips)
    )
    ends = (
        alt.Chart(alt.Data(values=heads))
        .mark_point(filled=True, size=45, opacity=1)
        .encode(x=x, y=y, color=colour, shape=alt.Shape("effect:N", legend=None), tooltip=tips)
    )
    box = alt.Chart(alt.Data(values=boxes))
    frames = box.mark_rect(fill="white", stroke="#444", cornerRadius=5).encode(
        x=x, x2="right:Q", y=y, y2="below:Q", tooltip=["node:N", "component:N"]
    )
    names = box.mark_text(limit=140, color="#111").encode(
        x=alt.X("middle:Q", axis=None, scale=across), y=alt.Y("centre:Q", axis=None, scale=down), text="node:N"
    )
    return (lines + frames + names + ends).properties(width=wide, height=high)
