"""Keeping texts that came in, before anybody tries to understand them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone

LONGEST_TEXT: Final = 4_000
"""Characters kept of one text; the longest concatenated one is far shorter."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One text as a gateway handed it in. `provider_key` is the same each time the gateway repeats it."""

    id: UUID
    gateway: str
    provider_key: str
    sender: str
    text: str


async def keep(session: AsyncSession, arrival: Arrival, now: datetime) -> bool:
    """Stores the text as it came; False when it is a repeat. The sender is written as E.164 where it is a number."""
    stored = await session.scalar(
        text(
            "INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at)"
            " VALUES (:id, :gateway, :provider_key, :sender, :text, :now)"
            " ON CONFLICT (gateway, provider_key) DO NOTHING RETURNING id"
        ),
        {
            "id": arrival.id,
            "gateway": arrival.gateway,
            "provider_key": arrival.provider_key,
            "sender": sender_number(arrival.sender),
            "text": _storable(arrival.text)[:LONGEST_TEXT],
            "now": now,
        },
    )
    return stored is not None


def provider_key(given: str | None, sender: str, body: str, now: datetime) -> str:
    """The gateway's id of a text, else one made of sender, minute and text, so that a quick repeat is still known."""
    if given:
        return _storable(given)
    minute = now.strftime("%Y-%m-%dT%H:%M")
    return sha256(f"{sender}\n{minute}\n{body}".encode("utf-8", "replace")).hexdigest()


def sender_number(sender: str) -> str:
    """E.164, or what the gateway said for a short code or a name."""
    try:
        return parse_phone(sender).e164
    except Invalid:
        return _storable(sender)


def _storable(value: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL refuses."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
