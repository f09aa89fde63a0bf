"""Throws mutated messages of the field at the readers of DC-09 and JSON, and says what that did.

    python tools/fuzz.py [inputs] [seed]

No input may raise, take longer than 50 ms of processor time, or make the readers grow. `make fuzz` takes a million.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from callcenter.devices.codec import DeviceKey, Request, SenderKey
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.devices.protocols.dc09.crypto import format_stamp, seal
from callcenter.devices.protocols.dc09.frame import crc16, wrap
from callcenter.devices.protocols.http_json import HttpJsonCodec, signature

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
LONGEST_S = 0.05
WARM_UP = 0.1
"""Part of the inputs after which memory must not grow any more."""
GROWTH_KB = 8 * 1024

KEYS = {"1234": DeviceKey(bytes(range(16)))}
SECRET = b"a secret"
SENDERS = {"phones": SenderKey(key_id="phones", secret=SECRET)}

BODIES = (
    b'"SIA-DCS"0001L0#A101[#A101|Nri1/QA7^Kitchen^|A1][X104E00.06][Y40N00.06][H04:12:01,11-22-2026]_04:12:30,11-22-2026',
    b'"ADM-CID"0227R4F39L4F39#4F39[#4F39|3401 01 057]',
    b'"ADM-CID"0001L#A101[#A101|1001181101000011|1101 00 007]',
    b'"NULL"0000R1L0#1234[]_09:26:53,03-14-2026',
    b'"*SIA-DCS"0007L0#1234['
    + seal(b"#1234|NQA]_" + format_stamp(NOW), KEYS["1234"].secret, lambda n: b"p" * n),
)
DOCUMENTS = (
    b'{"id": "0198", "device": "860000000000017", "kind": "sos", "occurred_at": "2026-03-14T04:12:07Z"}',
    b'{"id": 7, "device": "EP-1", "kind": "fall", "lat": 40.0, "lon": 104.0, "datum": "gcj02", "extra": {"a": [1, {"b": null}]}}',
    '{"id": "1", "device": "EP-1", "kind": "sos", "text": "厨房"}'.encode(),
    b'[{"device": "a", "kind": "sos"}, {"device": "b", "kind": ["test"]}]',
)
PIECES = (
    b"\n",
    b"\r",
    b"\0",
    b'"',
    b"[",
    b"]",
    b"|",
    b"#",
    b"{",
    b"}",
    b"\\",
    b":",
    b",",
    b"9" * 30,
    b"[" * 40,
    b"\xff\xfe",
    b"_",
    b"^",
)


def mutated(chance: random.Random, seed: bytes) -> bytes:
    """One to five changes: a byte, a piece put in, cut out, doubled, or turned round."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.randint(0, 20))
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at:at] = chance.choice(PIECES)
            case 2:
                del data[at:to]
            case 3:
                data[at:at] = data[at:to]
            case 4:
                data[at:to] = data[at:to][::-1]
            case _:
                data[at:at] = chance.randbytes(chance.randint(1, 8))
    return bytes(data)


def dc09(chance: random.Random) -> None:
    """A stream of frames, most with a right CRC, in pieces, and each settled."""
    body = mutated(chance, chance.choice(BODIES))
    frame = wrap(body, binary_crc=chance.random() < 0.1)
    stream = frame if chance.random() < 0.7 else mutated(chance, frame)
    codec = Dc09Codec()
    cut = chance.randrange(len(stream) + 1)
    frames = codec.receive(stream[:cut], NOW, KEYS) + codec.receive(stream[cut:], NOW, KEYS)
    for each in frames + codec.finish(NOW, KEYS):
        answer = (
            codec.refuse(each.token, each.error.refusal) if each.error else codec.commit(each.token)
        )
        assert not answer or len(answer) < 300  # noqa: S101 an answer is short, whatever was asked
    is_whole = b"\r" not in body and b"\n" not in body and body.startswith(b'"')
    if stream is frame and is_whole and crc16(body) and len(frame) < 4000:
        assert frames, stream  # noqa: S101 a right CRC is heard


class Json:
    """The codec of requests, which lives as long as the server."""

    def __init__(self) -> None:
        self._codec = HttpJsonCodec()

    def __call__(self, chance: random.Random) -> None:
        body = mutated(chance, chance.choice(DOCUMENTS))
        headers = {b"x-timestamp": b"1773480413", b"x-key-id": b"phones"}
        headers[b"x-signature"] = signature(SECRET, "1773480413", body).encode()
        frame = self._codec.receive(Request(headers, body), NOW, SENDERS)
        if frame.error is not None:
            self._codec.refuse(frame.token, frame.error.refusal)
        else:
            self._codec.commit(frame.token, [Settled()] * len(frame.signals))


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a signal."""

    journal_id: str = "j"
    outcome: str = "opened"
    incident_id: str = "i"
    number: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """What many inputs did to a reader."""

    inputs: int
    seconds: float
    slowest_ms: float
    grown_kb: int


def fuzz(read: Callable[[random.Random], None], inputs: int, seed: int) -> Figures:
    """Whatever the reader raises comes through, with the input's number in a note."""
    chance = random.Random(seed)  # noqa: S311 the same inputs for the same seed
    slowest, begun, before_kb = 0.0, time.perf_counter(), 0
    for number in range(inputs):
        if number == int(inputs * WARM_UP):
            before_kb = _memory_kb()
        started = time.thread_time()
        try:
            read(chance)
        except Exception as error:
            error.add_note(f"input {number} of seed {seed}")
            raise
        slowest = max(slowest, time.thread_time() - started)
    took = time.perf_counter() - begun
    return Figures(inputs, took, slowest * 1000, _memory_kb() - before_kb)


def _memory_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(arguments: Sequence[str]) -> int:
    """Prints the figures of each reader; 1 when one was too slow or grew."""
    inputs = int(arguments[0]) if arguments else 1_000_000
    seed = int(arguments[1]) if len(arguments) > 1 else 20260314
    bad = 0
    readers: dict[str, Callable[[random.Random], None]] = {"dc09": dc09, "http_json": Json()}
    for name, read in readers.items():
        found = fuzz(read, inputs // 2, seed)
        sys.stdout.write(
            f"{name}: {found.inputs} inputs in {found.seconds:.0f} s, slowest {found.slowest_ms:.1f} ms,"
            f" memory +{found.grown_kb} KB\n"
        )
        sys.stdout.flush()
        bad += found.slowest_ms > LONGEST_S * 1000 or found.grown_kb > GROWTH_KB
    return min(bad, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
