"""What a screen across the room says of a home, for each of its settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from callcenter.alerts.incident import Incident, State
from callcenter.auth.permissions import WallShows
from callcenter.seats.wall.shown import KEPT, on_the_wall

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
INCIDENT = Incident(
    id=UUID("01900000-0000-7000-8000-000000000007"),
    number=7,
    state=State.TAKEN,
    signal_class="alarm",
    kind="sos",
    kinds=("sos",),
    priority=1,
    region_id=2,
    region_path=(1, 2),
    home_id=5,
    resident_id=6,
    source="dc09",
    identifier="pendant-1",
    card={
        "people": [{"resident_id": 6, "name": "沈玉兰", "name_latin": "Shen", "age": 81, "risk": "high", "hazards": ["氧气"]}],
        "address": "榆荫里7号楼2单元501",
        "building": "7号楼",
        "door": "501",
        "access_note": "密码2580",
        "key_note": "钥匙在门卫",
        "text": "救命",
    },
    opened_at=NOW,
    last_signal_at=NOW,
    taken_by=3,
    taken_by_name="王敏",
)  # fmt: skip
NEVER = ("2580", "门卫", "救命", "81", "氧气", "pendant-1")


@pytest.mark.parametrize(
    ("shows", "read", "unread"),
    [
        (WallShows.BUILDING, ("7号楼", "sos"), ("501", "沈玉兰", "王敏")),
        (WallShows.ADDRESS, ("7号楼", "501"), ("沈玉兰", "王敏")),
        (WallShows.NAMES, ("7号楼", "501", "沈玉兰", "王敏"), ()),
    ],
)
def test_no_more_is_read_than_was_set(
    shows: WallShows, read: tuple[str, ...], unread: tuple[str, ...]
):
    said = orjson.dumps(on_the_wall(INCIDENT, shows), default=str).decode()
    assert [word for word in read if word not in said] == []
    assert [word for word in (*unread, *NEVER) if word in said] == []


def test_every_setting_says_what_is_kept():
    assert set(KEPT) == set(WallShows)


def test_an_unknown_caller_has_nothing_to_hide():
    unknown = replace(INCIDENT, card={}, home_id=None, taken_by_name=None)
    assert on_the_wall(unknown, WallShows.NAMES).card == {"people": []}
