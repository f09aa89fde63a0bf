"""What the office keeps on its own spool while the database is away: calls of gateways as they came, and which texts have left
before their rows. Read again at the next start, by any later release.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
import structlog

from callcenter.core.spool import Segment, Spool
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.claiming import Attempt
from callcenter.sms.gateway import HookRequest, Outcome, OutgoingText, SendResult

log = structlog.get_logger(__name__)

FORM: Final = 1
_OF_LEFT: Final = frozenset({(FORM, "landed"), (FORM, "again")})
NEVER_AFTER: Final = timedelta(days=1)
"""Past the time of a text: what it told of was written otherwise, and its row never comes."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptCall:
    """One call of a gateway, to be read when the database is back."""

    gateway: str
    request: HookRequest
    at: datetime
    segment: Segment
    id: UUID
    """By which the texts in it are known."""
    of_field: tuple[int, ...] = ()
    """At which places stand texts that are for whoever reads for those outside, as it was decided when it came."""


@dataclass(slots=True)
class LeftText:
    """A text that left, and what an earlier process knew of it; `result` None: nothing."""

    attempt: Attempt
    result: SendResult | None = None
    tries: int = 1


class LeftTexts(Protocol):
    """Which texts have left without their rows, so that another process of this office knows it."""

    async def leave(self, attempts: Sequence[Attempt]) -> None:
        """Before the first of them goes out."""

    async def again(self, attempts: Sequence[Attempt]) -> None:
        """Before they go out once more: what was known of them says nothing now."""

    def landed(self, text_id: UUID, result: SendResult) -> None:
        """What the gateway said."""

    def claimed(self, ids: Iterable[UUID]) -> None:
        """Their rows say it themselves."""


class KeptInMind:
    """Nothing is kept on the disk."""

    async def leave(self, attempts: Sequence[Attempt]) -> None:
        """They are forgotten with the process."""

    async def again(self, attempts: Sequence[Attempt]) -> None:
        """As above."""

    def landed(self, text_id: UUID, result: SendResult) -> None:
        """As above."""

    def claimed(self, ids: Iterable[UUID]) -> None:
        """As above."""


class Kept:
    """The spool of the office."""

    def __init__(self, spool: Spool, now: datetime) -> None:
        self._spool = spool
        self._began = now
        self.calls: list[KeptCall] = []
        self._left: dict[UUID, LeftText] = {}
        self._left_at: defaultdict[UUID, list[Segment]] = defaultdict(list)
        self._unsynced = False
        for segment, body in spool.left():
            self._read(segment, body)
        if self.calls or self._left:
            log.warning("office_spool_left", calls=len(self.calls), texts=len(self._left))

    @property
    def left(self) -> Collection[LeftText]:
        """Texts of an earlier process that no row has claimed yet."""
        return self._left.values()

    async def call(
        self,
        gateway: str,
        request: HookRequest,
        at: datetime,
        call_id: UUID,
        of_field: tuple[int, ...] = (),
    ) -> None:
        """Keep a call; returns when it is on the disk. Raises OSError: it is not."""
        segment = self._spool.append(_of_call(gateway, request, at, call_id, of_field))
        await self._synced([segment])
        self.calls.append(KeptCall(gateway, request, at, segment, call_id, of_field))

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
        await self._append({each.id: _of_text(each) for each in attempts})

    async def again(self, attempts: Sequence[Attempt]) -> None:
        """See LeftTexts; the disk as above."""
        await self._append({each.id: _of_again(each) for each in attempts})

    def landed(self, text_id: UUID, result: SendResult) -> None:
        """See LeftTexts. A process that is killed has said it; `flush` makes it safe from a power cut."""
        try:
            self._left_at[text_id].append(self._spool.append(_of_landed(text_id, result)))
            self._unsynced = True
        except OSError as error:
            log.error("office_spool_refuses", error=str(error))  # noqa: TRY400 - as above

    async def flush(self) -> None:
        """What gateways said of texts is on the disk, where that takes it."""
        if not self._unsynced:
            return
        self._unsynced = False
        try:
            await self._spool.sync()
        except OSError as error:
            log.error("office_spool_refuses", error=str(error))  # noqa: TRY400 - as above

    def claimed(self, ids: Iterable[UUID]) -> None:
        for one in ids:
            self._left.pop(one, None)
            for segment in self._left_at.pop(one, ()):
                self._spool.release(segment)

    def close(self) -> None:
        self._spool.close()

    async def _append(self, records: Mapping[UUID, bytes]) -> None:
        try:
            made = []
            for text_id, record in records.items():
                segment = self._spool.append(record)
                self._left_at[text_id].append(segment)
                made.append(segment)
            await self._synced(made)
        except OSError as error:
            log.error("office_spool_refuses", error=str(error))  # noqa: TRY400 - a full disk has no stack to show

    async def _synced(self, segments: Iterable[Segment]) -> None:
        await self._spool.sync()
        if any(segment.failed for segment in segments):
            raise OSError("the spool does not have it")

    def _read(self, segment: Segment, body: bytes) -> None:
        try:
            said = orjson.loads(body)
            if (said["v"], said["what"]) == (FORM, "call"):
                self.calls.append(_call(said, segment))
            elif (said["v"], said["what"]) in _OF_LEFT:
                self._learn(said, segment)
            else:
                self._leave_again(_text(said), segment)
        except (ValueError, KeyError, TypeError) as error:
            log.error("spool_record_not_read", reason=repr(error))  # noqa: TRY400 - the reason is all there is
            self._spool.set_aside(segment)

    def _leave_again(self, attempt: Attempt, segment: Segment) -> None:
        if attempt.expires_at < self._began - NEVER_AFTER:
            self._spool.release(segment)
            return
        self._left[attempt.id] = LeftText(attempt)
        self._left_at[attempt.id].append(segment)

    def _learn(self, said: Mapping[str, Any], segment: Segment) -> None:
        """What became of a text that has left. Of one that was given up, or claimed, it says nothing any more."""
        left = self._left.get(UUID(said["id"]))
        if left is None:
            self._spool.release(segment)
            return
        self._left_at[left.attempt.id].append(segment)
        if said["what"] == "landed":
            left.result = SendResult(Outcome(said["outcome"]), said["error"], said["provider_id"])
        else:
            left.attempt = replace(left.attempt, gateway=said["gateway"])
            left.result, left.tries = None, left.tries + 1


