"""A caller as a value, for tests of what decides about whom to tell: 沈玉兰 with her pendant, a daughter and a son."""

from __future__ import annotations

from callcenter.devices.callers import Caller, Person, Recipient
from callcenter.regions.tree import RegionSettings

DAUGHTER = Recipient(1, "+8613900000001", "zh-CN", "沈岚", "Shen Lan")
SON = Recipient(2, "+8613900000002", "en", "沈峰", "Shen Feng")
PERSON = Person(3, "沈玉兰", "Shen Yulan", None, None, "high", "home", (), (), (DAUGHTER, SON))
CALLER = Caller(
    subject="home:5",
    device_id=None,
    home_id=5,
    resident_id=3,
    region_id=3,
    region_path=(1, 3),
    settings=RegionSettings(duty_numbers=("+8613900000009",)),
    lat=40.0,
    lng=104.0,
    card={"people": [{"name": "沈玉兰"}], "address": "榆荫里7号楼"},
    people=(PERSON,),
)
