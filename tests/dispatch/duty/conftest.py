"""A centre with somebody in its staff, and what they are asked to do."""

from __future__ import annotations

from tests.support.office import (
    app,
    assembled,
    community,
    editor,
    elsewhere,
    hints,
    operator,
    signed_in,
)
from tests.support.staffed import staffed

__all__ = [
    "app",
    "assembled",
    "community",
    "editor",
    "elsewhere",
    "hints",
    "operator",
    "signed_in",
    "staffed",
]
