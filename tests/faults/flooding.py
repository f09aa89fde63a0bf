"""What strangers pour in, from a process of its own, so that who measures meanwhile is not slowed by it.

`python -m tests.faults.flooding <what> <port>` goes on until it is killed; it says `.` when everything is under way.
"""

from __future__ import annotations

import random
import selectors
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

SEED = 20260314
HALF_A_REQUEST = b"POST /ingest/v1/signals HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n"
HALF_OF_THE_API = b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n{"
A_CONSOLE = (
    b"GET /ws/v1/seat HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
WORST_RUBBISH = b"\nX" * 8_192
"""Cut into pieces of two bytes, each looked at by itself."""


@contextmanager
def flood(what: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Under way when the block begins, gone when it ends."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.faults.flooding", what, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.read(1) == b"."
            yield process
            assert process.poll() is None, "the flood ended by itself"
        finally:
            process.kill()


def connect(port: int, source: str = "127.0.0.1") -> socket.socket:
    made = socket.socket()
    made.bind((source, 0))
    made.settimeout(5)
    made.connect(("127.0.0.1", port))
    return made


def addresses(count: int) -> list[str]:
    return [f"127.0.0.{number + 10}" for number in range(count)]


def begun() -> None:
    sys.stdout.write(".")
    sys.stdout.flush()


def pour(sockets: Mapping[socket.socket, str], port: int, piece: Callable[[], bytes]) -> None:
    """As fast as it is taken, for ever; who is cut calls again."""
    waiting = selectors.DefaultSelector()
    for made, source in sockets.items():
        made.setblocking(False)
        waiting.register(made, selectors.EVENT_WRITE, source)
    begun()
    while True:
        for key, _ in waiting.select():
            made, source = key.fileobj, key.data
            assert isinstance(made, socket.socket)
            try:
                made.send(piece())
            except BlockingIOError:
                continue
            except OSError:
                waiting.unregister(made)
                made.close()
                with suppress(OSError):
                    again = connect(port, source)
                    again.setblocking(False)
                    waiting.register(again, selectors.EVENT_WRITE, source)


def line_feeds(port: int) -> None:
    """Four clients send nothing but line ends."""
    pour({connect(port): "127.0.0.1" for _ in range(4)}, port, lambda: b"\n" * 65_536)


def rubbish(port: int) -> None:
    """Random bytes and the worst there are, from 200 addresses."""
    chance = random.Random(SEED)
    drops = [WORST_RUBBISH, *(chance.randbytes(2_000) for _ in range(20))]
    pour({connect(port, a): a for a in addresses(200)}, port, lambda: chance.choice(drops))


def datagrams(port: int) -> None:
    """The same, 20,000 a second over UDP."""
    chance = random.Random(SEED)
    drops = [chance.randbytes(200) for _ in range(50)]
    sockets = []
    for address in addresses(200):
        made = socket.socket(type=socket.SOCK_DGRAM)
        made.bind((address, 0))
        sockets.append(made)
    begun()
    while True:
        for made in sockets:
            with suppress(OSError):
                made.sendto(chance.choice(drops), ("127.0.0.1", port))


def held(port: int, count: int, said: bytes, sources: list[str]) -> None:
    """So many connections that have said so much and wait; who is cut calls again."""
    waiting = selectors.DefaultSelector()

    def call(source: str) -> None:
        with suppress(OSError):
            made = connect(port, source)
            made.sendall(said)
            waiting.register(made, selectors.EVENT_READ, source)

    for number in range(count):
        call(sources[number % len(sources)])
    begun()
    while True:
        for key, _ in waiting.select():
            made = key.fileobj
            assert isinstance(made, socket.socket)
            gone = True
            with suppress(OSError):
                gone = not made.recv(4096)
            if gone:
                waiting.unregister(made)
                made.close()
                call(key.data)


def half_requests(port: int) -> None:
    held(port, 1_600, HALF_A_REQUEST, ["127.0.0.1"])


def half_uploads(port: int) -> None:
    held(port, 1_600, HALF_OF_THE_API, addresses(40))


def idle_diallers(port: int) -> None:
    held(port, 1_100, b"", addresses(100))


def handshakes(port: int) -> None:
    """Waves of 300 consoles in the same moment, of whom nobody is logged in."""
    begun()
    while True:
        calling = []
        for number in range(300):
            with suppress(OSError):
                calling.append(connect(port, addresses(100)[number % 100]))
        for made in calling:
            with suppress(OSError):
                made.sendall(A_CONSOLE)
        for made in calling:
            with suppress(OSError):
                made.recv(4_096)
            made.close()


def endless_header(port: int) -> None:
    """Sixteen clients, half of them for the API, whose one header never ends."""
    heads = [b"POST /ingest/v1/signals HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\nX: "]
    turn = iter(range(10**12))
    sockets = {}
    for number in range(16):
        made = connect(port)
        made.sendall(heads[number % 2])
        sockets[made] = "127.0.0.1"
    pour(sockets, port, lambda: heads[next(turn) % 2] + b"a" * 60_000)


def family_pages(port: int) -> None:
    """Links that are made up and jobs of nobody, from 100 addresses and as fast as they are answered or refused."""
    asked = [
        f"GET {path} HTTP/1.1\r\nHost: c.example.cn\r\n\r\n".encode()
        for path in ("/f/3D7BmqCxqYCm0", "/api/v1/phone/me", "/docs", "/f/x")
    ]
    turn = iter(range(10**12))
    sockets = {connect(port, address): address for address in addresses(100)}
    pour(sockets, port, lambda: asked[next(turn) % len(asked)])


def half_photos(port: int) -> None:
    """1,000 photos of which the rest does not come."""
    said = b"POST /api/v1/phone/photos HTTP/1.1\r\nHost: c.example.cn\r\nContent-Length: 900000\r\n\r\nx"
    held(port, 1_000, said, addresses(40))


FLOODS = {
    each.__name__: each
    for each in (
        line_feeds,
        rubbish,
        datagrams,
        half_requests,
        half_uploads,
        idle_diallers,
        handshakes,
        endless_header,
        family_pages,
        half_photos,
    )
}

if __name__ == "__main__":
    FLOODS[sys.argv[1]](int(sys.argv[2]))
