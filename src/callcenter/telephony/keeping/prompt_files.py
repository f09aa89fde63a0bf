"""Brings the recorded prompts of the site to the exchange: its folder of sounds holds what the table says, and nothing is half written.

A built-in prompt of the same name is put aside, and comes back when the recording is taken back. Files of other names are not touched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from callcenter.core.held import HeldConnections
from callcenter.telephony.tune import TUNE

log = structlog.get_logger(__name__)

NAME: Final = "prompt_files"
_LISTED: Final = "SELECT name, language, sha256, is_used FROM prompt ORDER BY id"
_SOUND: Final = "SELECT sound FROM prompt WHERE name = $1 AND language = $2 AND is_used"


@dataclass(frozen=True, slots=True)
class _Prompt:
    name: str
    language: str
    sha256: str
    is_used: bool


class PromptFiles:
    """A processor of the office. `folder`: the exchange's sounds, with one folder a language below it, and its music beside it."""

    name = NAME
    interval_s = 10.0

    def __init__(self, connections: HeldConnections, folder: Path) -> None:
        self.connections = connections
        self._folder = folder
        self._failed: set[tuple[str, str]] = set()

    async def run_once(self, _now: datetime) -> int:
        """Zero always: what could not be written is tried again after a while, and said once."""
        async with self.connections.use() as connection:
            prompts = [_Prompt(**row) for row in await connection.fetch(_LISTED)]
            wrong = await asyncio.to_thread(self._wrong, prompts)
            sounds = {
                each: await connection.fetchval(_SOUND, each.name, each.language)
                for each in wrong
                if each.is_used
            }
        await asyncio.to_thread(self._mend, wrong, sounds)
        return 0

    def _wrong(self, prompts: Sequence[_Prompt]) -> Sequence[_Prompt]:
        """Those that are not in the folder as they should be."""
        return [each for each in prompts if self._is_there(each) != each.is_used]

    def _is_there(self, prompt: _Prompt) -> bool:
        try:
            content = self._path(prompt).read_bytes()
        except OSError:
            return False
        return sha256(content).hexdigest() == prompt.sha256

    def _mend(self, prompts: Sequence[_Prompt], sounds: Mapping[_Prompt, bytes | None]) -> None:
        for each in prompts:
            try:
                if not each.is_used:
                    self._give_back(each)
                elif sound := sounds.get(each):
                    self._put(each, sound)
            except OSError as error:
                self._say(each, error)
            else:
                self._failed.discard((each.name, each.language))

    def _put(self, prompt: _Prompt, sound: bytes) -> None:
        """Whole or not at all: the exchange may be reading it."""
        path = self._path(prompt)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = _aside(path)
        if path.exists() and not aside.exists():
            path.replace(aside)
        beside = path.with_suffix(".part")
        beside.write_bytes(sound)
        beside.replace(path)

    def _give_back(self, prompt: _Prompt) -> None:
        path = self._path(prompt)
        with suppress(FileNotFoundError):
            _aside(path).replace(path)
            return
        path.unlink(missing_ok=True)

    def _say(self, prompt: _Prompt, error: OSError) -> None:
        key = prompt.name, prompt.language
        if key not in self._failed:
            self._failed.add(key)
            log.warning(
                "prompt_not_written",
                prompt=prompt.name,
                language=prompt.language,
                reason=str(error),
            )

    def _path(self, prompt: _Prompt) -> Path:
        if prompt.name == TUNE:
            return self._folder.parent / "moh" / f"{TUNE}.wav"
        return self._folder / prompt.language / f"{prompt.name}.wav"


def _aside(path: Path) -> Path:
    """No name of a sound: the exchange does not find it."""
    return path.with_suffix(".built-in")
