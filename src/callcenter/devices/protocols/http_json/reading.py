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

from callcenter.devices.codec import STANDARD, Habits
from callcenter.devices.datum import NOT_A_PLACE, locate
from callcenter.devices.protocols.http_json.documents import (
    Document,
    field,
    is_signal,
    read_documents,
)
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
NO_DEVICE: Final = "(no device)"
"""Who calls when a signal names nobody: it rings all the same."""

_KIND_OF: Mapping[str, Kind] = {kind.value.replace("_", ""): kind for kind in Kind}
_DATUM_OF: Mapping[str, Datum] = {
    **{datum.value: datum for datum in Datum},
    "wgs1984": Datum.WGS84,
    "epsg4326": Datum.WGS84,
    "bd09ll": Datum.BD09,
}
_NO_WORD = re.compile(r"[\W_]+")
_WHOLE_NUMBER = re.compile(r"(\d+)\.0*")
_LARGEST_EXACT = 2.0**53
"""Above it not every whole number is a float of its own."""
_NAMING = ("value", "id", "name", "code", "imei", "type")
"""Fields of an object that stands where a text should."""


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
    documents, flags = read_documents(body)
    if not documents:
        raise NeverAcceptable("body", "The body is no JSON object.")
    signals = [each for each in documents if is_signal(each)]
    if not signals:
        raise NeverAcceptable("device", "Neither device nor kind is there.")
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
    device = canonical_device(_name(document, "device", remarks)) or NO_DEVICE
    signal = Signal(
        identifier=device,
        kind=_kind(document, remarks),
        dedup_key=_dedup_key(device, message_id, content_hash),
        raw=body,
        occurred_at=_occurred_at(document, now, habits.zone, remarks),
        position=_position(document, habits.datum, remarks),
        text=remarks.optional("text", lambda: _text(field(document, "text"))),
        extra=remarks.optional("extra", lambda: _extra(field(document, "extra"))) or {},
        flags=remarks.flags,
    )
    return Reading(signal, message_id, content_hash)


# ---- who, what and which


def canonical_device(name: str) -> str:
    """As the sender writes it, without what nobody sees. Capitals count here; the registry finds the other spelling, too."""
    visible = "".join(
        c for c in normalize("NFKC", storable(name)) if category(c) not in ("Cc", "Cf")
    )
    number = _WHOLE_NUMBER.fullmatch(visible.strip())
    return (number[1] if number else visible.strip())[:MAX_NAME].strip()


def _name(document: Document, name: str, remarks: Remarks) -> str:
    """A text, or what can be made one; "" with a remark where there is none."""
    value = field(document, name)
    found = next(_scalars(value), "") if value is not None else ""
    if not found:
        remarks.add(f"{name}_missing")
    elif not isinstance(value, str | int):
        remarks.add(f"{name}_odd")
    return found


def _kind(document: Document, remarks: Remarks) -> Kind:
    value = field(document, "kind")
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
    text = normalize("NFKC", name).casefold()
    found = _KIND_OF.get(_NO_WORD.sub("", text))
    if found is None:
        words = [_KIND_OF[word] for word in _NO_WORD.split(text) if word in _KIND_OF]
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
        named = [value[name] for name in _NAMING if name in value]
        return named or list(value.values())[:1]
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
    value = field(document, "occurred_at")
    if value is None:
        return None
    moment = remarks.optional("time", lambda: read_moment(value, zone))
    if moment is None:
        remarks.add("time_not_read")
    elif moment > now + FUTURE_TOLERANCE or moment < now - STALE_AFTER:
        remarks.add("time_odd")
    return moment


def _position(document: Document, default: Datum, remarks: Remarks) -> Position | None:
    lat, lng = field(document, "lat"), field(document, "lon")
    lng = field(document, "lng") if lng is None else lng
    if lat is None and lng is None:
        return None
    degrees = remarks.optional("position", lambda: (_degrees(lat), _degrees(lng)))
    if degrees is None:
        return None
    datum = _datum(field(document, "datum"), default)
    if datum is None:
        remarks.add("datum_not_known")
        return None
    position, flags = locate(*degrees, datum)
    remarks.add(*flags)
    return position


def _degrees(value: object) -> float:
    """Raises ValueError, TypeError or OverflowError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(NOT_A_PLACE)
    return float(value)


def _datum(value: object, default: Datum) -> Datum | None:
    if value is None or value == "":
        return default
    return _DATUM_OF.get(_NO_WORD.sub("", value).casefold()) if isinstance(value, str) else None


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
