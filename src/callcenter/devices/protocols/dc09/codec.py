"""SIA DC-09 (2007 to 2026): ADM-CID, SIA-DCS and NULL, in clear and with AES, over TCP or UDP. Pure.

Liberal in what it takes: a field left out or wrong must not cost an alarm. docs/protocols/dc09.md says what is answered when.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from types import MappingProxyType
from typing import TypedDict

from callcenter.devices.codec import DeviceKey, Frame, FrameError, Refusal, Token
from callcenter.devices.protocols.dc09.accounts import canonical_account
from callcenter.devices.protocols.dc09.crypto import (
    Pad,
    format_stamp,
    parse_stamp,
    random_pad,
    seal,
    unseal,
)
from callcenter.devices.protocols.dc09.events import (
    Event,
    has_event,
    is_readable,
    read_events,
    read_position,
)
from callcenter.devices.protocols.dc09.frame import (
    Cut,
    Form,
    FrameCutter,
    Header,
    parse_header,
    wrap,
)
from callcenter.devices.protocols.dc09.options import CLOCK_AHEAD_S, CLOCK_BEHIND_S
from callcenter.devices.signals import Kind, Signal
from callcenter.devices.tolerance import Remarks

EVENT_TOKENS = frozenset({"ADM-CID", "SIA-DCS"})
LIVENESS_TOKENS = frozenset({"NULL", "XNM"})
REPLY_TOKENS = frozenset({"ACK", "NAK", "DUH", "RSP"})
NO_ACCOUNT = canonical_account("0")
"""Who calls when a frame names nobody: it rings all the same."""

_XDATA = re.compile(rb"\[([^\[\]]*)\]")
_DATA_END = re.compile(rb"\](?=[\[_\0\s]|\Z)")
_ANY_END = re.compile(rb"\]")
_NAMES_OF_BLOCKS = {small: small.upper() for small in "hilxy"}
"""That some write in small letters, and that are read."""
_SEALED = re.compile(rb"\s*(?:[0-9A-Fa-f]{32})+[\0\s\]]*")
"""What an encrypted message looks like, whatever its header says."""
_CHINESE = re.compile(rb"[\x81-\xFE]{2}")


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands between the brackets and behind them, in clear."""

    data: bytes
    xdata: Mapping[str, str]
    stamped_at: datetime | None
    zone: tzinfo
    """Of the times that the device writes."""
    signed: bytes
    """Data and xdata as sent, without pad and timestamp: the same in every repeat of a message."""


@dataclass(slots=True)
class _Open:
    """A frame whose reply is not settled; `reply` is None until then."""

    header: Header | None
    form: Form
    received_at: datetime
    key: DeviceKey | None = None
    error: FrameError | None = None
    reply: bytes | None = None


@dataclass(slots=True)
class _Reading:
    """What was found out about one frame, before it gets its token."""

    header: Header | None = None
    key: DeviceKey | None = None
    signals: tuple[Signal, ...] = ()
    error: FrameError | None = None
    remarks: Remarks = field(default_factory=Remarks)
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class ClockRule:
    """The window for the time inside an encrypted message, in seconds; `accept_wrong` only flags what lies outside."""

    behind_s: float = CLOCK_BEHIND_S
    ahead_s: float = CLOCK_AHEAD_S
    accept_wrong: bool = False

    def holds(self, stamped_at: datetime | None, now: datetime) -> bool:
        """Whether a message of that time is inside the window; one without a time is not."""
        if stamped_at is None:
            return False
        return -self.behind_s <= (stamped_at - now).total_seconds() <= self.ahead_s


