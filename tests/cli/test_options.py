"""From the options of a command to settings, a folder and a database."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE

import pytest

from callcenter.cli.options import make_data_dir, reached_database, read_settings
from callcenter.core.errors import Misconfigured
from callcenter.core.secrets import load_secrets


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings lie where the command is called."""
    monkeypatch.chdir(tmp_path)


def test_what_was_not_given_on_the_command_line_is_left_to_the_settings(tmp_path: Path):
    file = tmp_path / "site.toml"
    file.write_text('port = 8123\ndata_dir = "/srv/centre"\n')
    settings = read_settings(file, data_dir=None, port=None)
    assert (settings.port, settings.data_dir) == (8123, Path("/srv/centre"))
    settings = read_settings(file, data_dir=tmp_path, port=9000)
    assert (settings.port, settings.data_dir) == (9000, tmp_path)


def test_the_data_folder_is_made_closed_with_secrets_that_stay(tmp_path: Path):
    settings = read_settings(None, data_dir=tmp_path / "deep" / "data")
    make_data_dir(settings)
    assert S_IMODE(settings.data_dir.stat().st_mode) == 0o711
    secrets = load_secrets(settings.data_dir)
    make_data_dir(settings)
    assert load_secrets(settings.data_dir) == secrets


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    settings = read_settings(None, data_dir=tmp_path / "file" / "data")
    with pytest.raises(Misconfigured, match=f"data_dir: {tmp_path}/file/data cannot be made"):
        make_data_dir(settings)


def test_a_database_by_address_is_reached_as_it_is_and_needs_no_folder(tmp_path: Path):
    settings = read_settings(
        None, data_dir=tmp_path / "data", database_url="postgresql://db.example/centre"
    )
    with reached_database(settings) as place:
        assert (place.dsn, place.cluster) == ("postgresql://db.example/centre", None)
    assert not (tmp_path / "data").exists()
