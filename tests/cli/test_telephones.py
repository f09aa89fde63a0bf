"""`callcenter telephony`: the configuration is written once, closed to others, and checked."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from callcenter.cli import app
from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.telephony.pbxs.asterisk.configuring import files
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

PASSWORD = "only-in-tests"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    modules = tmp_path / "usr/lib/somewhere/asterisk/modules"
    modules.mkdir(parents=True)
    (modules / "res_ari.so").touch()
    folder = tmp_path / "pbx"
    folder.mkdir()
    file = tmp_path / "callcenter.toml"
    file.write_text(
        f'[telephony]\nfolder = "{folder}"\nmodules = "{modules}"\npassword = "{PASSWORD}"\nhttp = "127.0.0.1:9"\n'
    )
    return file


def run(*arguments: str, config: Path) -> Result:
    return CliRunner().invoke(app, [*arguments, "--config", str(config)])


def test_what_is_written_is_closed_to_others_and_written_once(config: Path):
    first = run("telephony", "configure", config=config)
    assert (first.exit_code, "must be started again" in first.output) == (0, True)
    etc = config.parent / "pbx/etc"
    section = AsteriskSection(folder=etc.parent, password=PASSWORD)
    assert {each.name for each in etc.iterdir()} == set(files(section))
    assert {stat.S_IMODE(each.stat().st_mode) for each in etc.iterdir()} == {0o600}
    assert (config.parent / "pbx/spool/recording").is_dir()
    assert run("telephony", "configure", config=config).output == "nothing has changed\n"


def test_a_changed_dialplan_is_read_anew_and_a_moved_address_needs_a_start(config: Path):
    run("telephony", "configure", config=config)
    config.write_text(config.read_text() + 'duty_phones = ["13900000009"]\n')
    said = run("telephony", "configure", config=config).output
    assert "extensions.conf" in said
    assert "callcenter telephony reload" in said
    config.write_text(config.read_text() + "sip_port = 5070\n")
    assert "must be started again" in run("telephony", "configure", config=config).output


def test_check_config_tells_what_the_exchange_would_miss(config: Path):
    missing = run("check-config", config=config)
    assert isinstance(missing.exception, Misconfigured)
    assert "callcenter telephony configure" in str(missing.exception)
    run("telephony", "configure", config=config)
    assert run("check-config", config=config).exit_code == 0
    (config.parent / "pbx/etc/pjsip.conf").chmod(0o644)
    assert "pjsip.conf" in str(run("check-config", config=config).exception)
    (config.parent / "usr/lib/somewhere/asterisk/modules/res_ari.so").unlink()
    assert "res_ari.so" in str(run("check-config", config=config).exception)


def test_an_exchange_that_does_not_answer_is_told(config: Path):
    run("telephony", "configure", config=config)
    for command in ("status", "reload"):
        assert isinstance(run("telephony", command, config=config).exception, Unavailable)


def test_without_an_exchange_there_is_nothing_to_configure(tmp_path: Path):
    (tmp_path / "callcenter.toml").write_text("port = 9000\n")
    found = run("telephony", "configure", config=tmp_path / "callcenter.toml")
    assert isinstance(found.exception, Misconfigured)
