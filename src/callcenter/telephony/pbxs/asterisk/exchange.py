"""An Asterisk, as calls see it: one socket for what it says and for what it is told.

The server connects to Asterisk, never the other way round: an Asterisk that keeps a way of its own believes that somebody is there while
the server is not, and callers ring for ever. Over the socket that broke, calls and recordings go on; what stands is read when it is back.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from callcenter.telephony.pbx import (
    Answered,
    Connected,
    Ended,
    Heard,
    Lost,
    PbxAway,
    PbxRefused,
    SeatKey,
    Shown,
    To,
    room_of,
)
from callcenter.telephony.pbxs.asterisk import wire
from callcenter.telephony.pbxs.asterisk.wire import ALONE, APP, CALLED, Reply, Request

log = structlog.get_logger(__name__)

ANSWERS_WITHIN_S: Final = 3.0
"""An order that takes longer counts as not given; a repeat of it has the same id."""
PING_EVERY_S: Final = 1.0
SILENT_AFTER_S: Final = 3.0
"""A socket on which no ping comes back is broken, whatever TCP says."""
AGAIN_AFTER_S: Final = 0.5
LARGEST: Final = 16 * 2**20
"""The list of some thousands of channels."""
WAITING: Final = "cc-waiting"
QUIET: Final = "cc-quiet"
"""The rooms in which nobody hears anybody: with music, and without."""
TALK: Final = "mixing,video_sfu"
"""A room that mixes from the first two on (softmix), which no other type asks for; there is no video. Where two are only joined, the numbers
of the packets of one go on to the other, and what records the other then drops whatever comes with lower ones: music, prompts, and whoever
speaks next.
"""
_FAULTS: Final = (OSError, WebSocketException, TimeoutError)
_CONFIG: Final = "asterisk/config/dynamic/res_pjsip"
_SEAT: Final = {
    "webrtc": "yes",
    "context": "from-seat",
    "disallow": "all",
    "allow": "opus,alaw,ulaw",
    "direct_media": "no",
    "device_state_busy_at": "1",
    "rtp_timeout": "15",
    "rtp_timeout_hold": "15",
}
"""A telephone in a page: encrypted, by WebSocket. A page that has died says nothing any more, and its call is free for another seat."""


@dataclass(frozen=True, slots=True)
class At:
    """Where ARI answers, and how to enter there. `seats` and `outgoing` are names in the configuration that `configuring` writes."""

    address: str
    """As host:port."""
    user: str
    password: str = field(repr=False)

    @property
    def events(self) -> str:
        asked = {"app": APP, "subscribeAll": "true"}
        return f"ws://{self.address}/ari/events?{urlencode(asked)}"

    @property
    def headers(self) -> Mapping[str, str]:
        """The password stands in no address, which logs would show."""
        both = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {both}"}


class Asterisk:
    """Fulfils telephony.pbx.Pbx."""

    is_simulated = False

    def __init__(self, name: str, at: At) -> None:
        self.name = name
        self._at = at
        self._socket: ClientConnection | None = None
        self._number = 0
        self._asked: dict[int, asyncio.Future[Reply]] = {}
        self._begins: dict[str, asyncio.Future[None]] = {}
        """Spies that are made and not handed over to us yet: until then no room takes them."""

    @property
    def is_there(self) -> bool:
        return self._socket is not None

    # ---- what it says

    async def run(self, hear: Callable[[Heard], None]) -> None:
        while True:
            try:
                await self._once(hear)
            except* (*_FAULTS, PbxAway, PbxRefused) as faults:
                hear(Lost(repr(faults.exceptions[0])))
            finally:
                self._forget()
            await asyncio.sleep(AGAIN_AFTER_S)

    async def _once(self, hear: Callable[[Heard], None]) -> None:
        """One connection, from what stands to its end."""
        async with (
            connect(
                self._at.events,
                additional_headers=self._at.headers,
                proxy=None,
                open_timeout=ANSWERS_WITHIN_S,
                ping_interval=PING_EVERY_S,
                ping_timeout=SILENT_AFTER_S,
                max_size=LARGEST,
                compression=None,
            ) as socket,
            asyncio.TaskGroup() as tasks,
        ):
            self._socket = socket
            said: asyncio.Queue[Heard] = asyncio.Queue()
            tasks.create_task(self._read(socket, said), name="what Asterisk says")
            await self._open_rooms()
            hear(await self.standing())
            while True:
                hear(await said.get())

    async def _read(self, socket: ClientConnection, said: asyncio.Queue[Heard]) -> None:
        """Ends by raising: a socket that is closed is a fault, however it was closed."""
        while True:
            match wire.read(await socket.recv()):
                case Reply() as reply:
                    self._settle(reply)
                case None:
                    pass
                case heard:
                    self._begun(heard)
                    said.put_nowait(heard)

    def _begun(self, heard: Heard) -> None:
        """A spy that ended before it began is asked for no longer; the room then refuses it."""
        if isinstance(heard, Answered | Ended):
            begins = self._begins.get(heard.leg)
            if begins is not None and not begins.done():
                begins.set_result(None)

    def _settle(self, reply: Reply) -> None:
        waiting = self._asked.pop(reply.number, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    def _forget(self) -> None:
        self._socket = None
        for waiting in self._asked.values():
            waiting.cancel()
        self._asked.clear()

    async def _open_rooms(self) -> None:
        for room in (WAITING, QUIET):
            await self._there(room, "holding")

    async def standing(self) -> Connected:
        """Channels and rooms, each as it is when it is asked for."""
        channels = await self._order(Request("GET", "channels"))
        bridges = await self._order(Request("GET", "bridges"))
        rooms = {each["id"]: frozenset(each["channels"]) for each in bridges}
        talks = {id_: legs for id_, legs in rooms.items() if id_ not in (WAITING, QUIET)}
        return Connected(wire.found(channels), talks)

    # ---- what it is told

    async def admit(self, key: SeatKey) -> None:
        """As a row of its memory (sorcery), which a start of Asterisk forgets: whoever is told Connected admits anew."""
        await self._put("auth", key.name, _password_of(key))
        await self._put("aor", key.name, {"max_contacts": "1", "remove_existing": "yes"})
        await self._put("endpoint", key.name, _SEAT | {"auth": key.name, "aors": key.name})

    async def dismiss(self, name: str) -> None:
        for kind in ("endpoint", "aor", "auth"):
            await self._gone(Request("DELETE", f"{_CONFIG}/{kind}/{quote(name)}"))

    async def ring(self, leg: str, to: To, shown: Shown, within_s: int, call: str) -> None:
        query = {
            "endpoint": _endpoint(to),
            "app": APP,
            "appArgs": f"{CALLED},{call}",
            "callerId": _caller_id(shown),
            "timeout": str(within_s),
        }
        variables = {
            "__CC_CALL": call,
            "__CC_RECORD": leg if to.number else "",
        }
        if to.seat:
            variables["PJSIP_HEADER(add,X-Call)"] = call
        await self._order(
            Request("POST", f"channels/{quote(leg)}", query, {"variables": variables})
        )

    async def answer(self, leg: str) -> None:
        await self._order(Request("POST", f"channels/{quote(leg)}/answer"))

    async def hang_up(self, leg: str, cause: int = 16) -> None:
        await self._gone(Request("DELETE", f"channels/{quote(leg)}", {"reason_code": str(cause)}))

    async def talk(self, talk: str, legs: Sequence[str]) -> None:
        await self._there(talk, TALK)
        await self._enter(talk, ",".join(legs))

    async def leave(self, talk: str, leg: str) -> None:
        await self._gone(Request("POST", f"bridges/{quote(talk)}/removeChannel", {"channel": leg}))

    async def close_talk(self, talk: str) -> None:
        await self._gone(Request("DELETE", f"bridges/{quote(talk)}"))

    async def wait(self, leg: str, music: bool = True) -> None:
        """The room falls silent when the last one leaves it, and is so for whoever comes next: its music is begun with each."""
        await self._enter(WAITING if music else QUIET, leg)
        if music:
            await self._order(Request("POST", f"bridges/{WAITING}/moh"))

    async def give_away(self, leg: str) -> None:
        where = {"context": ALONE, "extension": "s", "priority": "1"}
        await self._order(Request("POST", f"channels/{quote(leg)}/continue", where))

    async def mute(self, leg: str, muted: bool) -> None:
        method = "POST" if muted else "DELETE"
        await self._order(Request(method, f"channels/{quote(leg)}/mute", {"direction": "in"}))

    async def say(self, saying: str, leg: str, prompts: Sequence[str], language: str) -> None:
        media = ",".join(f"sound:{each}" for each in prompts)
        await self._order(
            Request(
                "POST",
                f"channels/{quote(leg)}/play/{quote(saying)}",
                {"media": media, "lang": language},
            )
        )

    async def hush(self, saying: str) -> None:
        await self._gone(Request("DELETE", f"playbacks/{quote(saying)}"))

    async def keys(self, leg: str, digits: str) -> None:
        await self._order(Request("POST", f"channels/{quote(leg)}/dtmf", {"dtmf": digits}))

    async def listen_in(self, spy: str, leg: str, supervisor: str, whisper: bool) -> None:
        query = {"spy": "both", "app": APP, "appArgs": f"{CALLED},spy"}
        if whisper:
            query["whisper"] = "out"
        begins = self._begins[spy] = asyncio.get_running_loop().create_future()
        try:
            await self._order(Request("POST", f"channels/{quote(leg)}/snoop/{quote(spy)}", query))
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await begins
        except TimeoutError:
            raise PbxAway(f"the exchange has not begun {spy}") from None
        finally:
            del self._begins[spy]
        await self.talk(room_of(spy), (spy, supervisor))

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def _put(self, kind: str, name: str, fields: Mapping[str, str]) -> None:
        listed = [{"attribute": each, "value": value} for each, value in fields.items()]
        await self._order(
            Request("PUT", f"{_CONFIG}/{kind}/{quote(name)}", body={"fields": listed})
        )

    async def _there(self, room: str, kind: str) -> None:
        """A room that is there already is as good as one that was made."""
        made = Request("POST", f"bridges/{quote(room)}", {"type": kind, "name": room})
        await self._order(made, HTTPStatus.CONFLICT)

    async def _enter(self, room: str, legs: str) -> None:
        await self._order(Request("POST", f"bridges/{quote(room)}/addChannel", {"channel": legs}))

    async def _gone(self, request: Request) -> None:
        """What is not there needs not be ended."""
        await self._order(request, HTTPStatus.NOT_FOUND)

    async def _order(self, request: Request, *suffices: int) -> Any:
        """The content of the answer. Raises PbxAway and PbxRefused."""
        reply = await self._ask(request)
        if reply.status >= HTTPStatus.BAD_REQUEST and reply.status not in suffices:
            raise PbxRefused(
                f"the exchange answers {reply.status} {reply.reason} to {request.method} {request.path}",
                status=reply.status,
            )
        return reply.content

    async def _ask(self, request: Request) -> Reply:
        socket = self._socket
        if socket is None:
            raise PbxAway("the exchange is not connected: calls go on without orders")
        self._number += 1
        number = self._number
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await socket.send(request.encoded(number))
                return await answer
        except _FAULTS as error:
            raise PbxAway(f"the exchange does not answer: {error!r}") from None
        except asyncio.CancelledError:
            if answer.cancelled() and self._socket is not socket:
                raise PbxAway("the way to the exchange was lost meanwhile") from None
            raise
        finally:
            self._asked.pop(number, None)


def _password_of(key: SeatKey) -> Mapping[str, str]:
    return {"auth_type": "userpass", "username": key.name, "password": key.password}


def _endpoint(to: To) -> str:
    """Numbers go through the dialplan, which alone knows what may be dialled."""
    if to.seat:
        return f"PJSIP/{to.seat}"
    return f"Local/{to.number}@{'by-hand' if to.by_hand else 'automatic'}/n"


def _caller_id(shown: Shown) -> str:
    """Quotation marks and backslashes end a name (RFC 3261, 25.1), control characters a header."""
    name = "".join(each for each in shown.name if each.isprintable() and each not in '"\\<>')
    return f'"{name}" <{shown.number}>'
