"""An order for all alarms of a storm: what it does to each, and which it leaves alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid5

from callcenter.alerts.bodies import CloseBody, CommandBody, NoteBody, Words
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import Command
from callcenter.alerts.incident import Incident, Outcome, State
from callcenter.alerts.storm_shown import OrderState, StormAction
from callcenter.core.errors import Invalid
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass

UNDO: Final = timedelta(seconds=10)
"""Between an order and its first command: so long it can be taken back."""
LAPSES: Final = timedelta(minutes=5)
"""An order that nobody could begin for so long is not carried out: what it was meant for has changed."""
OUTCOMES: Final = (Outcome.TECHNICAL, Outcome.FALSE_ALARM, Outcome.TEST)
"""With which a technical alarm may end without anybody having asked after its home."""


ORDER_TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        OrderState.WAITING: frozenset(
            {OrderState.RUNNING, OrderState.TAKEN_BACK, OrderState.LAPSED}
        ),
        OrderState.RUNNING: frozenset({OrderState.DONE}),
        OrderState.DONE: frozenset(),
        OrderState.TAKEN_BACK: frozenset(),
        OrderState.LAPSED: frozenset(),
    }
)
"""The database repeats it."""


class StormOrderBody(CommandBody):
    """To `close`, an outcome and a note; a `note` is written at each of them."""

    action: StormAction
    outcome: Outcome | None = None
    note: Words = ""


def check_order(body: StormOrderBody) -> None:
    """Raises Invalid `storm_outcome` and `needs_reason`."""
    if body.action is StormAction.CLOSE and body.outcome not in OUTCOMES:
        raise Invalid(
            "A storm closes as technical, as a false alarm or as a test; anything else is said of one home at a time.",
            code="storm_outcome",
            outcomes=[one.value for one in OUTCOMES],
        )
    if body.action is not StormAction.TAKE and not body.note.strip():
        raise Invalid("Say why: it stands at every alarm of the storm.", code="needs_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class StormOrder:
    """Who ordered what for which storm. `regions`: where they may; `ordered_at`: what came later is not meant."""

    id: UUID
    storm_id: UUID
    action: StormAction
    outcome: Outcome | None
    note: str
    user_id: int
    user_name: str
    regions: Sequence[int]
    ordered_at: datetime
    after_number: int = 0
    """The incident that was come to last: they are gone through by number."""


class LeftOut(StrEnum):
    """Why an alarm of the storm is left alone; it stays in the queue as it is."""

    ALARM = "alarm"
    """It is none of technical signals alone."""
    LATER = "later"
    """It came, or was heard of again, after the order: nobody has seen that."""
    NEEDS_HELP = "needs_help"
    """Its home has an alarm at this moment."""
    IN_HAND = "in_hand"
    """A colleague works on it, or it was offered to one."""
    ELSEWHERE = "elsewhere"
    """Whoever ordered may not do this there."""


def leaves_out(order: StormOrder, incident: Incident, *, needs_help: bool) -> LeftOut | None:
    """Why the order does nothing to it; None: it does. `needs_help`: its home has an alarm."""
    acts = order.action is not StormAction.NOTE
    reasons = {
        LeftOut.ALARM: incident.signal_class != "technical" or not _technical(incident.kinds),
        LeftOut.ELSEWHERE: not any(region in order.regions for region in incident.region_path),
        LeftOut.LATER: incident.last_signal_at > order.ordered_at,
        LeftOut.NEEDS_HELP: acts and needs_help,
        LeftOut.IN_HAND: acts and not _free_to(order, incident),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _free_to(order: StormOrder, incident: Incident) -> bool:
    own = incident.state is State.TAKEN and incident.taken_by == order.user_id
    return incident.offered_to is None and (incident.state is State.WAITING or own)


def _technical(kinds: Sequence[str]) -> bool:
    return all(CLASS_OF[Kind(kind)] is SignalClass.TECHNICAL for kind in kinds)


_BY_NAME: Final = {command.name: command for command in OPERATORS}


def commands_for(order: StormOrder, incident: Incident) -> Sequence[tuple[Command, Any]]:
    """Commands with their bodies, in their order. Given again they have the same ids."""
    own = incident.taken_by == order.user_id
    names = {
        StormAction.TAKE: () if own else ("take",),
        StormAction.NOTE: ("note",),
        StormAction.CLOSE: ("close",) if own else ("take", "close"),
    }[order.action]
    return [(_BY_NAME[name], _body(order, incident, name)) for name in names]


def _body(order: StormOrder, incident: Incident, name: str) -> CommandBody:
    command_id = uuid5(order.id, f"{incident.id}:{name}")
    if name == "note":
        return NoteBody(command_id=command_id, text=order.note)
    if name == "close" and order.outcome is not None:
        return CloseBody(command_id=command_id, outcome=order.outcome, note=order.note)
    return CommandBody(command_id=command_id)