class Dc09Codec:
    """One TCP connection, or one UDP datagram."""

    __slots__ = (
        "_accept_clear_polls",
        "_clock_rule",
        "_cutter",
        "_next",
        "_open",
        "_order",
        "_pad",
        "_zone",
    )

    def __init__(
        self,
        clock_rule: ClockRule | None = None,
        *,
        accept_clear_polls: bool = False,
        zone: tzinfo = UTC,
        pad: Pad = random_pad,
    ) -> None:
        self._clock_rule = clock_rule or ClockRule()
        self._accept_clear_polls = accept_clear_polls
        self._zone = zone
        self._pad = pad
        self._cutter = FrameCutter()
        self._open: dict[Token, _Open] = {}
        self._order: deque[Token] = deque()
        self._next = 0

    def receive(self, data: bytes, now: datetime, keys: Mapping[str, DeviceKey]) -> list[Frame]:
        """Cut `data` into frames; see callcenter.devices.codec."""
        return [self._frame(cut, now, keys) for cut in self._cutter.feed(data)]

    def finish(self, now: datetime, keys: Mapping[str, DeviceKey]) -> list[Frame]:
        """The frame that waited, if only its end was missing."""
        cut = self._cutter.finish()
        return [] if cut is None else [self._frame(cut, now, keys)]

    def unfinished(self) -> bytes:
        """Bytes of a frame that has begun and not ended."""
        return self._cutter.unfinished()

    def commit(self, token: Token) -> bytes:
        """The acknowledgement, and those of later frames that waited for it."""
        frame = self._open.get(token)
        if frame is None or frame.reply is not None:
            return b""
        return self._settle(frame, _acknowledgement(frame, self._pad))

    def refuse(self, token: Token, reason: Refusal) -> bytes:
        """NAK, DUH or nothing, and the replies of later frames that waited for it."""
        frame = self._open.get(token)
        if frame is None or frame.reply is not None:
            return b""
        return self._settle(frame, _refusal(frame, reason))

    def _settle(self, frame: _Open, reply: bytes) -> bytes:
        frame.reply = reply
        out = b""
        while self._order:
            settled = self._open[self._order[0]].reply
            if settled is None:
                break
            out += settled
            del self._open[self._order.popleft()]
        return out

    def _frame(self, cut: Cut, now: datetime, keys: Mapping[str, DeviceKey]) -> Frame:
        reading = self._read(cut, now, keys)
        header = reading.header
        token = Token(self._next)
        self._next += 1
        self._open[token] = _Open(header, cut.form, now, reading.key, reading.error)
        self._order.append(token)
        return Frame(
            token=token,
            raw=cut.raw,
            identifier=(header.account or None) if header else None,
            signals=reading.signals,
            error=reading.error,
            liveness=header is not None and header.token in LIVENESS_TOKENS,
            remark=reading.remark,
        )

    def _read(self, cut: Cut, now: datetime, keys: Mapping[str, DeviceKey]) -> _Reading:
        if cut.reason is not None:
            return _Reading(error=FrameError(Refusal.UNDECODABLE, cut.reason))
        header = parse_header(cut.body)
        reading = _Reading(header, keys.get(header.account))
        reading.remarks.add(*_remarks(cut, header))
        if header.token in REPLY_TOKENS:
            reading.error = FrameError(Refusal.UNSUPPORTED, f"an answer, {header.token}")
        elif _may_be_sealed(header) and _SEALED.fullmatch(cut.body, header.content_at):
            self._read_encrypted(reading, header, cut, now)
        elif header.encrypted:
            self._read_unsealed(reading, header, cut, now)
        else:
            self._read_clear(reading, header, cut, now)
        return reading

    def _read_clear(self, reading: _Reading, header: Header, cut: Cut, now: datetime) -> None:
        content = _split(cut.body[header.content_at :], self._zone)
        if reading.key is not None:
            reading.remarks.add("not_encrypted")
        if content.stamped_at is not None and not self._clock_rule.holds(content.stamped_at, now):
            reading.remarks.add("clock_off")
        _take(reading, header, content, cut.raw)
        is_poll = header.token in LIVENESS_TOKENS and not reading.signals
        if not is_poll or reading.key is None:
            return
        why = f"a poll in clear of account {header.account}, which has a key"
        own = reading.key.encrypted_only
        if own or (own is None and not self._accept_clear_polls):
            reading.error = FrameError(Refusal.UNDECODABLE, why)
        else:
            reading.remark = why

    def _read_unsealed(self, reading: _Reading, header: Header, cut: Cut, now: datetime) -> None:
        """It says that it is encrypted, and is not: heard where it can be read, else as one that no key opens."""
        data = _text(_split(cut.body[header.content_at :]).data)
        if is_readable(read_events(None, data, header.account)):
            self._read_clear(reading, header, cut, now)
        else:
            self._read_encrypted(reading, header, cut, now)

    def _read_encrypted(self, reading: _Reading, header: Header, cut: Cut, now: datetime) -> None:
        key = reading.key
        clear = unseal(cut.body[header.content_at :], key.secret) if key is not None else None
        if clear is None:
            why = "no key is known for" if key is None else "the key does not open a message of"
            reading.error = FrameError(Refusal.UNDECODABLE, f"{why} account {header.account}")
            reading.signals = _unreadable(header, cut.raw, reading.remarks)
            return
        content = _split(clear, self._zone)
        if not self._clock_rule.holds(content.stamped_at, now):
            reading.remarks.add("clock_off")
            if not self._clock_rule.accept_wrong:
                reading.error = FrameError(Refusal.CLOCK, _clock_detail(content.stamped_at, now))
        _take(reading, header, content, cut.raw)


