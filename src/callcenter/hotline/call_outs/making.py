"""Lists that are worked by voice: made of everybody in a region, let ring or not, and how far each has got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import Any, Final

from callcenter.auth.permissions import Action
from callcenter.calls.item import ListKind, stale_after
from callcenter.calls.lists import managed
from callcenter.calls.models import CallList
from callcenter.calls.region_policies import policies_along
from callcenter.calls.seeing import regions_of
from callcenter.calls.statement import statement
from callcenter.core.errors import Invalid, NotFound
from callcenter.hotline.call_outs.schemas import CallOutBody, CallOutItemView, CallOutView
from callcenter.hotline.list_answers import RUNG_AS
from callcenter.regions.models import Region
from callcenter.residents.access import Asking

MOST: Final = 20_000
"""People of one list."""
MOST_SHOWN: Final = 1_000
_LATER: Final = timedelta(days=90)
"""Lists that were made longer ago are not listed any more."""


async def make(asking: Asking, body: CallOutBody, zone: tzinfo, *, exchange: bool) -> CallOutView:
    """The list, due at once, by voice first: nobody is offered a call that has not been rung, where there is an `exchange`. Raises NotFound for a region that is not the asker's, Invalid `needs_notice`, `nobody_there`,
    `too_many_people`.
    """
    region = await asking.region(body.region_id, Action.MANAGE_CALLS)
    if body.kind is ListKind.NOTICE and not body.notice.strip():
        raise Invalid("A notice needs words.", code="needs_notice")
    row = CallList(
        kind=body.kind, name=body.name, region_id=region.id, active=True, by_voice=True, notice=body.notice.strip(),
        notice_en=body.notice_en.strip(), created_at=asking.now, created_by=asking.principal.user_id,
    )  # fmt: skip
    asking.session.add(row)
    await asking.session.flush()
    await _fill(asking, row, region, zone, exchange=exchange)
    detail = {"kind": body.kind.value, "by_voice": True}
    await asking.note("call_list_added", f"call_list:{row.id}", region.path, detail)
    return await call_out_of(asking, row.id)


async def _fill(
    asking: Asking, row: CallList, region: Region, zone: tzinfo, *, exchange: bool
) -> None:
    kind = ListKind(row.kind)
    policies = await policies_along(asking.session, region.path)
    stale_at = stale_after(policies.of(kind, region.path).pace, asking.now)
    parts = {
        "list_id": row.id,
        "region_id": region.id,
        "day": asking.now.astimezone(zone).date(),
        "now": asking.now,
        "stale_at": stale_at,
        "voice_until": stale_at if exchange else None,
        "rank": list(ListKind).index(kind) * 1_000,
        "most": MOST + 1,
    }
    made = (await asking.session.execute(_FILL, parts)).rowcount  # type: ignore[attr-defined]
    if made == 0:
        raise Invalid("Nobody in this region has a telephone.", code="nobody_there")
    if made > MOST:
        raise Invalid(
            f"More than {MOST} people: make a list for each part of this region.",
            code="too_many_people",
            most=MOST,
        )


async def let_ring(asking: Asking, list_id: int, *, by_voice: bool, exchange: bool) -> CallOutView:
    """Raises NotFound, Invalid `not_by_voice` for a list of devices."""
    row = await managed(asking, list_id)
    if by_voice and ListKind(row.kind) not in RUNG_AS:
        raise Invalid(
            f"A list of the kind {row.kind} is not rung by itself.", code="not_by_voice", kind=row.kind
        )  # fmt: skip
    row.by_voice = by_voice
    for change in (_FOR_VOICE,) if by_voice and exchange else (_GIVE_BACK, _WITHDRAW):
        await asking.session.execute(change, {"list_id": list_id, "now": asking.now})
    await asking.session.flush()
    path = await asking.path_of(row.region_id)
    await asking.note("call_list_changed", f"call_list:{row.id}", path, {"by_voice": by_voice})
    return await call_out_of(asking, list_id)


async def call_outs(asking: Asking, list_id: int | None = None) -> list[CallOutView]:
    """Those that can be rung, within the asker's regions; what was made last first."""
    parts: dict[str, Any] = {
        "regions": regions_of(asking),
        "kinds": [kind.value for kind in RUNG_AS],
        "list_id": list_id,
        "since": asking.now - _LATER,
        "now_less_a_day": asking.now - timedelta(days=1),
    }
    rows = (await asking.session.execute(_LISTS, parts)).mappings().all()
    within = parts | {"ids": [row["id"] for row in rows]}
    counted = (await asking.session.execute(_ITEMS_OF, within)).mappings().all()
    return [_view(row, [one for one in counted if one["list_id"] == row["id"]]) for row in rows]


def _view(row: Mapping[Any, Any], counted: Sequence[Mapping[Any, Any]]) -> CallOutView:
    items: dict[str, int] = {}
    voice: dict[str, int] = {}
    scores: dict[int, int] = {}
    for one in counted:
        items[one["state"]] = items.get(one["state"], 0) + one["n"]
        if one["voice"] is not None:
            voice[one["voice"]] = voice.get(one["voice"], 0) + one["n"]
        if one["score"] is not None:
            scores[one["score"]] = scores.get(one["score"], 0) + one["n"]
    wishes = sum(one["n"] for one in counted if one["wished"])
    return CallOutView.model_validate(
        {**row, "items": items, "voice": voice, "scores": scores, "wishes": wishes}
    )


async def call_out_of(asking: Asking, list_id: int) -> CallOutView:
    """One of them. Raises NotFound."""
    found = await call_outs(asking, list_id)
    if not found:
        raise NotFound("no such list", what="call_list")
    return found[0]


