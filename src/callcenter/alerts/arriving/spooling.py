"""What the spool says of a signal, of its ring, and of a command: documents of one line, read again by any later release. Pure.

`what` names the sort of record, `v` its form. A form that is not known here is left alone and named, never guessed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from callcenter.alerts.arriving.arrival import Arrival, Found, Rang
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import Kind, Position, Signal

FORM: Final = 1


@dataclass(frozen=True, slots=True)
class SpooledSignal:
    """A signal with the ids that it was given. `home_id` where somebody has told of it, and no device."""

    journal_id: UUID
    incident_id: UUID
    source: SourceRef
    signal: Signal
    received_at: datetime
    home_id: int | None = None
    resident_id: int | None = None
    rang: Rang | None = None
    found: Found | None = None
    """None: a release that did not say it has written the record."""


@dataclass(frozen=True, slots=True)
class SpooledCommand:
    """A command that was carried out without the database."""

    id: UUID
    incident_id: UUID
    subject: str
    signal_class: str
    command: str
    body: Mapping[str, Any]
    at: datetime
    user_id: int | None
    """None: the system itself."""
    user_name: str | None
    supervises: bool
    profiles: tuple[int, ...]
    version: int | None = None
    """Of the incident after it; None: a release that did not say it has written the record."""


@dataclass(frozen=True, slots=True)
class SpooledText:
    """A text that has left, as its row would be."""

    id: UUID
    row: Mapping[str, Any]


Spooled = SpooledSignal | SpooledCommand | SpooledText


class Unreadable(ValueError):
    """A record that this release cannot read."""


def of_signal(arrival: Arrival, signal: Signal, *, told: bool) -> bytes:
    """The record of a signal as it came, before strangers were told apart. `told`: by an operator, about a home."""
    source, caller = arrival.source, arrival.caller
    place = signal.position
    return orjson.dumps(
        {
            "v": FORM,
            "what": "signal",
            "id": str(arrival.journal_id),
            "incident": str(arrival.incident_id),
            "at": arrival.received_at,
            "source": [source.name, source.kind, source.region_id, source.retry_horizon_s],
            "home": caller.home_id if told else None,
            "resident": caller.resident_id if told else None,
            "identifier": signal.identifier,
            "kind": signal.kind.value,
            "key": b64encode(signal.dedup_key).decode(),
            "raw": b64encode(signal.raw).decode(),
            "occurred": signal.occurred_at,
            "place": [place.lat, place.lng] if place is not None else None,
            "text": signal.text,
            "extra": orjson.Fragment(arrival.extra),
            "flags": signal.flags,
            "peer": signal.peer,
            "also": signal.also,
            "found": [arrival.ring_to, arrival.manned],
        }
    )


def of_ring(arrival: Arrival) -> bytes:
    """That it rang before the database had it."""
    rang = arrival.rang
    if rang is None:
        raise AssertionError("it has not rung")
    return orjson.dumps(
        {
            "v": FORM,
            "what": "rang",
            "id": str(arrival.journal_id),
            "at": rang.at,
            "number": rang.number,
            "taker": rang.taker,
            "there": rang.taker_there,
        }
    )


def of_left(row: Mapping[str, Any]) -> bytes:
    """That a text has left, as its row would be."""
    said = {"v": FORM, "what": "left", "id": str(row["id"]), "row": dict(row)}
    return orjson.dumps(said, default=str)  # ids are those of asyncpg, too


def of_command(command: SpooledCommand) -> bytes:
    """The record of a command."""
    return orjson.dumps(
        {
            "v": FORM,
            "what": "command",
            "id": str(command.id),
            "incident": str(command.incident_id),
            "subject": command.subject,
            "class": command.signal_class,
            "command": command.command,
            "body": command.body,
            "at": command.at,
            "user": [command.user_id, command.user_name, command.supervises, command.profiles],
            "version": command.version,
        }
    )


def id_of(record: bytes) -> UUID | None:
    """Of which signal or command it is; None: it cannot be read."""
    try:
        return UUID(orjson.loads(record)["id"])
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Read:
    """What records say. Those of no use are named by their places."""

    found: list[Spooled]
    """To be written, in the order it came; a ring is put to its signal."""
    unreadable: Mapping[int, str]
    """And why."""
    over: Sequence[int]
    """Rings whose signal is gone: it was written, and let go before them."""


def read(records: Iterable[bytes]) -> Read:
    """Whatever one record says keeps none of the others from being read."""
    found: dict[UUID, Spooled] = {}
    unreadable, over = {}, []
    for place, record in enumerate(records):
        try:
            if not _put(found, orjson.loads(record)):
                over.append(place)
        except (ValueError, KeyError, TypeError) as error:
            unreadable[place] = repr(error)
    return Read(list(found.values()), unreadable, over)


def _put(found: dict[UUID, Spooled], said: Mapping[str, Any]) -> bool:
    """Whether it is of use."""
    if said["v"] != FORM:
        raise Unreadable(f"form {said['v']} is not known")
    id_ = UUID(said["id"])
    if said["what"] == "signal":
        found[id_] = _signal(id_, said)
    elif said["what"] == "left":
        cause = UUID(said["row"]["cause"])
        found[id_] = SpooledText(id_, {**said["row"], "id": id_, "cause": cause})
    elif said["what"] == "command":
        found[id_] = _command(id_, said)
    elif said["what"] == "rang":
        at = datetime.fromisoformat(said["at"])
        rang = Rang(at, said["number"], said.get("taker"), said.get("there", False))
        held = found.get(id_)
        if not isinstance(held, SpooledSignal):
            return False
        found[id_] = replace(held, rang=rang)
    else:
        raise Unreadable(f"a record {said['what']!r} is not known")
    return True


def _signal(id_: UUID, said: Mapping[str, Any]) -> SpooledSignal:
    place, occurred = said["place"], said["occurred"]
    signal = Signal(
        identifier=said["identifier"],
        kind=Kind(said["kind"]),
        dedup_key=b64decode(said["key"]),
        raw=b64decode(said["raw"]),
        occurred_at=datetime.fromisoformat(occurred) if occurred is not None else None,
        position=Position(*place) if place is not None else None,
        text=said["text"],
        extra=said["extra"],
        flags=tuple(said["flags"]),
        peer=said["peer"],
        also=tuple(said.get("also", ())),
    )
    return SpooledSignal(
        journal_id=id_,
        incident_id=UUID(said["incident"]),
        source=SourceRef(*said["source"]),
        signal=signal,
        received_at=datetime.fromisoformat(said["at"]),
        home_id=said["home"],
        resident_id=said["resident"],
        found=Found(tuple(found[0]), found[1]) if (found := said.get("found")) else None,
    )


def _command(id_: UUID, said: Mapping[str, Any]) -> SpooledCommand:
    user_id, name, supervises, profiles = said["user"]
    return SpooledCommand(
        id=id_,
        incident_id=UUID(said["incident"]),
        subject=said["subject"],
        signal_class=said["class"],
        command=said["command"],
        body=said["body"],
        at=datetime.fromisoformat(said["at"]),
        user_id=user_id,
        user_name=name,
        supervises=supervises,
        profiles=tuple(profiles),
        version=said.get("version"),
    )
