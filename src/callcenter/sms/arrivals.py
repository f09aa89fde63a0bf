"""Keeping texts that came in, before anybody tries to understand them, and each of them once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Invalid
from callcenter.core.ids import new_id
from callcenter.core.phone import is_service, mask, parse_phone
from callcenter.sms.catalogue import ASKING, ASKING_FIELD, ASKING_ROUNDS
from callcenter.sms.gateway import InboundText
from callcenter.sms.models import Reader
from callcenter.sms.whose import Asker, Claim, asker_of

log = structlog.get_logger(__name__)

LONGEST_TEXT: Final = 4_000
"""Characters kept of one text; the longest concatenated one is far shorter."""
REPEAT_WITHIN_S: Final = 60
"""The last words of a phone, said again within this time, are the same answer, unless we have asked again in between. Who changes
their mind and back has said something new each time."""

SAME_ID_FOR_S: Final = 3 * 86_400
"""For this long the id of a gateway means the same text. Modems count anew after a start, and a text must not vanish for it."""

_ADDRESS: Final = re.compile(
    r"(?:tel|sips?|sms|smsto):(?://)?([^@;?]+)[@;?]?.*|(?<=\d)[;@].*", re.IGNORECASE | re.DOTALL
)
_WITHOUT_PLUS: Final = re.compile(r"[2-9]\d{9,14}", re.ASCII)
"""Digits as SMPP hands in an international number."""

_ASKING: Final = sorted(ASKING | ASKING_FIELD | ASKING_ROUNDS)

Whose = Callable[[AsyncSession, str, str, datetime], Awaitable[Reader]]
"""Who reads a text, by its sender (E.164) and its words, as things stand at this time."""

Claims = Callable[[AsyncSession, str, str, datetime], Awaitable[Sequence[Claim]]]
"""What one part has asked this sender, as far as these words may answer it."""

READER_OF: Final[Mapping[Asker, Reader]] = {
    Asker.INCIDENT: Reader.INCIDENT,
    Asker.FIELD: Reader.FIELD,
    Asker.PAIR: Reader.ROUND,
    Asker.RIDE: Reader.ROUND,
}


def whose_by(*parts: Claims) -> Whose:
    """By what these parts claim. A text is kept whatever becomes of the question: a part that cannot be asked claims nothing."""

    async def whose(session: AsyncSession, sender: str, words: str, now: datetime) -> Reader:
        claims: list[Claim] = []
        for claims_of in parts:
            try:
                async with session.begin_nested():
                    claims += await claims_of(session, sender, words, now)
            except DBAPIError as error:
                log.error("reader_not_found", sender=mask(sender), reason=str(error.orig))  # noqa: TRY400 - the reason is all there is
        return READER_OF[asker_of(claims)]

    return whose


def always(reader: Reader) -> Whose:
    """It was decided before."""

    async def whose(_session: AsyncSession, _sender: str, _words: str, _now: datetime) -> Reader:
        return reader

    return whose


OF_INCIDENTS: Final = always(Reader.INCIDENT)
"""Where nobody works outside."""


async def keep(
    session: AsyncSession,
    gateway: str,
    arrival: InboundText,
    now: datetime,
    inbound_id: UUID | None = None,
    whose: Whose = OF_INCIDENTS,
) -> Reader | None:
    """Stores the text as it came, by this id or a new one, for whoever reads it; None when it is a repeat. The sender is written as E.164
    where it is a number.
    """
    sender, words = sender_number(arrival.sender), _storable(arrival.text)[:LONGEST_TEXT]
    inbound_id = inbound_id or new_id()
    await hold_sender(session, sender)
    reader = await whose(session, sender, words, now)
    stored = await session.scalar(
        text(_KEEP),
        {
            "id": inbound_id,
            "own_key": str(inbound_id),
            "gateway": gateway,
            "provider_key": _storable(arrival.provider_id or "") or str(inbound_id),
            "sender": sender,
            "text": words,
            "reader": reader.value,
            "now": now,
            "within_s": REPEAT_WITHIN_S,
            "same_id_for_s": SAME_ID_FOR_S,
            "asking": _ASKING,
        },
    )
    return None if stored is None else reader


async def hold_sender(session: AsyncSession, sender: str) -> None:
    """Whoever keeps or carries out a text of this number goes through here, one after the other, until the transaction ends: two copies
    that come over two connections at once see each other.
    """
    await session.execute(text(_HOLD_SENDER), {"sender": sender})


async def hold_to(session: AsyncSession, inbound_id: UUID, reader: Reader) -> None:
    """Where the text was stored after all when it was held to be kept elsewhere, it has the reader who was told of it then."""
    about = {"id": inbound_id, "reader": reader.value}
    await session.execute(text(_HOLD_TO), about)


def sender_number(sender: str) -> str:
    """E.164, or what the gateway said for a short code or a name."""
    bare = _ADDRESS.sub(r"\1", sender.strip())
    foreign = [f"+{bare}"] if _WITHOUT_PLUS.fullmatch(bare) and not is_service(bare) else []
    for written in (bare, *foreign):
        with suppress(Invalid):
            return parse_phone(written).e164
    return _storable(sender)


def _storable(value: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL refuses."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


_HOLD_SENDER = "SELECT pg_advisory_xact_lock(hashtextextended('sms_inbound ' || :sender, 0))"

_HOLD_TO = "UPDATE sms_inbound SET reader = :reader WHERE id = :id AND handled_at IS NULL"

_KEEP = """
INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, reader, received_at)
SELECT :id, :gateway,
       CASE WHEN EXISTS (
           SELECT 1 FROM sms_inbound AS known
           WHERE known.gateway = :gateway AND known.provider_key = :provider_key
             AND (known.sender <> :sender OR known.text <> :text
                  OR known.received_at <= CAST(:now AS timestamptz) - make_interval(secs => :same_id_for_s)))
       THEN CAST(:own_key AS text) ELSE :provider_key END,
       :sender, :text, :reader, :now
WHERE NOT EXISTS (
    SELECT 1
    FROM (SELECT text, received_at FROM sms_inbound WHERE sender = :sender
          ORDER BY received_at DESC, id DESC LIMIT 1) AS earlier
    WHERE earlier.text = :text
      AND earlier.received_at > CAST(:now AS timestamptz) - make_interval(secs => :within_s)
      AND NOT EXISTS (
          SELECT 1 FROM sms_message AS asked
          WHERE asked.recipient = :sender AND asked.state <> 'drill' AND asked.kind = ANY (CAST(:asking AS text[]))
            AND asked.created_at > earlier.received_at))
ON CONFLICT (gateway, provider_key) DO NOTHING
RETURNING id
"""
