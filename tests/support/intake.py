"""An intake in memory with a real commit point: it can be held, and the store behind it can be away."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callcenter.alerts.arriving.flushing import Stored
from callcenter.alerts.models import JournalOutcome
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import Signal


@dataclass(slots=True)
class HeldCommit:
    """Signals that wait for their commit until `release` is set."""

    signals: Sequence[Signal]
    release: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class MemoryIntake:
    """Fulfils callcenter.listeners.delivery.IntakePort."""

    stored: list[Signal] = field(default_factory=list)
    repeats: list[Signal] = field(default_factory=list)
    undecodable: list[tuple[bytes, str | None, str]] = field(default_factory=list)
    alive: Counter[str | None] = field(default_factory=Counter)
    held: list[HeldCommit] = field(default_factory=list)
    holding: bool = False
    store_is_away: bool = False
    refused: int = 0
    broken: bool = False

    async def accept(
        self, source: SourceRef, signals: Sequence[Signal], received_at: datetime
    ) -> list[Stored]:
        if self.holding:
            commit = HeldCommit(signals)
            self.held.append(commit)
            await commit.release.wait()
        if self.broken:
            raise ZeroDivisionError
        self._refuse_when_away()
        seen = {signal.dedup_key for signal in self.stored}
        outcomes = []
        for signal in signals:
            is_repeat = signal.dedup_key in seen
            (self.repeats if is_repeat else self.stored).append(signal)
            outcome = JournalOutcome.DUPLICATE if is_repeat else JournalOutcome.OPENED
            outcomes.append(Stored(new_id(), outcome, None))
        return outcomes

    async def keep_undecodable(
        self,
        source: SourceRef,
        raw: bytes,
        identifier: str | None,
        reason: str,
        received_at: datetime,
    ) -> None:
        self._refuse_when_away()
        self.undecodable.append((raw, identifier, reason))

    def count_liveness(self, source: SourceRef, identifier: str | None, at: datetime) -> None:
        self.alive[identifier] += 1

    def _refuse_when_away(self) -> None:
        if self.store_is_away:
            self.refused += 1
            raise Unavailable("The store is away.")
