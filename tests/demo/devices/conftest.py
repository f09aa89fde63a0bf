"""The outer shell of a call centre, and devices that report to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from callcenter.devices.codec import DeviceKey
from tests.support.centre import SECRET, TOKEN, Centre, open_centre

KEY = bytes(range(16))
DEVICES: dict[str, Any] = {
    "http": {"source": "demo-phones", "key_id": "demo-phones", "secret": SECRET},
    "devices": [
        {"identifier": "A101", "source": "dc09", "kind": "pendant", "key": None, "resident": "沈玉兰",
         "resident_latin": "Shen Yulan", "home": "7号楼2单元501", "home_en": "Building 7, entrance 2, 501"},
        {"identifier": "A102", "source": "dc09", "kind": "pendant", "key": KEY.hex(), "resident": None,
         "resident_latin": None, "home": None, "home_en": None},
        {"identifier": "B2001", "source": "dc09", "kind": "bedside_button", "key": None, "resident": "",
         "resident_latin": "", "home": "", "home_en": ""},
        {"identifier": "FA110001", "source": "dc09", "kind": "fall_detector", "key": None,
         "resident": "", "resident_latin": "", "home": "", "home_en": ""},
        {"identifier": "5E0C01", "source": "dc09", "kind": "smoke_detector", "key": None,
         "resident": "", "resident_latin": "", "home": "", "home_en": ""},
        {"identifier": "EP-0001", "source": "http", "kind": "elder_phone", "key": None,
         "resident": "", "resident_latin": "", "home": "", "home_en": ""},
    ],
}  # fmt: skip


@pytest.fixture
async def centre() -> AsyncIterator[Centre]:
    async with open_centre() as centre:
        centre.receiver.keys["A102"] = DeviceKey(KEY)
        yield centre


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "demo-devices.json").write_text(json.dumps(DEVICES), encoding="utf-8")
    (tmp_path / "secrets.json").write_text(json.dumps({"demo_token": TOKEN}), encoding="utf-8")
    return tmp_path
