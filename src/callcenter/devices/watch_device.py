"""The device that `callcenter watchdog` presses: what it opens is nobody's, lies in no region and is seen by no human. Pure.

It comes in as every alarm does and is told apart by its kind, which stands in the record of the device: so it is in every copy of the
registry, also in one that was read from a file.
"""

from __future__ import annotations

from typing import Final

from callcenter.devices.callers import Caller
from callcenter.regions.tree import RegionSettings

WATCHDOG: Final = "watchdog"
"""The kind of the device; devices.models.DeviceKind has the same."""
WATCH_REGION: Final = 0
"""The region of nobody: no row of `region` has this id, so no grant can be of it."""
WATCH_PATH: Final = (WATCH_REGION,)
SUBJECT: Final = "drill:watch:"
"""As a drill it stays one from its first moment to its last; the database holds the two together."""


def watch_caller(device_id: int, label: str, region_id: int, settings: RegionSettings) -> Caller:
    """No home, no people, nobody to tell. `region_id` is only what the row needs; who sees it goes by the path."""
    return Caller(
        subject=f"{SUBJECT}{device_id}",
        device_id=device_id,
        home_id=None,
        resident_id=None,
        region_id=region_id,
        region_path=WATCH_PATH,
        settings=settings,
        lat=None,
        lng=None,
        card={"people": [], "device_kind": WATCHDOG, "device_label": label},
    )
