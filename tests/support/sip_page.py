"""The telephone of a page as far as SIP goes: it registers over the server's own way and hears what it is rung for. It has no sound."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from callcenter.auth.guards import COOKIE
from tests.support.server import Operator

HOST = "page.invalid"


@dataclass
class SipPage:
    """RFC 7118 over one socket, RFC 2617 for the password."""

    socket: ClientConnection
    name: str
    password: str
    _number: int = 0

    async def registers(self) -> int:
        """The status of the answer to the request with the password."""
        await self.socket.send(self._register())
        asked = await self._answer()
        assert asked.startswith("SIP/2.0 401"), asked
        found = dict(re.findall(r'(realm|nonce|opaque|qop)="([^"]*)"', asked))
        await self.socket.send(self._register(self._authorization(found)))
        return int((await self._answer()).split()[1])

    async def rung(self) -> str:
        """The INVITE that comes."""
        while True:
            said = await self._said()
            if said.startswith("INVITE "):
                return said

    async def says(self, invite: str, status: str) -> None:
        """Answers an INVITE without taking it."""
        copied = re.findall(r"^(?:Via|From|Call-ID|CSeq): .*$", invite, re.MULTILINE)
        to = re.search(r"^To: .*$", invite, re.MULTILINE)
        assert to is not None
        lines = [f"SIP/2.0 {status}", *copied, f"{to[0].strip()};tag=page", "Content-Length: 0"]
        await self.socket.send("\r\n".join(each.strip() for each in lines) + "\r\n\r\n")

    async def _answer(self) -> str:
        while True:
            said = await self._said()
            if said.startswith("SIP/2.0 ") and not said.startswith("SIP/2.0 1"):
                return said

    async def _said(self) -> str:
        said = await self.socket.recv()
        text = said if isinstance(said, str) else said.decode()
        if text.startswith("OPTIONS "):
            await self.says(text, "200 OK")
        return text

    def _register(self, authorization: str = "") -> str:
        self._number += 1
        lines = [
            "REGISTER sip:asterisk SIP/2.0",
            f"Via: SIP/2.0/WS {HOST};branch=z9hG4bK{self._number}",
            f"From: <sip:{self.name}@asterisk>;tag=page",
            f"To: <sip:{self.name}@asterisk>",
            f"Call-ID: {self.name}@{HOST}",
            f"CSeq: {self._number} REGISTER",
            f"Contact: <sip:{self.name}@{HOST};transport=ws>;expires=300",
            "Max-Forwards: 70",
            *([authorization] if authorization else []),
            "Content-Length: 0",
        ]
        return "\r\n".join(lines) + "\r\n\r\n"

    def _authorization(self, asked: dict[str, str]) -> str:
        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - as SIP has it

        own = md5(f"{self.name}:{asked['realm']}:{self.password}")
        what = md5("REGISTER:sip:asterisk")
        answer = md5(f"{own}:{asked['nonce']}:00000001:page:auth:{what}")
        return (
            f'Authorization: Digest username="{self.name}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="sip:asterisk",'
            f' response="{answer}", algorithm=MD5, cnonce="page", nc=00000001, qop=auth, opaque="{asked.get("opaque", "")}"'
        )


@asynccontextmanager
async def open_way(
    url: str, operator: Operator, origin: str | None = None
) -> AsyncIterator[ClientConnection]:
    """The page's way to the exchange."""
    async with connect(
        url.replace("http://", "ws://") + "/ws/v1/voice",
        origin=origin or url,  # type: ignore[arg-type]
        subprotocols=[Subprotocol("sip")],
        additional_headers={"Cookie": f"{COOKIE}={operator.cookie}"},
        proxy=None,
        compression=None,
    ) as socket:
        yield socket
