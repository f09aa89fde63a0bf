"""What operators order of calls, each within their rights: found by the region of its line, carried out by the switchboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.clock import Clock
from callcenter.core.errors import Conflict, Forbidden, NotFound
from callcenter.devices.callers import Chosen, Match
from callcenter.hotline.call import Call, HeardBy
from callcenter.hotline.deeds import Deed
from callcenter.hotline.known_lines import KnownLines
from callcenter.hotline.lines import Lines
from callcenter.hotline.shown import CallShown, shown
from callcenter.hotline.switchboard import Switchboard
from callcenter.hotline.telephone.telephones import Telephones
from callcenter.hotline.waiting import by_turn
from callcenter.telephony.line import Line, LineKind

Identify = Callable[[Chosen, Call], Match | None]
"""Who that is, from memory; None: nobody that is known."""


def among_matches(chosen: Chosen, call: Call) -> Match | None:
    """One of those who have the number."""
    return next((each for each in call.matches if _is(each, chosen)), None)


def _is(match: Match, chosen: Chosen) -> bool:
    return match.whose == chosen.whose and (
        match.resident_id, match.contact_id, match.staff_id, match.organisation_id, match.device_id,
    ) == (
        chosen.resident_id, chosen.contact_id, chosen.staff_id, chosen.organisation_id, chosen.device_id,
    )  # fmt: skip


class Calling:
    """A port of the API. Raises as the tree of errors has it: NotFound, Forbidden, Conflict."""

    def __init__(
        self,
        lines: Lines,
        known: KnownLines,
        telephones: Telephones,
        clock: Clock,
        path_of: Callable[[int], Sequence[int]],
        identify: Identify = among_matches,
    ) -> None:
        self.telephones = telephones
        self._lines = lines
        self._known = known
        self._clock = clock
        self._path_of = path_of
        self._identify = identify

    @property
    def is_connected(self) -> bool:
        return self._board.is_connected

    @property
    def _board(self) -> Switchboard:
        return self._lines.board

    def path_of(self, call: Call) -> Sequence[int]:
        return self._path_of(call.region_id)

    def shown(self, call: Call) -> CallShown:
        return shown(call, self._known.line_of, simulated=self._lines.pbx.is_simulated)

    def standing(self, principal: Principal) -> Sequence[CallShown]:
        """Calls of their regions that have not ended: whoever waits by their turn, then those that somebody speaks with."""
        calls = by_turn(self._board.calls.values())
        return [
            self.shown(each)
            for each in calls
            if principal.may(Action.ANSWER_CALLS, self.path_of(each))
        ]

    # ---- orders

    def take(self, principal: Principal, call_id: UUID) -> CallShown:
        self._find(principal, call_id)
        seat = self.telephones.seat_of(principal)
        return self._done(
            call_id, self._board.take(call_id, principal.user_id, seat, self._clock.now())
        )

    def hang_up(self, principal: Principal, call_id: UUID) -> CallShown:
        self._find(principal, call_id)
        return self._done(
            call_id, self._board.hang_up(call_id, principal.user_id, self._clock.now())
        )

    def hold(self, principal: Principal, call_id: UUID) -> CallShown:
        self._find(principal, call_id)
        return self._done(call_id, self._board.hold(call_id, principal.user_id))

    def resume(self, principal: Principal, call_id: UUID) -> CallShown:
        self._find(principal, call_id)
        return self._done(call_id, self._board.resume(call_id, principal.user_id))

    def pass_on(self, principal: Principal, call_id: UUID, to: int | None) -> CallShown:
        """Whom nobody can ring is told of before the caller waits for them."""
        call = self._find(principal, call_id)
        if to is not None:
            self.telephones.seat_of_colleague(to, self.path_of(call))
        now = self._clock.now()
        return self._done(call_id, self._board.pass_on(call_id, principal.user_id, to, now))

    def consult(self, principal: Principal, call_id: UUID, colleague: int) -> CallShown:
        call = self._find(principal, call_id)
        seat = self.telephones.seat_of_colleague(colleague, self.path_of(call))
        if colleague == principal.user_id:
            raise Conflict("Nobody asks themselves.", code="wrong_state")
        now = self._clock.now()
        deeds = self._board.consult(call_id, principal.user_id, colleague, seat, now)
        return self._done(call_id, deeds)

    def give(self, principal: Principal, call_id: UUID) -> CallShown:
        self._find(principal, call_id)
        return self._done(call_id, self._board.give(call_id, principal.user_id, self._clock.now()))

    def take_back(self, principal: Principal, call_id: UUID) -> CallShown:
        self._find(principal, call_id)
        return self._done(call_id, self._board.take_back(call_id, principal.user_id))

    def add(self, principal: Principal, call_id: UUID, number: str) -> CallShown:
        self._find(principal, call_id)
        return self._done(
            call_id, self._board.add(call_id, principal.user_id, number, self._clock.now())
        )

    def keys(self, principal: Principal, call_id: UUID, digits: str) -> CallShown:
        self._find(principal, call_id)
        return self._done(call_id, self._board.keys(call_id, principal.user_id, digits))

    def listen_in(self, principal: Principal, call_id: UUID, heard_by: HeardBy) -> CallShown:
        self._find(principal, call_id, Action.LISTEN_IN)
        seat = self.telephones.seat_of(principal)
        now = self._clock.now()
        return self._done(
            call_id, self._board.listen_in(call_id, principal.user_id, seat, now, heard_by)
        )

    def attach(self, principal: Principal, call_id: UUID, chosen: Chosen) -> CallShown:
        """Say who it is. Raises NotFound where nobody of their regions is known by it."""
        call = self._find(principal, call_id)
        match = self._identify(chosen, call)
        if match is None or not principal.may(Action.ANSWER_CALLS, self._path_of(match.region_id)):
            raise NotFound("Nobody is known by that.", what=chosen.whose)
        self._board.attach(call_id, match)
        return self._done(call_id, ())

    def wrapped_up(self, principal: Principal, call_id: UUID) -> CallShown:
        """Ready for the next one. Raises NotFound."""
        call = self._board.wrapped_up(call_id, principal.user_id, self._clock.now())
        self._lines.follow(())
        return self.shown(call)

    def dial(
        self, principal: Principal, number: str, incident_id: UUID | None, line: str | None
    ) -> UUID:
        """The operator's own telephone first, then that number."""
        seat, now = self.telephones.seat_of(principal), self._clock.now()
        chosen = self._line_for(principal, line)
        id_, deeds = self._board.dial(chosen, number, principal.user_id, seat, now, incident_id)
        self._lines.follow(deeds)
        return id_

    # ---- within

    def _find(
        self, principal: Principal, call_id: UUID, action: Action = Action.ANSWER_CALLS
    ) -> Call:
        call = self._board.calls.get(call_id)
        if call is None:
            raise NotFound(f"There is no call {call_id}, or it has ended.", what="call")
        principal.find(action, self.path_of(call), "call")
        if not self._board.is_connected:
            raise Conflict(
                "The exchange does not answer: what stands in it goes on without orders.",
                code="pbx_away",
            )
        return call

    def _done(self, call_id: UUID, deeds: Sequence[Deed]) -> CallShown:
        """As it is afterwards; ended ones stand among the changed until they are told."""
        call = self._board.changed.get(call_id) or self._board.calls[call_id]
        self._lines.follow(deeds)
        return self.shown(self._board.calls.get(call_id, call))

    def _line_for(self, principal: Principal, number: str | None) -> Line:
        """The one that is named, else the first of their regions; calls of the centre go out by no red one where there is another."""
        regions = [
            each
            for each in self._known.listed
            if principal.may(Action.ANSWER_CALLS, self._path_of(each.region_id))
        ]
        if number is not None:
            found = next((each for each in regions if each.number == number), None)
            if found is None:
                raise NotFound(f"There is no line {number}.", what="line")
            return found
        by_kind = sorted(regions, key=lambda each: each.kind is LineKind.RED)
        if not by_kind:
            raise Forbidden("No line of your regions is set up.", code="no_line")
        return by_kind[0]
