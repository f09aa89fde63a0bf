"""What regions say of their calls, read for a statement: after how much silence a device is on a list, looked up where its home lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from callcenter.calls.item import ListKind
from callcenter.calls.policy import STANDARD, Policies, policies_of


class Reading(Protocol):
    """The part of an asyncpg connection that reading needs."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Mapping[str, Any]]:
        """Rows of a query."""


async def read_policies(connection: Reading) -> Policies:
    """Of all regions that say something, which are few."""
    rows = await connection.fetch(
        "SELECT id, call_policies FROM region WHERE call_policies IS NOT NULL"
    )
    return Policies({row["id"]: policies_of(row["call_policies"]) for row in rows})


def arguments_of(policies: Policies, kind: ListKind) -> tuple[list[int], list[int], int | None]:
    """The three parameters of `threshold_from`."""
    return (*policies.thresholds(kind), STANDARD[kind].after)


def threshold_from(first: int) -> str:
    """SQL that joins `threshold.after` to a row of `region`, with the parameters from number `first` on."""
    own, after, standard = (f"${first + place}::bigint" for place in range(3))
    return f"""
CROSS JOIN LATERAL (
    SELECT coalesce((
        SELECT said.after FROM unnest({own}[], {after}[]) AS said(region_id, after)
        WHERE said.region_id = ANY(region.path) ORDER BY array_position(region.path, said.region_id) DESC LIMIT 1
    ), {standard}) AS after
) AS threshold
"""  # noqa: S608 numbers of parameters
