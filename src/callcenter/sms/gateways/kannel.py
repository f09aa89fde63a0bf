"""Kannel's smsbox over HTTP (1.4.5): `POST /cgi-bin/sendsms` with X-Kannel headers.

By POST, because Kannel and proxies log whole URLs, with the password and the text in them. Chinese needs `coding=2` (without
it Kannel answers 202 and the phone gets question marks). Kannel gives no message id: our own id and attempt travel in the
receipt's address. Operating notes: docs/operating/sms.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import httpx

from callcenter.sms.catalogue import EMERGENCY, NORMAL
from callcenter.sms.gateway import Outcome, OutgoingText, SendResult
from callcenter.sms.segments import Encoding, encoding_of

ALL_RECEIPTS: Final = 31
"""delivered 1, failed 2, buffered 4, taken by the network 8, refused by it 16"""
_CODING: Final = {Encoding.GSM7: "0", Encoding.UCS2: "2"}
_KANNEL_PRIORITIES: Final = ((EMERGENCY, "3"), (NORMAL, "1"))


@dataclass(frozen=True, slots=True)
class KannelAccess:
    """Where Kannel is and how it reaches us. `receipt_url` is the address of `/hooks/kannel/<secret>/receipt`."""

    url: str
    """e.g. http://127.0.0.1:13013/cgi-bin/sendsms; the password goes over it in clear, so it must be the loopback."""
    username: str
    receipt_url: str
    password: str = field(repr=False)
    sender: str = ""
    """What the phone shows as sender; empty: Kannel's `global-sender`."""
    smsc: str = ""
    """`smsc-id` to use; it binds only with `allowed-smsc-id` set in Kannel."""
    name: str = "kannel"
    window: int = 16
    timeout_s: float = 10.0


class KannelGateway:
    def __init__(self, access: KannelAccess) -> None:
        self.name = access.name
        self.window = access.window
        self._access = access
        self._client = httpx.AsyncClient(
            timeout=access.timeout_s,
            # Kannel closes idle connections by itself; one that is used in that moment would look like an unknown outcome.
            limits=httpx.Limits(max_connections=access.window, keepalive_expiry=2.0),
            trust_env=False,
        )

    async def send(self, message: OutgoingText) -> SendResult:
        try:
            response = await self._client.post(
                self._access.url,
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

    async def close(self) -> None:
        await self._client.aclose()

    def _headers(self, message: OutgoingText) -> dict[str, str]:
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self._access.username,
            "X-Kannel-Password": self._access.password,
            "X-Kannel-To": message.recipient,
            "X-Kannel-Coding": _CODING[encoding_of(message.text)],
            "X-Kannel-DLR-Mask": str(ALL_RECEIPTS),
            "X-Kannel-DLR-Url": self._receipt_url(message),
            "X-Kannel-Validity": str(max(math.ceil(message.valid_for_s / 60), 1)),
            "X-Kannel-Priority": kannel_priority(message.priority),
        }
        if self._access.sender:
            headers["X-Kannel-From"] = self._access.sender
        if self._access.smsc:
            headers["X-Kannel-SMSC"] = self._access.smsc
        return headers

    def _receipt_url(self, message: OutgoingText) -> str:
        ours = urlencode({"id": str(message.id), "attempt": message.attempt})
        return f"{self._access.receipt_url}?{ours}&type=%d&fid=%F&answer=%A&smsc=%i"


def kannel_priority(priority: int) -> str:
    """Kannel's 3 (first) to 0. Its SMPP driver keeps to it, its fake driver does not."""
    return next((kannel for least, kannel in _KANNEL_PRIORITIES if priority <= least), "0")


def read_answer(status: int, body: str) -> SendResult:
    """What an answer of sendsms proves (measured on 1.4.5)."""
    said = body.strip()
    if status == httpx.codes.ACCEPTED and said.startswith("3:"):
        return SendResult(Outcome.BUFFERED, "no_link")
    if status == httpx.codes.FORBIDDEN and "authorization" in said.lower():
        # The status is the one of "Not routable"; only the body tells them apart.
        return SendResult(Outcome.REFUSED, "authorization")
    if status in _ANSWERS:
        return _ANSWERS[status]
    if status < httpx.codes.INTERNAL_SERVER_ERROR:
        return SendResult(Outcome.REFUSED, f"unexpected_answer_{status}")
    return SendResult(Outcome.UNKNOWN, f"gateway_error_{status}")


_ANSWERS: Final = {
    202: SendResult(Outcome.SUBMITTED),
    400: SendResult(Outcome.REJECTED, "rejected"),
    403: SendResult(Outcome.REFUSED, "not_routable"),
    503: SendResult(Outcome.REFUSED, "queue_full"),
}
