"""The watchdog's file: what is wrong is said with file, key and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.core.errors import Misconfigured
from callcenter.watchdog.configuration import Dc09Press, HttpPress, Relay, read_configuration

LEAST = 'servers = ["http://127.0.0.1:1"]\ntoken = "very-secret"\ncsrf = "c"\n'
HTTP = '[press]\nby = "http"\ndevice = "watchdog-1"\ntoken = "x"\n'
DC09 = '[press]\nby = "dc09"\ndevice = "AB12"\nhost = "h"\nport = 7000\n'


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "watchdog.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_least_that_a_file_says(file):
    found = read_configuration(file(LEAST + HTTP))
    assert isinstance(found.press, HttpPress)
    assert (found.every_s, found.within_s, found.failures) == (60, 20, 2)
    assert found.state_file is not None
    assert found.state_file.name == "watchdog-state.json"
    assert "very-secret" not in repr(found)


def test_it_may_press_as_a_dialler_and_raise_a_lamp(file):
    way = '[[ways]]\nkind = "command"\ncommand = ["lamp", "{event}"]\n'
    found = read_configuration(file(LEAST + DC09 + way))
    assert isinstance(found.press, Dc09Press)
    assert found.ways == [Relay(kind="command", command=["lamp", "{event}"])]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("servers = [", "no TOML"),
        (HTTP, "servers"),
        (LEAST + HTTP + "tokn = 1\n", "tokn"),
        (LEAST + HTTP.replace('"http"', '"smoke"'), "press"),
        (LEAST + HTTP + '[[ways]]\nkind = "command"\ncommand = []\n', "command"),
    ],
)
def test_what_is_wrong_is_named(file, text: str, where: str):
    with pytest.raises(Misconfigured, match=where):
        read_configuration(file(text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(Misconfigured, match=r"watchdog\.toml"):
        read_configuration(tmp_path / "watchdog.toml")
