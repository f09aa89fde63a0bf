"""What a phone wrote, as Kannel hands it in: `%a` in the charset of `%C`, else in that of the coding `%c`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.sms.gateway import InboundText
from callcenter.sms.segments import from_gsm7

UNKNOWN_SENDER: Final = "unknown"
_LONGEST_FIELD: Final = 200
_CONCATENATED: Final = ((0x00, 3), (0x08, 4))
"""Elements of a user data header with number, count and place of a part; the number has one byte or two."""
_EIGHT_BIT, _UCS2 = "1", "2"
_GSM7: Final = "gsm7"
_CHARSETS: Final = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("utf-16be", "utf-16", "utf16be", "ucs-2", "ucs2", "ucs-2be"), "utf-16-be"),
    **dict.fromkeys(("iso-10646-ucs-2", "unicode"), "utf-16-be"),
    "utf-16le": "utf-16-le",
    **dict.fromkeys(("gsm", "gsm7", "gsm-7", "gsm0338", "gsm-03.38", "7-bit"), _GSM7),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "8-bit", "binary"), "latin-1"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("gbk", "gb2312", "gb18030", "cp936"), "gb18030"),
    "big5": "big5",
}
"""Charsets that are decoded, by what Kannel or an operator calls them. Not every codec of Python: some take for ever."""


def read_inbound(query: Mapping[str, bytes]) -> InboundText:
    """Words without a sender are shown as a stranger's. Raises Invalid where there is neither."""
    sender = _plain(query.get("from", b""))
    charset, coding = (_plain(query.get(name, b"")) for name in ("charset", "coding"))
    text = decoded(query.get("text", b""), charset, coding)
    if not sender and not text.strip("\0 \r\n\t"):
        raise Invalid("from must be the number of the phone")
    return InboundText(
        sender=sender or UNKNOWN_SENDER,
        text=_as_part(query.get("udh", b"")) + text,
        provider_id=_plain(query.get("id", b"")) or None,
    )


def _as_part(header: bytes) -> str:
    """Which part of a longer text it is, put before it: alone, a piece that says 去 would be a yes. 3GPP TS 23.040, 9.2.3.24."""
    at = 1
    while at + 2 <= len(header):
        element, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if (element, len(value)) in _CONCATENATED and value[-2] > 1:
            return f"({value[-1]}/{value[-2]}) "
        at += 2 + length
    return ""


def decoded(raw: bytes, charset: str, coding: str) -> str:
    """The text; what the named charset cannot be is read as UTF-8, so that a wrong word of Kannel hides no answer."""
    codec = _CHARSETS.get(charset.lower(), "") or _by_coding(coding)
    if (
        codec == _GSM7 and raw.isascii()
    ):  # a septet has no eighth bit: anything else is UTF-8 after all
        return from_gsm7(raw)
    try:
        return raw.decode("utf-8" if codec == _GSM7 else codec)
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def _by_coding(coding: str) -> str:
    """Kannel writes the 7-bit alphabet as UTF-8 unless it says otherwise."""
    return {_UCS2: "utf-16-be", _EIGHT_BIT: "latin-1"}.get(coding, "utf-8")


def _plain(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\x00", "").strip()[:_LONGEST_FIELD]
