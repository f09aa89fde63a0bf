"""From a JSON body to signals. Pure.

An alarm is never refused for its trimmings (G3): a position, time, text or extra field that cannot be read is left out and
flagged. Who, what and which are made out last of all: a kind that cannot be read rings as unknown, a signal without a device
rings as an unknown caller, one without an id is known by its content. Only what says neither who nor what is no signal.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from math import isfinite
from typing import Final
from unicodedata import category, normalize
from urllib.parse import unquote

from callcenter.devices.angles import read_pair
from callcenter.devices.codec import STANDARD, Habits
from callcenter.devices.datum import NOT_A_PLACE, datum_named, locate
from callcenter.devices.protocols.http_json.documents import is_json, read_documents
from callcenter.devices.protocols.http_json.fields import Document, named
from callcenter.devices.protocols.http_json.times import read_moment
from callcenter.devices.signals import (
    CLASS_OF,
    PRIORITY_OF,
    Datum,
    Kind,
    Position,
    Signal,
    SignalClass,
)
from callcenter.devices.tolerance import Remarks, storable

CLOCK_TOLERANCE = timedelta(minutes=5)
FUTURE_TOLERANCE = timedelta(minutes=10)
STALE_AFTER = timedelta(days=1)
MAX_NAME = 200
"""Characters of an id or a device name that are kept; the body is kept whole."""
MAX_TEXT = 1_000
MAX_DEPTH = 50
"""Of `extra`; what is nested deeper is no reading that anybody could make use of."""
LEAST_OF_A_NAME: Final = 8
"""Characters of a part of a name that may be the name itself: a shorter one may be another device's."""
NO_DEVICE: Final = "(no device)"
"""Who calls when a signal names nobody: it rings all the same."""

_KIND_OF: Mapping[str, Kind] = {kind.value.replace("_", ""): kind for kind in Kind}
_NO_WORD = re.compile(r"[\W_]+")
_NO_NAME = re.compile(r"[^0-9A-Za-z]+")
_POWER_OF_TEN = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")
"""Also of `sosPressed` and `sos1`."""
_WHOLE_NUMBER = re.compile(r"(\d+)\.0*")
_LARGEST_EXACT = 2.0**53
"""Above it not every whole number is a float of its own."""
_NAMING = (
    *("value", "id", "imei", "serial", "sn", "number", "device"),
    *("kind", "name", "code", "type"),
)
"""Fields of an object that stands where a text should, the likeliest first."""


class NeverAcceptable(ValueError):
    """Why a body can never be accepted: `field` names where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Reading:
    """A signal, and the id its sender gave it."""

    signal: Signal
    message_id: str
    content_hash: bytes


def clock_flags(timestamp: str | None, now: datetime) -> tuple[str, ...]:
    """`clock_off` when the sender's X-Timestamp (since 1970, or ISO 8601) is not ours: accepted all the same."""
    if timestamp is None:
        return ()
    sent = Remarks().optional("timestamp", lambda: read_moment(timestamp, UTC))
    off = sent is None or abs(sent - now) > CLOCK_TOLERANCE
    return ("clock_off",) if off else ()


def read(body: bytes, now: datetime, habits: Habits = STANDARD) -> Sequence[Reading]:
    """The signals of a body, nearly always one. Raises NeverAcceptable, naming the field."""
    signals, flags = read_documents(body)
    if not signals and is_json(body, dict):
        raise NeverAcceptable("device", "Neither device nor kind is there.")
    if not signals:
        raise NeverAcceptable("body", "The body is no JSON object.")
    return [_signal(each, body, flags, n, now, habits) for n, each in enumerate(signals)]


