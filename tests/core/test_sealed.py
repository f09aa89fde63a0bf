"""Sealed values open only where they belong, and only unchanged."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from callcenter.core.errors import Invalid, Misconfigured
from callcenter.core.sealed import Seal


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return Seal.load(tmp_path)


def test_what_is_sealed_opens_again_after_a_restart(tmp_path: Path):
    sealed = Seal.load(tmp_path).seal(b"E2 1F 00", context="device.key")
    assert b"E2 1F" not in sealed
    assert Seal.load(tmp_path).open(sealed, context="device.key") == b"E2 1F 00"


def test_the_same_value_never_looks_the_same(seal: Seal):
    assert seal.seal(b"secret", context="a") != seal.seal(b"secret", context="a")


def test_it_does_not_open_in_another_place(seal: Seal):
    sealed = seal.seal(b"secret", context="device.key")
    with pytest.raises(Invalid) as caught:
        seal.open(sealed, context="resident.identity")
    assert caught.value.code == "seal_broken"


def test_no_single_changed_byte_goes_unnoticed(seal: Seal):
    sealed = seal.seal(b"secret", context="device.key")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Invalid):
            seal.open(bytes(changed), context="device.key")


@pytest.mark.parametrize("length", [0, 1, 5, 17, 32])
def test_a_torn_value_is_refused(seal: Seal, length: int):
    with pytest.raises(Invalid):
        seal.open(seal.seal(b"secret", context="k")[:length], context="k")


def test_old_values_open_after_the_key_was_changed(tmp_path: Path):
    old = Seal.load(tmp_path).seal(b"secret", context="k")
    path = tmp_path / "keys.json"
    content = json.loads(path.read_text())
    content["keys"]["2"] = base64.b64encode(os.urandom(32)).decode()
    content["current"] = 2
    path.write_text(json.dumps(content))
    seal = Seal.load(tmp_path)
    assert seal.open(old, context="k") == b"secret"
    assert seal.seal(b"secret", context="k")[:5] != old[:5]


def test_the_blind_index_finds_equal_values_of_one_place(seal: Seal, tmp_path: Path):
    first = seal.blind_index(b"110101194001011234", context="resident.identity")
    assert first == Seal.load(tmp_path).blind_index(
        b"110101194001011234", context="resident.identity"
    )
    assert first != seal.blind_index(b"110101194001011235", context="resident.identity")
    assert first != seal.blind_index(b"110101194001011234", context="device.key")
    assert len(first) == 32


def test_the_key_file_is_closed_to_others_and_refused_when_opened(tmp_path: Path):
    Seal.load(tmp_path)
    path = tmp_path / "keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        Seal.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "[]",
        "{}",
        '{"current": 1, "keys": {"1": "c2hvcnQ="}, "index_key": "c2hvcnQ="}',
        json.dumps(
            {
                "current": 3,
                "keys": {"1": base64.b64encode(bytes(32)).decode()},
                "index_key": base64.b64encode(bytes(32)).decode(),
            }
        ),
    ],
)
def test_a_damaged_key_file_stops_the_start(tmp_path: Path, content: str):
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(Misconfigured, match=r"keys\.json"):
        Seal.load(tmp_path)
