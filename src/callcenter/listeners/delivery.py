"""From a frame to the bytes of its reply: what every listener does between its codec and intake.

Nothing is acknowledged before intake has said that the signals are on disk. A store that is away is answered with
silence, in every protocol, because a device that hears nothing repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import structlog

from callcenter.core import metrics
from callcenter.core.errors import Unavailable
from callcenter.devices.callers import SourceRef
from callcenter.devices.codec import Frame, FrameCodec, Refusal
from callcenter.devices.signals import Signal
from callcenter.listeners.samples import Samples

log = structlog.get_logger(__name__)


class IntakePort(Protocol):
    """What a listener needs of intake."""

    async def accept(
        self, source: SourceRef, signals: Sequence[Signal], received_at: datetime
    ) -> Sequence[object]:
        """Return after the commit, one outcome per signal; raise Unavailable when it cannot be stored now."""

    async def keep_undecodable(
        self,
        source: SourceRef,
        raw: bytes,
        identifier: str | None,
        reason: str,
        received_at: datetime,
    ) -> None:
        """Journal a frame nobody can read, with the reason; raise Unavailable when that cannot be stored now."""

    def count_liveness(self, source: SourceRef, identifier: str | None, at: datetime) -> None:
        """Note a pure life sign."""


class Delivery:
    """The way of one source's frames into intake; shared by all its connections."""

    def __init__(
        self,
        source: SourceRef,
        intake: IntakePort,
        *,
        samples: Samples | None = None,
    ) -> None:
        self.source = source
        self._intake = intake
        self._samples = samples or Samples()

    def settle_at_once(
        self, codec: FrameCodec, frame: Frame, received_at: datetime, peer: str
    ) -> bytes | None:
        """Settle a frame that is not stored, a life sign without a remark or rubbish beyond the minute's share; None for
        any other.
        """
        if frame.signals:
            return None
        if frame.error is None:
            if frame.remark is not None and not self._samples.is_used_up(received_at, peer):
                return None
            if frame.liveness:
                self._intake.count_liveness(self.source, frame.identifier, received_at)
            return codec.commit(frame.token)
        if self._samples.is_used_up(received_at, peer):
            metrics.GARBAGE.labels(self.source.name).inc()
            return codec.refuse(frame.token, frame.error.refusal)
        return None

    async def settle(
        self, codec: FrameCodec, frame: Frame, received_at: datetime, peer: str
    ) -> bytes:
        """Store what a frame holds that `settle_at_once` has left, and give the bytes that may be written now.

        A frame with an error may carry signals (a wrong clock, no key): they are stored first, then the frame is
        refused. Every frame is settled in its codec, whatever happens, so that later replies are not held up.
        """
        try:
            await self._store(frame, received_at, peer)
        except Unavailable as error:
            metrics.REFUSED.labels(self.source.name).inc()
            log.warning("frame_not_stored", source=self.source.name, reason=error.message)
            return codec.refuse(frame.token, Refusal.NOT_STORED)
        except Exception:  # A fault of ours with one frame: no acknowledgement for it, and none held back behind it.
            metrics.REFUSED.labels(self.source.name).inc()
            log.exception("frame_failed", source=self.source.name, identifier=frame.identifier)
            return codec.refuse(frame.token, Refusal.NOT_STORED)
        if frame.error is not None:
            return codec.refuse(frame.token, frame.error.refusal)
        return codec.commit(frame.token)

    async def keep_torn(self, raw: bytes, received_at: datetime, peer: str) -> None:
        """Journal what was left when a connection or a datagram ended within a frame."""
        try:
            await self._keep(raw, None, "it ended within a frame", received_at, peer)
        except Unavailable:
            metrics.GARBAGE.labels(self.source.name).inc()

    async def _store(self, frame: Frame, received_at: datetime, peer: str) -> None:
        if frame.signals:
            signals = [replace(signal, peer=peer) for signal in frame.signals]
            await self._intake.accept(self.source, signals, received_at)
        elif frame.error is not None:
            await self._keep(frame.raw, frame.identifier, frame.error.detail, received_at, peer)
        elif frame.remark is not None:
            self._intake.count_liveness(self.source, frame.identifier, received_at)
            await self._keep(frame.raw, frame.identifier, frame.remark, received_at, peer)

    async def _keep(
        self, raw: bytes, identifier: str | None, detail: str, received_at: datetime, peer: str
    ) -> None:
        if not self._samples.take(received_at, peer):
            metrics.GARBAGE.labels(self.source.name).inc()
            return
        reason = f"{detail} (from {peer})"
        await self._intake.keep_undecodable(self.source, raw, identifier, reason, received_at)