async def items_of(asking: Asking, list_id: int) -> list[CallOutItemView]:
    """At most 1,000 lines: who wants to speak with somebody, who was not reached, then the others. The look is written down."""
    await call_out_of(asking, list_id)
    parts = {"regions": regions_of(asking), "list_id": list_id, "most": MOST_SHOWN}
    rows = (await asking.session.execute(_ITEMS, parts)).mappings().all()
    homes = sorted({row["home_id"] for row in rows})
    await asking.note(
        "calls_listed", f"call_list:{list_id}", regions_of(asking), {"home_ids": homes}
    )
    return [CallOutItemView.model_validate(dict(row)) for row in rows]


_FILL = statement(
    """
INSERT INTO call_item (list_id, subject, home_id, resident_id, occurrence, due_at, rank, next_try_at, stale_at, voice_until)
SELECT :list_id, 'resident:' || resident.id, resident.home_id, resident.id, :day, :now, :rank, :now, :stale_at,
       CASE WHEN resident.hearing = '' THEN CAST(:voice_until AS timestamptz) END
FROM resident JOIN home ON home.id = resident.home_id
JOIN region ON region.id = home.region_id AND region.path @> ARRAY[CAST(:region_id AS bigint)]
WHERE resident.status NOT IN ('deceased', 'moved', 'hospital') AND resident.merged_into IS NULL
    AND coalesce(resident.phone, resident.second_phone) IS NOT NULL
ORDER BY resident.id LIMIT :most
"""
)

# What stands stays with the automatic calls that ring already; the others are a person's.
_GIVE_BACK = statement(
    """
UPDATE call_item SET voice_until = NULL WHERE list_id = :list_id AND state = 'open' AND voice_until IS NOT NULL
    AND NOT EXISTS (SELECT FROM voice_call WHERE call_item_id = call_item.id AND state = 'ringing')
"""
)
_FOR_VOICE = statement(
    """
UPDATE call_item SET voice_until = stale_at FROM call_list AS list, resident
WHERE resident.id = call_item.resident_id AND resident.hearing = '' AND list.id = call_item.list_id AND list.id = :list_id AND list.kind IN ('satisfaction', 'notice') AND state = 'open'
    AND stale_at > :now AND NOT EXISTS (SELECT FROM voice_call WHERE call_item_id = call_item.id)
"""
)
_WITHDRAW = statement(
    """
UPDATE voice_call AS voice SET state = 'withdrawn', outcome = 'withdrawn', ended_at = :now, version = voice.version + 1
FROM call_item AS item WHERE item.id = voice.call_item_id AND item.list_id = :list_id AND voice.state = 'due'
"""
)

_LISTS = statement(
    """
SELECT list.id, list.kind, list.name, list.region_id, region.name AS region_name, region.name_en AS region_name_en, list.active,
       list.by_voice, list.notice, list.created_at
FROM call_list AS list JOIN region ON region.id = list.region_id
WHERE list.kind = ANY(CAST(:kinds AS text[]))
    AND (region.path && CAST(:regions AS bigint[])
         OR EXISTS (SELECT FROM region AS mine WHERE mine.id = ANY(CAST(:regions AS bigint[])) AND mine.path @> ARRAY[list.region_id]))
    AND (list.id = CAST(:list_id AS bigint) OR CAST(:list_id AS bigint) IS NULL
         AND (list.kind = 'well_being' OR list.created_at > :since))
ORDER BY list.created_at DESC, list.id DESC
"""
)

_ITEMS_OF = statement(
    """
SELECT item.list_id, item.state, voice.state AS voice, item.score, item.wish IS NOT NULL AND item.state IN ('open', 'leased') AS wished,
       count(*) AS n
FROM call_item AS item
JOIN call_list AS list ON list.id = item.list_id
JOIN home ON home.id = item.home_id
JOIN region ON region.id = home.region_id AND region.path && CAST(:regions AS bigint[])
LEFT JOIN LATERAL (
    SELECT state FROM voice_call WHERE call_item_id = item.id ORDER BY asked_at DESC LIMIT 1
) AS voice ON true
WHERE item.list_id = ANY(CAST(:ids AS bigint[]))
    AND (list.kind <> 'well_being' OR item.state IN ('open', 'leased') OR item.ended_at > :now_less_a_day)
GROUP BY item.list_id, item.state, voice.state, item.score, wished
"""
)

_ITEMS = statement(
    """
SELECT item.id, item.state, item.result, item.score, item.wish, item.resident_id, item.home_id, resident.name, resident.name_latin,
       coalesce(resident.phone, resident.second_phone) AS phone, voice.state AS voice_state, voice.outcome AS voice_outcome,
       coalesce(voice.attempts, 0) AS voice_attempts, voice.pressed, CASE WHEN voice.state = 'due' THEN voice.due_at END AS due_at
FROM call_item AS item
JOIN home ON home.id = item.home_id
JOIN region ON region.id = home.region_id AND region.path && CAST(:regions AS bigint[])
LEFT JOIN resident ON resident.id = item.resident_id
LEFT JOIN LATERAL (
    SELECT * FROM voice_call WHERE call_item_id = item.id ORDER BY asked_at DESC LIMIT 1
) AS voice ON true
WHERE item.list_id = :list_id
ORDER BY item.wish IS NOT NULL AND item.state IN ('open', 'leased') DESC,
    array_position(ARRAY['leased', 'open', 'missed', 'escalated', 'given_up', 'done'], item.state), item.rank, item.ended_at DESC, item.id
LIMIT :most
"""
)
