"""What this machine says of itself; what it does not say is unknown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.liveness.checks import Check, CheckState
from callcenter.liveness.machine import (
    Places,
    backup_fact,
    certificate_fact,
    disk_fact,
    machine_facts,
    ntp_fact,
)
from tests.support.certificates import self_signed

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def last(tmp_path: Path):
    def write(**told: object) -> Path:
        path = tmp_path / "last.json"
        path.write_text(json.dumps(told))
        return path

    return write


def test_a_good_backup_has_its_age(last):
    path = last(at=(NOON - timedelta(hours=3)).isoformat(), kind="backup", ok=True, place="x")
    found = backup_fact(path, NOON)
    assert (found.value, found.at_least) == (10_800, CheckState.WELL)


def test_a_failed_backup_is_bad_however_young(last):
    found = backup_fact(last(at=NOON.isoformat(), kind="drill", ok=False, place="x"), NOON)
    assert (found.said, found.at_least) == ("failed", CheckState.BAD)


def test_no_backup_is_worth_a_look_and_a_torn_word_is_unknown(last, tmp_path: Path):
    assert backup_fact(tmp_path / "none.json", NOON).said == "never"
    torn = last(at="yesterday", kind="backup", ok=True)
    assert (backup_fact(torn, NOON).value, backup_fact(torn, NOON).said) == (None, "not_read")
    without_zone = last(at="2026-11-28T11:00:00", ok=True)
    assert backup_fact(without_zone, NOON).value is None


def test_the_clock_says_its_error_or_why_it_does_not():
    found = ntp_fact()
    assert found.value is not None or found.said in ("not_synchronised", "not_allowed", "not_linux")


def test_a_disk_has_some_room_and_one_that_is_not_there_is_unknown(tmp_path: Path):
    found = disk_fact(Check.DISK, tmp_path)
    assert found.value is not None
    assert 0 <= found.value <= 100
    assert disk_fact(Check.DISK, tmp_path / "nowhere").value is None


def test_a_certificate_has_its_days(tmp_path: Path):
    path = self_signed(tmp_path, until=NOON + timedelta(days=12))
    found = certificate_fact(path, NOON)
    assert found.value == pytest.approx(12, abs=0.01)
    (tmp_path / "no.pem").write_text("no certificate")
    assert certificate_fact(tmp_path / "no.pem", NOON).value is None


def test_without_a_certificate_nothing_is_asked(tmp_path: Path):
    found = machine_facts(Places(tmp_path, None), NOON)
    assert next(one for one in found if one.check is Check.CERTIFICATE).at_least is CheckState.OFF
