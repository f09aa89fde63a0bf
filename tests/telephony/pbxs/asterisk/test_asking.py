"""What commands ask a running exchange: against a server that answers as Asterisk does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from callcenter.core.errors import Unavailable
from callcenter.telephony.pbxs.asterisk.asking import RELOADED, ask, reload
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

ANSWERS: dict[str, Any] = {
    "/ari/asterisk/info": {
        "system": {"version": "22.5.1"},
        "status": {"startup_time": "2026-11-28T08:00:00.000+0800"},
    },
    "/ari/channels": [{"id": "a"}, {"id": "b"}],
    "/ari/endpoints": [
        {"technology": "PJSIP", "resource": "provider", "state": "online"},
        {"technology": "PJSIP", "resource": "seat-7", "state": "online"},
        {"technology": "PJSIP", "resource": "seat-8", "state": "offline"},
        {"technology": "Local", "resource": "desk-1", "state": "online"},
    ],
}


@contextmanager
def exchange(refuses: bool = False) -> Iterator[str]:
    """Where it answers. A module that it does not have is not found."""

    class Ari(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(401 if refuses else 200, ANSWERS.get(self.path))

        def do_PUT(self) -> None:
            self.answer(404 if self.path.endswith("cel_custom.so") else 204, None)

        def answer(self, status: int, content: Any) -> None:
            body = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ari)
    serving = Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def section(http: str) -> AsteriskSection:
    trunk = {"name": "provider", "host": "10.0.0.1", "addresses": ["10.0.0.1"]}
    desk = {"name": "desk-1", "password": "x"}
    return AsteriskSection(
        **{"http": http, "password": "only-in-tests", "trunks": [trunk], "desk_phones": [desk]}  # type: ignore[arg-type]
    )


def test_it_says_what_it_is_and_who_can_be_reached():
    with exchange() as http:
        standing = ask(section(http))
    assert (standing.version, standing.calls, standing.consoles) == ("22.5.1", 2, 1)
    assert standing.trunks == {"provider": "online"}
    assert standing.phones == {"desk-1": "not configured"}


def test_what_has_read_anew_is_named_and_what_has_not_is_not():
    with exchange() as http:
        assert set(reload(section(http))) == {*RELOADED} - {"cel_custom.so"}


def test_a_password_that_it_does_not_know_says_what_to_do():
    with exchange(refuses=True) as http, pytest.raises(Unavailable, match="telephony configure"):
        ask(section(http))


def test_one_that_does_not_answer_is_told_with_its_address():
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9/"):
        ask(section("127.0.0.1:9"))
