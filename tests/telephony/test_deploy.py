"""The example of an exchange in deploy/asterisk is what a site would get, and holds no secret."""

from __future__ import annotations

import re
from pathlib import Path

from callcenter.settings import load
from callcenter.telephony.pbxs.asterisk.configuring import files
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

EXAMPLE = Path(__file__).parents[2] / "deploy" / "asterisk"


def sample() -> AsteriskSection:
    section = load(EXAMPLE / "callcenter.toml").telephony
    assert section is not None
    return section


def test_the_folder_is_what_configure_writes_for_the_sample_site():
    """To write it anew: python tools/asterisk_example.py"""
    etc = EXAMPLE / "etc"
    assert {each.name: each.read_text("utf-8") for each in etc.iterdir()} == files(sample())


def test_whoever_copies_it_copies_no_password():
    text = "".join(each.read_text("utf-8") for each in (EXAMPLE / "etc").iterdir())
    passwords = set(re.findall(r"^password *= *(.+)$", text, re.MULTILINE))
    assert {each.split("-")[0] for each in passwords} == {"PLACEHOLDER"}
    assert len(passwords) == 3


def test_the_unit_starts_the_exchange_of_the_sample_as_the_user_of_the_server():
    unit = (EXAMPLE / "callcenter-pbx.service").read_text("utf-8")
    conf = sample().folder / "etc" / "asterisk.conf"
    assert re.search(rf"^ExecStart=\S+/asterisk -C {conf} -f$", unit, re.MULTILINE)
    assert "\nUser=callcenter\n" in unit
