"""What the data of a DC-09 frame says: Contact ID (DC-05), SIA (DC-03) and the extended data blocks. Pure tables.

Codes: the published Contact ID and SIA code lists. A code that is in neither table is Kind.UNKNOWN and rings; so is data that
cannot be read, because the frame was whole and somebody sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from callcenter.devices.protocols.dc09.accounts import canonical_account
from callcenter.devices.signals import Kind, Position


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a frame. `account` is the one inside the data, None when the data names none."""

    kind: Kind
    code: str
    account: str | None = None
    text: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


def _table(rows: Iterable[tuple[Kind, str]]) -> Mapping[str, Kind]:
    return MappingProxyType({code: kind for kind, codes in rows for code in codes.split()})


CONTACT_ID: Mapping[str, Kind] = _table(
    [
        (Kind.SOS, "101 120 121 122 123 124 125 126 129 646"),
        (Kind.MEDICAL, "100"),
        (Kind.FALL, "103"),
        (Kind.INACTIVITY, "102 641 654"),
        (Kind.SMOKE, "110 111 112 113 114 115 116 117 118"),
        (Kind.GAS, "151 162"),
        (Kind.WATER, "154"),
        (Kind.INTRUSION, "130 131 132 133 134 135 136 138 139 146 155 423"),
        (Kind.TAMPER, "137 144 145 316 317 341 383"),
        (Kind.LOW_BATTERY, "302 309 311 338 384"),
        (Kind.POWER_FAIL, "301 314 342 926"),
        (Kind.TECHNICAL, "141 142 143 147 152 153 156 157 158 159 161 163 168 169"),
        (Kind.TECHNICAL, "200 201 202 203 204 205 206 300 303 304 307 308 310 312 315 320 321 322"),
        (Kind.TECHNICAL, "323 324 325 326 327 330 331 332 333 334 335 336 337 343 344 345 350 351"),
        (Kind.TECHNICAL, "352 353 354 355 356 357 370 371 372 373 374 375 376 377 378 380 381 382"),
        (Kind.TECHNICAL, "385 386 387 388 389 391 392 393 394 551 552 553 554 555 616 626 954"),
        (Kind.CANCEL, "406 647"),
        (Kind.TEST, "358 601 602 603 604 607 608 611 612 613 614 615 704"),
        (
            Kind.INFORMATION,
            "305 306 313 339 400 401 402 403 404 405 407 408 409 411 412 413 414 415",
        ),
        (
            Kind.INFORMATION,
            "416 421 422 424 425 426 427 428 429 430 431 432 433 434 435 436 441 442",
        ),
        (
            Kind.INFORMATION,
            "443 444 450 451 452 453 454 455 456 457 458 459 461 462 463 464 465 466",
        ),
        (
            Kind.INFORMATION,
            "501 520 521 522 523 524 525 526 527 531 532 570 571 572 573 574 575 576",
        ),
        (
            Kind.INFORMATION,
            "577 578 579 605 606 609 621 622 623 624 625 627 628 629 630 631 632 642",
        ),
        (
            Kind.INFORMATION,
            "645 655 900 901 902 903 904 910 911 913 914 915 916 917 918 919 928 929",
        ),
    ]
)
"""Contact ID event codes. General alarm (140), 24-hour zone (150), a restricted door (643) and the user-assigned codes are
left out on purpose: what they mean is known only on site, so they ring."""

