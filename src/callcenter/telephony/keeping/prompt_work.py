"""Converting a recording in a process of its own: what goes to it, and what comes back. Pure."""

from __future__ import annotations

import orjson

from callcenter.telephony.wav import SoundRefused, TelephoneSound, for_telephone


def work(content: bytes) -> bytes:
    """One line of what was found, and the sound after it."""
    try:
        sound = for_telephone(content)
    except SoundRefused as refused:
        return orjson.dumps({"refused": refused.message, **refused.params}) + b"\n"
    told = {"seconds": sound.seconds, "was": sound.was, "converted": sound.converted}
    return orjson.dumps(told) + b"\n" + sound.content


def understood(answer: bytes) -> TelephoneSound:
    """Raises SoundRefused, as the process found it."""
    head, _, content = answer.partition(b"\n")
    found = orjson.loads(head)
    if "refused" in found:
        raise SoundRefused(found.pop("refused"), **found)
    return TelephoneSound(content, found["seconds"], found["was"], found["converted"])
