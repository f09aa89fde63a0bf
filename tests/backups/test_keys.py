"""The keys are written down apart from the copies, and read again from file or paper."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest

from callcenter.backups.keys import Keys, as_sheet, from_sheet, opened_by, sealed_by
from callcenter.core.errors import Invalid

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
PHRASE = "correct horse battery"


@pytest.fixture
def keys(tmp_path) -> Keys:
    return Keys.of_site(tmp_path)


def test_a_site_has_the_same_keys_each_time_and_nobody_else_reads_them(tmp_path, keys):
    assert Keys.of_site(tmp_path) == keys
    assert stat.S_IMODE((tmp_path / "backup-key.json").stat().st_mode) == 0o600


def test_a_passphrase_opens_them_and_another_does_not(keys):
    content = sealed_by(keys, PHRASE)
    assert opened_by(content, PHRASE) == keys
    with pytest.raises(Invalid, match="passphrase is wrong"):
        opened_by(content, PHRASE + "!")


def test_a_short_passphrase_is_refused(keys):
    with pytest.raises(Invalid, match="12 characters"):
        sealed_by(keys, "too short")


def test_a_sheet_is_typed_in_again_carelessly(keys):
    typed = as_sheet(keys, NOW).lower().replace("o", "0").replace("  ", "   ")
    assert from_sheet(typed) == keys


def test_a_wrong_letter_names_its_line(keys):
    lines = as_sheet(keys, NOW).splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("  03"))
    last = lines[number][-1]
    lines[number] = lines[number][:-1] + ("A" if last != "A" else "Q")
    with pytest.raises(Invalid, match="Line 03"):
        from_sheet("\n".join(lines))


@pytest.mark.parametrize("left_out", ["  04", "  08"])
def test_a_line_that_is_left_out_is_missed(keys, left_out):
    lines = [line for line in as_sheet(keys, NOW).splitlines() if not line.startswith(left_out)]
    with pytest.raises(Invalid, match="missing"):
        from_sheet("\n".join(lines))


def test_they_are_put_where_none_are_and_never_over_others(tmp_path, keys):
    there = tmp_path / "there"
    there.mkdir()
    keys.put(there)
    keys.put(there)
    assert Keys.of_site(there) == keys
    other = tmp_path / "other"
    other.mkdir()
    Keys.of_site(other)
    with pytest.raises(Invalid, match="other keys"):
        keys.put(other)
