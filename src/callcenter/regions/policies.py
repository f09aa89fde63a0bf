"""When who is called to an alarm that nobody takes: what holds for a priority in a region. Pure.

A region has at most one policy for all priorities and one for each; what it has not, it has as its parent. The nearest
region counts, whether it speaks of one priority or of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

from callcenter.core.errors import Invalid

ANY_PRIORITY = 0
"""Key of a region's policy for all priorities of which it says nothing else."""
PRIORITIES = range(1, 10)

Ringing = Literal["all", "one"]


class ContactPolicy(StrEnum):
    """Whom of a resident's contacts an alarm is told to at once. NULL inherits: a resident from the region, that from its parent."""

    ONE_BY_ONE = "one_by_one"
    ALL_AT_ONCE = "all_at_once"


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """Seconds since the alarm began to ring, unless somebody takes it. The times are those of mission O3 and the targets."""

    ring: Ringing = "all"
    """At every seat of its region from the first moment on, or at the best one first."""
    unproved_s: int = 3
    """Without `seen` and `sounding` from where it rings: every seat."""
    supervisors_s: int = 15
    duty_s: int = 30
    """The first number of the duty list."""
    again_s: int = 60
    """Between one number and the next, down the list and from its top again."""
    horizon_s: int = 4 * 3_600
    """Since its last signal: what is older, as after a restore, calls nobody any more, and says so."""
    warning_s: int = 15
    """It is shown as waiting long: 90 % are to be taken by then."""
    critical_s: int = 30
    """It is shown as late."""


STANDARD = EscalationPolicy()
"""Of the most urgent, and of a region that speaks of all priorities at once."""
_LESS_URGENT = replace(STANDARD, warning_s=60, critical_s=180)
_STANDARDS: Mapping[int, EscalationPolicy] = MappingProxyType(
    {ANY_PRIORITY: STANDARD, 1: STANDARD, 2: replace(STANDARD, warning_s=30, critical_s=60)}
)


def standard_for(priority: int) -> EscalationPolicy:
    """What holds for a priority where no region says anything: the less urgent, the later it is late."""
    return _STANDARDS.get(priority, _LESS_URGENT)


_BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "unproved_s": (3, 60),
        "supervisors_s": (3, 600),
        "duty_s": (3, 1_800),
        "again_s": (30, 1_800),
        "horizon_s": (600, 24 * 3_600),
        "warning_s": (5, 1_800),
        "critical_s": (5, 3_600),
    }
)


def check_policy(policy: EscalationPolicy) -> None:
    """Raises Invalid `policy_hole` with the field and what it must be."""
    for name, (least, most) in _BOUNDS.items():
        value = getattr(policy, name)
        if not least <= value <= most:
            raise _hole(
                name,
                f"{name} is {value}: it must be between {least} and {most} seconds.",
                reason="bounds",
                least=least,
                most=most,
            )
    if not policy.unproved_s <= policy.supervisors_s <= policy.duty_s:
        raise _hole(
            "duty_s",
            f"Steps go upwards: every seat after {policy.unproved_s} s, then supervisors ({policy.supervisors_s} s),"
            f" then the duty list ({policy.duty_s} s).",
            reason="order",
        )
    if policy.warning_s >= policy.critical_s:
        raise _hole(
            "critical_s",
            f"An alarm waits long ({policy.warning_s} s) before it is late ({policy.critical_s} s).",
            reason="ages",
        )


def _hole(field: str, message: str, **params: object) -> Invalid:
    return Invalid(message, code="policy_hole", field=field, **params)


def policies_of(stored: object) -> Mapping[int, EscalationPolicy]:
    """From a region's column. What an older server does not know is left out, what it did not say is as the standard has it;
    what is no policy at all is none.
    """
    if not isinstance(stored, Mapping):
        return {}
    names = {field.name for field in fields(EscalationPolicy)}
    return {
        int(priority): replace(
            standard_for(int(priority)), **{k: v for k, v in said.items() if k in names}
        )
        for priority, said in stored.items()
    }


def stored_policies(policies: Mapping[int, EscalationPolicy]) -> dict[str, Any] | None:
    """As the column holds them; None: as the parent has it."""
    return {str(priority): asdict(policy) for priority, policy in policies.items()} or None


def policies_along(
    path: Sequence[Mapping[int, EscalationPolicy]],
) -> Mapping[int, EscalationPolicy]:
    """What holds in the last of these regions, which lie below each other from the root down."""
    held: dict[int, EscalationPolicy] = {}
    for own in path:
        if ANY_PRIORITY in own:
            held = {}
        held |= own
    return held


def policy_for(policies: Mapping[int, EscalationPolicy], priority: int) -> EscalationPolicy:
    """Of this priority, else of all, else the standard."""
    return policies.get(priority) or policies.get(ANY_PRIORITY) or standard_for(priority)
