"""How calls are made in a region, as its supervisors see and change it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.calls.item import ListKind
from callcenter.calls.policy import (
    MOST_PAUSES,
    CallPolicy,
    Policies,
    Said,
    check_policy,
    policies_of,
    stored_policies,
)
from callcenter.core.errors import Conflict
from callcenter.core.written import Written
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


class CallPolicyBody(Written):
    """Times in minutes. `after`: missed life signs of silent devices, days of devices that are not used; else null. `horizon_min` is
    null for roll-calls only.
    """

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    pauses_min: Annotated[list[int], Field(max_length=4 * MOST_PAUSES)]
    horizon_min: int | None = None
    after: int | None = None


class CallPoliciesView(BaseModel):
    """`policies` holds what the region says itself, by kind of list, `above` what it has without. `state` goes into the next change."""

    region_id: int
    state: str
    policies: dict[ListKind, CallPolicyBody]
    above: dict[ListKind, CallPolicyBody]


class CallPoliciesChanges(Written):
    """Only what is given is changed; null: as the parent has it. `state` of the view refuses a change made on an older one
    (409 `changed_meanwhile`).
    """

    state: Annotated[str, Field(max_length=64)] | None = None
    policies: dict[ListKind, CallPolicyBody | None] = Field(default_factory=dict)


async def show_call_policies(asking: Asking, region_id: int) -> CallPoliciesView:
    """Of a region whose calls the asker manages. Raises NotFound."""
    return await _view(asking, await asking.region(region_id, Action.MANAGE_CALLS))


async def change_call_policies(
    asking: Asking, region_id: int, body: CallPoliciesChanges
) -> CallPoliciesView:
    """Raises NotFound, Conflict `changed_meanwhile`, Invalid `policy_hole` with the kind, the field and the reason."""
    region = await asking.region(region_id, Action.MANAGE_CALLS)
    await asking.session.refresh(region, with_for_update=True)
    before = policies_of(region.call_policies)
    if body.state not in (None, _state(before)):
        raise Conflict(
            "Somebody has changed this meanwhile: load it again and repeat your change.",
            code="changed_meanwhile",
        )
    after = _merged(before, body.policies)
    region.call_policies = stored_policies(after)
    await asking.session.flush()
    detail = {"before": {"policies": _plain(before)}, "after": {"policies": _plain(after)}}
    await asking.note("call_policies_changed", f"region:{region_id}", region.path, detail)
    return await _view(asking, region)


def _merged(own: Said, given: Mapping[ListKind, CallPolicyBody | None]) -> Said:
    merged = {kind: policy for kind, policy in own.items() if kind not in given}
    for kind, body in given.items():
        if body is not None:
            policy = CallPolicy(tuple(body.pauses_min), body.horizon_min, body.after)
            check_policy(kind, policy)
            merged[kind] = policy
    return merged


def _plain(said: Said) -> dict[str, Any]:
    return {kind.value: asdict(policy) for kind, policy in sorted(said.items())}


def _state(said: Said) -> str:
    return hashlib.sha256(orjson.dumps(_plain(said))).hexdigest()[:16]


async def policies_along(session: AsyncSession, path: Sequence[int]) -> Policies:
    """What these regions say, which lie below each other."""
    wanted = select(Region.id, Region.call_policies).where(
        Region.id.in_(path), Region.call_policies.is_not(None)
    )
    return Policies(
        {row.id: policies_of(row.call_policies) for row in await session.execute(wanted)}
    )


async def _view(asking: Asking, region: Region) -> CallPoliciesView:
    own = policies_of(region.call_policies)
    parents = region.path[:-1]
    above = await policies_along(asking.session, parents)
    shown = CallPolicyBody.model_validate
    return CallPoliciesView(
        region_id=region.id,
        state=_state(own),
        policies={kind: shown(policy) for kind, policy in own.items()},
        above={kind: shown(above.of(kind, parents)) for kind in ListKind},
    )
