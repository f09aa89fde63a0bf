"""A console whose frames are kept instead of sent, for a hub without sockets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

FIN = 0x80


def payload(frame: bytes) -> bytes:
    """Of an unmasked frame (RFC 6455, 5.2)."""
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :]


@dataclass
class KeptLink:
    """A console that reads at once."""

    frames: list[bytes] = field(default_factory=list)
    cut: bool = False

    def offer(self, frame: bytes) -> None:
        self.frames.append(frame)

    def say(self, frame: bytes) -> None:
        self.frames.append(frame)

    def begin(self, frames: Sequence[bytes]) -> None:
        self.frames.extend(frames)

    def read(self) -> list[dict[str, Any]]:
        """Every message, also those that came in fragments."""
        read, parts = [], []
        for frame in self.frames:
            parts.append(payload(frame))
            if frame[0] & FIN:
                read.append(orjson.loads(b"".join(parts)))
                parts.clear()
        return read

    def messages(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.read() if message["type"] == kind]

    def versions(self) -> list[tuple[str, int]]:
        """Id and version of every incident that came, in order."""
        return [(i["id"], i["version"]) for m in self.messages("incidents") for i in m["incidents"]]
