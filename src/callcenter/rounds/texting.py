"""Texts of rounds, pairs and rides as rows of the outbox, in the transaction of what causes them. Never a given name, nor an illness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.calls.statement import statement
from callcenter.residents.names import split_surname
from callcenter.sms.catalogue import ENGLISH, MessageKind
from callcenter.sms.outbox import Text, insert_texts, text_rows

_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "female": ("女士", "Ms "),
    "male": ("先生", "Mr "),
}


def called(name: str, latin: str, sex: str | None) -> dict[str, str]:
    """沈女士, Ms Shen: as one calls them, never by the given name."""
    surname = name.partition("·")[0] if "·" in name else split_surname(name)[0]
    title, title_en = _TITLES.get(sex or "", ("老师", ""))
    return {"name": f"{surname}{title}", "name_latin": f"{title_en}{latin.partition(' ')[0]}"}


async def write_text(
    session: AsyncSession,
    cause: UUID,
    number: int,
    region_id: int,
    text: Text,
    now: datetime,
) -> None:
    """`number` is what the text gives as its reference. About one cause a kind goes to a number once."""
    rows = text_rows(cause, [text], now, 0)
    parts: dict[str, Any] = {
        "document": orjson.dumps(rows, default=str).decode(),
        "now": now,
        "cause": cause,
        "number": number,
        "region_id": region_id,
    }
    await session.execute(_WRITE, parts)


def text_to(
    phone: str, kind: MessageKind, params: Mapping[str, object], language: str, again: int | None
) -> Text:
    """To one of them; English where they speak it."""
    spoken = ENGLISH if language.startswith(ENGLISH) else "zh-CN"
    return Text(phone, None, kind, params, spoken, again)


_WRITE = statement(
    f"""
WITH cause AS (
    SELECT CAST(:cause AS uuid) AS id, CAST(:number AS bigint) AS number, CAST(:region_id AS bigint) AS region_id,
           0 AS ring, 'real' AS mode
)
{insert_texts("CAST(:document AS text)", "CAST(:now AS timestamptz)", "cause")}
"""
)
