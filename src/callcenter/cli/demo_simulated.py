"""Calls of the demo where no exchange is found: simulated ones, without sound. The page of the demo is the telephone of everybody outside here, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from callcenter.cli import demo_exchange
from callcenter.cli.demo_exchange import STANDS_FOR_120
from callcenter.demo.community.hotline import GREEN, HOTLINE, RED
from callcenter.settings import TelephonySection
from callcenter.telephony.pbxs.simulated.section import SimulatedSection

NO_TELEPHONE: Final = "none"
"""Named as the folder of the exchange: calls are filed by hand, as at a site without one."""


def section() -> SimulatedSection:
    """120 rings the page, as with a real one."""
    return SimulatedSection(stands_for={"120": STANDS_FOR_120})


def told(of: TelephonySection) -> Mapping[str, str]:
    """What the processes of the demo find in their environment, of either kind."""
    if not isinstance(of, SimulatedSection):
        return demo_exchange.told(of)
    values = {"KIND": of.kind, "NAME": of.name, "STANDS_FOR__120": STANDS_FOR_120}
    section = {f"CALLCENTER_TELEPHONY__{name}": value for name, value in values.items()}
    return section | {"CALLCENTER_DEMO": "true"}  # whoever reads it is of the demo


def way(of: TelephonySection | None) -> Mapping[str, Any] | None:
    """How the page rings: what it registers with, or that its calls are simulated. None: calls cannot be rung."""
    if not isinstance(of, SimulatedSection):
        return demo_exchange.way(of)
    lines = {"red": RED, "green": GREEN, "hotline": HOTLINE}
    return {"simulated": True, "lines": lines, "stands_for_120": STANDS_FOR_120}