def _may_be_sealed(header: Header) -> bool:
    return header.encrypted or header.token not in LIVENESS_TOKENS


def _clock_detail(stamped_at: datetime | None, now: datetime) -> str:
    if stamped_at is None:
        return "an encrypted message without a time"
    return f"the device's clock is off by {(stamped_at - now).total_seconds():.0f} s"


def _remarks(cut: Cut, header: Header) -> list[str]:
    """How the frame differs from the standard's."""
    odd = {
        "length_off": not cut.length_is_right,
        "crc_span": cut.form.is_odd,
        "header_odd": header.odd,
        "type_not_known": header.token not in EVENT_TOKENS | LIVENESS_TOKENS | REPLY_TOKENS,
    }
    return [flag for flag, holds in odd.items() if holds]


def _split(content: bytes, zone: tzinfo = UTC) -> _Content:
    """Data up to `]`, xdata blocks, timestamp; what does not fit is left aside, never refused."""
    end = _DATA_END.search(content) or _ANY_END.search(content)
    data, rest = (content[: end.start()], content[end.end() :]) if end else (content, b"")
    xdata: dict[str, str] = {}
    at = 0
    while (match := _XDATA.match(rest, at)) is not None:
        at = match.end()
        block = _text(match[1]).strip()
        if not data.strip() and b"|" in match[1]:
            data = match[1]
            continue
        name = _NAMES_OF_BLOCKS.get(block[:1], block[:1])
        xdata[name] = f"{xdata[name]}; {block[1:]}" if name in xdata else block[1:]
    tail = rest[at:]
    return _Content(
        data=data,
        xdata=MappingProxyType(xdata),
        stamped_at=parse_stamp(tail, zone=zone) if b"_" in tail else None,
        zone=zone,
        signed=data + b"]" + rest[:at],
    )


def _take(reading: _Reading, header: Header, content: _Content, raw: bytes) -> None:
    """The signals of a frame that could be opened.

    One of a type that nobody knows rings with what can be made of it; only if that is nothing its sender is told so.
    """
    data = _text(content.data)
    family = header.token if header.token in EVENT_TOKENS else None
    if header.token in LIVENESS_TOKENS:
        if not has_event(data, header.account):
            return
        reading.remarks.add("event_in_poll")
    events = read_events(family, data, header.account)
    reading.signals = _signals(header, content, events, raw, reading.remarks)
    says_something = any(event.kind is not Kind.UNKNOWN for event in events)
    if reading.error is None and "type_not_known" in reading.remarks.flags and not says_something:
        detail = f"unknown message type {header.token}"
        reading.error = FrameError(Refusal.UNSUPPORTED, detail)


def _signals(
    header: Header, content: _Content, events: Sequence[Event], raw: bytes, remarks: Remarks
) -> tuple[Signal, ...]:
    happened_at = _happened_at(content, remarks)
    position, place_flags = read_position(content.xdata)
    remarks.add(*place_flags)
    extra = _extra(header, content, _text(content.data))
    return tuple(
        Signal(
            **_who(header, event),
            kind=event.kind,
            dedup_key=_dedup_key(header, content.signed, index),
            raw=raw,
            occurred_at=happened_at or content.stamped_at,
            position=position,
            text=event.text or _remark(content.xdata),
            extra={**extra, **_event_extra(header, event)},
            flags=tuple(dict.fromkeys((*remarks.flags, *event.flags))),
        )
        for index, event in enumerate(events)
    )


