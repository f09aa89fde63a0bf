"""Kannel's smsbox over HTTP: `POST /cgi-bin/sendsms` with X-Kannel headers, and the addresses that it calls.

By POST, because Kannel and proxies log whole URLs, with the password and the text in them. Chinese needs `coding=2` (without
it Kannel answers 202 and the phone gets question marks). Kannel gives no message id: our own id and attempt travel in the
receipt's address.
"""

from __future__ import annotations

import math
from importlib import import_module
from typing import Final
from urllib.parse import parse_qsl, urlencode

import httpx

from callcenter.core.errors import Invalid, NotFound
from callcenter.sms.catalogue import EMERGENCY, NORMAL
from callcenter.sms.gateway import Handled, HookRequest, Outcome, OutgoingText, SendResult
from callcenter.sms.gateways.kannel.answers import read_answer
from callcenter.sms.gateways.kannel.inbound import read_inbound
from callcenter.sms.gateways.kannel.receipts import ALL, read_receipt
from callcenter.sms.gateways.kannel.settings import KannelSettings
from callcenter.sms.segments import Encoding, encoding_of

import_module("anyio._backends._asyncio")
"""httpx would do it with the first text, and keep the loop for 0.1 s."""

_CODING: Final = {Encoding.GSM7: "0", Encoding.UCS2: "2"}
_KANNEL_PRIORITIES: Final = ((EMERGENCY, "3"), (NORMAL, "1"))
_MOST_PARAMETERS: Final = 50


class KannelGateway:
    """`hook_url` is the address at which Kannel reaches `hooks`, with the secret and without a tail."""

    def __init__(self, settings: KannelSettings, hook_url: str) -> None:
        self.name = settings.name
        self.window = settings.window
        self._settings = settings
        self._hook_url = hook_url
        self._client = httpx.AsyncClient(
            timeout=settings.timeout_s,
            # Kannel closes idle connections by itself; one that is used in that moment would look like an unknown outcome.
            limits=httpx.Limits(max_connections=settings.window, keepalive_expiry=2.0),
            trust_env=False,
        )

    async def send(self, message: OutgoingText) -> SendResult:
        try:
            response = await self._client.post(
                self._settings.url,
                headers=self._headers(message),
                content=message.text.encode("utf-8"),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return SendResult(Outcome.REFUSED, "no_connection")
        except httpx.UnsupportedProtocol:
            return SendResult(Outcome.REFUSED, "wrong_address")
        except httpx.TimeoutException:
            return SendResult(Outcome.UNKNOWN, "no_answer")
        except httpx.HTTPError:
            return SendResult(Outcome.UNKNOWN, "connection_lost")
        return read_answer(response.status_code, response.text)

    def hooks(self, request: HookRequest) -> Handled:
        """`receipt` and `inbound`, by GET as Kannel calls them, or POST."""
        if request.tail not in ("receipt", "inbound"):
            raise NotFound("There is nothing at this address.")
        query = _parameters(request.query)
        if request.tail == "inbound":
            return Handled(arrivals=(read_inbound(query),))
        words = {name: value.decode("utf-8", "replace") for name, value in query.items()}
        return Handled(receipts=(read_receipt(words),))

    async def health(self) -> str | None:
        """Asks sendsms for nothing, without a log-in: smsbox says 403, and only smsbox says it in these words."""
        try:
            response = await self._client.get(self._settings.url)
        except httpx.HTTPError:
            return "no_connection"
        found = read_answer(response.status_code, response.text).error
        return None if found == "authorization" else found or "unexpected_answer"

    async def close(self) -> None:
        await self._client.aclose()

    def _headers(self, message: OutgoingText) -> dict[str, str]:
        settings = self._settings
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": settings.user,
            "X-Kannel-Password": settings.password.get_secret_value(),
            "X-Kannel-To": message.recipient,
            "X-Kannel-Coding": _CODING[encoding_of(message.text)],
            "X-Kannel-DLR-Mask": str(ALL),
            "X-Kannel-DLR-Url": self._receipt_url(message),
            "X-Kannel-Validity": str(max(math.ceil(message.valid_for_s / 60), 1)),
            "X-Kannel-Priority": kannel_priority(message.priority),
        }
        if settings.sender:
            headers["X-Kannel-From"] = settings.sender
        if settings.smsc:
            headers["X-Kannel-SMSC"] = settings.smsc
        return headers

    def _receipt_url(self, message: OutgoingText) -> str:
        ours = urlencode({"id": str(message.id), "attempt": message.attempt})
        return f"{self._hook_url}/receipt?{ours}&type=%d&fid=%F&answer=%A&smsc=%i"


def kannel_priority(priority: int) -> str:
    """Kannel's 3 (first) to 0. Its SMPP driver keeps to it, its fake driver does not."""
    return next((kannel for least, kannel in _KANNEL_PRIORITIES if priority <= least), "0")


def _parameters(query: bytes) -> dict[str, bytes]:
    """Names and undecoded values; of a name that is repeated the last counts."""
    try:
        pairs = parse_qsl(
            query.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        raise Invalid("too many parameters") from error
    return {name: value.encode("latin-1") for name, value in pairs}
