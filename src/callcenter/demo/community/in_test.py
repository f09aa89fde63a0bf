"""What is in test when the demo's centre opens: a smoke detector that is being cleaned, for half an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from callcenter.demo.community.plan import Community
from callcenter.devices.models import Tested

CLEANED: Final = "5E0C01"
FOR: Final = timedelta(minutes=30)


def period_row(
    planned: Community, devices: Sequence[int], region: tuple[int, Sequence[int]], now: datetime
) -> dict[str, Any]:
    """Its period, in the region (id and path) of the community."""
    place = next(n for n, device in enumerate(planned.devices) if device.identifier == CLEANED)
    return {
        "subject": Tested.DEVICE.value,
        "subject_id": devices[place],
        "label": CLEANED,
        "region_id": region[0],
        "region_path": list(region[1]),
        "from_at": now,
        "until_at": now + FOR,
        "reason": "清洗烟感 · smoke detector is cleaned",
        "by_id": 0,
        "by_name": "技术员 · technician",
    }
