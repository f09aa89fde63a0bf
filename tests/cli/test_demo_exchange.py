"""The exchange of the demo: which Asterisk it takes, and that nobody is ever rung by it but the page."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from callcenter.cli.demo_exchange import (
    BESIDE,
    FOLDER_VARIABLE,
    STANDS_FOR_120,
    Installed,
    command,
    find,
    section_of,
    told,
    way,
)
from callcenter.demo.community.hotline import GREEN, HOTLINE, RED
from callcenter.settings import load
from callcenter.telephony.emergency import EMERGENCY
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

MODULES = "usr/lib/x86_64-linux-gnu/asterisk/modules"


def put_into(folder: Path) -> Path:
    (folder / MODULES).mkdir(parents=True)
    (folder / "asterisk").touch()
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    folder = put_into(tmp_path / "installed")
    return Installed(folder / "asterisk", folder / MODULES)


@pytest.fixture
def section(installed: Installed, tmp_path: Path) -> AsteriskSection:
    return section_of(installed, tmp_path / "pbx")


@pytest.fixture
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no program of the system."""
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "")


def test_the_folder_that_is_named_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put_into(tmp_path / BESIDE)
    named = put_into(tmp_path / "named")
    monkeypatch.setenv(FOLDER_VARIABLE, str(named))
    assert find(tmp_path) == Installed(named / "asterisk", named / MODULES)
    for nowhere in ("", str(tmp_path / "nowhere")):
        monkeypatch.setenv(FOLDER_VARIABLE, nowhere)
        assert find(tmp_path) is None


@pytest.mark.usefixtures("nothing_named")
def test_else_the_one_beside_the_sources(tmp_path: Path):
    assert find(tmp_path) is None
    beside = put_into(tmp_path / BESIDE)
    assert find(tmp_path) == Installed(beside / "asterisk", beside / MODULES)


@pytest.mark.parametrize(("version", "is_taken"), [("20.11.0", False), ("22.5.1", True)])
def test_one_of_the_system_is_taken_where_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, is_taken: bool
):
    program = tmp_path / "asterisk"
    program.write_text(f"#!/bin/sh\necho Asterisk {version}\n")
    program.chmod(0o755)
    modules = tmp_path / "lib/asterisk/modules"
    modules.mkdir(parents=True)
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("callcenter.cli.demo_exchange.SYSTEM", tmp_path / "lib")
    assert find(tmp_path) == (Installed(program, modules) if is_taken else None)


def test_it_is_reached_from_this_machine_alone_by_a_password_of_this_start(
    section: AsteriskSection, installed: Installed, tmp_path: Path
):
    again = section_of(installed, tmp_path / "pbx")
    assert section.http.startswith("127.0.0.1:")
    assert str(section.sip_address) == "127.0.0.1"
    assert section.password != again.password
    assert (section.in_service, section.trunks, section.duty_phones) == (False, (), ())


def test_the_page_does_not_learn_how_the_server_enters(section: AsteriskSection):
    told_ = way(section)
    assert told_ is not None
    assert section.password.get_secret_value() not in told_.values()


def test_of_an_exchange_of_the_site_the_page_learns_nothing(section: AsteriskSection):
    assert way(section.model_copy(update={"outside_password": None})) is None


def test_whoever_rings_the_ambulance_rings_the_page(section: AsteriskSection):
    assert section.stands_for == {"120": STANDS_FOR_120}
    assert STANDS_FOR_120 not in EMERGENCY


def test_the_processes_of_the_demo_find_the_same_exchange(section: AsteriskSection):
    assert load(environ=told(section)).telephony == section


def test_the_page_is_told_how_to_register_and_nothing_where_there_is_no_exchange(
    section: AsteriskSection,
):
    assert way(None) is None
    told_ = way(section)
    assert told_ is not None
    assert told_["url"] == f"ws://{section.http}/ws"
    assert told_["lines"] == {"red": RED, "green": GREEN, "hotline": HOTLINE}
    assert section.outside_password is not None
    assert told_["password"] == section.outside_password.get_secret_value()


def test_it_is_started_in_the_foreground_with_its_own_configuration(
    section: AsteriskSection, installed: Installed
):
    started = command(installed, section)
    assert started[0] == str(installed.program)
    assert ("-C", str(section.folder / "etc/asterisk.conf")) in pairwise(started)
    assert "-f" in started
