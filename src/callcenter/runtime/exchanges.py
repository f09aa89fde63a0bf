"""The exchange that the settings name: the one place that knows each kind."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from callcenter.settings import TelephonySection
from callcenter.telephony.pbx import Pbx
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk, At
from callcenter.telephony.pbxs.simulated.exchange import Simulated
from callcenter.telephony.pbxs.simulated.router import outside_router
from callcenter.telephony.pbxs.simulated.section import SimulatedSection


def pbx_of(section: TelephonySection) -> Pbx:
    """Not connected yet."""
    if isinstance(section, SimulatedSection):
        return Simulated(section.name, section.stands_for)
    at = At(section.http, section.user, section.password.get_secret_value())
    return Asterisk(section.name, at)


def outside_of(pbx: Pbx, token: str) -> Sequence[APIRouter]:
    """Who rings a simulated exchange, and is rung by it, is the page of the demo, which knows this token."""
    return [outside_router(pbx, token)] if isinstance(pbx, Simulated) else ()
