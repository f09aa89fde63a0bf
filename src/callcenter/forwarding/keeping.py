"""Keeping other centres and rules: who may see and write which, secrets sealed, every change in the audit trail."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.sealed import Seal
from callcenter.forwarding.bodies import (
    CentreBody,
    CentreChanges,
    CentreView,
    ForwardRuleBody,
    ForwardRuleChanges,
    ForwardRuleView,
    check_fits,
)
from callcenter.forwarding.claiming import KEY, SECRET, TOKEN
from callcenter.forwarding.models import ForwardRule, OtherCentre, WayKind
from callcenter.forwarding.ways.keys import check_key
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version

_SECRETS: Final = {"key": KEY, "token": TOKEN, "secret": SECRET}
_MAY: Final = Action.MANAGE_ESCALATION


async def list_centres(asking: Asking) -> list[CentreView]:
    """Those of the granted regions, by name."""
    query = _centres().where(asking.within(_MAY)).order_by(OtherCentre.name, OtherCentre.id)
    return [_view(row) for row in (await asking.session.execute(query)).all()]


async def add_centre(asking: Asking, seal: Seal, body: CentreBody) -> CentreView:
    """Raises NotFound, Invalid `key_refused`, Conflict `name_taken`."""
    region = await asking.region(body.region_id, _MAY)
    centre = OtherCentre(region_id=region.id, way=body.way.value, version=1)
    asking.session.add(centre)
    return await _write(asking, seal, centre, body, "centre_added")


async def change_centre(
    asking: Asking, seal: Seal, centre_id: int, body: CentreChanges
) -> CentreView:
    """Raises NotFound, Invalid, Conflict `changed_meanwhile` and `name_taken`."""
    centre = (await _find(asking, centre_id)).OtherCentre
    check_version(centre, body.version)
    try:
        check_fits(WayKind(centre.way), body)
    except ValueError as error:
        raise Invalid(str(error), code="centre_refused") from error
    return await _write(asking, seal, centre, body, "centre_changed")


async def _write(
    asking: Asking, seal: Seal, centre: OtherCentre, body: CentreBody | CentreChanges, action: str
) -> CentreView:
    for name, value in body.model_dump(exclude={*_SECRETS, "version", "region_id", "way"}).items():
        setattr(centre, name, value)
    given = {name: getattr(body, name) for name in _SECRETS if getattr(body, name) is not None}
    if given.get("key"):
        check_key(given["key"])
    for name, said in given.items():
        sealed = seal.seal(said.encode(), context=_SECRETS[name]) if said else None
        setattr(centre, f"{name}_sealed", sealed)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict(f"There is a centre {body.name!r} already.", code="name_taken") from error
    row = await _find(asking, centre.id)
    detail = {"active": body.active, "secrets": sorted(given)}
    await asking.note(action, f"centre:{centre.id}", row.Region.path, detail)
    return _view(row)


async def list_rules(asking: Asking) -> list[ForwardRuleView]:
    """Those of the granted regions."""
    query = _rules().where(asking.within(_MAY)).order_by(ForwardRule.id)
    return [_rule_view(row) for row in (await asking.session.execute(query)).all()]


async def add_rule(asking: Asking, body: ForwardRuleBody) -> ForwardRuleView:
    """Raises NotFound, Invalid `centre_elsewhere`."""
    rule = ForwardRule(version=1)
    await _check_place(asking, body)
    asking.session.add(rule)
    return await _write_rule(asking, rule, body, "forward_rule_added")


async def change_rule(asking: Asking, rule_id: int, body: ForwardRuleChanges) -> ForwardRuleView:
    """Raises NotFound, Invalid `centre_elsewhere`, Conflict `changed_meanwhile`."""
    rule = (await _find_rule(asking, rule_id)).ForwardRule
    check_version(rule, body.version)
    await _check_place(asking, body)
    return await _write_rule(asking, rule, body, "forward_rule_changed")


async def remove_rule(asking: Asking, rule_id: int) -> None:
    """What was forwarded by it stays. Raises NotFound."""
    row = await _find_rule(asking, rule_id)
    await asking.session.delete(row.ForwardRule)
    await asking.note("forward_rule_removed", f"forward_rule:{rule_id}", row.Region.path)


async def _check_place(asking: Asking, body: ForwardRuleBody) -> None:
    """A rule reaches no further than its centre."""
    region = await asking.region(body.region_id, _MAY)
    centre = await asking.session.get(OtherCentre, body.centre_id)
    if centre is None:
        raise NotFound("no such centre", what="centre")
    if centre.region_id not in region.path:
        raise Invalid(
            "This centre takes no alarms of that region: choose a region within its own.",
            code="centre_elsewhere",
        )


async def _write_rule(
    asking: Asking, rule: ForwardRule, body: ForwardRuleBody, action: str
) -> ForwardRuleView:
    given = body.model_dump(exclude={"version"}, mode="json")
    changed = {
        name: [getattr(rule, name), value]
        for name, value in given.items()
        if getattr(rule, name) != value
    }
    for name, value in given.items():
        setattr(rule, name, value)
    await asking.session.flush()
    row = await _find_rule(asking, rule.id)
    detail = {
        "centre": rule.centre_id,
        "mode": body.mode.value,
        "active": body.active,
        "changed": changed,
    }
    await asking.note(action, f"forward_rule:{rule.id}", row.Region.path, detail)
    return _rule_view(row)


def _centres() -> Any:
    return select(OtherCentre, Region).join(Region, Region.id == OtherCentre.region_id)


def _rules() -> Any:
    return (
        select(ForwardRule, Region, OtherCentre.name)
        .join(Region, Region.id == ForwardRule.region_id)
        .join(OtherCentre, OtherCentre.id == ForwardRule.centre_id)
    )


async def _find(asking: Asking, centre_id: int) -> Row[Any]:
    query = _centres().where(OtherCentre.id == centre_id, asking.within(_MAY))
    row: Row[Any] | None = (await asking.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("no such centre", what="centre")
    return row


async def _find_rule(asking: Asking, rule_id: int) -> Row[Any]:
    query = _rules().where(ForwardRule.id == rule_id, asking.within(_MAY))
    row: Row[Any] | None = (await asking.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("no such rule", what="rule")
    return row


def _of_columns(table: Any, row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in table.__table__.columns}


def _view(row: Row[Any]) -> CentreView:
    centre = _of_columns(OtherCentre, row.OtherCentre)
    kept = {f"has_{name}": centre[f"{name}_sealed"] is not None for name in _SECRETS}
    names = {"region_name": row.Region.name, "region_name_en": row.Region.name_en}
    shown = {name: centre[name] for name in CentreView.model_fields if name in centre}
    return CentreView(**shown, **kept, **names)


def _rule_view(row: Row[Any]) -> ForwardRuleView:
    rule = _of_columns(ForwardRule, row.ForwardRule)
    names = {"region_name": row.Region.name, "region_name_en": row.Region.name_en}
    return ForwardRuleView(**rule, centre=row.name, **names)