def _signal(
    document: Document,
    body: bytes,
    flags: Sequence[str],
    number: int,
    now: datetime,
    habits: Habits,
) -> Reading:
    remarks = Remarks()
    remarks.add(*flags)
    content_hash = hashlib.sha256(body + b"\0%d" % number if number else body).digest()
    message_id = _name(document, "id", remarks)[:MAX_NAME] or content_hash.hex()
    device, also = _device(document, remarks)
    signal = Signal(
        identifier=device,
        also=also,
        kind=_kind(document, remarks),
        dedup_key=_dedup_key(device, message_id, content_hash),
        raw=body,
        occurred_at=_occurred_at(document, now, habits.zone, remarks),
        position=_position(document, habits.datum, remarks),
        text=remarks.optional("text", lambda: _text(document.get("text"))),
        extra=remarks.optional("extra", lambda: _extra(document.get("extra"))) or {},
        flags=remarks.flags,
    )
    return Reading(signal, message_id, content_hash)


# ---- who, what and which


def _device(document: Document, remarks: Remarks) -> tuple[str, tuple[str, ...]]:
    """Who calls, and what else may be meant: other names that were sent with it, and what stands around the name."""
    named_first = canonical_device(_name(document, "device", remarks)) or NO_DEVICE
    names = [named_first, *(canonical_device(each) for each in _scalars(document.get("device")))]
    also = dict.fromkeys(other for name in names[:MAX_DEPTH] for other in (name, *_likely(name)))
    return named_first, tuple(also) if len(also) > 1 else ()


def _likely(name: str) -> Iterator[str]:
    """The name without what is not part of it: `imei:86...`, `"86..."`, `86-000000-000001-7`, `8.60E+14`."""
    if name.isalnum() or name == NO_DEVICE:
        return
    words = [word for word in _NO_NAME.split(unquote(name)) if word]
    yield "".join(words)
    yield from (word for word in words if len(word) >= LEAST_OF_A_NAME)
    if _POWER_OF_TEN.fullmatch(name):
        yield _number(float(name))


def canonical_device(name: str) -> str:
    """As the sender writes it, without what nobody sees. Capitals count here; the registry finds the other spelling, too."""
    visible = "".join(
        c for c in normalize("NFKC", storable(name)) if category(c) not in ("Cc", "Cf")
    )
    number = _WHOLE_NUMBER.fullmatch(visible.strip())
    return (number[1] if number else visible.strip())[:MAX_NAME].strip()


def _name(document: Document, name: str, remarks: Remarks) -> str:
    """A text, or what can be made one; "" with a remark where there is none."""
    value = document.get(name)
    found = next(_scalars(value), "") if value is not None else ""
    if not found:
        remarks.add(f"{name}_missing")
    elif not isinstance(value, str | int):
        remarks.add(f"{name}_odd")
    return found


def _kind(document: Document, remarks: Remarks) -> Kind:
    value = document.get("kind")
    names = list(_scalars(value)) if value is not None else []
    if not names:
        remarks.add("kind_missing")
        return Kind.UNKNOWN
    if not isinstance(value, str):
        remarks.add("kind_odd")
    known = [kind for name in names if (kind := _kind_of(name, remarks)) is not None]
    if not known:
        remarks.add(f"kind_not_known:{_flag_part(names[0])}")
    return min(known, key=PRIORITY_OF.__getitem__, default=Kind.UNKNOWN)


def _kind_of(name: str, remarks: Remarks) -> Kind | None:
    """A kind however it is written; of several words the one that names an alarm."""
    text = normalize("NFKC", "".join(c for c in name if category(c) != "Cf"))
    found = _KIND_OF.get(_NO_WORD.sub("", text.casefold()))
    if found is None:
        words = [
            _KIND_OF[word] for each in _WORD.findall(text) if (word := each.lower()) in _KIND_OF
        ]
        alarms = [kind for kind in words if CLASS_OF[kind] is SignalClass.ALARM]
        found = min(alarms, key=PRIORITY_OF.__getitem__, default=None)
        if found is not None:
            remarks.add("kind_odd")
    return found


def _flag_part(value: str) -> str:
    return "".join(c for c in value.strip().lower()[:32] if c.isascii() and c.isalnum())


