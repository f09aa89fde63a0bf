"""Looking up what a command needs to know: one row a need, in the attempt that decides by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg

from callcenter.alerts.handling.decision import (
    Assignment,
    Centre,
    Contact,
    Facts,
    ForwardingNow,
    Need,
    Origin,
    Resident,
    StaffNow,
    StepNow,
    ToldContact,
)
from callcenter.alerts.incident import Incident
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.playing import Run
from callcenter.alerts.plans.running import begun_with, holding, read_run, would_run
from callcenter.alerts.recorded import IS_RECORDED, RECORDED, Recorded
from callcenter.alerts.telephoned import BY_NO_DEVICE
from callcenter.auth.permissions import Action, roles_with
from callcenter.core.clock import Clock
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.registry import Registry
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.dispatch.works_there import OWN_PATH, works_there
from callcenter.forwarding.outbox import ORIGIN_COLUMNS, ORIGIN_JOINED
from callcenter.sms.catalogue import TO_CONTACTS, in_sql


class Lookup:
    """The facts about one incident, by need."""

    def __init__(
        self, connection: asyncpg.Connection, registry: Registry, clock: Clock, incident: Incident
    ) -> None:
        self._connection = connection
        self._registry = registry
        self._clock = clock
        self._incident = incident
        self._plan: Choice | None = None

    async def facts(self, needs: frozenset[Need], body: Any) -> Facts:
        """Exactly what is needed."""
        return Facts(**{need.value: await _LOOKUPS[need](self, body) for need in sorted(needs)})

    async def told(self, body: Any) -> list[ToldContact]:
        rows = await self._connection.fetch(_TOLD, self._incident.id)
        return [
            ToldContact(
                row["recipient"],
                row["contact_id"],
                row["language"],
                row["params"],
                row["reached"],
            )
            for row in rows
        ]

    async def caller(self, body: Any) -> Caller:
        """The incident's home as the registry knows it now, else its device."""
        incident, now = self._incident, self._clock.now()
        if incident.home_id is not None:
            await self._registry.find_home(self._connection, incident.home_id)
            found = self._registry.home_caller(incident.home_id, incident.resident_id, now)
            if found is not None:
                return found
        source = SourceRef(incident.source, "", incident.region_id)
        caller = self._registry.resolve(source, incident.identifier or "", now)
        return replace(caller, card=incident.card) if incident.source in BY_NO_DEVICE else caller

    async def contact(self, body: Any) -> Contact | None:
        found = await self._connection.fetchrow(_CONTACT, body.contact_id, self._incident.home_id)
        return Contact(**found) if found else None

    async def colleague(self, body: Any) -> str | None:
        name: str | None = await self._connection.fetchval(
            _COLLEAGUE, body.to_user, _WORKING_ROLES, self._incident.region_path
        )
        return name

    async def resident(self, body: Any) -> Resident | None:
        row = await self._connection.fetchrow(_RESIDENT, body.resident_id)
        if row is None:
            return None
        caller = await self._caller_of(row)
        return Resident(
            row["id"], row["name"], row["home_id"], row["region_id"], tuple(row["path"]), caller
        )

    async def _caller_of(self, row: Mapping[str, Any]) -> Caller | None:
        """A home that was written a moment ago may not be in the registry yet."""
        await self._registry.find_home(self._connection, row["home_id"])
        return self._registry.home_caller(row["home_id"], row["id"], self._clock.now())

    async def sender(self, body: Any) -> Contact | None:
        found = await self._connection.fetchrow(_SENDER, body.sender, self._incident.id)
        return Contact(**found) if found else None

    async def answered(self, body: Any) -> bool:
        inbound_id = str(body.inbound_id)
        found = await self._connection.fetchval(_ANSWERED, self._incident.id, inbound_id)
        return bool(found)

    async def answered_before(self, body: Any) -> bool:
        found = await self._connection.fetchval(_ANSWERED_BEFORE, body.sender, self._incident.id)
        return bool(found)

    async def steps(self, body: Any) -> list[Recorded]:
        rows = await self._connection.fetch(_STEPS, self._incident.id)
        return [Recorded(row["step"], row["result"]) for row in rows]

    async def said_before(self, body: Any) -> str | None:
        meaning: str | None = await self._connection.fetchval(
            _SAID_BEFORE, body.sender, self._incident.id, body.inbound_id
        )
        return meaning

    async def subject(self, body: Any) -> str:
        found: str = await self._connection.fetchval(_SUBJECT, self._incident.id)
        return found

    async def assignment(self, body: Any) -> Assignment | None:
        """Of an incident whose assignment says what it was before."""
        row = await self._connection.fetchrow(
            _ASSIGNMENT, self._incident.id, _ALARMS, _WORKING_ROLES
        )
        if row is None:
            return None
        said, device_id = row["data"], row["device_id"]
        wanted = f"device:{device_id}" if device_id else said["before"]["subject"]
        return Assignment(
            said["resident_id"],
            said["name"],
            said["before"],
            await self._free(wanted),
            device_id,
            row["home_has_called"],
            row["taker_sees_it"],
        )

    async def aware(self, body: Any) -> list[int]:
        rows = await self._connection.fetch(_AWARE, self._incident.id)
        return [row["contact_id"] for row in rows]

    async def silent_since(self, body: Any) -> datetime | None:
        since: datetime | None = await self._connection.fetchval(_SILENT_SINCE, self._incident.id)
        return since

    async def coming(self, body: Any) -> bool:
        """By the last word of each contact who was told, but for the sender of the answer at hand."""
        sender = getattr(body, "sender", "")
        return bool(await self._connection.fetchval(_COMING, self._incident.id, sender))

    async def _free(self, subject: str) -> str:
        """A caller who has called anew meanwhile, as unknown, has two incidents."""
        incident = self._incident
        if not await self._connection.fetchval(_HELD, subject, incident.signal_class, incident.id):
            return subject
        return f"{subject}#{incident.number}"

    async def plan(self, body: Any) -> Choice:
        if self._plan is None:
            named = getattr(body, "resident_id", None)
            self._plan = await holding(self._connection, self._incident, named)
        return self._plan

    async def alarm_plan(self, body: Any) -> Choice:
        return await holding(self._connection, replace(self._incident, kind=Kind.SOS.value))

    async def begun(self, body: Any) -> Choice | None:
        return await begun_with(self._connection, self._incident)

    async def next_plan(self, body: Any) -> Run | None:
        return await would_run(self._connection, await self.plan(body))

    async def centre(self, body: Any) -> Centre | None:
        path = self._incident.region_path
        row = await self._connection.fetchrow(_CENTRE, body.centre_id, path)
        return Centre(row["id"], row["name"], row["phone"]) if row else None

    async def given_to(self, body: Any) -> list[int]:
        rows = await self._connection.fetch(_GIVEN_TO, self._incident.id)
        return [row["centre_id"] for row in rows]

    async def origin(self, body: Any) -> Origin:
        row = await self._connection.fetchrow(_ORIGIN, self._incident.id)
        return Origin(row["hops"], row["centre_id"]) if row else Origin()

    async def forwarding(self, body: Any) -> ForwardingNow | None:
        row = await self._connection.fetchrow(_FORWARDING, body.forwarding_id, self._incident.id)
        if row is None:
            return None
        centre = Centre(row["centre_id"], row["name"], row["phone"])
        own = {name: row[name] for name in _OF_FORWARDING}
        return ForwardingNow(centre=centre, settled=row["settled_at"] is not None, **own)

    async def staff(self, body: Any) -> StaffNow | None:
        if body.staff_id is None:
            return None
        path = self._incident.region_path
        row = await self._connection.fetchrow(_STAFF, body.staff_id, path)
        return StaffNow(row["name"], tuple(row["path"])) if row else StaffNow()

    async def field_step(self, body: Any) -> StepNow | None:
        row = await self._connection.fetchrow(_FIELD_STEP, body.task_id, body.n, self._incident.id)
        return StepNow(**row) if row else None

    async def voice_told(self, body: Any) -> bool:
        told = await self._connection.fetchval(
            _VOICE_TOLD, self._incident.id, str(body.voice_call_id), body.attempt, body.step
        )
        return bool(told)

    async def run(self, body: Any) -> Run | None:
        return await read_run(self._connection, self._incident)


