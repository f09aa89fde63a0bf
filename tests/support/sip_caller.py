"""A telephone of the network that rings us over SIP and gives up when it is told, at whatever instant. It has no sound."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

from tests.support.asterisk import NETWORK

_NUMBERS: Final = itertools.count(1)
_COPIED: Final = re.compile(r"^(?:Via|From|To|Call-ID|CSeq): .*$", re.MULTILINE)
_TO: Final = re.compile(r"^To: (.*?)\r?$", re.MULTILINE)
_CONTACT: Final = re.compile(r"^Contact: <([^>]+)>", re.MULTILINE)
_CSEQ: Final = re.compile(r"^CSeq: \d+ (\w+)", re.MULTILINE)


class SipCaller(asyncio.DatagramProtocol):
    """RFC 3261 as far as one call needs it. A CANCEL that crosses the answer is followed by ACK and BYE (section 9.1)."""

    def __init__(self, line: str, port: int, caller: str, name: str = "") -> None:
        self._name = name
        self._line = line
        self._server = ("127.0.0.1", port)
        self._caller = caller
        self._number = next(_NUMBERS)
        self._call = f"{self._number}@{NETWORK}"
        self._branch = f"z9hG4bKgives{self._number}"
        self._to = f"<sip:{line}@127.0.0.1>"
        self._target = f"sip:{line}@127.0.0.1"
        self.status = 0
        """Of the last answer to its call that was none for the moment; 200 is up."""
        self.taken = 0
        """Keys that the exchange has taken."""
        self._sent = 1
        self._up = False
        self._given_up = False
        self.is_silent = False
        """As after a power cut: nothing that comes is answered."""
        self._transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        host, port = transport.get_extra_info("sockname")
        self._own = f"{host}:{port}"
        sound = f"v=0\r\no=network 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
        self._send("INVITE", 1, self._branch, sound)

    def gives_up(self) -> None:
        """CANCEL before there is an answer, BYE after it."""
        if self._given_up:
            return
        self._given_up = True
        if self._up:
            self._bye()
        else:
            self._send("CANCEL", 1, self._branch)

    def presses(self, digit: str) -> None:
        """Once it is up, as a message of its own (RFC 6086)."""
        self._sent += 1
        branch = f"{self._branch}key{self._sent}"
        body = f"Signal={digit}\r\nDuration=40\r\n"
        self._send("INFO", self._sent, branch, body, "application/dtmf-relay")

    def datagram_received(self, data: bytes, addr: object) -> None:
        if self.is_silent:
            return
        text = data.decode()
        if text.startswith("SIP/2.0 "):
            self._answered(text)
        elif not text.startswith("ACK "):
            self._transport.sendto(self._ok(text), self._server)

    def close(self) -> None:
        self._transport.close()

    def _answered(self, text: str) -> None:
        status = int(text.split(" ", 2)[1])
        what = _CSEQ.search(text)
        if what is not None and what[1] == "INFO" and status == 200:
            self.taken += 1
        if what is None or what[1] != "INVITE" or status < 200:
            return
        self.status = status
        to, contact = _TO.search(text), _CONTACT.search(text)
        assert to is not None
        self._to = to[1]
        if status >= 300:
            self._send("ACK", 1, self._branch)
            return
        self._target = contact[1] if contact else self._target
        self._send("ACK", 1, f"{self._branch}ack")
        if self._given_up and not self._up:
            self._bye()
        self._up = True

    def _bye(self) -> None:
        self._send("BYE", self._sent + 1, f"{self._branch}bye")

    def _ok(self, request: str) -> bytes:
        lines = ["SIP/2.0 200 OK", *(each.strip() for each in _COPIED.findall(request))]
        return ("\r\n".join([*lines, "Content-Length: 0"]) + "\r\n\r\n").encode()

    def _send(
        self, method: str, number: int, branch: str, body: str = "", kind: str = "application/sdp"
    ) -> None:
        lines = [
            f"{method} {self._target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._own};branch={branch}",
            f"From: {self._name}<sip:{self._caller}@{NETWORK}>;tag=caller{self._number}",
            f"To: {self._to}",
            f"Call-ID: {self._call}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:network@{self._own}>",
            "Max-Forwards: 70",
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body.encode())}",
        ]
        self._transport.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self._server)


@asynccontextmanager
async def sip_caller(line: str, port: int, caller: str, name: str = "") -> AsyncIterator[SipCaller]:
    """Rings at once. `name` as it is signalled, with its quotation marks."""
    loop = asyncio.get_running_loop()
    _, phone = await loop.create_datagram_endpoint(
        lambda: SipCaller(line, port, caller, name), local_addr=(NETWORK, 0)
    )
    try:
        yield phone
    finally:
        phone.close()
