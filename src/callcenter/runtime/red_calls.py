"""What hangs on the lines for the sake of alarms: a key that dials is an alarm, before anything else is done with its call; then rows, the
end on the timeline, what was missed, and whoever takes one of call and incident has both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.auth.sessions import Principal
from callcenter.core.data_folder import place_in_calls_log
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import StartShort
from callcenter.devices.callers import Chosen, Match
from callcenter.devices.registry import Registry
from callcenter.hotline.alarming import Alarming
from callcenter.hotline.call import Call
from callcenter.hotline.ends import ENDS, Ends
from callcenter.hotline.entering import ENTERING, Entering
from callcenter.hotline.identifying import identified
from callcenter.hotline.matching import matches_of
from callcenter.hotline.models import source_of
from callcenter.hotline.reading_back import READ_BACK, Ports, ReadingBack
from callcenter.hotline.seeking import NumberSeeking
from callcenter.hotline.together import Together
from callcenter.runtime.ground import Ground
from callcenter.runtime.lines import Exchange, Hanging, id_of
from callcenter.runtime.part import Part
from callcenter.seats.hub import Hub
from callcenter.telephony.line import Line
from callcenter.telephony.numbers import Caller
from callcenter.telephony.pbx import Pbx
from callcenter.telephony.pbxs.asterisk.log_file import LogFile

log = structlog.get_logger(__name__)


class RedCalls:
    """Made before the exchange, which is told of it by `hang`; `part` needs both."""

    def __init__(  # noqa: PLR0913, PLR0917 - a composition
        self,
        ground: Ground,
        pbx: Pbx,
        registry: Registry,
        intake: Intake,
        keeping: Keeping,
        bench: Workbench,
        away: Away,
        hub: Hub,
        start_short: StartShort,
    ) -> None:
        self._ground = ground
        self._registry = registry
        self._bench = bench
        self._away = away
        self._hub = hub
        self._start_short = start_short
        self._exchange: Exchange | None = None
        self.seeking = NumberSeeking(
            registry,
            HeldConnections(ground.database, "number-seeking", 1),
            lambda call: self._matches(call.caller),
            away.is_away,
        )
        self.alarming = Alarming(
            intake, registry, ground.clock, start_short, self._opened, self.seeking
        )
        incident_of = self.alarming.incident_of
        self.entering = Entering(
            HeldConnections(ground.database, ENTERING, 1),
            ground.clock,
            lambda pbx, call: _now_in(keeping, incident_of(pbx, call)),
            lambda: ground.wakeups.wake(ENTERING),
            source_of(pbx),
        )
        self.ends = Ends(
            bench,
            away,
            HeldConnections(ground.database, ENDS, 1),
            incident_of,
            self._names,
            keeping.elsewhere,
            lambda: ground.wakeups.wake(ENDS),
        )

    def hang(self, hanging: Hanging) -> None:
        """The alarm first; nobody hears of a call before."""
        hanging.matches_of = self._matches
        hanging.identify = self._identify
        hanging.told[:0] = [self.alarming.hear, self.entering.hear, self.ends.hear]

    def part(self, exchange: Exchange, folder: Path | None) -> Part:
        """Everything that runs. What came while this server was away is read in the folder of the exchange, where it has one."""
        ground, board = self._ground, exchange.lines.board
        self._exchange = exchange
        together = Together(
            self._bench, self._away, exchange.calling, lambda: list(board.calls.values()), self._principal_of, self._start_short
        )  # fmt: skip
        reading = [self._reading(exchange, folder)] if folder is not None else []

        def connected(calls: Sequence[Call]) -> None:
            if not calls and board.is_connected:
                ground.wakeups.wake(READ_BACK)

        exchange.listen(together.hear, connected)
        self._hub.heard.append(together.heard_of)

        async def stop() -> None:
            for held in (
                self.entering.connections,
                self.ends.connections,
                self.seeking.connections,
            ):
                await held.close()
            for each in reading:
                await each.connections.close()

        return Part(processors=[self.entering, self.ends, *reading], stop=stop)

    def _reading(self, exchange: Exchange, folder: Path) -> ReadingBack:
        ground, board = self._ground, exchange.lines.board
        return ReadingBack(
            board.pbx,
            LogFile(folder / "log" / "cel-custom" / "calls.csv"),
            place_in_calls_log(ground.settings.data_dir, board.pbx),
            Ports(
                exchange.known.line_of,
                exchange.known.caller_of,
                self._matches,
                lambda: {each.pbx_call for each in board.calls.values()},
                lambda call: id_of(board.pbx, call),
            ),
            self.alarming,
            self.entering,
            self.ends,
            HeldConnections(ground.database, READ_BACK, 1),
        )

    def _opened(self, call: Call, incident: UUID) -> None:
        exchange = self._exchange
        self.entering.note_incident(call)
        self._ground.wakeups.wake(ENDS)
        if exchange is not None:
            exchange.lines.board.match(call.id, call.matches, call.attached)
            exchange.lines.board.bind(call.id, incident)
            exchange.lines.follow(())

    def _matches(self, caller: Caller, _line: Line | None = None) -> Sequence[Match]:
        """Whatever is wrong with the copy in memory, the call comes, and is an alarm."""
        try:
            return matches_of(caller, self._registry, self._ground.clock.now())
        except Exception:  # see above
            log.exception("number_not_matched")
            return ()

    def _identify(self, chosen: Chosen, call: Call) -> Match | None:
        return identified(chosen, call, self._registry, self._ground.clock.now())

    def _names(self) -> Mapping[int, str]:
        return {each["user_id"]: each["name"] for each in self._hub.colleagues()}

    def _principal_of(self, user_id: int) -> Principal | None:
        seats = (each for each in self._hub.seats.values() if each.user_id == user_id)
        return next((each.principal for each in seats), None)


def _now_in(keeping: Keeping, incident: UUID | None) -> UUID | None:
    """Where it is written, if it turned out to be part of another one."""
    return keeping.elsewhere.get(incident, incident) if incident is not None else None
