"""Keeping recorded prompts: checked, made into what a telephone carries, kept in the database."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import undefer

from callcenter.core.confined import Confines, confined
from callcenter.core.errors import Conflict, NotFound
from callcenter.residents.access import Asking, check_version
from callcenter.telephony.keeping.bodies import PromptView
from callcenter.telephony.keeping.everywhere import demand_everywhere
from callcenter.telephony.keeping.prompt_work import understood
from callcenter.telephony.models import LineRow, PromptRow
from callcenter.telephony.tune import LANGUAGE, TUNE
from callcenter.telephony.wav import MOST_BYTES, SoundRefused, TelephoneSound

_WORK: Final = "callcenter.telephony.keeping.prompt_work:work"
_CONFINES: Final = Confines(
    file_mb=MOST_BYTES // 1024 // 1024 + 1, memory_mb=512, cpu_s=60, patience_s=90
)
"""Two minutes of 48 kHz in two channels take some seconds of a core."""


async def list_prompts(asking: Asking) -> list[PromptView]:
    """By name and language. Raises Forbidden."""
    await demand_everywhere(asking)
    query = select(PromptRow).where(PromptRow.is_used).order_by(PromptRow.name, PromptRow.language)
    return [PromptView.model_validate(row) for row in await asking.session.scalars(query)]


async def put_prompt(
    asking: Asking, name: str, language: str, said: str, content: bytes, version: int
) -> PromptView:
    """`version` 0: there is none yet. Raises Forbidden, SoundRefused, OutOfBounds, Conflict `changed_meanwhile`."""
    path = await demand_everywhere(asking)
    if name == TUNE and language != LANGUAGE:
        raise SoundRefused(
            f"There is one music for all lines: put {TUNE} under {LANGUAGE}.", reason="one_tune"
        )
    sound = await _told(content)
    row = await _row(asking, name, language)
    if row is None:
        row = PromptRow(name=name, language=language, version=0, is_used=False)
        asking.session.add(row)
    _check(row, version)
    row.sound, row.seconds, row.was, row.converted = (
        sound.content,
        sound.seconds,
        sound.was,
        sound.converted,
    )
    row.said, row.sha256, row.is_used = said, sha256(sound.content).hexdigest(), True
    row.changed_at, row.changed_by = asking.now, asking.principal.user_id
    await asking.session.flush()
    detail = {"sha256": row.sha256, "seconds": row.seconds, "converted": row.converted}
    await asking.note("prompt_changed", f"prompt:{language}/{name}", path, detail)
    return PromptView.model_validate(row)


async def take_back(asking: Asking, name: str, language: str, version: int) -> None:
    """The built-in one of that name is said again. Raises Forbidden, NotFound, Conflict `changed_meanwhile` and `in_use`."""
    path = await demand_everywhere(asking)
    row = await _used(asking, name, language)
    lines = select(LineRow.number).where(
        LineRow.closed_prompt == name, LineRow.language == language, LineRow.is_open
    )
    if number := await asking.session.scalar(lines.limit(1)):
        raise Conflict(
            f"Line {number} says this while it is closed: choose another for it first.",
            code="in_use",
            line=number,
        )
    check_version(row, version)
    row.is_used = False
    await asking.note("prompt_taken_back", f"prompt:{language}/{name}", path)


async def sound_of(asking: Asking, name: str, language: str) -> bytes:
    """As a telephone carries it. Raises Forbidden, NotFound."""
    await demand_everywhere(asking)
    return (await _used(asking, name, language)).sound


def _check(row: PromptRow, version: int) -> None:
    """One that was taken back is as if it had never been there."""
    if not row.is_used and version == 0:
        row.version += 1
        return
    check_version(row, version)


async def _used(asking: Asking, name: str, language: str) -> PromptRow:
    row = await _row(asking, name, language)
    if row is None or not row.is_used:
        raise NotFound("no such prompt", what="prompt")
    return row


async def _row(asking: Asking, name: str, language: str) -> PromptRow | None:
    query = select(PromptRow).where(PromptRow.name == name, PromptRow.language == language)
    row: PromptRow | None = await asking.session.scalar(
        query.with_for_update().options(undefer(PromptRow.sound))
    )
    return row


async def _told(content: bytes) -> TelephoneSound:
    """What strangers send is read in a process of its own."""
    if len(content) > MOST_BYTES:
        raise SoundRefused(f"More than {MOST_BYTES // 1024 // 1024} MiB.", reason="size")
    return understood(await confined(_WORK, content, _CONFINES))
