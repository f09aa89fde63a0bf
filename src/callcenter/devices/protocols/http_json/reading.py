"""From a JSON body to a signal. Pure.

An alarm is never refused for its trimmings (G3): a position, time, text or extra field that cannot be read is left out and
flagged, a kind nobody has mapped rings as unknown. Only what names no device, no id or no kind can never be accepted.
"""

from __future__ import annotations

import codecs
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite

import orjson

from callcenter.devices.datum import to_wgs84
from callcenter.devices.signals import Datum, Kind, Position, Signal

CLOCK_TOLERANCE = timedelta(minutes=5)
FUTURE_TOLERANCE = timedelta(minutes=10)
STALE_AFTER = timedelta(days=1)
MAX_NAME = 200
"""Characters of an id or a device name that are kept; the body is kept whole."""
MAX_TEXT = 1_000
SIGNATURE_VERSION = "v1="


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


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """`v1=` and the hex HMAC-SHA256 of timestamp, a dot and the body (the contract of the header X-Signature)."""
    signed = timestamp.encode() + b"." + body
    return SIGNATURE_VERSION + hmac.new(secret, signed, hashlib.sha256).hexdigest()


def signature_matches(secret: bytes, timestamp: str, body: bytes, given: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(signature(secret, timestamp, body).encode(), given.strip().encode())


def clock_flags(timestamp: str | None, now: datetime) -> tuple[str, ...]:
    """`clock_off` when the sender's X-Timestamp (Unix seconds, or ISO 8601) is not ours: accepted all the same."""
    if timestamp is None:
        return ()
    sent = _moment(timestamp)
    off = sent is None or abs(sent - now) > CLOCK_TOLERANCE
    return ("clock_off",) if off else ()


def read(body: bytes, now: datetime) -> Reading:
    """Read a body. Raises NeverAcceptable, naming the field."""
    document = _document(body)
    message_id = _name(document, "id")
    device = canonical_device(_name(document, "device"))
    kind, kind_flags = _kind(document)
    occurred_at, time_flags = _occurred_at(document.get("occurred_at"), now)
    position, position_flags = _position(document)
    content_hash = hashlib.sha256(body).digest()
    extra = document.get("extra")
    signal = Signal(
        identifier=device,
        kind=kind,
        dedup_key=_dedup_key(device, message_id, content_hash),
        raw=body,
        occurred_at=occurred_at,
        position=position,
        text=_text(document.get("text")),
        extra=extra if isinstance(extra, dict) else {} if extra is None else {"value": extra},
        flags=(*kind_flags, *time_flags, *position_flags),
    )
    return Reading(signal, message_id, content_hash)


def canonical_device(name: str) -> str:
    """As the sender writes it: capitals count, blanks around it do not."""
    return name.strip()[:MAX_NAME]


def _document(body: bytes) -> Mapping[str, object]:
    try:
        document = orjson.loads(body.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        document = _from_other_encoding(body, error)
    if not isinstance(document, dict):
        raise NeverAcceptable("body", "not a JSON object")
    return document


def _from_other_encoding(body: bytes, error: ValueError) -> object:
    """Devices exist that write their text in GB 18030, cut it within a character, or say NaN where they have no
    position: no reason to lose an alarm.
    """
    for encoding, errors in (("gb18030", "strict"), ("utf-8", "replace")):
        try:
            return json.loads(body.decode(encoding, errors), strict=False)
        except (ValueError, RecursionError):
            continue
    raise NeverAcceptable("body", f"not JSON: {error}") from error


def _name(document: Mapping[str, object], field: str) -> str:
    value = document.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise NeverAcceptable(field, f"{field} is missing: a text of 1 to {MAX_NAME} characters")
    return value.strip()[:MAX_NAME]


def _kind(document: Mapping[str, object]) -> tuple[Kind, tuple[str, ...]]:
    value = document.get("kind")
    if not isinstance(value, str) or not value.strip():
        raise NeverAcceptable("kind", "kind is missing: sos, help, fall, ... (see the contract)")
    try:
        return Kind(value.strip().lower()), ()
    except ValueError:
        return Kind.UNKNOWN, (f"kind_not_known:{_flag_part(value)}",)


def _flag_part(value: str) -> str:
    return "".join(c for c in value.strip().lower()[:32] if c.isascii() and c.isalnum())


def _occurred_at(value: object, now: datetime) -> tuple[datetime | None, tuple[str, ...]]:
    if value is None:
        return None, ()
    moment = _moment(value)
    if moment is None:
        return None, ("time_not_read",)
    odd = moment > now + FUTURE_TOLERANCE or moment < now - STALE_AFTER
    return moment, ("time_odd",) if odd else ()


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float) or (isinstance(value, str) and _is_number(value)):
            return datetime.fromtimestamp(float(value), UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()


def _position(document: Mapping[str, object]) -> tuple[Position | None, tuple[str, ...]]:
    lat, lng = document.get("lat"), document.get("lon", document.get("lng"))
    if lat is None and lng is None:
        return None, ()
    found_lat, found_lng = _degrees(lat, 90.0), _degrees(lng, 180.0)
    if found_lat is None or found_lng is None:
        return None, ("position_not_read",)
    try:
        datum = Datum(str(document.get("datum") or Datum.WGS84).strip().lower())
    except ValueError:
        return None, ("datum_not_known",)
    return to_wgs84(found_lat, found_lng, datum), ()


def _degrees(value: object, limit: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) and abs(number) <= limit else None


def _text(value: object) -> str | None:
    if value is None:
        return None
    try:
        return str(value)[:MAX_TEXT]
    except RecursionError:  # not a text at all, and nested too deeply to be written as one
        return None


def _dedup_key(device: str, message_id: str, content_hash: bytes) -> bytes:
    """Same device, same id, same bytes: the same signal."""
    name = f"{device}\0{message_id}\0".encode("utf-8", "replace")
    return hashlib.sha256(name + content_hash).digest()
