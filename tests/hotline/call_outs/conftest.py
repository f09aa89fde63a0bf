"""As of the hotline, at a site with an exchange."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.hotline.call_outs.router import RingsByItself
from tests.support.calls import Calls
from tests.support.voice import Voice


@pytest.fixture
def voice(calls: Calls, voice: Voice) -> Voice:
    """Known to the API as well."""
    context = calls.story.app.state.context
    ports = {**context.ports, RingsByItself: RingsByItself(exchange=True)}
    calls.story.app.state.context = replace(context, ports=ports)
    return voice
