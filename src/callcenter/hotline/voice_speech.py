"""What automatic calls say is made before they ring: recorded prompts that nobody has recorded, and the names in each call.

In the office, one at a time in a thread; where there is no engine, or it fails, calls say less and ring all the same.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

import structlog

from callcenter.core.held import HeldConnections
from callcenter.hotline.speaking import CannotSpeak, Engine, Sounds
from callcenter.hotline.spoken import LANGUAGES, RECORDED, VoiceKind, script_of, to_be_spoken

log = structlog.get_logger(__name__)

NAME: Final = "voice_speech"
AT_ONCE: Final = 20
REMEMBERED: Final = 2_000
"""Words that the engine has refused, or that are there: they are not asked for again."""


class VoiceSpeech:
    """The processor of the office. Names first: somebody waits for them."""

    name = NAME
    interval_s = 1.0

    def __init__(
        self, connections: HeldConnections, engine: Engine, sounds: Sounds, zone: tzinfo
    ) -> None:
        self.connections = connections
        self._engine = engine
        self._sounds = sounds
        self._zone = zone
        self._seen: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        self._prompts = missing_prompts(sounds)

    async def run_once(self, _now: datetime) -> int:
        """Make one file; how many are left to be made."""
        wanted = await self._wanted()
        prompt = next(self._prompts, None) if wanted is None else wanted
        if prompt is None:
            return 0
        name, language, words = prompt
        self._seen.append((name, language))
        try:
            await asyncio.to_thread(self._sounds.make, self._engine, name, language, words)
        except (CannotSpeak, OSError) as error:
            log.warning("voice_not_spoken", prompt=name, language=language, reason=str(error))
        return 1

    async def _wanted(self) -> tuple[str, str, str] | None:
        """Of the call that is due next the first name that is not there."""
        async with self.connections.use() as connection:
            rows = await connection.fetch(_DUE, list(VoiceKind), AT_ONCE)
        for row in rows:
            script = script_of(VoiceKind(row["kind"]), row["params"], row["language"], self._zone)
            for name, words in to_be_spoken(script, row["language"]):
                known = (name, row["language"]) in self._seen
                if not known and not self._sounds.has(name, row["language"]):
                    return name, row["language"], words
        return None


def missing_prompts(sounds: Sounds) -> Iterator[tuple[str, str, str]]:
    """Name, language and words of every prompt that has no file; what is there may be the voice of a person, and stays."""
    for name, words in RECORDED.items():
        for language in LANGUAGES:
            if not sounds.has(name, language):
                yield name, language, words.in_(language)


_DUE: Final = """
SELECT kind, params, language FROM voice_call WHERE state = 'due' AND kind = ANY($1::text[]) ORDER BY due_at LIMIT $2
"""