SIA: Mapping[str, Kind] = _table(
    [
        (Kind.SOS, "QA PA HA"),
        (Kind.MEDICAL, "MA"),
        (Kind.INACTIVITY, "NA"),
        (Kind.SMOKE, "FA FG FM KA SA"),
        (Kind.GAS, "GA"),
        (Kind.WATER, "WA"),
        (Kind.INTRUSION, "BA BG BM BV DF DL EA"),
        (Kind.TAMPER, "TA TT ES XS JA AA"),
        (Kind.LOW_BATTERY, "XT YT YM"),
        (Kind.POWER_FAIL, "AT YP"),
        (Kind.POWER_RESTORE, "AR YQ"),
        (Kind.CANCEL, "AB BC FC OC"),
        (
            Kind.RESTORE,
            "AN BE BH BJ BR DH DR EJ EN ER FH FJ FQ FR FV GH GJ GR HH HJ HR IR KH KJ KR LR",
        ),
        (
            Kind.RESTORE,
            "MH MJ MR NR NS OV PH PJ PR QH QJ QR SH SJ SR TH TJ TR UH UJ UR VR WH WJ WR",
        ),
        (Kind.RESTORE, "XH XI XJ XR YE YH YJ YK YR YZ ZH ZJ ZR"),
        (Kind.TEST, "BX FI FK FX GX RP RX RY TC TE TP TS TW TX TZ VX"),
        (
            Kind.TECHNICAL,
            "AS BD BS BT BZ DJ DM DT EE EM ET EX EZ FS FT FW FY FZ GS GT HS HT IA KS KT",
        ),
        (
            Kind.TECHNICAL,
            "LT MS MT NC NT OU PS PT QS QT RT SS ST US UT UY UZ VO VT VZ WS WT XE XF XL",
        ),
        (Kind.TECHNICAL, "XM XQ XX YA YC YD YF YI YN YO YS YU YW YX ZA ZS ZT"),
        (
            Kind.INFORMATION,
            "BB BU CA CD CE CF CG CI CJ CK CL CM CO CP CQ CR CS CT CW CX CZ DA DB DC DD",
        ),
        (
            Kind.INFORMATION,
            "DE DG DI DK DN DO DP DQ DS DU DV DW DX DY DZ FB FL FU GB GU HB HU JD JH JK JL",
        ),
        (
            Kind.INFORMATION,
            "JO JP JR JS JT JV JX JY JZ KB KU LB LD LE LF LS LU LX MB MI MU NF NL NM OA",
        ),
        (
            Kind.INFORMATION,
            "OG OH OI OJ OK OL OP OQ OR OS OT OZ PB PU QB QU RA RB RC RD RN RO RR RS RU",
        ),
        (Kind.INFORMATION, "SB SC SU TB TU UB UU VI VY WB WU XA XW YB YG YY ZB ZU"),
    ]
)
"""SIA (DC-03) event codes. Untyped zones (UA, UG, UX) are left out on purpose: they ring."""

_ENDS = MappingProxyType({Kind.POWER_FAIL: Kind.POWER_RESTORE})
_UNCHANGED_BY_END = frozenset({Kind.TEST, Kind.INFORMATION, Kind.CANCEL, Kind.UNKNOWN})

_CONTACT_ID_BLOCK = re.compile(
    r"\s*(?P<q>[0-9A-F])(?P<code>[0-9A-F]{3})\s*(?P<group>[0-9A-F]{2})?\s*(?P<zone>[0-9A-F]{3})?\s*",
    re.IGNORECASE,
)
_PACKET = re.compile(
    r"(?:(?P<code>[A-Z]{2})(?P<address>[0-9A-F:-]*)|(?P<modifier>[a-z]{2})(?P<value>[0-9:.-]*))"
    r'(?:\*"(?P<quoted>[^"]*)"(?:NM)?|\*(?P<units>[^/^]*))?'
    r"(?:\^(?P<text>[^^/]*)\^?)?/?"
)


def read_events(family: str, data: str) -> list[Event]:
    """The events of an ADM-CID or SIA-DCS frame: at least one, also for data that makes no sense."""
    account: str | None = None
    events: list[Event] = []
    for block in data.split("|"):
        if block.startswith("#"):
            account = canonical_account(block) if block[1:].strip() else None
        elif family == "SIA-DCS" and _is_text(block, events):
            _attach_text(events, block[1:])
        elif block.strip():
            read = _contact_id(block) if family == "ADM-CID" else _sia(block)
            events.extend(replace(event, account=account) for event in read)
    return events or [Event(Kind.UNKNOWN, "", account, data or None, flags=("unknown_code",))]


