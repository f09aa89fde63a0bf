"""Keeping the rules by which callers' numbers are read: one list for the whole site, kept whole, and tried before it holds."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, func, select

from callcenter.core.encoding import encode
from callcenter.core.errors import Conflict
from callcenter.residents.access import Asking
from callcenter.telephony.keeping.bodies import (
    NumberRuleBody,
    NumberRulesBody,
    NumberRulesView,
    NumberRuleView,
    TriedNumber,
    TryNumberBody,
)
from callcenter.telephony.keeping.everywhere import demand_everywhere
from callcenter.telephony.models import NumberRuleRow
from callcenter.telephony.numbers import NumberRule, read, rule_for

_LOCK: Final = 0x6E75_6D72
"""Two who save at once are one after the other."""


async def show_rules(asking: Asking) -> NumberRulesView:
    """In the order in which they are tried. Raises Forbidden."""
    await demand_everywhere(asking)
    return _listed(await _kept(asking))


async def put_rules(asking: Asking, body: NumberRulesBody) -> NumberRulesView:
    """Raises Forbidden, Conflict `changed_meanwhile`."""
    path = await demand_everywhere(asking)
    await asking.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    before = _listed(await _kept(asking))
    if before.mark != body.mark:
        raise Conflict(
            "Somebody has changed the rules meanwhile: load them again and repeat your change.",
            code="changed_meanwhile",
        )
    await asking.session.execute(delete(NumberRuleRow))
    rows = [
        NumberRuleRow(position=at, **each.model_dump()) for at, each in enumerate(body.rules, 1)
    ]
    asking.session.add_all(rows)
    await asking.session.flush()
    after = _listed(rows)
    detail = {"before": len(before.rules), "after": len(after.rules), "mark": after.mark}
    await asking.note("number_rules_changed", "number_rules", path, detail)
    return after


async def try_number(asking: Asking, body: TryNumberBody) -> TriedNumber:
    """What a seat would be shown. Raises Forbidden."""
    await demand_everywhere(asking)
    given = body.rules if body.rules is not None else await _kept(asking)
    rules = [_rule(each) for each in given]
    caller = read(body.number, body.withheld, rules, body.area_code)
    used = None if body.withheld else rule_for(body.number, rules)
    return TriedNumber(
        raw=caller.raw,
        e164=caller.e164,
        presentation=caller.presentation,
        rule=None if used is None else rules.index(used) + 1,
    )


async def _kept(asking: Asking) -> Sequence[NumberRuleRow]:
    query = select(NumberRuleRow).order_by(NumberRuleRow.position)
    return (await asking.session.scalars(query)).all()


def _rule(of: NumberRuleBody | NumberRuleRow) -> NumberRule:
    return NumberRule(of.begins, of.drops, of.put, of.digits)


def _listed(rows: Sequence[NumberRuleRow]) -> NumberRulesView:
    rules = [NumberRuleView.model_validate(row) for row in rows]
    content = encode([each.model_dump() for each in rules])
    return NumberRulesView(mark=sha256(content).hexdigest()[:16], rules=rules)
