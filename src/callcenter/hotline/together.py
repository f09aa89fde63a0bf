"""Whoever takes the incident of a key that dials has its call, and whoever takes the call has its incident. Neither waits for the other:
what cannot be taken as well (a colleague was faster, no telephone is there) stays as it is, and the seat shows both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.bodies import CommandBody
from callcenter.alerts.change import Change
from callcenter.alerts.handling.away import Away, either
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.router import operator_of
from callcenter.alerts.incident import Incident
from callcenter.auth.sessions import Principal
from callcenter.core.errors import CallCenterError
from callcenter.core.ids import new_id
from callcenter.core.recent import Recent
from callcenter.core.supervisor import StartShort
from callcenter.hotline.call import SOUGHT, Call
from callcenter.hotline.red_call import calls_for_help

log = structlog.get_logger(__name__)

_TAKE: Final = next(command for command in OPERATORS if command.name == "take")
KNOWN: Final = 2_000


class Seat(Protocol):
    """Port: takes a call at the telephone of whoever is named. `hotline.telephone.calling.Calling` fulfils it."""

    def take(self, principal: Principal, call_id: UUID) -> object:
        """Raises the errors of the tree."""


class Together:
    """One of those who are told of calls, and of those who hear of incidents. `principal_of`: a log-in of this user that is here."""

    def __init__(
        self,
        bench: Workbench,
        away: Away,
        seat: Seat,
        standing: Callable[[], Iterable[Call]],
        principal_of: Callable[[int], Principal | None],
        start_short: StartShort,
    ) -> None:
        self._bench = bench
        self._away = away
        self._seat = seat
        self._standing = standing
        self._principal_of = principal_of
        self._start_short = start_short
        self._asked: Recent[tuple[UUID, int], bool] = Recent(KNOWN)
        """Which incidents were taken for whom: once each, whatever came of it."""

    # ---- a call was taken

    def hear(self, calls: Sequence[Call]) -> None:
        """What has changed of calls."""
        for call in calls:
            if call.taken_by is not None and call.incident_id is not None and calls_for_help(call):
                self._take_incident_once(call.incident_id, call.taken_by)

    def _take_incident_once(self, incident_id: UUID, user_id: int) -> None:
        key = incident_id, user_id
        principal = self._principal_of(user_id)
        if key in self._asked or principal is None:
            return
        self._asked.put(key, True)
        taking = self._take_incident(incident_id, principal)
        self._start_short(taking, name=f"incident of a call for user {user_id}")

    async def _take_incident(self, incident_id: UUID, principal: Principal) -> None:
        body = CommandBody(command_id=new_id())
        order = Order(_TAKE, body, body.command_id, operator_of(principal))

        async def asked(connection: asyncpg.Connection) -> Incident:
            return await carry_out(connection, self._bench, incident_id, order)

        async def remember() -> Incident:
            return await self._away.carry_out(incident_id, order)

        try:
            await either(self._bench.connections, self._away, incident_id, asked, remember)
        except CallCenterError as error:
            log.info("incident_not_taken_with_call", incident_id=str(incident_id), code=error.code)

    # ---- an incident was taken

    def heard_of(self, changes: Sequence[Change]) -> None:
        """What has changed of incidents, in this process."""
        for change in changes:
            user_id = change.incident.taken_by
            if user_id is not None and any(each.kind == "taken" for each in change.entries):
                self._asked.put((change.incident.id, user_id), True)
                self._take_call(change.incident.id, user_id)

    def _take_call(self, incident_id: UUID, user_id: int) -> None:
        call = self._sought(incident_id)
        principal = self._principal_of(user_id)
        if call is None or principal is None:
            return
        try:
            self._seat.take(principal, call.id)
        except CallCenterError as error:
            log.info("call_not_taken_with_incident", call=call.pbx_call, code=error.code)
        except Exception:  # whatever is wrong with the call, the incident is taken
            log.exception("call_not_taken_with_incident", call=call.pbx_call)

    def _sought(self, incident_id: UUID) -> Call | None:
        """The one that rang first, of those with whom nobody speaks."""
        of_it = [
            each
            for each in self._standing()
            if each.incident_id == incident_id and each.state in SOUGHT
        ]
        return min(of_it, key=lambda each: each.offered_at, default=None)