_LOOKUPS: Mapping[Need, Callable[[Lookup, Any], Awaitable[Any]]] = {
    Need.TOLD: Lookup.told,
    Need.CALLER: Lookup.caller,
    Need.CONTACT: Lookup.contact,
    Need.COLLEAGUE: Lookup.colleague,
    Need.RESIDENT: Lookup.resident,
    Need.SENDER: Lookup.sender,
    Need.ANSWERED: Lookup.answered,
    Need.SAID_BEFORE: Lookup.said_before,
    Need.STEPS: Lookup.steps,
    Need.ANSWERED_BEFORE: Lookup.answered_before,
    Need.SUBJECT: Lookup.subject,
    Need.ASSIGNMENT: Lookup.assignment,
    Need.AWARE: Lookup.aware,
    Need.PLAN: Lookup.plan,
    Need.BEGUN: Lookup.begun,
    Need.NEXT_PLAN: Lookup.next_plan,
    Need.RUN: Lookup.run,
    Need.SILENT_SINCE: Lookup.silent_since,
    Need.COMING: Lookup.coming,
    Need.ALARM_PLAN: Lookup.alarm_plan,
    Need.CENTRE: Lookup.centre,
    Need.GIVEN_TO: Lookup.given_to,
    Need.ORIGIN: Lookup.origin,
    Need.FORWARDING: Lookup.forwarding,
    Need.STAFF: Lookup.staff,
    Need.FIELD_STEP: Lookup.field_step,
    Need.VOICE_TOLD: Lookup.voice_told,
}

