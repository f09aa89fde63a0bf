"""Recordings of the site reach the folder of the exchange, and leave it as it was."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from callcenter.core.held import HeldConnections
from callcenter.telephony.keeping.prompt_files import PromptFiles


@pytest.fixture
async def files(database, tmp_path):
    connections = HeldConnections(database, "prompt files", 1)
    yield PromptFiles(connections, tmp_path)
    await connections.close()


@pytest.fixture
def record(owner, clock):
    async def record(sound: bytes, *, used: bool = True, language: str = "zh") -> None:
        await owner.execute(
            "INSERT INTO prompt (name, language, sound, sha256, seconds, changed_at, is_used) VALUES ('cc-closed', $1, $2, $3, 1, $4, $5)"
            " ON CONFLICT (name, language) DO UPDATE SET sound = excluded.sound, sha256 = excluded.sha256, is_used = excluded.is_used",
            language,
            sound,
            sha256(sound).hexdigest(),
            clock.now(),
            used,
        )

    return record


def at(folder: Path, language: str = "zh") -> Path:
    return folder / language / "cc-closed.wav"


async def test_a_recording_stands_in_the_folder_of_its_language(files, record, clock, tmp_path):
    await record(b"first")
    await record(b"english", language="en")
    await files.run_once(clock.now())
    assert (at(tmp_path).read_bytes(), at(tmp_path, "en").read_bytes()) == (b"first", b"english")
    await record(b"second")
    await files.run_once(clock.now())
    assert at(tmp_path).read_bytes() == b"second"
    assert [path.name for path in (tmp_path / "zh").iterdir() if path.suffix == ".part"] == []


async def test_the_built_in_words_come_back_when_it_is_taken_back(files, record, clock, tmp_path):
    at(tmp_path).parent.mkdir()
    at(tmp_path).write_bytes(b"built in")
    for sound in (b"first", b"second"):
        await record(sound)
        await files.run_once(clock.now())
        assert at(tmp_path).read_bytes() == sound
    await record(b"second", used=False)
    await files.run_once(clock.now())
    assert at(tmp_path).read_bytes() == b"built in"
    await files.run_once(clock.now())
    assert at(tmp_path).read_bytes() == b"built in", "what is not ours is left alone"


async def test_one_of_a_name_of_its_own_is_gone_when_it_is_taken_back(
    files, record, clock, tmp_path
):
    await record(b"first")
    await files.run_once(clock.now())
    await record(b"first", used=False)
    await files.run_once(clock.now())
    assert not at(tmp_path).exists()


async def test_a_file_that_was_lost_is_there_again(files, record, clock, tmp_path):
    await record(b"first")
    await files.run_once(clock.now())
    at(tmp_path).unlink()
    await files.run_once(clock.now())
    assert at(tmp_path).read_bytes() == b"first"


async def test_a_folder_that_cannot_be_written_is_said_once_and_tried_again(
    files, record, clock, tmp_path
):
    await record(b"first")
    (tmp_path / "zh").write_bytes(b"in the way")
    with capture_logs() as logs:
        await files.run_once(clock.now())
        await files.run_once(clock.now())
    assert [entry["event"] for entry in logs] == ["prompt_not_written"]
    (tmp_path / "zh").unlink()
    await files.run_once(clock.now())
    assert at(tmp_path).read_bytes() == b"first"


async def test_the_site_s_music_stands_in_place_of_the_tune_until_it_is_taken_back(
    database, owner, clock, tmp_path
):
    music = tmp_path / "moh" / "cc-music.wav"
    music.parent.mkdir()
    music.write_bytes(b"built in")
    connections = HeldConnections(database, "prompt files", 1)
    files = PromptFiles(connections, tmp_path / "sounds")
    await owner.execute(
        "INSERT INTO prompt (name, language, sound, sha256, seconds, changed_at, is_used) VALUES ('cc-music', 'zh', $1, $2, 1, $3, true)",
        b"ours",
        sha256(b"ours").hexdigest(),
        clock.now(),
    )
    await files.run_once(clock.now())
    assert music.read_bytes() == b"ours"
    await owner.execute("UPDATE prompt SET is_used = false")
    await files.run_once(clock.now())
    assert music.read_bytes() == b"built in"
    await connections.close()
