"""The alarm path on a real database, for what is to be proved of it."""

from tests.alerts.conftest import bench, centre, desk

__all__ = ["bench", "centre", "desk"]
