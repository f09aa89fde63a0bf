"""A whole centre whose time is moved by hand: devices, intake, seats, commands, timers, texts. The phones of the people are
watched: a text that the story does not expect fails it, and so does one that never comes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode, urlsplit

import asyncpg
import httpx

from callcenter.alerts.archive import Archive
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.emergency.keeping import EmergencyAccesses
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.processors import alarm_processors
from callcenter.api.application import create_api
from callcenter.auth.guards import COOKIE
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal, hash_of
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.core.processing import Processor, Wakeups
from callcenter.core.sealed import Seal
from callcenter.core.supervisor import Supervisor
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.devices.registry import Registry
from callcenter.drills.running import Drills
from callcenter.listeners.delivery import Delivery
from callcenter.seats.announcements.keeping import Announcements
from callcenter.seats.answers import Answer
from callcenter.seats.assembly import Seats
from callcenter.seats.messages import ProofKind
from callcenter.seats.seat import Seat as HubSeat
from callcenter.seats.session import PauseReason
from callcenter.seats.shifts import Shifts
from callcenter.sms.gateway import HookRequest
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.hooks import Hooks
from tests.support.api import browser, context_for, person, sign_in
from tests.support.away import keeping_somewhere, never_away
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.kannel import settings_for
from tests.support.kept_link import KeptLink
from tests.support.operators import Seat
from tests.support.outbox import SHANGHAI, SteppedSender, time_passes
from tests.support.reading import read_whole
from tests.support.sms_gateway import FakeSmsbox, Taken, fake_smsbox
from tests.support.waiting import until
from tests.support.wire import dc09, dc09_ack

TAKER_GONE_S = 60.0
LOOK_EVERY_S = 2.0
LONG_S, FAR_APART_S = 120.0, 8.0
"""Long times are passed in longer steps."""
SECRET = "what gateways know"
DUTY = "+8613900000009"


async def _nobody() -> None:
    """The stories run their processors themselves."""


@dataclass
class Phones:
    """Everybody's phones, behind a gateway that may be away. Each text that arrives is acknowledged as delivered."""

    box: FakeSmsbox
    hooks: Hooks
    awaited: list[tuple[str, str]] = field(default_factory=list)
    read: int = 0

    def expect(self, phone: str, words: str) -> None:
        """The story says that a text with these words will come to this phone."""
        self.awaited.append((phone, words))

    async def ring(self) -> None:
        """Look at what has come. Fails for what nobody expected."""
        while self.read < len(self.box.taken):
            came = self.box.taken[self.read]
            self.read += 1
            query = urlsplit(came.receipt_url.replace("%d", "1")).query
            await self._call("receipt", query)
            met = [one for one in self.awaited if _is(one, came)]
            assert met, f"nobody expected this: {came.recipient} {came.text}"
            self.awaited.remove(met[0])

    async def answer(self, phone: str, words: str) -> None:
        """Somebody writes back."""
        sent = {"from": phone, "text": words, "id": str(new_id()), "charset": "utf-8"}
        await self._call("inbound", urlencode(sent))

    async def _call(self, tail: str, query: str) -> None:
        await self.hooks.call("kannel", SECRET, HookRequest(tail, query.encode(), {}, b""))


def _is(awaited: tuple[str, str], came: Taken) -> bool:
    phone, words = awaited
    return came.recipient == phone and words in came.text


@dataclass
class Operator(Seat):
    """Somebody at a seat: commands over HTTP, and a console of the hub."""

    story: Story
    name: str
    seat: HubSeat
    console: KeptLink
    pulses: bool = True

    def sits_down(self) -> None:
        """On duty, with a console that pulses."""
        clock = self.story.clock
        self.seat.pulsed_at = clock.monotonic()
        self.story.seats.hub.attach(self.seat)
        self.story.seats.hub.arm(self.seat, armed=True)

    def pauses(self, reason: PauseReason) -> None:
        """Says so at the console."""
        self.story.seats.hub.arm(self.seat, armed=True, pause=reason)

    def leaves(self) -> None:
        """The console is gone."""
        self.story.seats.hub.detach(self.seat)

    def falls_silent(self) -> None:
        """The console is connected and says nothing any more."""
        self.pulses = False

    async def proves(self, incident: str, *proofs: ProofKind, ring: int = 1) -> None:
        """The console says that it shows this ring, or that it sounds; without a word of which, both."""
        desk = self.story.seats.desk
        for proof in proofs or ("seen", "sounding"):
            desk.proofs.take(self.seat, Answer(proof, [(incident, ring)]))
        await desk.proofs.run_once(self.story.clock.now())

    @property
    def board(self) -> dict[str, dict[str, Any]]:
        """Incidents by id, as the console has them."""
        shown: dict[str, dict[str, Any]] = {}
        for message in self.console.messages("incidents"):
            shown |= {incident["id"]: incident for incident in message["incidents"]}
        return shown

    async def sees(self, incident: str, **values: object) -> dict[str, Any]:
        """Waits until the board shows the incident like this."""

        def found() -> bool:
            shown = self.board.get(incident, {})
            return bool(shown) and all(shown[name] == value for name, value in values.items())

        await until(found, f"{self.name} sees {values}, not {self.board.get(incident)}")
        return self.board[incident]

    async def done(self, incident: object, action: str, **body: object) -> dict[str, Any]:
        """A command that succeeds; then everybody's phone is looked at."""
        shown = await super().done(incident, action, **body)
        await self.story.look()
        return shown

    async def opens(self, **body: object) -> dict[str, Any]:
        """Tells of a call that no device has sent; then everybody's phone is looked at."""
        answer = await self.tells(**body)
        assert answer.status_code in (200, 201), answer.text
        await self.story.look()
        shown: dict[str, Any] = answer.json()
        return shown


