"""A centre with two streets, and people signed in with different rights."""

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

__all__ = ["app", "assembled", "community", "editor", "elsewhere", "hints", "operator", "signed_in"]
