"""The handbook's fixed parts, as tables.

Components with example threats (Table I), strategies and capacities (Table II), the coded claims on externalities
(Table III), principles, phases with goals and tasks, the seven questions, the participatory stages.
"""

from __future__ import annotations

from human_security import _core
from human_security.table import Table

__all__ = [
    "capacities",
    "components",
    "externalities",
    "externality_matrix",
    "freedoms",
    "phases",
    "principles",
    "questions",
    "stages",
    "strategies",
    "tables",
    "tasks",
    "threats",
    "vital_core",
]

_TABLES = {name: Table(table) for name, table in _core.framework()}

components: Table = _TABLES["components"]
threats: Table = _TABLES["threats"]
strategies: Table = _TABLES["strategies"]
capacities: Table = _TABLES["capacities"]
externalities: Table = _TABLES["externalities"]
externality_matrix: Table = _TABLES["externality_matrix"]
principles: Table = _TABLES["principles"]
phases: Table = _TABLES["phases"]
tasks: Table = _TABLES["tasks"]
questions: Table = _TABLES["questions"]
stages: Table = _TABLES["stages"]
freedoms: Table = _TABLES["freedoms"]
vital_core: Table = _TABLES["vital_core"]


def tables() -> dict[str, Table]:
    """Return every part by name."""
    return dict(_TABLES)
