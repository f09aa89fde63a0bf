"""The last metre to a console: prebuilt frames written past ASGI, with a bound on what may wait.

Serialising and framing once for all consoles of a scope and writing the same bytes to each costs about a third of sending
through ASGI. A console that does not read makes its transport pause; what waits is bounded, written in one piece when it
reads again, and beyond the bound the console is cut: it comes back with a snapshot. No console waits for another.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION: Final = "callcenter.link"
MAX_WAITING_BYTES: Final = 2 * 1024 * 1024
"""A snapshot of 1,000 incidents fits; a console that lets this much pile up is not being looked at."""

MAX_HELD_BYTES: Final = 16 * 1024 * 1024
"""What may wait for a snapshot; consoles that wait hold the same bytes."""

_FIN: Final = 0x80  # RFC 6455, 5.2
_TEXT: Final = 0x01
_CONTINUATION: Final = 0x00


def text_frame(payload: bytes) -> bytes:
    """An unmasked, unfragmented text frame (RFC 6455, 5.2): the same bytes for every console."""
    return _frame(_FIN | _TEXT, payload)


def fragments(parts: Sequence[bytes]) -> list[bytes]:
    """One text message in a frame for each part (RFC 6455, 5.4), so that a large one is never copied in one go."""
    last = len(parts) - 1
    return [
        _frame((_CONTINUATION if n else _TEXT) | (_FIN if n == last else 0), part)
        for n, part in enumerate(parts)
    ]


def _frame(head: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((head, size)) + payload
    if size < 65_536:
        return bytes((head, 126)) + size.to_bytes(2, "big") + payload
    return bytes((head, 127)) + size.to_bytes(8, "big") + payload


class Link:
    """One console's way out. Held until its snapshot is written, so that nothing overtakes it."""

    __slots__ = (
        "_bytes_waiting",
        "_gone",
        "_held",
        "_paused",
        "_protocol",
        "_transport",
        "_waiting",
        "cut",
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
        """Write at once, also while the snapshot is awaited: hello and beats, which no change may wait for."""
        if self._held and not (self._gone or self._paused):
            self._transport.write(frame)
        else:
            self.offer(frame)

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
        self._forget()

    def _forget(self) -> None:
        self._waiting.clear()
        self._bytes_waiting = 0


class SeatProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, with the link in the scope's extensions."""

    link: Link | None = None

    async def run_asgi(self) -> None:
        self.link = Link(self)
        extensions: MutableMapping[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self.link
        await super().run_asgi()

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
