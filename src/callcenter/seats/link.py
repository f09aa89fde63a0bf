"""The last metre to a console: prebuilt frames written past ASGI, with a bound on what may wait.

The way in is short as well for what consoles say all the time: it is heard where it is read, without a turn through ASGI.

Serialising and framing once for all consoles of a scope and writing the same bytes to each costs about a third of sending
through ASGI. A console that does not read makes its transport pause; what waits is bounded, written in one piece when it
reads again, and beyond the bound the console is cut: it comes back with a snapshot. No console waits for another.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Final

import structlog
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Response
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from callcenter.core.bare_answers import SAFE_HEADERS
from callcenter.seats.talk import Talk

log = structlog.get_logger(__name__)

EXTENSION: Final = "callcenter.link"
MAX_WAITING_BYTES: Final = 2 * 1024 * 1024
"""A snapshot of 1,000 incidents fits; a console that lets this much pile up is not being looked at."""

MAX_HELD_BYTES: Final = 16 * 1024 * 1024
"""What may wait for a snapshot; consoles that wait hold the same bytes."""
PIECE: Final = 4096
"""Bytes that are read in one go: some hundred small frames."""
TALKS_TOO_MUCH: Final = 1008
CLOSES_WITHIN_S: Final = 3.0


class Link:
    """One console's way out. Held until its snapshot is written, so that nothing overtakes it.

    `hear` is asked first about each text that comes in; what it leaves (False) goes to the console's handler.
    """

    __slots__ = (
        "_bytes_waiting",
        "_gone",
        "_held",
        "_paused",
        "_protocol",
        "_transport",
        "_waiting",
        "cut",
        "hear",
    )

    def __init__(self, protocol: SeatProtocol) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._waiting: list[bytes] = []
        self._bytes_waiting = 0
        self._held = True
        self._paused = False
        self._gone = False
        self.cut = False
        self.hear: Callable[[str], bool] = _leave

    def offer(self, frame: bytes) -> None:
        """Write now, or keep until the console reads again; cuts the console when too much waits."""
        if self._gone:
            return
        if not (self._held or self._paused):
            self._transport.write(frame)
            return
        self._waiting.append(frame)
        self._bytes_waiting += len(frame)
        bound = MAX_HELD_BYTES if self._held else MAX_WAITING_BYTES
        if self._bytes_waiting > bound and not self.cut:
            self.cut = True
            self.lose()
            self._transport.abort()

    def say(self, frame: bytes) -> None:
        """Write at once, also while the snapshot is awaited: the hello, and beats when that takes long."""
        if self._held and not (self._gone or self._paused):
            self._transport.write(frame)
        else:
            self.offer(frame)

    def hold(self) -> None:
        """Another snapshot is being read: what comes now follows it."""
        self._held = True

    def begin(self, frames: Sequence[bytes]) -> None:
        """Write the snapshot, then what has come in the meantime."""
        if self._gone:
            return
        self._held = False
        self._transport.writelines([*frames, *self._waiting])
        self._forget()

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        if self._waiting and not (self._held or self._gone):
            self._transport.write(b"".join(self._waiting))
            self._forget()

    def close(self, code: int) -> None:
        """Say why and close; the console's handler ends by itself."""
        self._protocol.end(code)

    def lose(self) -> None:
        """The connection is gone: what is offered from now on is dropped."""
        self._gone = True
        self.hear = _leave
        self._forget()

    def _forget(self) -> None:
        self._waiting.clear()
        self._bytes_waiting = 0


def _leave(_text: str) -> bool:
    return False


class _Opening(ServerProtocol):
    """Refuses as the rest of the server does: with nothing for a browser to show."""

    def reject(self, status: StatusLike, text: str) -> Response:
        response = super().reject(status, text)
        for name, value in SAFE_HEADERS:
            response.headers[name.decode()] = value.decode()
        return response


class SeatProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, with the link in the scope's extensions; `talk`: how much a console may say;
    `closes_within_s`: seconds after our close in which its client may answer.
    """

    link: Link | None = None

    def __init__(
        self,
        *args: Any,
        talk: Talk | None = None,
        closes_within_s: float = CLOSES_WITHIN_S,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.close_timeout = closes_within_s
        self._said = (talk or Talk()).frames()
        self.conn = _Opening(max_size=self.config.ws_max_size, logger=self.logger)

    @property
    def waits_for_its_client(self) -> bool:
        """No console sits behind it before it is let in; its place may be needed."""
        return self.link is None or not self.handshake_complete

    async def run_asgi(self) -> None:
        self.link = Link(self)
        extensions: MutableMapping[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self.link
        await super().run_asgi()

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), PIECE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + PIECE])
            if self.conn.handshake_exc is not None:
                self._give_up_opening()
                return

    def _give_up_opening(self) -> None:
        """What is no opening of a socket: nothing else would ever come, and the base class waits for it."""
        if not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_events(self) -> None:
        """Cuts a console whose flood of frames would take the time of all others."""
        if self._said.takes(len(self.conn.events), self.loop.time()):
            super().handle_events()
            return
        log.warning("seat_talks_too_much", client=self.client)
        self.conn.events_received()
        self.end(TALKS_TOO_MUCH)

    def send_receive_event_to_app(self) -> None:
        """A text that the link hears is done; nothing overtakes what the handler has not read yet."""
        if not (self.read_paused or self.close_sent) and self._is_heard():
            self.frames = []
        else:
            super().send_receive_event_to_app()

    def _is_heard(self) -> bool:
        if self.link is None or self.curr_msg_data_type != "text" or len(self.frames) != 1:
            return False
        try:
            return self.link.hear(bytes(self.frames[0]).decode())
        except UnicodeDecodeError:  # the base class says so to the console
            return False

    def end(self, code: int) -> None:
        """Close from our side without the handler's help: it may be waiting for a console that is silent."""
        if self.transport.is_closing():
            return
        self.conn.send_close(code)
        if self.link is not None:
            self.link.lose()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.transport.close()
        self._part()

    async def send(self, message: ASGISendEvent) -> None:
        """A close by the handler ends the connection, whatever its client does."""
        await super().send(message)
        if message["type"] == "websocket.close":
            self._part()

    def _part(self) -> None:
        """Who neither answers nor reads would keep its place for ever: what is written waits to be read."""
        self.loop.call_later(self.close_timeout, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.link is not None:
            self.link.lose()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.link is not None:
            self.link.pause()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.link is not None:
            self.link.resume()
