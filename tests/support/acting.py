"""Whoever changes accounts in a test that has no browser."""

from __future__ import annotations

from callcenter.auth.acting import COMMAND_LINE, Acting
from callcenter.core.clock import Clock


def at_the_server(clock: Clock) -> Acting:
    """Somebody on the command line, now."""
    return Acting(None, COMMAND_LINE, clock.now())