@dataclass
class Story:
    """`look` lets everything run that is due; `passes` moves the time."""

    community: Community
    registry: Registry
    intake: Intake
    seats: Seats
    bench: Workbench
    sender: SteppedSender
    phones: Phones
    processors: Sequence[Processor]
    app: Any
    database: Database
    owner: asyncpg.Connection
    clock: HandClock
    stack: AsyncExitStack
    operators: list[Operator] = field(default_factory=list)
    presses: int = 0

    # ---- who there is

    async def home(
        self, pendant: str, *phones: str, name: str = "沈玉兰", status: str = "home"
    ) -> int:
        """Somebody with a pendant, and contacts in this order; the resident's id."""
        home = await self.community.home()
        resident = await self.community.resident(home, name, status=status)
        for rank, phone in enumerate(phones, 1):
            await self.community.contact(resident, rank, phone)
        if pendant:
            await self.community.device(pendant, home, resident)
        await self.reload()
        return resident

    async def reload(self) -> None:
        """The registry learns of it."""
        connection = await self.database.connect("registry")
        await read_whole(self.registry, connection)
        await connection.close()

    async def operator(
        self,
        login: str,
        *,
        on_duty: bool = True,
        role: Role = Role.OPERATOR,
        region: int | None = None,
    ) -> Operator:
        """Signed in, at a seat of this region; without one, of them all."""
        root = region or self.community.root
        user_id = await person(self.owner, login, (role.value, root))
        client: httpx.AsyncClient = await self.stack.enter_async_context(browser(self.app))
        await sign_in(client, login)
        grants = (HeldGrant(role, root),)
        until_then = self.clock.now() + timedelta(hours=8)
        session = hash_of(client.cookies[COOKIE])
        principal = Principal(user_id, login, login, "", "zh-CN", grants, session, "", until_then)
        console = KeptLink()
        seat = HubSeat(
            new_id(), principal, frozenset({root}), console, self.clock.now(), 0.0  # type: ignore[arg-type]
        )  # fmt: skip
        made = Operator(client, user_id, self, login, seat, console)
        self.operators.append(made)
        if on_duty:
            made.sits_down()
        return made

    # ---- what happens

    async def press(
        self, pendant: str, code: str = "QA", *, peer: str = "10.0.0.1", again: bool = False
    ) -> str:
        """A DC-09 dialler sends an SOS, and is acknowledged; the id of the incident."""
        self.presses += not again
        source = self.registry.source("dc09")
        assert source is not None
        codec = Dc09Codec()
        now = self.clock.now()
        [frame] = codec.receive(dc09(pendant, self.presses, code), now, self.registry.keys("dc09"))
        reply = await Delivery(source, self.intake).settle(codec, frame, now, peer)
        assert reply == dc09_ack(pendant, self.presses)
        incident = await self.owner.fetchval(
            "SELECT incident_id FROM journal WHERE source = 'dc09' ORDER BY id DESC LIMIT 1"
        )
        await self.look()
        return str(incident)

    async def answers(self, phone: str, words: str) -> None:
        """A contact writes back, and it is understood."""
        await self.phones.answer(phone, words)
        await self.look()

    async def passes(self, seconds: float, step: float = 0.0) -> None:
        """So long, with everything that happens in it by itself."""
        step = step or (LOOK_EVERY_S if seconds <= LONG_S else FAR_APART_S)
        for _ in range(round(seconds / step)):
            await self._move(step)
            await self.look()

    async def look(self) -> None:
        """Everything that is due, until nothing is."""
        for processor in self.processors:
            await processor.run_once(self.clock.now())
        await self.sender.settle()
        await self.phones.ring()

    async def sweep(self, table: str) -> None:
        """The seats are shown what they do not have of it."""
        await self.seats.sweeps[table].run_once(self.clock.now())

    def restart(self) -> None:
        """Another process, which knows what is in the rows and nothing else."""
        self.processors = processors_of(self.bench, self.intake, self.seats)

    async def entries(self, incident: str) -> list[str]:
        """Kinds of its timeline."""
        rows = await self.owner.fetch(
            "SELECT kind FROM timeline_entry WHERE incident_id = $1::uuid ORDER BY number", incident
        )
        return [row["kind"] for row in rows]

    async def texts(self) -> list[tuple[str, str]]:
        """Kind and state of every text, oldest first."""
        rows = await self.owner.fetch(
            "SELECT kind, state FROM sms_message ORDER BY created_at, kind, id"
        )
        return [tuple(row) for row in rows]

    async def ends(self) -> None:
        """Nothing that was expected is missing, and nothing is left that would still go out."""
        assert self.phones.awaited == [], "these texts never came"
        waiting = await self.owner.fetchval(
            "SELECT count(*) FROM sms_message WHERE state NOT IN ('delivered', 'expired', 'combined', 'cancelled', 'drill')"
        )
        assert waiting == 0, "texts are still on their way"

    async def _move(self, seconds: float) -> None:
        """The database's clock cannot be moved: what goes by it comes nearer instead."""
        self.clock.advance(seconds)
        hub = self.seats.hub
        for operator in self.operators:
            if operator.pulses:
                operator.seat.pulsed_at = self.clock.monotonic()
        hub.recount()
        passed = timedelta(seconds=seconds)
        await time_passes(self.owner, passed)
        await self.owner.execute(
            "UPDATE incident_timer SET due_at = due_at - $1::interval, since = since - $1::interval,"
            " missing_since = missing_since - $1::interval",
            passed,
        )
        await self.owner.execute(
            "UPDATE storm_order SET due_at = due_at - $1::interval, lease_until = lease_until - $1::interval",
            passed,
        )


