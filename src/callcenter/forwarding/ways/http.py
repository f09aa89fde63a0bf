"""HTTP to another centre, in the very format that our own receiver takes: two of our centres can forward to each other.

200 and 201 say that it is on their disk. An answer between 400 and 499 refuses it; 429 and 503 say that it is not stored, and
anything else leaves open what became of it. Repeats bear the same id.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any, Final

import httpx
import orjson

from callcenter.core.clock import Clock
from callcenter.core.ids import new_id
from callcenter.forwarding.course import Outcome
from callcenter.forwarding.parcel import Detail, Parcel, What, words_of
from callcenter.forwarding.way import Line, Sent
from callcenter.forwarding.ways.signed import signature

import_module("anyio._backends._asyncio")
"""httpx would do it with the first alarm, and keep the loop for 0.1 s."""

SIGNALS: Final = "/ingest/v1/signals"
_NOT_STORED: Final = frozenset({429, 503})
_ERRORS: Final = {401: "not_authorised", 403: "not_authorised", 404: "nothing_there"}
_CARD: Final = ("address", "names", "lat", "lng")
CONNECTIONS: Final = 20


class HttpWay:
    """One client for all centres; no proxy of the environment, no redirect."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._client = httpx.AsyncClient(
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=2.0), trust_env=False
        )

    async def send(self, line: Line, parcel: Parcel) -> Sent:
        if parcel.what is What.TAKEN:
            path = f"/forwarded/{parcel.content['forwarding_id']}/taken"
            body = {name: parcel.content[name] for name in ("by", "at")}
            return await self._over_all(line, path, orjson.dumps(body))
        return await self._over_all(line, SIGNALS, orjson.dumps(alarm_document(line, parcel)))

    async def poll(self, line: Line) -> Sent:
        document = {"id": str(new_id()), "device": line.account, "kind": "heartbeat"}
        return await self._over_all(line, SIGNALS, orjson.dumps(document))

    async def close(self) -> None:
        await self._client.aclose()

    async def _over_all(self, line: Line, path: str, body: bytes) -> Sent:
        found: list[Sent] = []
        for place, address in enumerate(line.addresses, start=1):
            sent = await self._at(line, address.rstrip("/") + path, body, place)
            if sent.outcome is Outcome.DELIVERED:
                return sent
            found.append(sent)
        rank = {Outcome.UNKNOWN: 0, Outcome.REFUSED: 1, Outcome.NOT_SENT: 2}
        return min(
            found, key=lambda each: rank[each.outcome], default=Sent(Outcome.NOT_SENT, "no_address")
        )

    async def _at(self, line: Line, url: str, body: bytes, place: int) -> Sent:
        headers = proof(line, body, self._clock.now())
        try:
            response = await self._client.post(
                url, content=body, headers=headers, timeout=line.timeout_s
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Sent(Outcome.NOT_SENT, "no_connection")
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            return Sent(Outcome.NOT_SENT, "wrong_address")
        except httpx.TimeoutException:
            return Sent(Outcome.UNKNOWN, "no_answer")
        except httpx.HTTPError:
            return Sent(Outcome.UNKNOWN, "connection_lost")
        return read_answer(response.status_code, response.content, place)


def proof(line: Line, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that prove who sends: a signature where there is a secret, and the token where there is one."""
    headers = {"Content-Type": "application/json"}
    if line.token:
        headers["Authorization"] = f"Bearer {line.token}"
    if line.secret:
        at = str(int(now.timestamp()))
        headers |= {
            "X-Key-Id": line.key_id,
            "X-Timestamp": at,
            "X-Signature": signature(line.secret.encode(), at, body),
        }
    return headers


def alarm_document(line: Line, parcel: Parcel) -> dict[str, Any]:
    """In the format of docs/protocols/http-json.md; `extra.forwarded` is for another centre of ours."""
    content = parcel.content
    home, identifier = content.get("home_id"), content.get("identifier")
    caller = f"home-{home}" if home else str(identifier or "unknown")
    document: dict[str, Any] = {
        "id": str(parcel.id),
        "device": f"{line.account}-{caller}",
        "kind": content.get("kind"),
        "occurred_at": content.get("occurred_at"),
        "text": words_of(content, line.detail),
    }
    forwarded = {
        "id": str(parcel.id),
        "number": content.get("number"),
        "hops": content.get("hops"),
        "why": content.get("why"),
    }
    if line.detail is Detail.CARD:
        forwarded |= {name: content.get(name) for name in _CARD[:2]}
        if content.get("lat") is not None and content.get("lng") is not None:
            document |= {"lat": content["lat"], "lon": content["lng"]}
    return document | {"extra": {"forwarded": forwarded}}


def read_answer(status: int, body: bytes, place: int) -> Sent:
    """What it proves."""
    if status in (200, 201, 204):
        return Sent(Outcome.DELIVERED, address=place, reference=_reference(body))
    if status in _NOT_STORED:
        return Sent(Outcome.NOT_SENT, "not_stored", place)
    if 400 <= status < 500:
        return Sent(Outcome.REFUSED, _ERRORS.get(status, f"status_{status}"), place)
    return Sent(Outcome.UNKNOWN, f"status_{status}", place)


def _reference(body: bytes) -> str | None:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    found = said.get("journal_id") if isinstance(said, dict) else None
    return str(found)[:100] if found else None
