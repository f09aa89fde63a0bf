"""What the office keeps on its own spool while the database is away: calls of gateways as they came, and which texts have left
before their rows. Read again at the next start, by any later release.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
import structlog

from callcenter.core.ids import new_id
from callcenter.core.spool import Segment, Spool
from callcenter.sms.claiming import Attempt
from callcenter.sms.gateway import HookRequest

log = structlog.get_logger(__name__)

FORM: Final = 1
NEVER_AFTER: Final = timedelta(days=1)
"""Past the time of a text: what it told of was written otherwise, and its row never comes."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptCall:
    """One call of a gateway, to be read when the database is back."""

    gateway: str
    request: HookRequest
    at: datetime
    segment: Segment


class LeftTexts(Protocol):
    """Which texts have left without their rows, so that another process of this office knows it."""

    async def leave(self, attempts: Sequence[Attempt]) -> None:
        """Before the first of them goes out."""

    def claimed(self, ids: Iterable[UUID]) -> None:
        """Their rows say it themselves."""


class KeptInMind:
    """Nothing is kept on the disk."""

    async def leave(self, attempts: Sequence[Attempt]) -> None:
        """They are forgotten with the process."""

    def claimed(self, ids: Iterable[UUID]) -> None:
        """As above."""


class Kept:
    """The spool of the office. `left` texts are those of an earlier process that no row has claimed yet."""

    def __init__(self, spool: Spool, now: datetime) -> None:
        self._spool = spool
        self._began = now
        self.calls: list[KeptCall] = []
        self.left: list[Attempt] = []
        self._left_at: dict[UUID, Segment] = {}
        for segment, body in spool.left():
            self._read(segment, body)
        if self.calls or self.left:
            log.warning("office_spool_left", calls=len(self.calls), texts=len(self.left))

    async def call(self, gateway: str, request: HookRequest, at: datetime) -> None:
        """Keep a call; returns when it is on the disk. Raises OSError: it is not."""
        segment = self._spool.append(_of_call(gateway, request, at))
        await self._synced([segment])
        self.calls.append(KeptCall(gateway, request, at, segment))

    def entered(self, call: KeptCall) -> None:
        """The database has what it says."""
        self.calls.remove(call)
        self._spool.release(call.segment)

    def set_aside(self, call: KeptCall) -> None:
        """Nobody can read it, or the database refuses it for good: its file stays beside."""
        self.calls.remove(call)
        self._spool.set_aside(call.segment)

    async def leave(self, attempts: Sequence[Attempt]) -> None:
        """See LeftTexts. A disk that takes nothing keeps no text from leaving: what is forgotten may go out a second time."""
        try:
            made = {each.id: self._spool.append(_of_text(each)) for each in attempts}
            self._left_at |= made
            await self._synced(made.values())
        except OSError as error:
            log.error("office_spool_refuses", error=str(error))  # noqa: TRY400 - a full disk has no stack to show

    def claimed(self, ids: Iterable[UUID]) -> None:
        for one in ids:
            segment = self._left_at.pop(one, None)
            if segment is not None:
                self._spool.release(segment)

    def close(self) -> None:
        self._spool.close()

    async def _synced(self, segments: Iterable[Segment]) -> None:
        await self._spool.sync()
        if any(segment.failed for segment in segments):
            raise OSError("the spool does not have it")

    def _read(self, segment: Segment, body: bytes) -> None:
        try:
            said = orjson.loads(body)
            if (said["v"], said["what"]) == (FORM, "call"):
                self.calls.append(_call(said, segment))
            else:
                self._leave_again(_text(said), segment)
        except (ValueError, KeyError, TypeError) as error:
            log.error("spool_record_not_read", reason=repr(error))  # noqa: TRY400 - the reason is all there is
            self._spool.set_aside(segment)

    def _leave_again(self, attempt: Attempt, segment: Segment) -> None:
        if attempt.expires_at < self._began - NEVER_AFTER:
            self._spool.release(segment)
            return
        self.left.append(attempt)
        self._left_at[attempt.id] = segment


def _of_call(gateway: str, request: HookRequest, at: datetime) -> bytes:
    return orjson.dumps(
        {
            "v": FORM,
            "what": "call",
            "id": str(new_id()),
            "at": at,
            "gateway": gateway,
            "tail": request.tail,
            "query": b64encode(request.query).decode(),
            "headers": dict(request.headers),
            "body": b64encode(request.body).decode(),
        }
    )


def _call(said: Mapping[str, Any], segment: Segment) -> KeptCall:
    query, body = b64decode(said["query"]), b64decode(said["body"])
    request = HookRequest(said["tail"], query, said["headers"], body)
    return KeptCall(said["gateway"], request, datetime.fromisoformat(said["at"]), segment)


def _of_text(attempt: Attempt) -> bytes:
    """Nothing of what it says: that stands in its row."""
    return orjson.dumps(
        {
            "v": FORM,
            "what": "text",
            "id": str(attempt.id),
            "gateway": attempt.gateway,
            "recipient": attempt.recipient,
            "priority": attempt.priority,
            "expires_at": attempt.expires_at,
            "segments": attempt.segments,
        }
    )


def _text(said: Mapping[str, Any]) -> Attempt:
    if (said["v"], said["what"]) != (FORM, "text"):
        raise ValueError(f"a record {said['what']!r} of form {said['v']} is not known")
    return Attempt(
        id=UUID(said["id"]),
        number=1,
        gateway=said["gateway"],
        recipient=said["recipient"],
        priority=said["priority"],
        expires_at=datetime.fromisoformat(said["expires_at"]),
        segments=said["segments"],
        probe=None,
        message=None,
    )