def _happened_at(content: _Content, remarks: Remarks) -> datetime | None:
    """As the device says it beside the time of the message."""
    written = content.xdata.get("H")
    if not written:
        return None
    stamp = parse_stamp(written.encode(), content.stamped_at, content.zone)
    if stamp is None:
        remarks.add("time_not_read")
    return stamp


class _Who(TypedDict):
    """The names of a signal."""

    identifier: str
    also: tuple[str, ...]


def _who(header: Header, event: Event) -> _Who:
    """The account inside the data counts where it is registered: many panels send 0000 there, or their neighbour's.

    Where neither is, the header's names the caller, unless it is the one of a device that nobody has set up.
    """
    inner, outer = event.account, header.account
    if not inner or inner == outer:
        return _Who(identifier=outer or NO_ACCOUNT, also=())
    if not outer:
        return _Who(identifier=inner, also=())
    return _Who(identifier=inner if outer == NO_ACCOUNT else outer, also=(inner, outer))


def _unreadable(header: Header, raw: bytes, remarks: Remarks) -> tuple[Signal, ...]:
    """An event that no key opens may be an SOS: it rings as unknown, and the dialler is told NAK all the same."""
    if header.token in LIVENESS_TOKENS:
        return ()
    return (
        Signal(
            identifier=header.account or NO_ACCOUNT,
            kind=Kind.UNKNOWN,
            dedup_key=_dedup_key(header, b"unreadable", 0),
            raw=raw,
            extra={"token": header.token, "seq": header.seq},
            flags=(*remarks.flags, "unreadable"),
        ),
    )


def _dedup_key(header: Header, signed: bytes, index: int) -> bytes:
    parts = (header.token, header.account, header.receiver, header.line, header.seq, str(index))
    return sha256("\0".join(parts).encode() + sha256(signed).digest()).digest()


def _extra(header: Header, content: _Content, data: str) -> dict[str, object]:
    extra: dict[str, object] = {"token": header.token, "seq": header.seq, "data": data}
    if header.receiver:
        extra["receiver"] = header.receiver
    if header.line:
        extra["line"] = header.line
    if content.xdata:
        extra["xdata"] = {k: v for k, v in content.xdata.items() if k != "K"}  # K is a new key
    return extra


def _event_extra(header: Header, event: Event) -> dict[str, object]:
    extra = {"code": event.code, **event.extra}
    if event.account and event.account != header.account:
        extra |= {"transmitter": header.account, "inner": event.account}
    return extra


def _remark(xdata: Mapping[str, str]) -> str | None:
    """Alarm text, else the location."""
    return xdata.get("I") or xdata.get("L") or None


def _text(raw: bytes) -> str:
    """UTF-8, else GB 18030 where two bytes stand together as in Chinese, else the code page of western panels."""
    raw = raw.replace(b"\0", b"")
    for encoding in ("utf-8", "gb18030") if _CHINESE.search(raw) else ("utf-8",):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("cp1252", errors="replace")


def _acknowledgement(frame: _Open, pad: Pad) -> bytes:
    header = frame.header
    if header is None:
        return b""
    if not header.encrypted or frame.key is None:
        return _plain("ACK", frame, header)
    content = b"]_" + format_stamp(frame.received_at)
    body = b'"*ACK"' + header.echo + b"[" + seal(content, frame.key.secret, pad)
    return wrap(body, form=frame.form)


def _refusal(frame: _Open, reason: Refusal) -> bytes:
    """Nothing for a broken frame or a store that is away (the device repeats); NAK for clock and key; DUH for a type."""
    header = frame.header
    if header is None or reason is Refusal.NOT_STORED or header.token in REPLY_TOKENS:
        return b""
    if reason is Refusal.UNSUPPORTED:
        return _plain("DUH", frame, header)
    body = b'"NAK"0000R0L0A0[]_' + format_stamp(frame.received_at)
    return wrap(body, form=frame.form)


def _plain(word: str, frame: _Open, header: Header) -> bytes:
    echo = header.echo or b"0000L0#"
    return wrap(b'"' + word.encode("ascii") + b'"' + echo + b"[]", form=frame.form)
