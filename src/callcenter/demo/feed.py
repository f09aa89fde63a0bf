"""What the demo adds to the server's addresses: who may log in, and what its device process asks (its virtual phones, and
what became of its presses).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header
from sqlalchemy import text

from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.errors import Unauthenticated
from callcenter.core.secrets import load_secrets
from callcenter.demo.community.moved_in import LOGINS_FILE
from callcenter.demo.community.roster import script_phones
from callcenter.demo.phone_pages import phone_pages_router
from callcenter.sms.links import LinkOf, links_to, no_link
from callcenter.sms.phones import phones


@dataclass(frozen=True, slots=True)
class Feed:
    """What the address needs. `token` is known to the device process."""

    database: Database
    zone: tzinfo
    link_of: LinkOf
    token: str = field(repr=False)


def demo_routers(
    data_dir: Path, zone: tzinfo, public_url: str | None = None
) -> Callable[[Database], list[APIRouter]]:
    """For `runtime.run`, which makes the database and does not know the demo. `zone` is the site's; with `public_url` the texts to
    families have their link.
    """

    def build(database: Database) -> list[APIRouter]:
        known = load_secrets(data_dir)
        link_of = links_to(public_url, known.family_key) if public_url else no_link
        feed = Feed(database, zone, link_of, known.demo_token)
        pages = phone_pages_router(database, zone, feed.token, SystemClock())
        return [feed_router(feed), pages, logins_router(data_dir / LOGINS_FILE)]

    return build


def feed_router(feed: Feed) -> APIRouter:
    """`GET /api/demo/feed`."""

    async def known_caller(x_demo_token: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(x_demo_token.encode(), feed.token.encode()):
            raise Unauthenticated("The demo token is missing or wrong.")

    router = APIRouter(dependencies=[Depends(known_caller)], include_in_schema=False)

    @router.get("/api/demo/feed")
    async def read_demo_feed() -> dict[str, Any]:
        async with feed.database.transaction() as session:
            rows = (await session.execute(text(_INCIDENTS))).mappings().all()
            seats = dict((await session.execute(text(_SEATS))).mappings().one())
            found = await phones(session, feed.zone, feed.link_of, in_script=script_phones())
        return {
            "phones": [asdict(phone) for phone in found],
            "timezone": str(feed.zone),
            "seats": seats,
            "incidents": [_incident(dict(row)) for row in rows],
        }

    return router


def logins_router(file: Path) -> APIRouter:
    """`GET /api/v1/login-info`: the invented people's log-ins, for the log-in page. `file` is written by the community."""
    router = APIRouter(include_in_schema=False)

    @router.get("/api/v1/login-info")
    async def read_logins() -> dict[str, Any]:
        try:
            content = orjson.loads(await asyncio.to_thread(file.read_bytes))
        except FileNotFoundError:
            content = {"logins": []}
        return {"demo": True, "logins": content["logins"]}

    return router


def _incident(row: dict[str, Any]) -> dict[str, Any]:
    opened: datetime = row["opened_at"]
    return {
        "number": row["number"],
        "source": row["source"],
        "identifier": row["identifier"],
        "state": row["state"],
        "opened_at": opened,
        "stored_ms": _ms(row["received_at"], row["stored_at"]),
        "seen_ms": _ms(opened, row["seen_at"]),
        "sounding_ms": _ms(opened, row["sounding_at"]),
        "taken_ms": _ms(opened, row["first_taken_at"]),
    }


def _ms(since: datetime | None, at: datetime | None) -> int | None:
    if since is None or at is None:
        return None
    return max(0, round((at - since).total_seconds() * 1000))


_SEATS = """
SELECT count(*) AS connected, count(*) FILTER (WHERE armed) AS armed FROM seat_presence
"""

_INCIDENTS = """
SELECT incident.number, journal.source, journal.identifier, incident.state, incident.opened_at,
       journal.received_at, journal.stored_at,
       (SELECT min(at) FROM incident_proof WHERE incident_id = incident.id AND proof = 'seen') AS seen_at,
       (SELECT min(at) FROM incident_proof WHERE incident_id = incident.id AND proof = 'sounding') AS sounding_at,
       (SELECT min(at) FROM timeline_entry WHERE incident_id = incident.id
          AND (kind = 'taken' OR (kind = 'reply' AND (data->>'takes')::boolean))) AS first_taken_at
FROM incident JOIN journal ON journal.incident_id = incident.id AND journal.outcome IN ('opened', 'joined')
WHERE incident.id IN (SELECT id FROM incident WHERE mode <> 'drill' ORDER BY opened_at DESC LIMIT 30)
  AND (incident.state <> 'closed' OR EXISTS (SELECT 1 FROM incident_proof WHERE incident_id = incident.id))
ORDER BY journal.stored_at
"""
