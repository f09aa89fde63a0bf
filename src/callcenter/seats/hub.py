"""The hub: connected seats, and the pushing of changes to those who may see them.

Changes of this process come from intake and commands by `publish`, right after their commit; changes of other processes,
and any that a lost hint hid, come from the sweeps by `push` (design 6b.10). What gathers while the hub's task works goes
out together in the next round, in slices, and every 50 consoles it lets others run.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from math import inf
from typing import Any, Final
from uuid import UUID

import structlog

from callcenter.alerts.board import Manning, Wanted
from callcenter.alerts.change import Change
from callcenter.alerts.open_incidents import OpenIncidents
from callcenter.auth.permissions import Action
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.seats.attendance import Attendance
from callcenter.seats.board import FramesByScope, Scope, Shown, frame, visible
from callcenter.seats.distribution import NO_SKILLS, Candidate, Distribution
from callcenter.seats.feeds import Feed
from callcenter.seats.looks import Looks
from callcenter.seats.recent import Versions
from callcenter.seats.seat import RemoteSeat, Seat
from callcenter.seats.session import ATTENTIVE, WEIGHT, PauseReason, SeatState, Session
from callcenter.seats.sitting import Sitting, Sittings
from callcenter.seats.tables import INCIDENTS, identity_of, shown_incident
from callcenter.seats.workload import Workload

log = structlog.get_logger(__name__)

YIELD_EVERY: Final = 50
SLICE: Final = 250
"""Changes a round: as many as one flush of intake brings."""


class Hub:
    """Fulfils alerts.board.Board. `run` is the pushing task.

    `hint` tells other processes of changes, `presence_changed` wakes the writer of the presence rows.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        hint: Callable[[], None] = lambda: None,
        presence_changed: Callable[[], None] = lambda: None,
        looks: Looks | None = None,
        wrap_up_s: float = 0.0,
        open_incidents: OpenIncidents | None = None,
    ) -> None:
        self.open_incidents = OpenIncidents() if open_incidents is None else open_incidents
        self._clock = clock
        self._hint = hint
        self._presence_changed = presence_changed
        self._looks = looks
        self.seats: dict[UUID, Seat] = {}
        self.remote: Sequence[RemoteSeat] = ()
        self.pushed: defaultdict[str, Versions] = defaultdict(Versions)
        """What went out lately, by feed."""
        self._changes: list[Change] = []
        self._wake = asyncio.Event()
        self._manned: Sequence[Seat | RemoteSeat] = ()
        self._covered = self._users = frozenset[int]()
        self.workload = Workload()
        self._attendance = Attendance(self.workload.works, timedelta(seconds=wrap_up_s))
        self._distribution = Distribution(self.workload.open)
        self.skills: Mapping[int, frozenset[str]] = {}
        """Dialects and languages by user, as far as their seats are here."""
        self._offered: tuple[Mapping[int, Scope], Mapping[int, frozenset[str]]] = ({}, {})
        """Who was ready at the last count, where, and with which skills."""
        self._stale = False
        """Somebody has become busy or free since the last count."""
        self._attentive = self._paused = frozenset[int]()
        self.sittings = Sittings()
        self.on_the_phone: Callable[[], Collection[int]] = frozenset
        """Users who are in a call: alarms are offered first to those who are not, and what was offered to somebody before rings everywhere."""
        self.heard: list[Callable[[Sequence[Change]], None]] = []
        """Who hears of the changes of this process after the seats, and does not wait."""
        self._heard: dict[int, float] = {}
        """When a console of each user was last heard while it was on duty (monotonic s)."""

    # ---- Board

    def publish(self, changes: Sequence[Change]) -> None:
        """Push to the seats of this process; other processes are given a hint."""
        pushed = self.pushed[INCIDENTS.name]
        for change in changes:
            pushed.note(*identity_of(change))
            self.open_incidents.note(change)
        self._changes.extend(changes)
        self._wake.set()
        self._hint()
        self._note_work(changes)
        self._tell_others(changes)

    def _tell_others(self, changes: Sequence[Change]) -> None:
        for each in self.heard:
            try:
                each(changes)
            except Exception:  # the seats have it: no alarm suffers from whoever else hears of it
                log.exception("change_not_told")

    def sessions(self) -> Sequence[bytes]:
        """Log-ins of the consoles that are connected."""
        return [seat.principal.session_hash for seat in self.seats.values()]

    def manned(self, region_path: Sequence[int]) -> bool:
        """Whether an armed seat, here or in another process, would see an incident of this region."""
        return any(region in self._covered for region in region_path)

    def manning(self, region_path: Sequence[int]) -> Manning:
        """Who has an armed seat, here or in another process, that would see an incident of this region."""
        self.refresh()
        there = [seat for seat in self._manned if visible(seat.scope, region_path)]
        # Somebody who pauses is there for as long as nobody else is.
        there = [seat for seat in there if seat.user_id not in self._paused] or there
        users = frozenset(seat.user_id for seat in there)
        return Manning(
            users,
            frozenset(seat.user_id for seat in there if visible(seat.supervised, region_path)),
            users & self._attentive - frozenset(self.on_the_phone()),
        )

    def offer(
        self,
        region_path: Sequence[int],
        wanted: Wanted,
        may: Callable[[int], bool] | None = None,
    ) -> Sequence[int]:
        """The user at whose seats it rings first; nobody is ready: none. `may`: only of these, else whoever is on no telephone. Where all
        are, it rings everywhere: whoever is done first has it, and whoever can leave their call.
        """
        self.refresh()
        if may is None and (speaking := self.on_the_phone()):
            found = self._distribution.best(region_path, wanted, lambda user: user not in speaking)
        else:
            found = self._distribution.best(region_path, wanted, may)
        return () if found is None else (found,)

    def knows(self, user_id: int, home_id: int) -> None:
        """Whoever has spoken with somebody of this home is asked first when they ring again."""
        self._distribution.took(user_id, home_id)

    def present(self, user_id: int) -> bool:
        """Whether this user has an armed seat, here or in another process."""
        return user_id in self._users

    def absent_for(self, user_id: int) -> timedelta:
        """Since a console of this user that was on duty was last heard; nothing for one that this process never heard."""
        now = self._clock.monotonic()
        return timedelta(seconds=now - self._heard.get(user_id, now))

    @property
    def manned_regions(self) -> Collection[int]:
        """Regions with an armed seat, here or in another process."""
        return self._covered

    @property
    def present_users(self) -> Collection[int]:
        """Users with an armed seat, here or in another process."""
        return self._users

    @property
    def attentive_users(self) -> Collection[int]:
        """Users at armed seats who neither pause, nor have a taken incident, nor are in a call."""
        self.refresh()
        return self._attentive - frozenset(self.on_the_phone())

    # ---- seats

    def is_manned(self, seat: Seat) -> bool:
        """Whether somebody sits there now."""
        return seat.is_manned(self._clock.monotonic())

    def attach(self, seat: Seat) -> None:
        """From now on changes are kept for this seat; its snapshot is read after this."""
        self.seats[seat.seat_id] = seat
        self.count_presence()

    def detach(self, seat: Seat) -> None:
        self.seats.pop(seat.seat_id, None)
        self.count_presence()

    def arm(self, seat: Seat, armed: bool, pause: PauseReason | None = None) -> None:
        """On or off duty, in a pause or ready; who says so at one console says it for all of theirs."""
        for each in self._of_user(seat.user_id) if armed else [seat]:
            each.pause = pause
        seat.armed = armed
        self.recount()
        if armed:
            self._attendance.wish(seat.user_id, pause, self._clock.now())
        self.count_presence()

    def hear_sound(self, seat: Seat, sounds: bool) -> None:
        """Its console says whether it can be heard."""
        if seat.sounds is not sounds:
            seat.sounds = sounds
            self.count_presence()

    def session_of(self, seat: Seat) -> Session:
        """How its user sits there."""
        return self._attendance.of(seat.user_id, self._clock.now())

    def _of_user(self, user_id: int) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.user_id == user_id]

    def _note_work(self, changes: Sequence[Change]) -> None:
        """Whoever has taken one is busy at once, and is asked first when its home calls again."""
        busier = False
        for change in changes:
            incident = change.incident
            busier |= self.workload.note(incident)
            if incident.taken_by is not None and incident.home_id is not None:
                self._distribution.took(incident.taken_by, incident.home_id)
        if busier:
            self._stale = True
            self._presence_changed()

    def refresh(self) -> None:
        """Work out anew who is there if somebody has become busy or free since: many who take at once are counted once."""
        if self._stale:
            self.recount()

    def count_presence(self) -> None:
        """Work out anew who is there, because somebody came, went or armed; wakes the writer of the presence rows."""
        self.recount()
        self._presence_changed()

    def recount(self) -> None:
        """Work out anew who is there: consoles fall silent without a word."""
        self._stale = False
        monotonic = self._clock.monotonic()
        own = [seat for seat in self.seats.values() if seat.is_manned(monotonic)]
        remote = [seat for seat in self.remote if seat.armed]
        self._manned = (*own, *remote)
        self._covered = frozenset().union(*{seat.scope for seat in self._manned})
        self._users = frozenset(seat.user_id for seat in self._manned)
        self._settle_sessions(own, remote)
        self._note_heard()
        people = {id_: seat for id_, seat in self.seats.items() if not seat.watches}
        self.sittings.look(self._clock.now(), people, self._sitting)
        metrics.SEATS_CONNECTED.set(len(people))
        metrics.SEATS_ARMED.set(sum(seat.armed for seat in self.seats.values()))

    def _sitting(self, seat_id: UUID) -> Sitting:
        seat, now = self.seats[seat_id], self._clock.now()
        session = self._attendance.of(seat.user_id, now)
        return Sitting(
            seat.user_id,
            sorted(seat.scope),
            sorted(seat.supervised),
            self.is_manned(seat),
            session.state.value,
            session.reason,
            session.since,
            now - timedelta(seconds=self._clock.monotonic() - seat.pulsed_at),
        )

    def _settle_sessions(self, own: Sequence[Seat], remote: Sequence[RemoteSeat]) -> None:
        """Who of them is ready, busy or in a pause; an alarm is offered only to who is ready."""
        now, attendance = self._clock.now(), self._attendance
        sessions = attendance.settle({seat.user_id: seat.pause for seat in own}, now)
        states = {user: session.state for user, session in sessions.items()}
        for seat in remote:
            user, state = seat.user_id, seat.session.state
            states[user] = max(states.get(user, state), state, key=WEIGHT.__getitem__)
        scopes: dict[int, Scope] = {}
        for one in self._manned:
            user = one.user_id
            scopes[user] = one.scope | scopes[user] if user in scopes else one.scope
        self._paused = frozenset(u for u, state in states.items() if state is SeatState.PAUSE)
        self._attentive = frozenset(u for u, state in states.items() if state in ATTENTIVE)
        ready = {u: scopes[u] for u, state in states.items() if state is SeatState.READY}
        self._offer_to(ready)

    def _offer_to(self, ready: Mapping[int, Scope]) -> None:
        """Distribution learns of what has changed."""
        if (ready, self.skills) == self._offered:
            return
        self._offered = ready, self.skills
        skills = self.skills
        self._distribution.seat(
            [Candidate(user, ready[user], skills.get(user, NO_SKILLS)) for user in sorted(ready)]
        )

    def _note_heard(self) -> None:
        now = self._clock.monotonic()
        heard = {seat.user_id: now for seat in self.remote if seat.armed}
        for seat in self.seats.values():
            if seat.armed and seat.pulsed_at > heard.get(seat.user_id, -inf):
                heard[seat.user_id] = seat.pulsed_at
        self._heard |= heard

    def colleagues(self) -> list[dict[str, Any]]:
        """One row a user who is connected, armed if any of their seats is."""
        self.refresh()
        found: dict[int, dict[str, Any]] = {}
        own = (
            seat.view(self.is_manned(seat), self.session_of(seat))
            for seat in self.seats.values()
            if not seat.watches
        )
        for row in chain(own, (seat.view for seat in self.remote)):
            held = found.get(row["user_id"])
            if held is None or (row["armed"] and not held["armed"]):
                found[row["user_id"]] = row
        return sorted(found.values(), key=lambda row: str(row["name"]))

    def cut(self, seats: Iterable[Seat], code: int) -> None:
        """Close sockets: rights have changed, or the console is of no use."""
        for seat in list(seats):
            log.info("seat_cut", user_id=seat.user_id, code=code)
            self.detach(seat)
            seat.close(code)

    # ---- pushing

    async def run(self) -> None:
        """Push what has gathered, round after round. No fault of one change ends the task: the server would stop."""
        while True:
            await self._wake.wait()
            changes, self._changes = self._changes[:SLICE], self._changes[SLICE:]
            if not self._changes:
                self._wake.clear()
            try:
                await self.push(INCIDENTS, _encoded(changes))
            except (
                Exception
            ):  # see above; the consoles see the gap in the versions at the next change
                log.exception("push_failed", incident_ids=[str(identity_of(c)[0]) for c in changes])

    async def push(self, feed: Feed, rows: Sequence[Shown]) -> None:
        """Rows of a table, each to the seats that see it."""
        pushed = self.pushed[feed.name]
        for row in rows:
            pushed.note(row.key, row.version)
            if row.change is not None:
                self.open_incidents.note(row.change)
        if self._looks is not None:
            people = (seat for seat in self.seats.values() if not seat.watches)
            self._looks.note(rows, {seat.scope_for(feed.audience) for seat in people})
        frames = FramesByScope(feed.layout, rows)
        await self._fan_out(lambda seat: frames.of(seat.scope_for(feed.audience), seat.opened))

    async def tell_all(self, message: dict[str, Any]) -> None:
        """The same frame to every seat where a person sits."""
        made = frame(message)
        await self._fan_out(lambda seat: None if seat.watches else made)

    async def tell_user(self, user_id: int, message: dict[str, Any]) -> None:
        """To every seat that this user has at this process."""
        made = frame(message)
        await self._fan_out(lambda seat: made if seat.user_id == user_id else None)

    async def tell_scopes(self, message: Callable[[Scope], dict[str, Any]]) -> None:
        """To every seat what its scope sees, made once a scope."""
        made = {scope: frame(message(scope)) for scope in {s.scope for s in self.seats.values()}}
        await self._fan_out(lambda seat: made.get(seat.scope))

    def tell_granted(
        self, audience: Action, message: Callable[[Scope], dict[str, Any] | None]
    ) -> None:
        """At once, to every seat whose user is granted this anywhere, what their regions see; made once for all of the same. None: nothing."""
        made: dict[Scope, bytes | None] = {}
        for seat in self.seats.values():
            scope = seat.scope_for(audience)
            if scope and scope not in made:
                said = message(scope)
                made[scope] = None if said is None else frame(said)
            if found := made.get(scope):
                seat.link.offer(found)

    async def _fan_out(self, frame_for: Callable[[Seat], bytes | None]) -> None:
        for number, seat in enumerate(list(self.seats.values()), 1):
            made = frame_for(seat)
            if made is not None:
                seat.link.offer(made)
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)
        for seat in [seat for seat in self.seats.values() if seat.link.cut]:
            log.warning("seat_too_slow", user_id=seat.user_id)
            metrics.SEATS_CUT.inc()
            self.detach(seat)


def _encoded(changes: Sequence[Change]) -> list[Shown]:
    """Those that have a JSON form; one that has none keeps no other from the seats."""
    made = []
    for change in changes:
        try:
            made.append(shown_incident(change))
        except Exception:  # whatever is wrong with it is wrong with it alone
            log.exception("incident_not_shown", incident_id=str(identity_of(change)[0]))
    return made
