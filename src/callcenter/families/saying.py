"""A word of a family from its page: a row of what came in, as an answer by text is one, and each once."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.visible import visible
from callcenter.families.finding import Link
from callcenter.families.notices import LONGEST_NOTE, Outcome
from callcenter.sms.arrivals import hold_sender
from callcenter.sms.inbound import Meaning

GATEWAY: Final = "page"
"""By which a row came in, where a text says which gateway."""
MOST: Final = 40
"""Words of one contact about one incident; who has more to say rings."""
FORM_LASTS: Final = timedelta(hours=24)


class Button(StrEnum):
    YES = "yes"
    NO = "no"
    NOTE = "note"


MEANING: Final = {Button.YES: Meaning.YES, Button.NO: Meaning.NO, Button.NOTE: Meaning.OTHER}


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser sent. `issued` and `proof` were in the page: nobody sends a form who has not been given one."""

    button: Button
    note: str = ""
    issued: int = 0
    proof: str = ""


def proof_of(key: str, token: str, issued: int) -> str:
    """The token of a form, against forms of other pages."""
    return hmac.new(key.encode(), f"form {token} {issued}".encode(), sha256).hexdigest()[:32]


def is_ours(form: Form, key: str, token: str, now: datetime) -> bool:
    """Whether the form was given out here for this link, within a day."""
    made = proof_of(key, token, form.issued)
    age = now.timestamp() - form.issued
    fresh = -60 <= age <= FORM_LASTS.total_seconds()
    return fresh and hmac.compare_digest(made.encode(), form.proof.encode("utf-8", "replace"))


def said_id(link: Link, form: Form, now: datetime) -> UUID:
    """The same for a form that is sent twice. A UUID of the time of its page (RFC 9562, version 7)."""
    issued_ms = min(form.issued, int(now.timestamp())) * 1000
    words = f"{link.contact_id} {form.issued} {form.button} {form.note}".encode()
    rest = bytearray(sha256(b"page" + link.incident_id.bytes + words).digest()[:10])
    rest[0] = rest[0] & 0x0F | 0x70
    rest[2] = rest[2] & 0x3F | 0x80
    return UUID(bytes=issued_ms.to_bytes(6) + bytes(rest))


def note_of(words: str) -> str:
    """What is kept of it: what can be seen, on as many lines, and no more than the timeline shows."""
    lines = (" ".join(visible(line).split()) for line in words.splitlines())
    return "\n".join(line for line in lines if line)[:LONGEST_NOTE]


async def say(session: AsyncSession, link: Link, form: Form, words: str, now: datetime) -> Outcome:
    """Keep it for the alarm process, unless the same was said last. Two forms of one contact wait for each other."""
    given = {
        "id": said_id(link, form, now),
        "gateway": GATEWAY,
        "sender": link.number,
        "about": link.incident_id,
        "said": MEANING[form.button].value,
        "text": words,
        "now": now,
    }
    await hold_sender(session, link.number)
    count = await session.scalar(text(_COUNT), given)
    if (count or 0) >= MOST:
        return Outcome.TOO_MANY
    await session.execute(text(_KEEP), given)
    return Outcome.NOTED


_COUNT: Final = "SELECT count(*) FROM sms_inbound WHERE about = :about AND sender = :sender"
_KEEP: Final = """
INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at, about, said)
SELECT CAST(:id AS uuid), :gateway, CAST(CAST(:id AS uuid) AS text), :sender, :text, :now, CAST(:about AS uuid), :said
WHERE :said = 'other' OR NOT EXISTS (
    SELECT FROM (
        SELECT coalesce(said, meaning) AS meaning FROM sms_inbound
        WHERE sender = :sender AND (about = CAST(:about AS uuid) OR reference = CAST(:about AS uuid))
          AND coalesce(said, meaning) IN ('yes', 'no')
        ORDER BY received_at DESC, id DESC LIMIT 1
    ) AS last WHERE last.meaning = :said
)
ON CONFLICT DO NOTHING
"""