def _contact_id(block: str) -> list[Event]:
    match = _CONTACT_ID_BLOCK.fullmatch(block)
    if match is None:
        return [Event(Kind.UNKNOWN, block[:4], text=block, flags=("unknown_code",))]
    qualifier = match["q"]
    code = match["code"].upper().replace("A", "0")  # the DTMF digit A stands for 0
    kind = CONTACT_ID.get(code, Kind.UNKNOWN)
    if qualifier == "3" and kind not in _UNCHANGED_BY_END:
        kind = _ENDS.get(kind, Kind.RESTORE)
    flags = ("unknown_code",) if code not in CONTACT_ID else ()
    if qualifier == "6":
        flags = (*flags, "still_present")
    extra = {"qualifier": qualifier, "partition": match["group"], "zone": match["zone"]}
    return [Event(kind, code, extra=_known(extra), flags=flags)]


def _sia(block: str) -> list[Event]:
    """Packets of one block; N (new) or O (old) stands before them, but a few senders leave it out."""
    candidates = [block[1:], block] if block[0] in "NO" else [block]
    readings = [_packets(candidate) for candidate in candidates]
    for events in readings:
        if any("unknown_code" not in event.flags for event in events):
            return [_aged(event, block) for event in events]
    return readings[0] or [Event(Kind.UNKNOWN, block[:2], text=block, flags=("unknown_code",))]


def _packets(block: str) -> list[Event]:
    events: list[Event] = []
    modifiers: dict[str, object] = {}
    at = 0
    while at < len(block):
        match = _PACKET.match(block, at)
        if match is None:
            _attach_text(events, block[at:])
            break
        at = match.end()
        if match["modifier"]:
            modifiers[match["modifier"]] = match["value"]
            if match["text"]:
                modifiers[match["modifier"] + "_name"] = match["text"].strip()
        else:
            events.append(_sia_event(match, modifiers))
    return events


def _sia_event(match: re.Match[str], modifiers: Mapping[str, object]) -> Event:
    code = match["code"]
    extra = {"zone": match["address"] or None, "units": match["units"], **modifiers}
    return Event(
        kind=SIA.get(code, Kind.UNKNOWN),
        code=code,
        text=(match["quoted"] or match["text"] or "").strip() or None,
        extra=_known(extra),
        flags=() if code in SIA else ("unknown_code",),
    )


def _aged(event: Event, block: str) -> Event:
    return replace(event, flags=(*event.flags, "old_event")) if block[0] == "O" else event


def _is_text(block: str, events: list[Event]) -> bool:
    """A block `A...` is text for the event before it; with no event before it could also be a bare code such as AT."""
    return block.startswith("A") and bool(events) and len(block) > 1


def _attach_text(events: list[Event], text: str) -> None:
    text = text.strip()
    if events and text:
        before = events[-1]
        events[-1] = replace(before, text=f"{before.text} {text}" if before.text else text)


def _known(extra: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in extra.items() if value is not None}


_DEGREES = re.compile(r"(?P<degrees>\d{1,3})(?P<half>[NSEW])(?P<minutes>\d{1,2}(?:\.\d+)?)")


def read_position(xdata: Mapping[str, str]) -> Position | None:
    """WGS-84 from the X and Y blocks: `093W23.456` and `45N23.456` as the standard has it, or plain decimal degrees."""
    lng, lat = _angle(xdata.get("X", "")), _angle(xdata.get("Y", ""))
    if lat is None or lng is None or abs(lat) > 90 or abs(lng) > 180:
        return None
    return Position(lat, lng)


def _angle(text: str) -> float | None:
    match = _DEGREES.fullmatch(text.strip())
    if match is not None:
        angle = int(match["degrees"]) + float(match["minutes"]) / 60
        return -angle if match["half"] in "SW" else angle
    try:
        angle = float(text)
    except ValueError:
        return None
    return angle if abs(angle) <= 180 else None
