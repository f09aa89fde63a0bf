"""What a command would text to whom, shown before it is given: the very texts, from the same decision. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.alerts.archive import read_incident
from callcenter.alerts.bodies import CloseBody, UnassignBody
from callcenter.alerts.handling.assigning import wrong_assignment
from callcenter.alerts.handling.carrying_out import Order, Workbench
from callcenter.alerts.handling.decision import By, Facts
from callcenter.alerts.handling.facts import Lookup
from callcenter.alerts.handling.telling_on import closing_texts, correction_texts, still_told
from callcenter.alerts.incident import Incident, IncidentMode
from callcenter.alerts.shown import Wire
from callcenter.core.phone import mask
from callcenter.sms.catalogue import DRILL, MessageKind
from callcenter.sms.outbox import Text, params_of
from callcenter.sms.rendering import render


class DraftText(Wire):
    """A text that would be sent. `recipient` is masked."""

    recipient: str
    contact_id: int | None
    contact_name: str | None = None
    contact_name_latin: str | None = None
    relation: str | None = None
    relation_en: str | None = None
    language: str
    kind: str
    text: str
    """Word for word, as it would go out at this moment."""


Draft = Callable[[Incident, Facts, By, Any, datetime], Sequence[Text]]


def _closing(
    _incident: Incident, facts: Facts, _by: By, body: CloseBody, now: datetime
) -> Sequence[Text]:
    """Also while the operator has yet to write what closing demands."""
    return closing_texts(body, still_told(facts.told, facts.caller), facts.steps, now)


def _correcting(
    incident: Incident, facts: Facts, _by: By, _body: UnassignBody, _now: datetime
) -> Sequence[Text]:
    """Also while the reason is yet to be written; not to whom the mistake has not reached."""
    wrong_assignment(incident, facts)
    return correction_texts([one for one in facts.told if one.reached])


_DRAFTS: Mapping[str, Draft] = MappingProxyType({"close": _closing, "unassign": _correcting})
"""Commands whose texts are known before they may be given; of the others the decision says, with its refusals."""


async def preview(
    connection: asyncpg.Connection, bench: Workbench, incident_id: UUID, order: Order
) -> tuple[Incident, list[DraftText]]:
    """The incident and the texts, each number once. Raises what the command would raise."""
    incident = await read_incident(connection, incident_id)
    by = order.by(incident)
    facts = await Lookup(connection, bench.registry, bench.clock, incident).facts(
        order.command.needs, order.body
    )
    now = bench.clock.now()
    draft = _DRAFTS.get(order.command.name)
    if draft is not None:
        texts = draft(incident, facts, by, order.body, now)
    else:
        decision = order.command.decide(incident, facts, by, order.body, now)
        texts = decision.texts if decision is not None else ()
    fresh = await _not_sent_yet(connection, incident, texts)
    return incident, await _shown(connection, bench, incident, fresh)


async def _not_sent_yet(
    connection: asyncpg.Connection, incident: Incident, texts: Sequence[Text]
) -> list[Text]:
    """A kind goes to a number once about one incident; only a mistake may be made, and corrected, twice."""
    rows = await connection.fetch(_SENT, incident.id)
    sent = {(row["recipient"], row["kind"]) for row in rows}
    fresh = {(text.recipient, text.kind.value): text for text in texts}
    return [
        text
        for key, text in fresh.items()
        if text.kind is MessageKind.CORRECTION or key not in sent
    ]


async def _shown(
    connection: asyncpg.Connection, bench: Workbench, incident: Incident, texts: Sequence[Text]
) -> list[DraftText]:
    rows = await connection.fetch(_CONTACTS, [text.contact_id for text in texts])
    contacts = {row["contact_id"]: dict(row) for row in rows}
    return [
        DraftText(
            recipient=mask(text.recipient),
            language=text.language,
            kind=text.kind,
            text=render(text.kind, _params(incident, text), text.language, bench.zone),
            **contacts.get(text.contact_id, {"contact_id": text.contact_id}),
        )
        for text in texts
    ]


def _params(incident: Incident, text: Text) -> dict[str, object]:
    of_a_drill = {DRILL: True} if incident.mode is IncidentMode.DRILL else {}
    return {**params_of(incident.id, text), "ref": incident.number, **of_a_drill}


_SENT = "SELECT recipient, kind FROM sms_message WHERE reference = $1 AND withdrawn_at IS NULL"

_CONTACTS = """
SELECT id AS contact_id, name AS contact_name, name_latin AS contact_name_latin, relation, relation_en FROM contact WHERE id = ANY($1::bigint[])
"""
