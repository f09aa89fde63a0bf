"""The client's half of RFC 6455, as much as a load generator needs: cheap, since it shares the machine with the server."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from typing import Any

import orjson

FIN = 0x80


def handshake(port: int, path: str, cookie: str) -> bytes:
    """The request that opens it."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Origin: http://127.0.0.1:{port}",
        *([f"Cookie: callcenter_session={cookie}"] if cookie else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def masked(message: dict[str, Any]) -> bytes:
    """A text frame. Its mask of zeros changes nothing."""
    payload = orjson.dumps(message)
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return b"\x81" + length + b"\0\0\0\0" + payload


class Reading:
    """Cuts what the server sends into its answer to the handshake and frames."""

    __slots__ = ("_buffer", "upgraded")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.upgraded = False

    def opened(self, data: bytes) -> bool:
        """Whether the socket is open now. Raises ConnectionRefusedError for any answer but 101."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if self.upgraded or end < 0:
            return self.upgraded
        if b" 101 " not in self._buffer[:20]:
            raise ConnectionRefusedError(bytes(self._buffer[:200]))
        del self._buffer[: end + 4]
        self.upgraded = True
        return True

    def frames(self) -> Iterator[tuple[int, bytearray]]:
        """First byte (FIN and opcode) and payload of each frame that is whole."""
        buffer, start = self._buffer, 0
        while len(buffer) - start >= 2:
            size, head = buffer[start + 1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(buffer[start + 2 : start + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(buffer[start + 2 : start + 10], "big"), 10
            if len(buffer) - start < head + size:
                break
            yield buffer[start], buffer[start + head : start + head + size]
            start += head + size
        del buffer[:start]
