"""What a call brought to light becomes a signal like any other: the office writes a row, this processor of the alarm process hands
it on. A dead office loses nothing, and neither does a dead alarm process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.called import (
    SEARCHED,
    CalledBody,
    as_told,
    office_of,
    office_signal,
    signal_of,
    stranger,
)
from callcenter.core.errors import CallCenterError
from callcenter.core.held import LOST, HeldConnections
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind

log = structlog.get_logger(__name__)

RAISED: Final = "call_signals"
"""The processor's name, and the channel of the hint that wakes it."""
AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody of the centre has learned about a home, or of a number that nobody is registered under."""

    id: UUID
    home_id: int | None
    resident_id: int | None
    region_id: int
    kind: Kind
    text: str
    searched: bool = False
    """Somebody has been at the door as well."""
    number: str = ""


class Opening(Protocol):
    """Port: opens or joins an incident; the same id again is the same one."""

    async def open(
        self, connection: asyncpg.Connection, said: Said, now: datetime
    ) -> UUID | None: ...


class ByIntake:
    """As a signal of the home, from the source `office`."""

    def __init__(self, intake: Intake, registry: Registry) -> None:
        self._intake = intake
        self._registry = registry

    async def open(self, connection: asyncpg.Connection, said: Said, now: datetime) -> UUID | None:
        """The incident it opened or joined. A home that is gone calls as an unknown one, so that nothing is lost."""
        if said.home_id is None:
            return await self._open_for_number(said, now)
        await self._registry.find_home(connection, said.home_id)
        caller = self._registry.home_caller(said.home_id, said.resident_id, now)
        home, raw = f"home:{said.home_id}", said.text.encode()
        signal = office_signal(said.id, said.kind, raw, identifier=home, text=said.text)
        if said.searched:
            signal = replace(signal, flags=(SEARCHED,))
        [stored] = await self._intake.accept(office_of(said.region_id), [signal], now, caller)
        return stored.incident_id

    async def _open_for_number(self, said: Said, now: datetime) -> UUID | None:
        """As an operator opens it in words: known by the number, so that a second call joins the first."""
        body = CalledBody(
            command_id=said.id,
            kind=said.kind,
            said=said.text,
            phone=said.number,
            region_id=said.region_id,
        )
        signal = signal_of(body, None, (0, ""))
        path = self._registry.region_path(said.region_id)
        settings = self._registry.region_settings(said.region_id)
        caller = as_told(stranger(body, said.region_id, path, settings), signal)
        [stored] = await self._intake.accept(office_of(said.region_id), [signal], now, caller)
        return stored.incident_id


class CallSignals:
    """The processor: hinted by the office, else every second."""

    name = RAISED
    interval_s = 1.0

    def __init__(self, connections: HeldConnections, opening: Opening) -> None:
        self._connections = connections
        self._opening = opening

    async def run_once(self, now: datetime) -> int:
        """Hand on what waits, the oldest first; what cannot be stored now stays."""
        async with self._connections.use() as connection:
            rows = await connection.fetch(_WAITING, AT_ONCE)
            raised = [await self._raise(connection, row, now) for row in rows]
        return sum(raised)

    async def _raise(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> bool:
        """Whether it was handed on. One that cannot be keeps no other waiting."""
        try:
            said = Said(**{**row, "kind": Kind(row["kind"])})
            incident_id = await self._opening.open(connection, said, now)
            await connection.execute(_RAISED, said.id, now, incident_id)
        except CallCenterError as error:
            log.warning("call_signal_left_for_later", id=str(row["id"]), code=error.code)
        except LOST:
            raise
        except Exception:  # whatever is wrong with it is wrong with it alone
            log.exception("call_signal_failed", id=str(row["id"]))
        else:
            return True
        return False


_WAITING = """
SELECT id, home_id, resident_id, region_id, kind, text, searched, number FROM call_signal
WHERE raised_at IS NULL ORDER BY created_at LIMIT $1
"""

_RAISED = "UPDATE call_signal SET raised_at = $2, incident_id = $3 WHERE id = $1"
