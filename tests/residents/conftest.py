"""A centre with two streets, and people signed in with different rights."""

from tests.support.office import app, community, editor, elsewhere, hints, operator, signed_in

__all__ = ["app", "community", "editor", "elsewhere", "hints", "operator", "signed_in"]