_CENTRE = """
SELECT id, name, phone FROM other_centre WHERE id = $1 AND active AND region_id = ANY($2::bigint[])
"""

_GIVEN_TO = "SELECT DISTINCT centre_id FROM forwarding WHERE incident_id = $1 AND what = 'alarm'"

_ORIGIN = f"""
SELECT {ORIGIN_COLUMNS} FROM incident {ORIGIN_JOINED} WHERE incident.id = $1 AND origin.id IS NOT NULL
"""  # noqa: S608 constant parts

_OF_FORWARDING = (
    "id", "what", "state", "attempt", "error", "address", "accepted_by", "accepted_at", "accepted_how", "said", "accepted_said",
)  # fmt: skip

_FORWARDING = f"""
SELECT {", ".join(f"forwarding.{name}" for name in _OF_FORWARDING)}, settled_at, centre_id, name, phone
FROM forwarding JOIN other_centre ON other_centre.id = centre_id WHERE forwarding.id = $1 AND incident_id = $2
"""  # noqa: S608 constant columns

_STAFF = f"SELECT staff.name, {OWN_PATH} AS path FROM staff WHERE staff.id = $1 AND {works_there('$2::bigint[]')}"  # noqa: S608 constant parts

_FIELD_STEP = """
SELECT task_id, n, step.kind, at, step.staff_id, by, data, EXISTS (
    SELECT FROM task AS other WHERE other.incident_id = $3 AND other.id <> $1 AND other.state IN ('open', 'offered', 'unplaced')
    AND EXISTS (SELECT FROM task_step WHERE task_id = other.id AND kind = 'unplaced')
) AS others_unplaced
FROM task_step AS step JOIN task ON task.id = task_id
WHERE task_id = $1 AND n = $2 AND NOT told AND incident_id = $3
"""

_VOICE_TOLD = """
SELECT true FROM timeline_entry WHERE incident_id = $1 AND kind = 'voice_called'
  AND data->>'voice_call_id' = $2 AND (data->>'attempt')::bigint = $3 AND data->>'step' = $4 LIMIT 1
"""

_TOLD = f"""
SELECT DISTINCT ON (recipient) recipient, contact_id, language, params,
    bool_or(state NOT IN ('failed', 'expired') AND (state <> 'queued' OR error IS NOT DISTINCT FROM 'repeated')) OVER (PARTITION BY recipient) AS reached
FROM sms_message
WHERE reference = $1 AND withdrawn_at IS NULL AND kind IN {in_sql(TO_CONTACTS)} ORDER BY recipient, created_at
"""  # noqa: S608 constant kinds

_CONTACT = """
SELECT c.id AS contact_id, c.name, c.relation, c.relation_en, c.rank FROM contact c JOIN resident r ON r.id = c.resident_id
WHERE c.id = $1 AND r.home_id = $2
"""

_WORKING_ROLES = roles_with(Action.WORK_INCIDENTS)

_COLLEAGUE = """
SELECT u.name FROM app_user u WHERE u.id = $1 AND u.active AND EXISTS (
  SELECT FROM role_grant g WHERE g.user_id = u.id AND g.role = ANY($2) AND g.region_id = ANY($3)
  AND (g.until_at IS NULL OR g.until_at > now()))
"""

_RESIDENT = """
SELECT resident.id, resident.name, resident.home_id, home.region_id, region.path
FROM resident JOIN home ON home.id = resident.home_id JOIN region ON region.id = home.region_id
WHERE resident.id = $1
"""