def _scalars(value: object, depth: int = 0) -> Iterator[str]:
    """The texts that a value can be read as, the likeliest first."""
    if isinstance(value, str):
        text = storable(value).strip()
    elif isinstance(value, bool) or value is None:
        text = ""
    elif isinstance(value, int):
        text = Remarks().optional("number", lambda: str(value)) or ""
    elif isinstance(value, float):
        text = _number(value)
    else:
        if depth < 3:
            for item in _items(value):
                yield from _scalars(item, depth + 1)
        return
    if text:
        yield text


def _items(value: object) -> Sequence[object]:
    if isinstance(value, Mapping):
        naming = [value[name] for name in _NAMING if name in value]
        return naming or [
            *(key for key, holds in value.items() if holds is True or holds == 1),
            *list(value.values())[:1],
        ]
    return value[:MAX_DEPTH] if isinstance(value, list) else ()


def _number(value: float) -> str:
    """A float that is a whole number, as spreadsheets and scripts make of a device's, without its decimals."""
    if not isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_EXACT else repr(value)


# ---- trimmings


def _occurred_at(
    document: Document, now: datetime, zone: tzinfo, remarks: Remarks
) -> datetime | None:
    value = document.get("occurred_at")
    if value is None:
        return None
    moment = remarks.optional("time", lambda: read_moment(value, zone))
    if moment is None:
        remarks.add("time_not_read")
    elif moment > now + FUTURE_TOLERANCE or moment < now - STALE_AFTER:
        remarks.add("time_odd")
    return moment


def _position(document: Document, default: Datum, remarks: Remarks) -> Position | None:
    lat, lng = document.get("lat"), document.get("lon")
    if lat is None and lng is None:
        document = {**document, **_place(document.get("place"))}
        lat, lng = document.get("lat"), document.get("lon")
    if lat is None and lng is None:
        return None
    degrees = remarks.optional("position", lambda: read_pair(_angle(lat), _angle(lng)))
    if degrees is None:
        return None
    datum = _datum(document.get("datum"), default)
    if datum is None:
        remarks.add("datum_not_known")
        return None
    position, flags = locate(*degrees, datum)
    remarks.add(*flags)
    return position


def _place(value: object) -> Document:
    """Latitude and longitude of an object that has them, or of a point as GeoJSON writes it: longitude first."""
    if not isinstance(value, Mapping):
        return {}
    point = value.get("coordinates")
    if isinstance(point, list) and len(point) in (2, 3):
        return {"lat": point[1], "lon": point[0]}
    found = named(value.items())
    return {name: found[name] for name in ("lat", "lon", "datum") if name in found}


def _angle(value: object) -> str | float:
    """Raises TypeError."""
    if isinstance(value, Mapping):
        value = next(iter(_items(value)), None)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(NOT_A_PLACE)
    return value


def _datum(value: object, default: Datum) -> Datum | None:
    if value is None:
        return default
    name = next(_scalars(value), "")
    return datum_named(name) if name else None


def _text(value: object) -> str | None:
    """Raises RecursionError for what is nested too deeply to be written down."""
    return None if value is None else storable(str(value)[:MAX_TEXT])


def _extra(value: object) -> Mapping[str, object]:
    """Raises ValueError for what is nested too deeply to be kept."""
    if value is None:
        return {}
    if _is_deeper(value, MAX_DEPTH):
        raise ValueError("extra is nested too deeply")
    return value if isinstance(value, dict) else {"value": value}


def _is_deeper(value: object, levels: int) -> bool:
    """Level by level, without recursion."""
    level = [value]
    for _ in range(levels):
        level = [
            inner
            for each in level
            for inner in (
                each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
            )
        ]
        if not level:
            return False
    return True


def _dedup_key(device: str, message_id: str, content_hash: bytes) -> bytes:
    """Same device, same id, same bytes: the same signal."""
    name = f"{device}\0{message_id}\0".encode("utf-8", "replace")
    return hashlib.sha256(name + content_hash).digest()
