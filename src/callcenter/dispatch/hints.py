"""The channel of the database on which a change of tasks or duty is told, with the commit that makes it."""

from __future__ import annotations

from typing import Final

FIELD: Final = "field"
"""Only a hint: whoever listens also looks by itself."""
