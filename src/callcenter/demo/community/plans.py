"""The action plans of the demo community: the built-in ones as its own, to be changed, and those of single residents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callcenter.alerts.plans.built_in import BUILT_IN
from callcenter.alerts.plans.plan import PlanStep
from callcenter.demo.community.listed import Listed, read
from callcenter.devices.signals import Kind


class ListedPlan(Listed):
    """The plan of one resident."""

    resident: str
    name: str
    name_en: str
    kinds: tuple[Kind, ...]
    steps: tuple[PlanStep, ...]


class _Plans(Listed):
    plan: tuple[ListedPlan, ...]


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """`resident` None: of the community."""

    resident: str | None
    name: str
    name_en: str
    kinds: Sequence[str]
    steps: Sequence[PlanStep]


def demo_plans() -> Iterator[DemoPlan]:
    """Those of the community first."""
    for each in BUILT_IN:
        yield DemoPlan(None, each.name, each.name_en, each.kinds, each.steps)
    for own in read("plans.toml", _Plans).plan:
        yield DemoPlan(own.resident, own.name, own.name_en, own.kinds, own.steps)