def _of_call(
    gateway: str, request: HookRequest, at: datetime, call_id: UUID, of_field: tuple[int, ...]
) -> bytes:
    return orjson.dumps(
        {
            "v": FORM,
            "what": "call",
            "id": str(call_id),
            "at": at,
            "gateway": gateway,
            "tail": request.tail,
            "query": b64encode(request.query).decode(),
            "headers": dict(request.headers),
            "body": b64encode(request.body).decode(),
            "of_field": of_field,
        }
    )


def _call(said: Mapping[str, Any], segment: Segment) -> KeptCall:
    query, body = b64decode(said["query"]), b64decode(said["body"])
    request = HookRequest(said["tail"], query, said["headers"], body)
    at = datetime.fromisoformat(said["at"])
    of_field = tuple(map(int, said.get("of_field", ())))  # an earlier release knew of none
    return KeptCall(said["gateway"], request, at, segment, UUID(said["id"]), of_field)


def _of_again(attempt: Attempt) -> bytes:
    return orjson.dumps(
        {"v": FORM, "what": "again", "id": str(attempt.id), "gateway": attempt.gateway}
    )


def _of_landed(text_id: UUID, result: SendResult) -> bytes:
    return orjson.dumps(
        {
            "v": FORM,
            "what": "landed",
            "id": str(text_id),
            "outcome": result.outcome,
            "error": result.error,
            "provider_id": result.provider_id,
        }
    )


def _of_text(attempt: Attempt) -> bytes:
    """With all it says: nobody else may know it when it has to go out again."""
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
            "message": _of_message(attempt.message),
        }
    )


def _of_message(message: OutgoingText | None) -> Mapping[str, Any] | None:
    if message is None:
        return None
    return {
        "kind": message.kind,
        "params": message.params,
        "language": message.language,
        "text": message.text,
    }


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
        message=_message(said),
    )


def _message(said: Mapping[str, Any]) -> OutgoingText | None:
    """None: an earlier release kept nothing of what it says, or it could not be rendered."""
    kept = said.get("message")
    if kept is None:
        return None
    return OutgoingText(
        id=UUID(said["id"]),
        attempt=1,
        recipient=said["recipient"],
        kind=MessageKind(kept["kind"]),
        params=kept["params"],
        language=kept["language"],
        text=kept["text"],
        priority=said["priority"],
        valid_for_s=0.0,
    )
