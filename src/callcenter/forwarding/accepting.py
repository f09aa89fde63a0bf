"""Their server says that a person there has taken what we forwarded. It proves itself by the secret that we share with that centre."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from callcenter.core.database import Database
from callcenter.core.errors import Invalid, Unauthenticated
from callcenter.core.held import HeldConnections
from callcenter.forwarding.bodies import TakenBody
from callcenter.forwarding.claiming import SECRET, Open
from callcenter.forwarding.ways.signed import signature_matches

NAME: Final = "forwards_taken"


class Accepting:
    """Port of the API. Whose forwarding it is, is a matter of the signature alone: who has no secret of its centre learns nothing."""

    def __init__(self, database: Database, opened: Open) -> None:
        self.connections = HeldConnections(database, NAME, 1)
        self._opened = opened

    async def accept(
        self, forwarding_id: UUID, body: bytes, timestamp: str, signature: str, now: datetime
    ) -> None:
        """The first word counts; a repeat is heard and changes nothing. Raises Unauthenticated, Invalid."""
        async with self.connections.use() as connection:
            sealed = await connection.fetchval(_OF_CENTRE, forwarding_id)
            if not self._is_theirs(sealed, timestamp, body, signature):
                raise Unauthenticated("unknown forwarding, or the signature is wrong")
            said = _read(body)
            await self._write(connection, forwarding_id, said, now)

    def _is_theirs(self, sealed: bytes | None, timestamp: str, body: bytes, given: str) -> bool:
        if sealed is None:
            return False
        return signature_matches(self._opened(sealed, SECRET), timestamp, body, given)

    async def _write(
        self, connection: asyncpg.Connection, forwarding_id: UUID, said: TakenBody, now: datetime
    ) -> None:
        """By their clock where that can be: not before it was forwarded, and not to come."""
        await connection.execute(_ACCEPT, forwarding_id, said.by, said.at, now)


def _read(body: bytes) -> TakenBody:
    try:
        return TakenBody.model_validate_json(body)
    except ValueError as error:
        raise Invalid("by and at: who has taken it, and when", code="taken_refused") from error


_OF_CENTRE = """
SELECT secret_sealed FROM forwarding JOIN other_centre ON other_centre.id = centre_id
WHERE forwarding.id = $1 AND what = 'alarm'
"""

_ACCEPT = """
UPDATE forwarding SET accepted_by = $2, accepted_at = greatest(created_at, least($3::timestamptz, $4)),
    accepted_how = 'reported', news = true
WHERE id = $1 AND accepted_at IS NULL
"""