def processors_of(bench: Workbench, intake: Intake, seats: Seats) -> list[Processor]:
    """Of the alarm process, as it begins."""
    alarms = alarm_processors(bench, intake, taker_gone_s=TAKER_GONE_S)
    return [*alarms, Drills(bench, intake), seats.announcements, seats.accesses]


@asynccontextmanager
async def open_story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Story]:
    """A street whose families are told at once, and one duty number."""
    async with AsyncExitStack() as stack:
        story = await _built(database, owner, clock, stack)
        supervisor = await stack.enter_async_context(Supervisor())
        supervisor.start(story.seats.hub.run(), name="hub")
        story.intake.start(supervisor)
        yield story


async def _built(
    database: Database, owner: asyncpg.Connection, clock: HandClock, stack: AsyncExitStack
) -> Story:
    community = await Community.found(owner)
    await community.source()
    seats = Seats(database, clock, Wakeups(), new_id(), sweep_every_s=2.0)
    stack.push_async_callback(seats.close)
    registry = Registry(unseal=lambda sealed, context: sealed)
    keeping = keeping_somewhere(seats.hub, clock)
    intake = Intake(
        database, registry, clock, seats.hub, texts_written=lambda: None, keeping=keeping
    )
    connections = HeldConnections(database, "commands", 2)
    stack.push_async_callback(connections.close)
    bench = Workbench(connections, registry, seats.hub, clock, lambda: None, lambda: None, SHANGHAI)
    reading = HeldConnections(database, "archive", 1)
    stack.push_async_callback(reading.close)
    archive = Archive(reading, clock, SHANGHAI)
    connection = await database.connect("start")
    await seats.begin(connection)
    await connection.close()
    spool = Path(stack.enter_context(TemporaryDirectory()))
    ports = {
        Workbench: bench,
        Away: never_away(spool, intake, bench, seats.hub, clock),
        Archive: archive,
        Shifts: seats.shifts,
        Intake: intake,
        Seal: Seal({1: bytes(32)}, 1, bytes(32)),
        Announcements: seats.announcements,
        EmergencyAccesses: seats.accesses,
    }
    box = await stack.enter_async_context(fake_smsbox())
    gateway = KannelGateway(settings_for(box.url), "http://centre.test/hooks/kannel")
    stack.push_async_callback(gateway.close)
    sender = SteppedSender(database, [gateway], clock)
    stack.push_async_callback(sender.sender.close)
    hooks = Hooks(database, clock, {gateway.name: gateway}, SECRET, _nobody, _nobody)
    story = Story(
        community=community,
        registry=registry,
        intake=intake,
        seats=seats,
        bench=bench,
        sender=sender,
        phones=Phones(box, hooks),
        processors=processors_of(bench, intake, seats),
        app=create_api(context_for(database, clock, ports=ports)),
        database=database,
        owner=owner,
        clock=clock,
        stack=stack,
    )
    await story.reload()
    await story.look()
    return story
