"""A server that speaks ARI as an Asterisk does, without telephones: for what a real one cannot be made to do, and where there is none.

It keeps channels and rooms, refuses what an Asterisk refuses, and has a network around it that rings, answers, is engaged or silent. It can
stand still, hang its socket up, and forget everything as after a start.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from callcenter.telephony.pbxs.asterisk.exchange import At

SEIZED_S = 0.02
"""What a telephone network takes to answer."""


@dataclass
class Channel:
    id: str
    state: str = "Ring"
    args: list[str] = field(default_factory=list)
    number: str = ""
    name: str = ""
    is_ours: bool = True

    def shown(self) -> dict[str, Any]:
        caller = {"number": self.number, "name": self.name}
        app = {"app_name": "Stasis", "app_data": ",".join(["callcenter", *self.args])}
        plan = app if self.is_ours else {"app_name": "Dial", "app_data": ""}
        return {"id": self.id, "state": self.state, "caller": caller, "dialplan": plan}


class FakeAri:
    """`does` says what the network does with the next call that goes out: answers, busy, no_answer."""

    def __init__(self) -> None:
        self.address = ""
        self.channels: dict[str, Channel] = {}
        self.rooms: dict[str, set[str]] = {}
        self.music: set[str] = set()
        """Rooms in which it plays: it ends with the last who leaves."""
        self.playing: dict[str, str] = {}
        self.admitted: dict[tuple[str, str], Mapping[str, str]] = {}
        self.does = "answers"
        self.blocked = frozenset({"110", "119", "120", "12345"})
        self.stands_still = False
        self.asked: list[str] = []
        self.ways = 0
        """Pages that have a way to it."""
        self._numbers = itertools.count(1)
        self._sockets: set[ServerConnection] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def at(self) -> At:
        return At(self.address, "callcenter", "only-in-tests")

    # ---- the network

    def rings_us(self, line: str, caller: str, name: str = "", *, hidden: bool = False) -> Channel:
        call, inner = f"fake-{next(self._numbers)}", f"fake-{next(self._numbers)}"
        shown = "prohib_not_screened" if hidden else "allowed_not_screened"
        channel = Channel(inner, args=["line", line, call, shown], number=caller, name=name)
        self.channels[inner] = channel
        self.says({"type": "StasisStart", "args": channel.args, "channel": channel.shown()})
        return channel

    def hangs_up(self, channel: str, cause: int = 16) -> None:
        gone = self.channels.pop(channel, None)
        if gone is None:
            return
        for legs in self.rooms.values():
            legs.discard(channel)
        self._stop_music()
        self.says(
            {"type": "ChannelDestroyed", "cause": cause, "cause_txt": "", "channel": gone.shown()}
        )

    def presses(self, channel: str, digit: str) -> None:
        shown = self.channels[channel].shown()
        self.says(
            {"type": "ChannelDtmfReceived", "digit": digit, "duration_ms": 100, "channel": shown}
        )

    # ---- the socket

    def says(self, document: Mapping[str, Any]) -> None:
        for socket in self._sockets:
            self._later(socket.send(orjson.dumps(document).decode()))

    async def hangs_its_sockets_up(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    async def pages(self, socket: ServerConnection) -> None:
        """Takes SIP of pages, and says nothing."""
        self.ways += 1
        with suppress(ConnectionClosed):
            async for _ in socket:
                pass
        self.ways -= 1

    async def hears(self, socket: ServerConnection) -> None:
        self._sockets.add(socket)
        try:
            async for raw in socket:
                while self.stands_still:
                    await asyncio.sleep(0.01)
                asked = orjson.loads(raw)
                status, content = self._carry_out(asked)
                answer = {
                    "type": "RESTResponse",
                    "transaction_id": asked["transaction_id"],
                    "request_id": asked["request_id"],
                    "status_code": int(status),
                    "reason_phrase": status.phrase,
                    "uri": asked["uri"],
                    "content_type": "application/json",
                    "message_body": "" if content is None else orjson.dumps(content).decode(),
                }
                await socket.send(orjson.dumps(answer).decode())
        finally:
            self._sockets.discard(socket)

    def _later(self, doing: Any) -> None:
        task = asyncio.ensure_future(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- what it is told

    def _carry_out(self, asked: Mapping[str, Any]) -> tuple[HTTPStatus, Any]:  # noqa: PLR0911 - one line for each
        method, path = asked["method"], [unquote(each) for each in asked["uri"].split("/")]
        self.asked.append(f"{method} {asked['uri']}")
        query = {each["name"]: each["value"] for each in asked.get("query_strings", ())}
        body = orjson.loads(asked.get("message_body") or "null") or {}
        match (method, *path):
            case ("GET", "channels"):
                return HTTPStatus.OK, [each.shown() for each in self.channels.values()]
            case ("GET", "bridges"):
                return HTTPStatus.OK, [
                    {"id": id_, "channels": sorted(legs)} for id_, legs in self.rooms.items()
                ]
            case (_, "asterisk", "config", "dynamic", _, kind, name):
                return self._configured(method, kind, name, body)
            case (_, "bridges", room, *what):
                return self._in_room(method, room, what, query)
            case (_, "channels", leg, *what):
                return self._on_leg(method, leg, what, query)
            case ("DELETE", "playbacks", playback):
                return self._finished(playback)
        return HTTPStatus.NOT_FOUND, None

    def _configured(
        self, method: str, kind: str, name: str, body: Mapping[str, Any]
    ) -> tuple[HTTPStatus, Any]:
        if method == "PUT":
            self.admitted[kind, name] = {
                each["attribute"]: each["value"] for each in body["fields"]
            }
            return HTTPStatus.OK, []
        there = self.admitted.pop((kind, name), None)
        return (HTTPStatus.NO_CONTENT if there else HTTPStatus.NOT_FOUND), None

    def _in_room(  # noqa: C901, PLR0911, PLR0912 - as Asterisk answers
        self, method: str, room: str, what: list[str], query: Mapping[str, str]
    ) -> tuple[HTTPStatus, Any]:
        if method == "POST" and not what:
            if room in self.rooms:
                return HTTPStatus.CONFLICT, None
            self.rooms[room] = set()
            return HTTPStatus.OK, {"id": room}
        if room not in self.rooms:
            return HTTPStatus.NOT_FOUND, None
        if method == "DELETE":
            del self.rooms[room]
            return HTTPStatus.NO_CONTENT, None
        legs = query.get("channel", "").split(",") if "channel" in query else []
        if any(leg not in self.channels for leg in legs):
            return HTTPStatus.BAD_REQUEST, None
        if what == ["addChannel"] and not all(self.channels[leg].is_ours for leg in legs):
            return HTTPStatus.UNPROCESSABLE_ENTITY, None
        for leg in legs:
            for others in self.rooms.values():
                others.discard(leg)
            if what == ["addChannel"]:
                self.rooms[room].add(leg)
        self._stop_music()
        if what == ["moh"] and self.rooms[room]:
            self.music.add(room)
        return HTTPStatus.NO_CONTENT, None

    def _stop_music(self) -> None:
        self.music = {room for room in self.music if self.rooms.get(room)}

    def _on_leg(
        self, method: str, leg: str, what: list[str], query: Mapping[str, str]
    ) -> tuple[HTTPStatus, Any]:
        if method == "POST" and not what:
            return self._calls_out(leg, query)
        channel = self.channels.get(leg)
        if channel is None:
            return HTTPStatus.NOT_FOUND, None
        match (method, what):
            case ("DELETE", []):
                self.hangs_up(leg, int(query.get("reason_code", "16")))
            case ("POST", ["answer"]):
                channel.state = "Up"
            case ("POST", ["play", playback]):
                self.playing[playback] = leg
                self._later(self._plays(playback))
            case ("POST", ["snoop", spy]):
                self._listens(spy, query)
            case (_, ["mute"]) | (_, ["dtmf"]) | (_, ["continue"]):
                channel.is_ours = what != ["continue"] and channel.is_ours
            case _:
                return HTTPStatus.NOT_FOUND, None
        return HTTPStatus.NO_CONTENT, None

    def _listens(self, spy: str, query: Mapping[str, str]) -> None:
        there = Channel(spy, "Up", query["appArgs"].split(","), is_ours=False)
        self.channels[spy] = there
        self._later(self._handed_over(there))

    def _calls_out(self, leg: str, query: Mapping[str, str]) -> tuple[HTTPStatus, Any]:
        if leg in self.channels:
            return HTTPStatus.CONFLICT, None
        technology, _, dialled = query["endpoint"].partition("/")
        if technology == "PJSIP" and ("endpoint", dialled) not in self.admitted:
            return HTTPStatus.INTERNAL_SERVER_ERROR, None
        channel = self.channels[leg] = Channel(
            leg, "Down", query["appArgs"].split(","), is_ours=False
        )
        self._later(self._answered(channel, dialled.split("@")[0], float(query["timeout"])))
        return HTTPStatus.OK, channel.shown()

    async def _answered(self, channel: Channel, number: str, within_s: float) -> None:
        await asyncio.sleep(SEIZED_S)
        if number in self.blocked:
            self.hangs_up(channel.id, 21)
        elif self.does == "busy":
            self.hangs_up(channel.id, 17)
        elif self.does == "no_answer":
            channel.state = "Ringing"
            self.says({"type": "ChannelStateChange", "channel": channel.shown()})
            await asyncio.sleep(within_s)
            self.hangs_up(channel.id, 19)
        elif channel.id in self.channels:
            self._ours(channel)

    async def _handed_over(self, channel: Channel) -> None:
        """What listens in is made at once, and ours a moment later."""
        await asyncio.sleep(SEIZED_S)
        if channel.id in self.channels:
            self._ours(channel)

    def _ours(self, channel: Channel) -> None:
        channel.state, channel.is_ours = "Up", True
        self.says({"type": "StasisStart", "args": channel.args, "channel": channel.shown()})

    async def _plays(self, playback: str) -> None:
        await asyncio.sleep(SEIZED_S)
        self._finished(playback)

    def _finished(self, playback: str) -> tuple[HTTPStatus, Any]:
        leg = self.playing.pop(playback, None)
        if leg is None:
            return HTTPStatus.NOT_FOUND, None
        said = {"id": playback, "target_uri": f"channel:{leg}", "state": "done"}
        self.says({"type": "PlaybackFinished", "playback": said})
        return HTTPStatus.NO_CONTENT, None


@asynccontextmanager
async def fake_ari(port: int = 0) -> AsyncIterator[FakeAri]:
    """On the loopback; whoever enters without the password is turned away."""
    ari = FakeAri()

    async def admitted(socket: ServerConnection, request: Any) -> Any:
        asked = urlsplit(request.path)
        known = "Authorization" in request.headers and parse_qs(asked.query).get("app") == [
            "callcenter"
        ]
        if asked.path == "/ws" or (asked.path == "/ari/events" and known):
            return None
        return socket.respond(HTTPStatus.UNAUTHORIZED, "")

    async def takes(socket: ServerConnection) -> None:
        is_page = socket.request is not None and socket.request.path == "/ws"
        await (ari.pages if is_page else ari.hears)(socket)

    async with serve(
        takes,
        "127.0.0.1",
        port,
        process_request=admitted,
        ping_interval=None,
        select_subprotocol=lambda _, offered: offered[0] if offered else None,
    ) as server:
        ari.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield ari
