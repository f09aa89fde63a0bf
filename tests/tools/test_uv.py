"""What pip knows of mirrors reaches uv, and what uv was told itself stays."""

from __future__ import annotations

from tools.uv import environment, parse

LISTING = r"""
:env:.cert='/etc/ssl/own.crt'
:env:.find-links='/srv/wheels /srv/more wheels'
global.cert='/etc/ssl/other.crt'
global.extra-index-url='file:///srv/first/simple\nfile:///srv/second/simple'
global.index-url='https://mirror.example/simple'
global.timeout='180'
install.index-url='https://install.example/simple'
install.trusted-host='mirror.example'
"""


def test_the_nearest_setting_wins_as_in_pip():
    options = parse(LISTING)
    assert options["cert"] == "/etc/ssl/own.crt"
    assert options["index-url"] == "https://install.example/simple"


def test_lists_are_written_as_uv_reads_them():
    result = environment(LISTING, {})
    assert result["UV_EXTRA_INDEX_URL"] == "file:///srv/first/simple file:///srv/second/simple"
    assert result["UV_FIND_LINKS"] == "/srv/wheels,/srv/more,wheels"
    assert result["UV_DEFAULT_INDEX"] == "https://install.example/simple"
    assert result["UV_INSECURE_HOST"] == "mirror.example"
    assert result["SSL_CERT_FILE"] == "/etc/ssl/own.crt"
    assert result["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_settings_of_uv_itself_stay():
    result = environment(LISTING, {"UV_DEFAULT_INDEX": "https://mine.example/simple"})
    assert result["UV_DEFAULT_INDEX"] == "https://mine.example/simple"


def test_without_settings_of_pip_nothing_is_made_up():
    result = environment("", {})
    assert not [name for name in result if "INDEX_URL" in name or "LINKS" in name]


def test_a_machine_without_indexes_stays_without():
    assert environment("global.no-index='true'", {})["UV_NO_INDEX"] == "1"
