"""A worker who is alone somewhere and does not answer, or asks for help: an alarm like a resident's own, through intake.

It is about the worker, not about the home they are in: its family is not texted as if their own person had called, and it joins no
incident of theirs. The same step again is the same alarm; a second one of the same worker joins the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, Protocol
from uuid import UUID

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.called import CalledBody, Way, office_of, office_signal, stranger
from callcenter.core.encoding import encode
from callcenter.devices.callers import Caller
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind, Signal

LONE_WORKER: Final = "lone_worker"
"""`way` of its card: nobody has told of it."""


@dataclass(frozen=True, slots=True)
class InNeed:
    """Who, where, and by which step of which task."""

    task_id: UUID
    n: int
    staff_id: int | None
    name: str
    phone: str | None
    what: str
    task_kind: str
    place: str
    lat: float | None
    lng: float | None
    region_id: int
    region_path: tuple[int, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> InNeed:
        """From a row that has all of it, and more."""
        return cls(
            row["task_id"],
            row["n"],
            row["staff_id"],
            row["name"] or "",
            row["phone"],
            row["what"],
            row["task_kind"],
            row["place"],
            row["lat"],
            row["lng"],
            row["region_id"],
            tuple(row["region_path"]),
        )


class Raising(Protocol):
    """Port: opens an incident; the same step again is the same one."""

    async def open(self, one: InNeed, now: datetime) -> UUID | None: ...


class ByIntake:
    """As an SOS of the source `office`."""

    def __init__(self, intake: Intake, registry: Registry) -> None:
        self._intake = intake
        self._registry = registry

    async def open(self, one: InNeed, now: datetime) -> UUID | None:
        """The incident that it opened or joined. Raises Unavailable where it could not be stored."""
        signal = signal_of(one)
        caller = self._caller(one, signal)
        [stored] = await self._intake.accept(office_of(one.region_id), [signal], now, caller)
        return stored.incident_id

    def _caller(self, one: InNeed, signal: Signal) -> Caller:
        settings = self._registry.region_settings(one.region_id)
        found = stranger(_body(one), one.region_id, one.region_path, settings)
        card = {**found.card, "called": dict(signal.extra)}
        return replace(found, lat=one.lat, lng=one.lng, card=card)


def cause_of(one: InNeed) -> UUID:
    """Of this step, however often it is looked at."""
    return UUID(bytes=sha256(one.task_id.bytes + f"step {one.n}".encode()).digest()[:16])


def signal_of(one: InNeed) -> Signal:
    """Kept raw as what an operator would have been told, so that it is read again like that after a crash."""
    body = _body(one)
    raw = encode({**body.model_dump(mode="json"), "told_by": 0})
    called = MappingProxyType(
        {
            "way": LONE_WORKER,
            "phone": one.phone,
            "caller": one.name,
            "place": one.place,
            "contact_id": None,
            "user_id": 0,
            "user": "",
        }
    )
    return office_signal(
        body.command_id,
        Kind.SOS,
        raw,
        identifier=one.phone or "",
        text=one.what or None,
        called=called,
    )


def _body(one: InNeed) -> CalledBody:
    return CalledBody(
        command_id=cause_of(one),
        region_id=one.region_id,
        kind=Kind.SOS,
        said=one.what,
        way=Way.OTHER,
        phone=one.phone,
        caller=one.name,
        place=one.place[:200],
    )
