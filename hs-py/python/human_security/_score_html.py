"""The face of a score in a notebook: each figure with its doubt, what is hidden said to be, notes in the open."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from human_security.table import HIDDEN, HIDDEN_STYLE, count, shown, table_html

if TYPE_CHECKING:
    from human_security.scoring import Score

__all__ = ["score_html"]

_ROWS = 60
_NOTES = 12
_LEFT = "text-align:left;white-space:nowrap;padding:2px 10px"
_RIGHT = "text-align:right;white-space:nowrap;padding:2px 10px"
_FAINT = "color:#666;font-size:90%"
# Column, heading, what it says, decimals of its percentage (None: a plain figure).
_FIGURES = (
    ("H", "insecure (H)", "share of people whose weighted deprivations reach the cut-off"),
    ("A", "intensity (A)", "mean weighted share of deprivations among them"),
    ("M0", "M0", "H times A"),
    ("union", "vital core", "share deprived in any indicator of the vital core"),
)


def score_html(score: Score) -> str:
    """Return the notebook face of a score."""
    settings, facts = score.settings, score.facts
    by = list(settings["by"])
    groups, margins = score.table, score.tables["margins"]
    totals = [row for row in margins.rows() if not row["over"]]
    rows = groups.rows()
    several = [name for name in ("weighting", "cutoff") if len({row[name] for row in rows}) > 1]
    figures = [figure for figure in _FIGURES if figure[0] != "union" or any(row["union"] is not None for row in rows)]
    unit = "households or rows" if facts["unit"] == "rows" else str(facts["unit"])
    head = [*by, *several, "asked (n)", f"population ({unit})", *(heading for _, heading, _ in figures)]
    titles = [""] * (len(head) - len(figures)) + [says for _, _, says in figures]
    body = [_row(row, by, several, figures, "") for row in rows[:_ROWS]]
    if by:
        body += [_row(row, by, several, figures, "font-weight:bold;border-top:1px solid #999") for row in totals]
    cells = "".join(
        f'<th scope="col" style="{_LEFT if at < len(by) else _RIGHT}" title="{escape(title)}">{escape(name)}</th>'
        for at, (name, title) in enumerate(zip(head, titles, strict=True))
    )
    more = f", the first {_ROWS} shown" if len(rows) > _ROWS else ""
    says, legend = escape(_says(settings, facts)), escape(_legend(rows, facts))
    main = f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    parts = [
        f"<p><strong>{escape(_title(by))}</strong><br><span style='{_FAINT}'>{says}</span></p>",
        f'<div style="overflow-x:auto">{main}</div>',
        f"<p style='{_FAINT}'>{count(len(rows), 'row' if several else 'group')}{more}. {legend}</p>",
    ]
    notes = score.notes
    if notes:
        items = "".join(f"<li>{escape(_note(note))}</li>" for note in notes[:_NOTES])
        rest = f"<li>and {len(notes) - _NOTES} more</li>" if len(notes) > _NOTES else ""
        parts.append(f"<p style='margin-bottom:0'>To know when reading it:</p><ul>{items}{rest}</ul>")
    for name, table in score.tables.items():
        if len(table):
            said = f"{escape(name.replace('_', ' '))} ({count(len(table), 'row')})"
            parts.append(f"<details><summary>{said}</summary>{table_html(table)}</details>")
    return f'<div class="human-security">{"".join(parts)}</div>'


def _title(by: list[str]) -> str:
    over = " and ".join(name.replace("_", " ") for name in by)
    return f"Who is below the bar, by {over}" if by else "Who is below the bar"


def _says(settings: dict[str, Any], facts: dict[str, Any]) -> str:
    scheme = settings["scheme"]
    said = [f"{count(len(scheme['indicators']), 'indicator')}"]
    if not settings.get("cutoffs"):
        said.append(f"insecure from {scheme['cutoff']:.0%} of weighted deprivations on")
    used = f"{facts['rows_used']:,} of {count(facts['rows'], 'row')} used"
    if facts["excluded_share"]:
        used += f", {facts['excluded_share']:.1%} of the weight left out for a missing indicator"
    said.append(used)
    return " · ".join(said)


def _legend(rows: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    said = [f"In brackets: {facts['level']:.0%} interval."]
    if any(row["suppressed"] for row in rows):
        said.append(
            f"“{HIDDEN}”: fewer than {facts['min_n']} people asked stand behind the figure, "
            "or it would give such a figure away by subtraction."
        )
    return " ".join(said)


def _note(note: dict[str, Any]) -> str:
    subjects = [str(subject) for subject in note["subjects"] if f"`{subject}`" not in note["message"]]
    if not subjects:
        return str(note["message"])
    listed = ", ".join(subjects[:6]) + (f" and {len(subjects) - 6} more" if len(subjects) > 6 else "")
    return f"{note['message']}: {listed}"


def _row(row: dict[str, Any], by: list[str], several: list[str], figures: Any, style: str) -> str:
    held = [row[name] for name in by]
    total = bool(style)
    names = ["all" if total else "not known" if value is None else shown(value) for value in held]
    cells = [f'<th scope="row" style="{_LEFT}">{escape(name)}</th>' for name in names]
    cells += [f'<td style="{_RIGHT}">{escape(shown(row[name]))}</td>' for name in several]
    for name in ("n", "population"):
        value = row[name]
        cells.append(f'<td style="{_RIGHT}">{_hidden(row) if value is None else f"{value:,.0f}"}</td>')
    cells += [f'<td style="{_RIGHT}">{_figure(row, name)}</td>' for name, _, _ in figures]
    return f'<tr style="{style}">{"".join(cells)}</tr>'


def _hidden(row: dict[str, Any]) -> str:
    if row["suppressed"]:
        return f'<span style="{HIDDEN_STYLE}">{HIDDEN}</span>'
    return f'<span style="{HIDDEN_STYLE}">undefined</span>'


def _figure(row: dict[str, Any], name: str) -> str:
    value, lower, upper = row[name], row[f"{name}_lower"], row[f"{name}_upper"]
    if value is None:
        return _hidden(row)
    plain = name == "M0"
    text = f"{value:.3f}" if plain else f"{value:.1%}"
    if lower is None or upper is None:
        return f'{text} <span style="{_FAINT}">(no interval)</span>'
    ends = f"{lower:.3f} to {upper:.3f}" if plain else f"{100 * lower:.1f} to {100 * upper:.1f}"
    return f'{text} <span style="{_FAINT}">({ends})</span>'
