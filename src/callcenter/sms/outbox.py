"""Texts enter the outbox in the statement of what caused them (G6): one part, for whatever statement that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from callcenter.sms.catalogue import ASKING, DRILL, RULES, MessageKind

_LEAST_CODE = 100


@dataclass(frozen=True, slots=True)
class Text:
    """One text to one number. The cause's number is added where it is written, as `ref`."""

    recipient: str
    """E.164"""
    contact_id: int | None
    kind: MessageKind
    params: Mapping[str, object]
    language: str
    again: int | None = None
    """Tells a text from the one before to the same number about the same ring."""


def code_of(cause: UUID) -> int:
    """Three digits that only those know who were asked about this cause: whoever answers with them has read the text."""
    return _LEAST_CODE + cause.int % 900


def params_of(cause: UUID, text: Text) -> Mapping[str, object]:
    """The parameters as they are stored, but for `ref`."""
    return {**text.params, "code": code_of(cause)} if text.kind in ASKING else text.params


def text_id(cause: UUID, ring: int, text: Text) -> UUID:
    """The id of a text: the same whatever leads to it and however often it is worked out, as `dedup` is, so that it may leave before
    its row is there. A UUID of the cause's time (RFC 9562, version 7).
    """
    of_ring = ring if RULES[text.kind].each_ring else None
    said = f"{text.recipient} {text.kind} {of_ring} {text.again}".encode()
    rest = bytearray(sha256(cause.bytes + said).digest()[:10])
    rest[0] = rest[0] & 0x0F | 0x70
    rest[2] = rest[2] & 0x3F | 0x80
    return UUID(bytes=cause.bytes[:6] + bytes(rest))


def text_rows(
    cause: UUID, texts: Iterable[Text], now: datetime, ring: int
) -> list[dict[str, object]]:
    """The texts of one cause as rows of the document that `insert_texts` reads; `ring`: the cause's, when they are written."""
    return [
        {
            "id": text_id(cause, ring, text),
            "cause": cause,
            "contact_id": text.contact_id,
            "recipient": text.recipient,
            "kind": text.kind.value,
            "params": params_of(cause, text),
            "language": text.language,
            "priority": RULES[text.kind].priority,
            "expires_at": now + RULES[text.kind].valid_for,
            "each_ring": RULES[text.kind].each_ring,
            "again": text.again,
        }
        for text in texts
    ]


def insert_texts(document: str, at: str, cause: str, *, only: str = "true") -> str:
    """The part of a statement that writes them: `document` and `at` are its parameters for the rows as JSON and the time,
    `cause` the part that answers with id, number, region_id, ring and mode of what was written. Of a drill no text is ever queued.

    `only` is a condition on the row `t`. A kind goes to a number once about one cause, or once about each of its rings, or as often as the cause says `again`. Sorted, so that two writers of the same texts wait for
    each other instead of deadlocking. One that stands withdrawn under its id is told anew under another.
    """
    return f"""
    INSERT INTO sms_message (
        id, dedup, reference, region_id, contact_id, recipient, kind, params, language, priority, created_at, due_at,
        expires_at, state, settled_at
    )
    SELECT CASE WHEN EXISTS (SELECT FROM sms_message AS held WHERE held.id = t.id) THEN gen_random_uuid() ELSE t.id END,
           concat_ws(':', cause.id, t.recipient, t.kind, CASE WHEN t.each_ring THEN cause.ring END, t.again), cause.id,
           cause.region_id, t.contact_id, t.recipient, t.kind,
           t.params || jsonb_build_object('ref', cause.number)
               || CASE WHEN cause.mode = 'drill' THEN jsonb_build_object('{DRILL}', true) ELSE '{{}}'::jsonb END,
           t.language, t.priority, {at}, {at}, t.expires_at,
           CASE WHEN cause.mode = 'drill' THEN 'drill' ELSE 'queued' END,
           CASE WHEN cause.mode = 'drill' THEN {at}::timestamptz END
    FROM json_to_recordset({document}::text::json) AS t(
        id uuid, cause uuid, contact_id bigint, recipient text, kind text, params jsonb, language text, priority bigint,
        expires_at timestamptz, each_ring boolean, again bigint
    )
    JOIN {cause} AS cause ON cause.id = t.cause
    WHERE {only}
    ORDER BY 2
    ON CONFLICT (dedup) DO NOTHING
    """  # noqa: S608 names of parameters and of a part of the statement
