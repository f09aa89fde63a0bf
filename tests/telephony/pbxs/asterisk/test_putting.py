"""The configuration is put into the folder of the exchange: whole files, closed to others, and only what has changed."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from callcenter.core.errors import Misconfigured
from callcenter.telephony.pbxs.asterisk.configuring import FOLDERS, files
from callcenter.telephony.pbxs.asterisk.putting import differing, put
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection
from callcenter.telephony.tune import TUNE, tune


def section(folder: Path, **values: Any) -> AsteriskSection:
    modules = folder.parent / "usr/lib/somewhere/asterisk/modules"
    return AsteriskSection(
        **{"folder": folder, "modules": modules, "password": "only-in-tests", **values}
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pbx"


def test_everything_is_written_once_and_closed_to_others(folder: Path):
    first = put(section(folder))
    assert set(first.changed) == set(files(section(folder)))
    assert first.needs_start
    assert all((folder / each).is_dir() for each in FOLDERS)
    written = list((folder / "etc").iterdir())
    assert {each.name for each in written} == set(first.changed), "and nothing half written"
    assert {stat.S_IMODE(each.stat().st_mode) for each in written} == {0o600}
    again = put(section(folder))
    assert (again.changed, again.needs_start) == ([], False)


def test_a_changed_dialplan_is_read_anew_and_a_moved_address_needs_a_start(folder: Path):
    put(section(folder))
    plan = put(section(folder, duty_phones=("13900000009",)))
    assert (plan.changed, plan.needs_start) == (["extensions.conf"], False)
    moved = put(section(folder, duty_phones=("13900000009",), sip_port=5070))
    assert (moved.changed, moved.transports_moved, moved.needs_start) == (["pjsip.conf"], True, True)  # fmt: skip


@pytest.mark.parametrize("spoiled", [b"mine", b"\xff\xfe", None])
def test_a_file_that_somebody_has_spoiled_is_found_and_mended(folder: Path, spoiled: bytes | None):
    put(section(folder))
    file = folder / "etc/extensions.conf"
    if spoiled is None:
        file.unlink()
    else:
        file.write_bytes(spoiled)
    assert differing(section(folder)) == ["extensions.conf"]
    assert put(section(folder)).changed == ["extensions.conf"]
    assert differing(section(folder)) == []


def test_a_file_that_others_may_read_is_closed_again(folder: Path):
    put(section(folder))
    (folder / "etc/pjsip.conf").chmod(0o644)
    assert put(section(folder)).changed == ["pjsip.conf"]
    assert stat.S_IMODE((folder / "etc/pjsip.conf").stat().st_mode) == 0o600


def test_documents_of_the_installation_are_found_where_it_lies(folder: Path):
    shared = folder.parent / "usr/share/asterisk/rest-api"
    shared.mkdir(parents=True)
    put(section(folder))
    assert (folder / "data/rest-api").resolve() == shared
    assert not (folder / "data/documentation").exists()
    put(section(folder))


def test_a_folder_that_cannot_be_written_says_which(folder: Path):
    folder.write_text("a file in its place")
    with pytest.raises(Misconfigured, match=r"telephony\.folder"):
        put(section(folder))


def test_whoever_waits_has_a_tune_unless_the_site_has_music_of_its_own(folder: Path):
    assert put(section(folder)).music
    assert (folder / "data" / "moh" / f"{TUNE}.wav").read_bytes() == tune()
    assert not put(section(folder)).music
    other = folder.parent / "other"
    (other / "data" / "moh").mkdir(parents=True)
    (other / "data" / "moh" / "ours.wav").write_bytes(b"of the site")
    assert not put(section(other)).music
    assert [each.name for each in (other / "data" / "moh").iterdir()] == ["ours.wav"]
