"""The second listener on a whole server: what it carries, what it does not, and that no press waits for those who pour into it."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

import httpx

from tests.faults.flooding import flood
from tests.faults.test_floods import survives
from tests.support.place import Place
from tests.support.server import Server
from tests.support.waiting import until, until_told

Measured = Callable[[str], None]

HOST = "c.example.cn"
OUTSIDE = {
    "FIELD__LISTEN": "127.0.0.1:0",
    "FIELD__PUBLIC_URL": f"https://{HOST}",
    "FIELD__TRUSTED_PROXIES": '["127.0.0.2"]',
    "FIELD__REQUESTS_A_MINUTE": "100000",
}


async def serve(place: Place, **more: str) -> tuple[Server, int]:
    """A server, and the port of its second listener."""
    server = await place.serve(**{**OUTSIDE, **more})
    await until(lambda: bool(server.events("outside_listening")), "the second listener", 30)
    port = server.events("outside_listening")[-1]["port"]
    await office_answers(port)
    return server, port


async def office_answers(port: int, tls: ssl.SSLContext | None = None) -> None:
    """Asked each time from another address, none of which has its pace used up by it."""
    sources = (f"127.0.1.{number}" for number in range(1, 250))

    async def answers() -> bool:
        return (await said(port, get("/f/x"), next(sources), tls))[0] == 404

    await until_told(answers, "the office behind it", 30)


async def said(
    port: int,
    request: str,
    source: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    *,
    hangs_up: bool = False,
) -> tuple[int, str]:
    """Status and everything of the answer to these lines. `hangs_up`: says that nothing more will come."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, local_addr=(source, 0), ssl=tls, server_hostname=HOST if tls else None
    )
    writer.write(request.replace("\n", "\r\n").encode("latin-1"))
    with suppress(OSError):
        await writer.drain()
        if hangs_up:
            writer.write_eof()
    pieces = bytearray()
    with suppress(ConnectionError):  # who refuses a request does not read the rest of it
        async with asyncio.timeout(20):
            while piece := await reader.read(65_536):
                pieces += piece
    answer = pieces.decode("utf-8", "replace")
    writer.close()
    return int(answer.split(" ", 2)[1]) if answer else 0, answer


def get(target: str, *lines: str, host: str = HOST, version: str = "1.1") -> str:
    head = [f"GET {target} HTTP/{version}", *([f"Host: {host}"] if host else []), *lines]
    return "\n".join([*head, "Connection: close", "", ""])


async def _walked(port: int, paths: Mapping[str, Mapping[str, object]]) -> Mapping[str, int]:
    """What each route of the document answers outside, asked on one connection each by its own methods."""
    found = {}
    transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=8))
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers={"Host": HOST}, transport=transport, timeout=60
    ) as stranger:
        for path, methods in paths.items():
            for method in methods:
                answer = await stranger.request(method.upper(), _PARAMETER.sub("1", path))
                found[f"{path} {method}"] = answer.status_code
    return found


PHONE = "/api/v1/phone/"
_STATUS_LINE = re.compile(r"HTTP/1\.[01] (\d{3}) ")
_PARAMETER = re.compile(r"\{[^}]*\}")
HIDDEN = [
    "/",
    "/index.html",
    "/wall.html",
    "/build.json",
    "/docs",
    "/openapi.json",
    "/metrics",
    "/healthz",
    "/readyz",
    "/internal/texts",
    "/hooks/sandbox/x",
    "/forwarded/x",
    "/ingest/v1/signals",
    "/ws/v1/seat",
    "/api/v1/me",
    "/api/v1/login",
    "/api/v1/phone",
    "/f",
    "/f/",
    "*",
]
TRICKS = [
    "/f/../api/v1/me",
    "/f/%2e%2e/api/v1/me",
    "/f/..%2fapi/v1/me",
    "/f/..;/api/v1/me",
    "/f//api/v1/me",
    "//api/v1/me",
    "//f/x",
    "/api/v1/phone/../me",
    "/api/v1/phone/%2e%2e/me",
    "/api/v1/phone%2f..%2fme",
    "/api/v1/phone/./x",
    "/api/v1//phone/x",
    "/api/v1/phonebook",
    "/%61pi/v1/me",
    "/f/x%00",
    "/f\\..\\api",
    "/m.html/../index.html",
    f"http://{HOST}/api/v1/me",
    f"http://{HOST}/metrics",
    "http://127.0.0.1/metrics",
    "http://other.example/healthz",
]


