"""What people call whom and what the trail names by number: one question for a page of entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.models import AuditEntry


class Name(NamedTuple):
    """`latin` is empty where nobody has written it."""

    name: str
    latin: str


NOBODY: Final = Name("", "")
_NUMBERED: Final = ("user", "resident", "home", "region", "device", "wall", "plan")


async def names_of(session: AsyncSession, entries: Iterable[AuditEntry]) -> Mapping[str, Name]:
    """By subject, such as `resident:7`; whoever did it stands as `user:<id>`. What is gone has no name."""
    named: defaultdict[str, set[object]] = defaultdict(set)
    for entry in entries:
        if entry.user_id is not None:
            named["user"].add(entry.user_id)
        kind, _, key = entry.subject.partition(":")
        with suppress(ValueError):  # `user:unknown`, and whatever a later version writes
            if kind in _NUMBERED:
                named[kind].add(int(key))
            elif kind == "incident":
                named[kind].add(UUID(key))
    asked = {kind: list(named[kind]) for kind in (*_NUMBERED, "incident")}
    rows = await session.execute(_NAMES, asked)
    return {row.subject: Name(row.name, row.latin) for row in rows}


_NAMES: Final = text("""
SELECT 'user:' || id AS subject, name, name_en AS latin FROM app_user WHERE id = ANY(CAST(:user AS bigint[]))
UNION ALL
SELECT 'resident:' || id, name, coalesce(name_latin, '') FROM resident WHERE id = ANY(CAST(:resident AS bigint[]))
UNION ALL
SELECT 'home:' || id, address, coalesce(address_en, '') FROM home WHERE id = ANY(CAST(:home AS bigint[]))
UNION ALL
SELECT 'region:' || id, name, name_en FROM region WHERE id = ANY(CAST(:region AS bigint[]))
UNION ALL
SELECT 'device:' || id, identifier, '' FROM device WHERE id = ANY(CAST(:device AS bigint[]))
UNION ALL
SELECT 'wall:' || id, name, '' FROM wall_screen WHERE id = ANY(CAST(:wall AS bigint[]))
UNION ALL
SELECT 'plan:' || id, name, name_en FROM action_plan WHERE id = ANY(CAST(:plan AS bigint[]))
UNION ALL
SELECT 'incident:' || incident.id, concat_ws(' ', incident.number, home.address), concat_ws(' ', incident.number, home.address_en)
FROM incident LEFT JOIN home ON home.id = incident.home_id WHERE incident.id = ANY(CAST(:incident AS uuid[]))
""")
