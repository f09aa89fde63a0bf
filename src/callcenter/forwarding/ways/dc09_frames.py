"""SIA DC-09 as a transmitter: the frame of an alarm or of a poll, and what an answer to it means. Pure but for the random pad."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from callcenter.devices.protocols.dc09.accounts import canonical_account
from callcenter.devices.protocols.dc09.crypto import format_stamp, parse_stamp, seal, unseal
from callcenter.devices.protocols.dc09.frame import Cut, Header, parse_header, wrap
from callcenter.devices.signals import Kind
from callcenter.forwarding.parcel import Detail, Parcel, account_of, words_of
from callcenter.forwarding.way import Line

CODES: Mapping[str, str] = MappingProxyType(
    {
        Kind.SOS: "101",
        Kind.HELP: "616",
        Kind.FALL: "103",
        Kind.INACTIVITY: "641",
        Kind.SMOKE: "111",
        Kind.GAS: "151",
        Kind.WATER: "154",
        Kind.MEDICAL: "100",
        Kind.INTRUSION: "130",
        Kind.LOW_BATTERY: "384",
        Kind.POWER_FAIL: "301",
        Kind.TAMPER: "383",
        Kind.TECHNICAL: "380",
        Kind.TEST: "602",
    }
)
"""Contact ID. What is not here is a general alarm (140), so that it rings."""
GENERAL = "140"
LONGEST_WORDS = 400
"""Bytes of alarm text: encrypted, everything is twice as long, and a frame ends at 4,095."""
_STRUCTURE = re.compile(r"[\[\]|\r\n\0]")


class Reply(StrEnum):
    ACK = "ack"
    NAK = "nak"
    """Mostly their clock and ours: it says their time."""
    DUH = "duh"
    OTHER = "other"
    """Not an answer to this."""


@dataclass(frozen=True, slots=True)
class Answered:
    """`time`: theirs, of a NAK."""

    reply: Reply
    time: datetime | None = None


def alarm_frame(line: Line, parcel: Parcel, now: datetime) -> bytes:
    """`now`: by their clock, as far as it is known."""
    account = account_of(line.account, line.home_digits, parcel.content)
    code = CODES.get(str(parcel.content.get("kind")), GENERAL)
    xdata = [b"[I" + _words(line, parcel) + b"]"]
    if parcel.occurred_at is not None:
        xdata.append(b"[H" + format_stamp(parcel.occurred_at) + b"]")
    if line.detail is Detail.CARD and line.key is not None:
        xdata += _position(parcel.content)
    data = b"#%s|1%s 00 001" % (account.encode(), code.encode())
    return _frame(line, "ADM-CID", f"{parcel.sequence:04d}", account, data, b"".join(xdata), now)


def poll_frame(line: Line, now: datetime) -> bytes:
    """Asks whether they hear us."""
    account = account_of(line.account, line.home_digits, {})
    return _frame(line, "NULL", "0000", account, b"", b"", now)


def _words(line: Line, parcel: Parcel) -> bytes:
    """Names and addresses leave only where nobody else can read them."""
    detail = line.detail if line.key is not None else Detail.CODE
    said = _STRUCTURE.sub(" ", words_of(parcel.content, detail)).encode()
    return said[:LONGEST_WORDS].decode("utf-8", "ignore").encode()


def _position(content: Mapping[str, object]) -> list[bytes]:
    lat, lng = content.get("lat"), content.get("lng")
    if not isinstance(lat, float) or not isinstance(lng, float):
        return []
    return [
        b"[X" + _degrees(lng, "EW", 3) + b"]",
        b"[Y" + _degrees(lat, "NS", 2) + b"]",
    ]


def _degrees(value: float, signs: str, width: int) -> bytes:
    """Degrees, hemisphere, minutes: `093W23.456`."""
    thousandths = round(abs(value) * 60_000)
    degrees, rest = divmod(thousandths, 60_000)
    sign = signs[0] if value >= 0 else signs[1]
    return f"{degrees:0{width}d}{sign}{rest / 1000:06.3f}".encode()


def _frame(
    line: Line, token: str, sequence: str, account: str, data: bytes, xdata: bytes, now: datetime
) -> bytes:
    receiver = f"R{line.receiver}" if line.receiver else ""
    star = "*" if line.key is not None else ""
    head = f'"{star}{token}"{sequence}{receiver}L{line.line}#{account}['.encode()
    content = data + b"]" + xdata + b"_" + format_stamp(now)
    if line.key is not None:
        content = seal(content, line.key)
    return wrap(head + content)


def read_reply(cut: Cut, line: Line, sent_sequence: int | None, account: str) -> Answered:
    """Of one frame that came back. A wrong CRC, another's account or number, or what our key does not open is no answer."""
    if cut.reason is not None:
        return Answered(Reply.OTHER)
    header = parse_header(cut.body)
    content = cut.body[header.content_at :]
    reply = _REPLIES.get(header.token, Reply.OTHER)
    if reply is Reply.NAK:
        return Answered(reply, parse_stamp(content))
    if not _is_to_us(header, sent_sequence or 0, account):
        return Answered(Reply.OTHER)
    if header.encrypted and (line.key is None or unseal(content, line.key) is None):
        return Answered(Reply.OTHER)
    return Answered(reply)


_REPLIES: Mapping[str, Reply] = MappingProxyType(
    {"ACK": Reply.ACK, "NAK": Reply.NAK, "DUH": Reply.DUH}
)


def _is_to_us(header: Header, sequence: int, account: str) -> bool:
    """A NAK need not repeat what it answers; everything else does."""
    if not header.seq.isdecimal() or int(header.seq) != sequence:
        return False
    return not header.account or header.account == canonical_account(account)