async def test_only_phones_and_families_are_carried(place: Place):
    """Every other address, however it is spelled, is not there; asked from this machine as from any other."""
    server, port = await serve(place)
    for target in (*HIDDEN, *TRICKS):
        for version in ("1.1", "1.0"):
            status, answer = await said(port, get(target, version=version))
            assert status in (400, 404), (target, version, answer[:200])
    assert (await said(port, get("/metrics", host="")))[0] == 404
    assert (await said(port, get("/metrics", host="127.0.0.1")))[0] == 404
    assert (await said(port, get("/f/x", host="evil.example")))[0] == 421
    socket_wanted = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: eA==")
    assert (await said(port, get("/ws/v1/seat", *socket_wanted)))[0] == 404
    status, answer = await said(port, get("/f/nothing"))
    assert status == 404
    assert "text/html" in answer
    assert "no-store" in answer
    status, answer = await said(port, get(f"http://{HOST}/f/nothing"))
    assert (status, "text/html" in answer) == (404, True)
    body = "POST /f/x HTTP/1.1\nHost: c.example.cn\nContent-Length: 99999999\n\n"
    assert (await said(port, body))[0] == 413
    assert (await said(port, body.replace("POST /f/x", "POST /api/v1/login")))[0] == 404

    async with httpx.AsyncClient(base_url=server.url, timeout=60) as inside:
        document = (await inside.get("/openapi.json")).json()
        walked = await _walked(port, document["paths"])
        assert len(walked) > 200
        assert {status for path, status in walked.items() if not path.startswith(PHONE)} == {404}
        assert 404 not in {s for path, s in walked.items() if path.startswith(PHONE)}
        assert (await inside.get("/readyz")).json()["checks"]["outside"] is True
        counted = (await inside.get("/metrics")).text
        assert 'callcenter_outside_requests_total{process="outside",answer="not_found"}' in counted
        server.signal("outside", signal.SIGKILL)
        assert (await inside.get("/healthz")).status_code == 200
    await until(lambda: len(server.events("outside_listening")) == 2, "it is there again", 20)


HIDING = "GET /api/v1/me HTTP/1.1\nHost: c.example.cn\n\n"
"""What somebody wants to be read as a request of its own."""
BODY = f"{len(HIDING) + 3:x}\n{HIDING}\n0\n\n"
TWO_READINGS = {
    "length and chunks": f"Content-Length: 4\nTransfer-Encoding: chunked\n\n{BODY}",
    "chunks and length": f"Transfer-Encoding: chunked\nContent-Length: 4\n\n{BODY}",
    "two lengths": f"Content-Length: 0\nContent-Length: {len(HIDING) + 3}\n\n{HIDING}",
    "a length with a sign": f"Content-Length: +4\n\nabcd{HIDING}",
    "a length in words": f"Content-Length: four\n\n{HIDING}",
    "a list of lengths": f"Content-Length: 0, 4\n\n{HIDING}",
    "less than nothing": f"Content-Length: -1\n\n{HIDING}",
    "a length without an end": f"Content-Length: {10**400}\n\n{HIDING}",
    "chunks of another kind": f"Transfer-Encoding: xchunked\n\n{BODY}",
    "chunks that are packed": f"Transfer-Encoding: gzip, chunked\n\n{BODY}",
    "chunks said twice": f"Transfer-Encoding: chunked\nTransfer-Encoding: identity\n\n{BODY}",
    "a space before the colon": f"Transfer-Encoding : chunked\n\n{BODY}",
    "a line that goes on": f"X: 1\n Transfer-Encoding: chunked\n\n{BODY}",
    "a name with a line feed": f"X: 1\x00\n\n{HIDING}",
    "a chunk of no size": f"Transfer-Encoding: chunked\n\nzz\n{HIDING}",
    "a chunk of every size": f"Transfer-Encoding: chunked\n\n{'f' * 40}\n{HIDING}",
    "two hosts": f"Host: 127.0.0.1\nContent-Length: 0\n\n{HIDING}",
    "a thousand lines": "X: 1\n" * 1_000 + f"Content-Length: 0\n\n{HIDING}",
    "a line of a megabyte": f"X: {'a' * 1_000_000}\nContent-Length: 0\n\n{HIDING}",
}


