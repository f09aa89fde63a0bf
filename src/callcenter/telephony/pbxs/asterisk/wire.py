"""Documents of the socket of ARI: events and answers in, requests out. Pure.

Requests go over the socket of the events (Asterisk 22, "REST over WebSocket"); each carries an id, and its answer carries the same.
https://docs.asterisk.org/Configuration/Interfaces/Asterisk-REST-Interface-ARI/ARI-REST-over-WebSocket/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import orjson

from callcenter.telephony.pbx import (
    Answered,
    Arrived,
    Digit,
    Ended,
    Heard,
    LegFound,
    Rings,
    SaidOut,
)

APP: Final = "callcenter"
"""Under this name the dialplan hands calls over."""
LINE: Final = "line"
"""The first argument of a call that came from outside; then the number that was dialled, and the id of the whole call."""
CALLED: Final = "called"
"""The first argument of a leg that this server called."""
ALONE: Final = "alone"
"""The part of the dialplan that rings duty phones and records, without this server."""
HUNG_UP: Final = 16
_UP: Final = "Up"
_RINGING: Final = "Ringing"
_WITHHELD: Final = frozenset({"anonymous", "unavailable", "restricted", "withheld"})
"""RFC 3323, and what exchanges and gateways write for it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `query` stands in the address, `body` is JSON."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    def encoded(self, number: int) -> str:
        document: dict[str, Any] = {
            "type": "RESTRequest",
            "transaction_id": str(number),
            "request_id": str(number),
            "method": self.method,
            "uri": self.path,
            "query_strings": [{"name": k, "value": v} for k, v in self.query.items()],
        }
        if self.body is not None:
            document["content_type"] = "application/json"
            document["message_body"] = orjson.dumps(dict(self.body)).decode()
        return orjson.dumps(document).decode()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request was answered."""

    number: int
    status: int
    reason: str
    content: Any = field(default=None)

    @property
    def is_ok(self) -> bool:
        return self.status < 300


def read(raw: str | bytes) -> Reply | Heard | None:
    """None: nothing that concerns calls of ours, or nothing that can be read."""
    try:
        document = orjson.loads(raw)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    try:
        if document.get("type") == "RESTResponse":
            return _reply(document)
        reading = _EVENTS.get(str(document.get("type")))
        return reading(document) if reading else None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _reply(document: Mapping[str, Any]) -> Reply | None:
    number = str(document.get("request_id", ""))
    if not number.isdigit():
        return None
    written = document.get("message_body") or "null"
    try:
        content = orjson.loads(written)
    except ValueError:
        content = None
    status, reason = int(document.get("status_code", 500)), document.get("reason_phrase", "")
    return Reply(int(number), status, str(reason), content)


def _started(document: Mapping[str, Any]) -> Heard | None:
    """A leg that was called begins with us when it is picked up."""
    arguments = list(document.get("args", ()))
    if arguments[:1] == [CALLED]:
        return Answered(document["channel"]["id"])
    return arrived(document["channel"], arguments)


def arrived(channel: Mapping[str, Any], arguments: Sequence[str]) -> Arrived | None:
    """How a call from outside came; None for what did not."""
    match arguments:
        case [kind, line, call, *rest] if kind == LINE:
            caller = channel["caller"]
            number, name = str(caller["number"]), str(caller["name"])
            hidden = "prohib" in rest[0] if rest else False
            return Arrived(
                channel["id"],
                call,
                line,
                number,
                name,
                withheld=hidden or not number or number.lower() in _WITHHELD,
            )
        case _:
            return None


def _changed(document: Mapping[str, Any]) -> Heard | None:
    channel = document["channel"]
    return Rings(channel["id"]) if channel["state"] == _RINGING else None


def _destroyed(document: Mapping[str, Any]) -> Heard:
    """The inner leg of a call whose caller has hung up has no cause of its own."""
    return Ended(document["channel"]["id"], int(document["cause"]) or HUNG_UP)


def _digit(document: Mapping[str, Any]) -> Heard:
    return Digit(document["channel"]["id"], str(document["digit"])[:1])


def _said(document: Mapping[str, Any]) -> Heard:
    playback = document["playback"]
    return SaidOut(playback["id"], str(playback["target_uri"]).removeprefix("channel:"))


_EVENTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Heard | None]]] = MappingProxyType(
    {
        "StasisStart": _started,
        "ChannelStateChange": _changed,
        "ChannelDestroyed": _destroyed,
        "ChannelDtmfReceived": _digit,
        "PlaybackFinished": _said,
    }
)


def found(channels: Sequence[Mapping[str, Any]]) -> Mapping[str, LegFound]:
    """What stands in the exchange, from the answer to GET /channels."""
    return {channel["id"]: _leg(channel) for channel in channels}


def _leg(channel: Mapping[str, Any]) -> LegFound:
    plan = channel["dialplan"]
    app, *arguments = str(plan["app_data"]).split(",")
    ours = plan["app_name"] == "Stasis" and app == APP
    how = arrived(channel, arguments) if ours else None
    return LegFound(is_up=channel["state"] == _UP, ours=ours, arrived=how)
