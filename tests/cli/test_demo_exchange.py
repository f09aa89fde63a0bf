"""The exchange of the demo: which Asterisk it takes, and that nobody is ever rung by it but the page."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from callcenter.cli.demo_exchange import (
    BESIDE,
    ELDERS,
    FOLDER_VARIABLE,
    STANDS_FOR_120,
    Installed,
    command,
    find,
    outside,
    section_of,
    telephone,
    told,
    way,
    write,
)
from callcenter.demo.community.hotline import GREEN, HOTLINE, RED
from callcenter.settings import load
from callcenter.telephony.emergency import EMERGENCY
from callcenter.telephony.pbxs.asterisk.configuring import files
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


def test_the_telephone_of_the_page_registers_by_websocket_one_page_at_a_time(
    section: AsteriskSection,
):
    said = telephone(section)
    assert "webrtc = yes" in said
    assert "max_contacts = 1" in said
    assert f"password = {section.password.get_secret_value()}" in said


def contexts(dialplan: str) -> dict[str, list[tuple[str, str]]]:
    """Of each part, its first steps: what is dialled, and what is done."""
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for line in dialplan.splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif first := re.fullmatch(r"exten => (.+),1,(.+)", line):
            found[name].append((first[1], first[2]))
    return found


@pytest.mark.parametrize("context", ["by-hand", "automatic"])
def test_no_emergency_number_is_let_out(section: AsteriskSection, context: str):
    steps = dict(contexts(outside(section, files(section)["extensions.conf"]))[context])
    for number in EMERGENCY:
        ends = {step for dialled, step in steps.items() if dialled.lstrip("_+").endswith(number)}
        through = {f"Goto(out,{STANDS_FOR_120},1)"} if number == "120" else set()
        assert ends - through == {"Hangup(21)"}
    assert steps["120"] == f"Goto(out,{STANDS_FOR_120},1)"
    assert STANDS_FOR_120 not in EMERGENCY


def test_whoever_is_rung_is_the_page(section: AsteriskSection):
    dialplan = outside(section, files(section)["extensions.conf"])
    assert len(contexts(dialplan)["out"]) == 1
    way_out = dialplan.partition("[out]\n")[2]
    assert re.findall(r"Dial\(([^,]+),", way_out) == [f"PJSIP/{ELDERS}"]
    assert dialplan.count("[out]\n") == 1


def test_whoever_rings_from_the_page_comes_as_from_outside_and_dials_nobody(
    section: AsteriskSection,
):
    steps = contexts(outside(section, files(section)["extensions.conf"]))
    assert [step for _, step in steps["from-elders"]] == [
        "Set(CALLERID(num)=${PJSIP_HEADER(read,X-Elder)})"
    ]
    assert not {"from-outside", "to-server"} & {
        context for context, each in steps.items() if any("Goto(out" in step for _, step in each)
    }


def test_what_is_written_is_what_the_server_would_write_and_the_page(section: AsteriskSection):
    write(section)
    etc = section.folder / "etc"
    pjsip = etc.joinpath("pjsip.conf").read_text("utf-8")
    assert pjsip.startswith(files(section)["pjsip.conf"])
    assert pjsip.endswith(telephone(section))
    assert "[from-elders]" in etc.joinpath("extensions.conf").read_text("utf-8")
    assert {each.stat().st_mode & 0o077 for each in etc.iterdir()} == {0}


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
    assert told_["password"] == section.password.get_secret_value()


def test_it_is_started_in_the_foreground_with_its_own_configuration(
    section: AsteriskSection, installed: Installed
):
    started = command(installed, section)
    assert started[0] == str(installed.program)
    assert ("-C", str(section.folder / "etc/asterisk.conf")) in pairwise(started)
    assert "-f" in started