async def test_what_two_programs_would_read_otherwise_shows_nothing_and_ends(place: Place):
    """Every answer is one of ours to a page that is not there, or a refusal; pages asked for in a row are answered in that row."""
    server, port = await serve(place)
    for number, (name, rest) in enumerate(TWO_READINGS.items()):
        for version in ("1.1", "1.0"):
            head = f"POST /f/3D7BmqCxqYCm0 HTTP/{version}\nHost: {HOST}\n"
            _, answer = await said(port, head + rest, f"127.0.2.{number + 1}", hangs_up=True)
            statuses = _STATUS_LINE.findall(answer)
            assert set(statuses) <= {"400", "404", "409", "413", "421", "431", "501"}, (
                name,
                answer[:300],
            )
            assert len(statuses) <= 2, (name, answer[:300])
    row = get("/f/x").replace("Connection: close\n", "") + get("/metrics").replace(
        "Connection: close\n", ""
    )
    _, answer = await said(port, row + get("/m.html"), "127.0.3.1")
    assert _STATUS_LINE.findall(answer)[:2] == ["404", "404"]
    assert "callcenter_" not in answer
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as inside:
        assert (await inside.get("/readyz")).json()["checks"]["outside"] is True
    assert not server.events("process_ended")
    assert "Traceback" not in server.log()


async def test_g3_whoever_pours_into_the_second_listener_keeps_no_press_waiting(
    place: Place, measured: Measured
):
    """Made-up links as fast as they are refused, and a thousand photos that do not come."""
    server, port = await serve(place)
    with flood("half_photos", port):
        await survives(place, server, "family_pages", port, measured)


async def test_the_address_of_a_tunnel_comes_late_and_it_alone_says_who_asks(place: Place):
    """With a certificate of its own, which comes late as well. No alarm waits for either; X-Forwarded-For counts from the tunnel, and of nobody else:
    the pace of a stranger is not another's, and no address in the log is made up.
    """
    made = ("certificate", HOST, "127.0.0.1", "--folder", str(place.folder))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = await place.serve(
            **OUTSIDE
            | {
                "FIELD__LISTEN": f"127.0.0.1:{port}",
                "FIELD__REQUESTS_A_MINUTE": "10",
                "FIELD__TLS_CERTIFICATE": str(place.folder / "server.pem"),
                "FIELD__TLS_KEY": str(place.folder / "server-key.pem"),
            }
        )
        await until(lambda: bool(server.events("outside_not_bound")), "it says so", 30)
        assert "cannot be used" in server.events("outside_not_bound")[0]["reason"]
        subprocess.run([sys.executable, "-m", "callcenter", *made], check=True, capture_output=True)  # noqa: ASYNC221 - a moment
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as inside:

            async def is_ready() -> bool:
                ready = await inside.get("/readyz")
                return (ready.status_code, ready.json()["checks"].get("outside")) == (200, False)

            await until_told(is_ready, "the server to be ready without it", 30)
    await until(lambda: bool(server.events("outside_listening")), "it listens", 30)
    assert not server.events("process_ended")
    tls = ssl.create_default_context(cafile=str(place.folder / "authority.pem"))
    await office_answers(port, tls)
    wrong = get("/f/3D7BmqCxqYCm0", "X-Forwarded-For: 198.51.100.9")
    statuses = [(await said(port, wrong, "127.0.0.9", tls))[0] for _ in range(4)]
    assert statuses == [404, 404, 429, 429]
    assert (await said(port, wrong, "127.0.0.2", tls))[0] == 404
    told = {event["address"] for event in server.events("family_link_refused")}
    asking = {address for address in told if not address.startswith("127.0.1.")}
    assert asking == {"127.0.0.9", "198.51.100.9"}
    assert "strict-transport-security" in (await said(port, wrong, "127.0.0.8", tls))[1]
