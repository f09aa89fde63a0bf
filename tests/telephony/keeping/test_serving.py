"""A whole server beside the folder of an exchange: what the site has recorded is what callers hear."""

from __future__ import annotations

from hashlib import sha256

from callcenter.core.clock import SystemClock
from tests.hotline.recordings.test_serving import beside
from tests.support.place import durable_databases, folder, place
from tests.support.waiting import until_told

__all__ = ["durable_databases", "folder", "place"]

SOUND = b"recorded by somebody of the centre"


async def test_a_recorded_prompt_reaches_the_exchange(place, folder):
    await place.site.owner.execute(
        "INSERT INTO prompt (name, language, sound, sha256, seconds, changed_at, is_used) VALUES ('cc-closed', 'zh', $1, $2, 1, $3, true)",
        SOUND,
        sha256(SOUND).hexdigest(),
        SystemClock().now(),
    )
    file = folder / "pbx/data/sounds/zh/cc-closed.wav"
    await place.serve(**beside(folder / "pbx"))

    async def is_there() -> bool:
        return file.exists() and file.read_bytes() == SOUND

    await until_told(is_there, "the recorded prompt in the folder of the exchange", 60)
