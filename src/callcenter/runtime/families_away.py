"""What families answer while the database is away, which the office has and the alarm process asks for, and what they do not answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from pydantic import TypeAdapter

from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.handling.answers_away import AnswersAway
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.silent_away import SilentContactsAway
from callcenter.api.passing import INTERNAL, Office
from callcenter.core.clock import Clock
from callcenter.devices.registry import Registry
from callcenter.runtime.part import Part
from callcenter.sms.arrived_away import ArrivedAway

_SAID = TypeAdapter(list[ArrivedAway])


def families_part(
    clock: Clock, registry: Registry, keeping: Keeping, away: Away, office: Office
) -> Part:
    """Of the alarm process. Nothing of it touches the database."""

    def told(incident_id: UUID) -> Iterable[str]:
        return (one.recipient for one in keeping.told.get(incident_id, ()))

    answers = AnswersAway(away, keeping.incidents, registry, told, partial(_arrived, office))
    silent = SilentContactsAway(away, keeping, registry, clock)
    return Part(processors=[answers, silent])


async def _arrived(office: Office) -> Sequence[ArrivedAway]:
    answer = await office.ask(f"{INTERNAL}/arrived") if office.answers else None
    return _SAID.validate_json(answer) if answer is not None else ()