_SENDER = """
(
    SELECT sms_message.contact_id, contact.name, contact.relation, contact.relation_en
    FROM sms_message LEFT JOIN contact ON contact.id = sms_message.contact_id
    WHERE recipient = $1 AND reference = $2 ORDER BY sms_message.created_at LIMIT 1
) UNION ALL (
    SELECT contact.id, contact.name, contact.relation, contact.relation_en
    FROM incident JOIN resident ON resident.home_id = incident.home_id JOIN contact ON contact.resident_id = resident.id
    WHERE incident.id = $2 AND contact.phone = $1 ORDER BY contact.rank, contact.id LIMIT 1
) LIMIT 1
"""
"""Who was texted; else who is a contact of the home all the same."""

_ANSWERED = """
SELECT true FROM timeline_entry WHERE incident_id = $1 AND kind = 'reply' AND data->>'inbound_id' = $2 LIMIT 1
"""

_ANSWERED_BEFORE = """
SELECT true FROM sms_inbound AS said JOIN timeline_entry AS entry ON entry.incident_id = said.reference
WHERE said.sender = $1 AND said.reference <> $2 AND said.meaning IN ('yes', 'no') AND entry.kind = 'reply'
  AND entry.data->>'inbound_id' = said.id::text AND NOT coalesce((entry.data->>'unverified')::boolean, false) LIMIT 1
"""

_STEPS = f"""
SELECT {RECORDED} FROM timeline_entry WHERE incident_id = $1 AND {IS_RECORDED} ORDER BY number
"""  # noqa: S608 constant parts

_SAID_BEFORE = """
SELECT meaning FROM sms_inbound WHERE sender = $1 AND reference = $2 AND id <> $3 AND handled_at IS NOT NULL
ORDER BY received_at DESC, id DESC LIMIT 1
"""

_SUBJECT = "SELECT subject FROM incident WHERE id = $1"

_HELD = """
SELECT EXISTS (SELECT FROM incident WHERE subject = $1 AND class = $2 AND state <> 'closed' AND id <> $3)
"""

_AWARE = """
SELECT (data#>>'{called,contact_id}')::bigint AS contact_id FROM timeline_entry
WHERE incident_id = $1 AND kind IN ('opened', 'joined') AND data#>>'{called,contact_id}' IS NOT NULL
"""

_ALARMS = [kind.value for kind in Kind if CLASS_OF[kind] is SignalClass.ALARM]

_ASSIGNMENT = """
SELECT said.data, (
    SELECT device.id FROM device JOIN device_assignment AS held ON held.device_id = device.id
    WHERE device.source = incident.source AND device.identifier = incident.identifier
      AND held.home_id = incident.home_id AND held.valid_from = said.at AND held.valid_until IS NULL
) AS device_id, EXISTS (
    SELECT FROM timeline_entry AS more
    WHERE more.incident_id = incident.id AND more.kind = 'joined' AND more.number > said.number
      AND more.data->>'kind' = ANY($2) AND (
          more.data->>'identifier' IS DISTINCT FROM incident.identifier
          OR trim('0' FROM coalesce(incident.identifier, '')) = ''
      )
) AS home_has_called, EXISTS (
    SELECT FROM role_grant WHERE user_id = incident.taken_by AND role = ANY($3) AND (until_at IS NULL OR until_at > now())
      AND role_grant.region_id IN (SELECT jsonb_array_elements_text(said.data#>'{before,region_path}')::bigint)
) AS taker_sees_it
FROM incident JOIN timeline_entry AS said ON said.incident_id = incident.id AND said.kind = 'assigned'
WHERE incident.id = $1 AND said.data->'before' IS NOT NULL ORDER BY said.number DESC LIMIT 1
"""
"""What the factory calls every device is nobody's name: then another press is another's."""

_SILENT_SINCE = (
    "SELECT since FROM incident_timer WHERE incident_id = $1 AND kind = 'contact_silent'"
)

_COMING = f"""
SELECT EXISTS (SELECT FROM (
    SELECT DISTINCT ON (sender) meaning FROM sms_inbound
    WHERE reference = $1 AND sender <> $2 AND meaning IN ('yes', 'no') AND EXISTS (
        SELECT FROM sms_message WHERE sms_message.reference = $1 AND recipient = sender AND withdrawn_at IS NULL
        AND sms_message.kind IN {in_sql(TO_CONTACTS)}
    )
    ORDER BY sender, received_at DESC, id DESC
) AS last WHERE meaning = 'yes')
"""  # noqa: S608 constant kinds
"""A duty phone that takes the alarm goes nowhere."""
