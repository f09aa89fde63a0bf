"""Commands while the database is away: decided by the same table on the open incidents in memory, shown at once, on the spool, and
written in their turn among the signals of their incident, with the time at which they were given.

What needs more than memory has waits for the database: who an unknown caller is, plans, further contacts of an alarm that rang before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Final, TypeVar
from uuid import UUID

import asyncpg
import structlog
from pydantic import TypeAdapter

from callcenter.alerts.archive import Look
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.arriving.spooling import SpooledCommand, of_command
from callcenter.alerts.arriving.waiting import Later
from callcenter.alerts.arriving.writers import CONTENDED, STORE_REFUSES
from callcenter.alerts.change import Change
from callcenter.alerts.detail import FromMemory, IncidentDetail, Numbers, services_for
from callcenter.alerts.entries import KIND_OF, Entry
from callcenter.alerts.handling.call_ended import SAY_CALL_ENDED
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out, of_system
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import By, Decision
from callcenter.alerts.handling.forwarded import FORWARD_BY_RULE
from callcenter.alerts.handling.heard import TAKE_ANSWER
from callcenter.alerts.handling.left_over import account_for_left
from callcenter.alerts.handling.refused_later import SAY_REFUSED, Refused
from callcenter.alerts.handling.remembering import Remembering
from callcenter.alerts.handling.telling_away import TELL_ON_AWAY
from callcenter.alerts.handling.unattended import ESCALATE, LOSE_TAKER, REMIND, REMIND_REQUEST
from callcenter.alerts.incident import Actor, Incident
from callcenter.alerts.open_incidents import Held
from callcenter.audit.trail import Entry as LookEntry
from callcenter.auth.permissions import Action
from callcenter.core import metrics
from callcenter.core.errors import CallCenterError, Unavailable
from callcenter.core.held import LOST, HeldConnections
from callcenter.core.recent import Recent
from callcenter.core.spool import Segment
from callcenter.forwarding.outbox import Order as ForwardOrder

log = structlog.get_logger(__name__)

FROM_MEMORY: Final = frozenset(
    {
        "take", "release", "follow", "resume", "decline", "offer", "reassign", "note", "step", "close", "make-real", "wanted", "raise", "forward", "send",
    }
)  # fmt: skip
TELLING: Final = frozenset({"tell-next", "confirm"})
"""What texts a contact who was not told yet: only where it is known who was."""
PATIENCE_S: Final = 1.0
_NO_DATABASE: Final = frozenset({"database_unavailable", "database_busy"})
Answer = TypeVar("Answer")
Texts = Sequence[Mapping[str, object]]
"""As the office is given them."""
BY_ITSELF: Final = (
    ESCALATE, LOSE_TAKER, REMIND, REMIND_REQUEST, TAKE_ANSWER, TELL_ON_AWAY, FORWARD_BY_RULE, SAY_CALL_ENDED,
)  # fmt: skip
"""What the system does from memory: to what nobody takes or whose taker is gone, to contacts who answer or do not, and what a rule gives to
another centre; and how the call of a key ended.
"""
ForwardsLeave = Callable[[Incident, Sequence[ForwardOrder], datetime], None]
_BY_NAME: Final = MappingProxyType({command.name: command for command in (*OPERATORS, *BY_ITSELF)})


class Away:
    """`is_away` tells whether the database is known not to answer."""

    def __init__(
        self,
        intake: Intake,
        keeping: Keeping,
        bench: Workbench,
        *,
        is_away: Callable[[], bool],
        colleagues: Callable[[], Mapping[int, str]],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.patience_s = patience_s
        self._intake = intake
        self._keeping = keeping
        self._bench = bench
        self.is_away = is_away
        self._memory = Remembering(bench.registry, keeping, colleagues, bench.forwards)
        self.forwards_leave: ForwardsLeave = lambda *_: None
        """Takes what goes to other centres without its row."""
        self._done: Recent[UUID, UUID] = Recent()
        self._lines: dict[UUID, str] = {}

    def tells(self, watch: Callable[[Held, datetime | None], None]) -> None:
        """`watch` hears of each incident that is changed without the database, and since when where that is not now."""
        self._keeping.watch = watch

    def remembers(self, incident_id: UUID) -> bool:
        """Whether the database does not answer, or does not have this incident yet as it was shown."""
        held = self._keeping.incidents.get(incident_id)
        return self.is_away() or (held is not None and held.ahead)

    def held(self, incident_id: UUID) -> Held:
        """An open incident as this process knows it. Raises Unavailable `waits_for_database`: whether there is such a closed one
        nobody can tell now.
        """
        found = self._keeping.incidents.get(incident_id)
        if found is None:
            raise _waits()
        return found

    def needs_database(self, incident_id: UUID) -> None:
        """Before what cannot be answered from memory. Raises Unavailable `waits_for_database` at once where it is known to be away."""
        if self.remembers(incident_id):
            raise _waits()

    async def carry_out(self, incident_id: UUID, order: Order) -> Incident:
        """Decide and show it; answers when it is on the spool. Raises Unavailable `waits_for_database` for what cannot be done so."""
        held = self.held(incident_id)
        by = order.by(held.incident)
        if self._done.find(order.id) is not None:
            return held.incident
        if not self._is_possible(order.command.name, held.incident):
            raise _waits()
        await self._do(held, order, by)
        return self.held(incident_id).incident

    def _is_possible(self, name: str, incident: Incident) -> bool:
        tells = name in TELLING and self._memory.knows_whom_it_told(incident)
        return tells or name in FROM_MEMORY

    async def do_by_itself(self, incident_id: UUID, order: Order) -> None:
        """The same for what the system orders. Raises Unavailable as `held`."""
        held = self.held(incident_id)
        if self._done.find(order.id) is None:
            await self._do(held, order, order.by(held.incident))

    async def _do(self, held: Held, order: Order, by: By) -> None:
        """What is decided is shown, told, and on the spool."""
        given = replace(order, at=self._bench.clock.now(), by=lambda _: by)
        decision = self._decide(held, given, by)
        if decision is None:
            return
        line = self._line_of(held)
        record = of_command(_spooled(held, line, given, by))
        texts = self._show(held, given, by, decision)
        segment = self._keeping.append(record)
        written = self._later(held.subject, line, held.incident.id, given, [segment])
        self._intake.tell_now(texts, written)
        self.forwards_leave(held.incident, decision.forwards, _time_of(given))
        # Shown it is, and written from memory; the banner says that the disk takes nothing.
        with suppress(OSError):
            await self._keeping.on_disk([segment])

    def _decide(self, held: Held, order: Order, by: By) -> Decision | None:
        at = _time_of(order)
        facts = self._memory.facts(held, order, at)
        return order.command.decide(held.incident, facts, by, order.body, at)

    def _line_of(self, held: Held) -> str:
        """The class in whose line the commands of an incident wait, one behind the other, also when one of them changes the class."""
        if self._keeping.waiting == 0:
            self._lines.clear()
        return self._lines.setdefault(held.incident.id, held.incident.signal_class)

    def detail(self, incident_id: UUID, look: Look) -> IncidentDetail:
        """What has passed through here of it, and whom one can telephone; the look is in the trail when the database is back. Raises
        NotFound where they may not see it, Unavailable as `held`.
        """
        held = self.held(incident_id)
        incident = held.incident
        look.principal.find(
            Action.SEE_INCIDENTS, incident.region_path, "incident", incident.subjects
        )
        sees = look.principal.may(Action.SEE_PROFILES, incident.region_path, incident.subjects)
        numbers = self._memory.numbers(incident) if sees else ()
        self._keeping.looks.keep(_seen(incident, look, with_numbers=bool(numbers)))
        return IncidentDetail(
            incident,
            list(held.entries),
            [],
            [],
            Numbers.of(self._memory.caller(incident, look.at).settings),
            services_for(incident.kinds),
            from_memory=FromMemory(self._keeping.since or look.at, numbers),
        )

    def write_again(self, spooled: SpooledCommand, segments: Sequence[Segment]) -> None:
        """A command that an earlier process has left on the spool."""
        command, by = _BY_NAME[spooled.command], _by(spooled)
        body = TypeAdapter(command.body).validate_python(spooled.body)
        order = Order(command, body, spooled.id, lambda _: by, spooled.at)
        texts = self._show_again(spooled, order, by) if self.is_away() else ()
        written = self._later(
            spooled.subject, spooled.signal_class, spooled.incident_id, order, segments
        )
        self._intake.tell_now(texts, written)

    def _show_again(self, spooled: SpooledCommand, order: Order, by: By) -> Texts:
        """As it was shown when it was given, if it had not been written; whom it tells, if they were not told. What cannot be decided now
        is decided when it is written.
        """
        held = self._keeping.incidents.get(spooled.incident_id)
        if held is None:
            return ()
        self._done.put(order.id, spooled.incident_id)
        if spooled.version is not None and held.incident.version >= spooled.version:
            return ()
        try:
            decision = self._decide(held, order, by)
        except CallCenterError:
            return ()
        if decision is None:
            return ()
        texts = self._show(held, order, by, decision, again=True)
        self.forwards_leave(held.incident, decision.forwards, _time_of(order))
        return texts

    def _show(
        self, held: Held, order: Order, by: By, decision: Decision, *, again: bool = False
    ) -> Texts:
        """To the seats; which texts leave with it. `again`: another process has shown it at its time."""
        then, at = replace(decision.after, version=held.incident.version + 1), _time_of(order)
        self._done.put(order.id, then.id)
        who = by.actor.user_id if by.actor is not None else None
        kind = KIND_OF[type(decision.said)]
        entry = Entry(then.id, then.version, at, kind, who, by.name, decision.said)
        change = Change(then, (entry,), held.subject)
        self._keeping.publish(change, since=at if again else None)
        metrics.KEPT.labels("command").inc()
        return self._keeping.texts_of(then, decision.texts, at)

    def _later(
        self,
        subject: str,
        signal_class: str,
        incident_id: UUID,
        order: Order,
        segments: Sequence[Segment | None],
    ) -> asyncio.Future[None]:
        """When it is written."""
        self._keeping.waiting += 1
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        write = partial(self._write, incident_id, order, segments, written)
        self._intake.write_later(signal_class, Later(subject, write))
        return written

    async def _write(
        self,
        incident_id: UUID,
        order: Order,
        segments: Sequence[Segment | None],
        written: asyncio.Future[None],
        connection: asyncpg.Connection,
    ) -> None:
        """In its turn. Raises what says that the database is away; a refusal is final, and told."""
        now_in = self._keeping.elsewhere.get(incident_id, incident_id)
        try:
            await carry_out(connection, self._bench, now_in, order)
        except (*LOST, *CONTENDED, *STORE_REFUSES):
            raise
        except CallCenterError as error:
            await self._say_refused(connection, now_in, order, error.code)
        except Exception:  # whatever one command causes, it keeps to itself: alarms wait behind it
            log.exception("command_not_stored", incident_id=str(now_in), command=order.command.name)
            self._keeping.waiting -= 1
            written.set_result(None)
            return
        self._keeping.waiting -= 1
        self._keeping.written += 1
        written.set_result(None)
        for segment in segments:
            self._keeping.release(segment)

    async def account_for_left(self, connection: asyncpg.Connection) -> None:
        """See `left_over`; nothing waits to be written."""
        await account_for_left(connection, self._bench, self._keeping)

    async def _say_refused(
        self, connection: asyncpg.Connection, incident_id: UUID, order: Order, code: str
    ) -> None:
        """Another had taken it meanwhile, or closed it: on the timeline, unless it is over. Raises as `_write`."""
        log.error(
            "command_not_written",
            incident_id=str(incident_id),
            command=order.command.name,
            code=code,
            at=order.at.isoformat() if order.at else None,
        )
        held = self._keeping.incidents.get(incident_id)
        name = order.by(held.incident).name if held is not None else None
        refused = Refused(order.command.name, code, name or "")
        try:
            await carry_out(connection, self._bench, incident_id, of_system(SAY_REFUSED, refused))
        except (*LOST, *CONTENDED, *STORE_REFUSES):
            raise
        except CallCenterError as error:  # there is no such incident
            log.warning("refusal_not_said", incident_id=str(incident_id), code=error.code)


async def either(
    connections: HeldConnections,
    away: Away,
    incident_id: UUID,
    ask: Callable[[asyncpg.Connection], Awaitable[Answer]],
    remember: Callable[[], Awaitable[Answer]],
) -> Answer:
    """What the database says; from memory where it is known to be away, has not all of the incident yet, or says nothing for a
    second: nobody who works an alarm waits longer. A command that it carried out all the same is recognised by its id.
    """
    if away.remembers(incident_id):
        return await remember()
    try:
        async with connections.use() as connection:
            try:
                async with asyncio.timeout(away.patience_s):
                    return await ask(connection)
            except TimeoutError:
                connection.terminate()
                raise
    except TimeoutError:
        return await remember()
    except Unavailable as error:
        if error.code not in _NO_DATABASE:
            raise
        return await remember()


def _waits() -> Unavailable:
    return Unavailable(
        "The database does not answer: this waits until it does.", code="waits_for_database"
    )


def _time_of(order: Order) -> datetime:
    if order.at is None:
        raise AssertionError("what is done without the database is done at a time")
    return order.at


def _seen(incident: Incident, look: Look, *, with_numbers: bool) -> LookEntry:
    return LookEntry(
        look.at,
        look.principal.user_id,
        "incident_seen",
        f"incident:{incident.id}",
        incident.region_path,
        look.address,
        {"home_id": incident.home_id, "numbers": with_numbers},
    )


def _by(spooled: SpooledCommand) -> By:
    """Who gave it, or the system itself."""
    actor = Actor(spooled.user_id, spooled.supervises) if spooled.user_id is not None else None
    return By(actor, spooled.user_name, frozenset(spooled.profiles))


def _spooled(held: Held, line: str, order: Order, by: By) -> SpooledCommand:
    return SpooledCommand(
        id=order.id,
        incident_id=held.incident.id,
        subject=held.subject,
        signal_class=line,
        command=order.command.name,
        body=TypeAdapter(order.command.body).dump_python(order.body, mode="json"),
        at=_time_of(order),
        user_id=by.actor.user_id if by.actor is not None else None,
        user_name=by.name,
        supervises=by.actor is not None and by.actor.supervises,
        profiles=tuple(sorted(by.profiles)),
        version=held.incident.version + 1,
    )
