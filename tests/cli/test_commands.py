"""What scripts rely on: exit codes, one line per mistake, output that can be read by programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callcenter.cli.serving import DEMO_MARKER, check_folder
from callcenter.core.errors import Conflict, Misconfigured, Unavailable
from callcenter.settings import example, load


def callcenter(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "callcenter", *arguments]
    return subprocess.run(
        command,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_wrong_settings_end_with_78_and_a_line_without_a_traceback():
    ended = callcenter("check-config", CALLCENTER_PORT="many")
    assert ended.returncode == 78
    assert ended.stderr.startswith("callcenter: environment: CALLCENTER_PORT: ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [(Misconfigured("x"), 78), (Unavailable("x"), 75), (Conflict("x"), 1)],
)
def test_scripts_can_tell_failures_apart(error, code):
    assert error.exit_code == code


def test_every_command_explains_itself(run):
    listed = run("--help").stdout
    for command in ("demo", "serve", "migrate", "user", "import", "export", "certificate"):
        assert command in listed
        assert run(command, "--help").exit_code == 0


def test_good_settings_are_shown_without_secrets(run, monkeypatch):
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", "postgresql://care:hunter2@db/care")
    result = run("check-config")
    assert result.exit_code == 0
    assert "hunter2" not in result.stdout
    shown = json.loads(result.stdout.partition("\n")[2])
    assert [gateway["kind"] for gateway in shown["sms"]["gateways"]] == ["sandbox"]


def test_the_example_can_be_made_anew(run):
    assert run("check-config", "--example").stdout == example()


def test_openapi_is_json_that_holds_the_way_in(run, tmp_path: Path):
    assert run("openapi", "--output", "api.json").exit_code == 0
    document = json.loads((tmp_path / "api.json").read_text())
    assert "/ingest/v1/signals" in document["paths"]


def test_migrating_twice_does_nothing_the_second_time(site):
    assert site("migrate").stdout == "nothing to do\n"


def test_a_folder_is_the_demos_or_a_sites_for_good(tmp_path: Path):
    def settings(*, demo: bool):
        return load(environ={}, overrides={"data_dir": tmp_path, "demo": demo})

    check_folder(settings(demo=False))
    check_folder(settings(demo=True))
    check_folder(settings(demo=True))
    with pytest.raises(Misconfigured, match="the demo's data folder"):
        check_folder(settings(demo=False))
    (tmp_path / DEMO_MARKER).unlink()
    (tmp_path / "postgresql").mkdir()
    with pytest.raises(Misconfigured, match="a site's data folder"):
        check_folder(settings(demo=True))
