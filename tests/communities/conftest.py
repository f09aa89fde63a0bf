"""A centre with two streets, and people signed in with different rights."""

from tests.support.office import app, assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "community", "elsewhere", "hints", "signed_in"]
