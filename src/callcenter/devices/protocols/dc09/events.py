"""What the data of a DC-09 frame says: Contact ID (DC-05), SIA (DC-03) and the extended data blocks. Pure tables.

Codes: the published Contact ID and SIA code lists. A code that is in neither table is Kind.UNKNOWN and rings; so is data that
cannot be read, because the frame was whole and somebody sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from unicodedata import normalize

from callcenter.devices.angles import read_pair
from callcenter.devices.datum import NOT_A_PLACE, locate
from callcenter.devices.protocols.dc09.accounts import canonical_account
from callcenter.devices.signals import CLASS_OF, Datum, Kind, Position, SignalClass
from callcenter.devices.tolerance import UNREADABLE


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

_BETWEEN = r"[\W_]"
_CONTACT_ID_BLOCKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 1101 00 007, as the standard has it, with fewer and with more digits, without blanks, and with letters before the numbers
        rf"(?P<q>[0-9A-FNRPS])?{_BETWEEN}?(?P<code>[0-9A-F]{{3}})(?:{_BETWEEN}*[GP]?(?P<group>[0-9A-F]{{1,3}}))?"
        rf"(?:{_BETWEEN}+[CUZ]?(?P<zone>[0-9A-F]{{1,6}}))?{_BETWEEN}*",
        r"(?P<q>[0-9A-FNRPS])(?P<code>[0-9A-F]{3})(?P<group>[0-9A-F]{2})?(?P<zone>[0-9A-F]{3})",
        # 1234 18 1101 00 007 and a check digit: the message as it goes over a telephone line (DC-05)
        rf"(?:3?(?P<account>[0-9A-F]{{4}}))?{_BETWEEN}*[19]8{_BETWEEN}*(?P<q>[0-9A-F])(?P<code>[0-9A-F]{{3}})"
        rf"{_BETWEEN}*(?P<group>[0-9A-F]{{2}}){_BETWEEN}*(?P<zone>[0-9A-F]{{3}})(?:{_BETWEEN}*[0-9A-F])?",
    )
)
_QUALIFIERS = {"E": "1", "N": "1", "+": "1", "R": "3", "C": "3", "P": "6", "S": "6", None: "1"}
"""Letters that some write: event, new, restore, close, previous, status; left out, it is an event."""

_CONTACT_ID_WITHIN = re.compile(
    r"(?<![0-9A-Z])[0E]?(?P<q>[136+]|[ENRPS](?=\d))[\W_]*(?P<code>[0-9A]{3})(?:(?P<zone>\d{3})|(?!\d)(?P<rest>.*))",
    re.IGNORECASE | re.DOTALL,
)
_SIA_WITHIN = re.compile(
    r"(?<![A-Za-z])[NO]+[\s,;:/_\\-]*(?:[a-z]{2}[\w.:+]*[\s,;/-]+)*(?P<code>[A-Z]{2})[\s:#=(]*(?P<zone>\d{0,5})(?![A-Za-z])"
)
_SIA_CODE_WITHIN = re.compile(
    r"(?<![A-Z])N?(?P<code>[A-Z]{2})[\s:#=(]*(?P<zone>\d{0,5})(?![A-Z])", re.IGNORECASE
)
"""What an event looks like in the middle of something else."""

_PACKET = re.compile(
    r"(?:(?P<code>[A-Z]{2})(?P<address>[0-9A-F:-]*)|(?P<modifier>[a-z]{2})(?P<value>[0-9:.-]*))"
    r'(?:\*"(?P<quoted>[^"]*)"(?:NM)?|\*(?P<units>[^/^]*))?'
    r"(?:\^(?P<text>[^^/]*)\^?)?(?P<slash>/)?"
)
_CAPITAL_MODIFIER = re.compile(r"(?:RI|ID|PI|TI)(?=[0-9])")

_HASHED_ACCOUNT = re.compile(
    r"(?:R\w{0,6})?(?:L\w{0,6})?#[#\s]*(?P<account>[\w-]*)(?P<rest>.*)", re.DOTALL
)
_BARE_ACCOUNT = re.compile(r"[0-9A-Fa-f]{3,16}")
_SEPARATORS = " ,;:/\t"

MAX_SEPARATE = 20
"""Events of one frame that are each a signal; of more, only the first of each kind and account is (see `_folded`)."""

_UNREADABLE = ("unknown_code",)


def read_events(family: str | None, data: str, header_account: str = "") -> list[Event]:
    """The events of an ADM-CID or SIA-DCS frame: at least one, also for data that makes no sense.

    Data written as the other family has it is understood, too; None: either. Where neither is found, events are looked for in
    the middle of the data.
    """
    readings = [_read(each, data, header_account) for each in _order(family)]
    readable = next((r for r in readings if any(_is_known(event) for event in r.events)), None)
    found = (
        readable or _searched(family, data) or next((r for r in readings if r.events), readings[0])
    )
    return _folded(found.all_events(data))


def has_event(data: str, header_account: str) -> bool:
    """Whether there is an event in the data of a poll, which should have none."""
    return any(_read(each, data, header_account).is_sure for each in _order(None))


def is_readable(events: Iterable[Event]) -> bool:
    """Whether anything in them is known."""
    return any(_is_known(event) for event in events)


def _is_known(event: Event) -> bool:
    return "unknown_code" not in event.flags


def _order(family: str | None) -> Sequence[str]:
    return ("SIA-DCS", "ADM-CID") if family == "SIA-DCS" else ("ADM-CID", "SIA-DCS")


@dataclass(slots=True)
class _Reading:
    """What one family makes of the data. A block that is no event of it is `stray`, and none of its own."""

    account: str | None = None
    events: list[Event] = field(default_factory=list)
    weak: list[tuple[str, list[Event]]] = field(default_factory=list)
    """Blocks that could be events, such as `101` or `BA`: they are where nothing else is."""
    stray: list[str] = field(default_factory=list)
    is_sure: bool = False
    """There are events that are not weak."""

    def weigh(self) -> None:
        """Decide upon the weak ones, when all is read."""
        self.is_sure = bool(self.events)
        is_known = is_readable(self.events)
        for block, events in self.weak:
            if is_known:
                self.stray.append(block)
            else:
                self.events += events

    def all_events(self, data: str) -> list[Event]:
        """Events with what is remarkable; one that is unknown where there are none."""
        if not self.events:
            text = " | ".join(self.stray) or data.strip() or None
            code = self.stray[0][:4] if self.stray else ""
            return [Event(Kind.UNKNOWN, code, self.account, text, flags=_UNREADABLE)]
        if self.stray:
            first = self.events[0]
            extra = {**first.extra, "stray": " | ".join(self.stray)}
            self.events[0] = replace(first, extra=extra, flags=(*first.flags, "stray_block"))
        return self.events


def _read(family: str, data: str, header_account: str) -> _Reading:
    reading = _Reading()
    for place, written in enumerate(data.split("|")):
        block = _without_account(reading, written.strip(), header_account, first=place == 0)
        if not block:
            continue
        if family == "SIA-DCS" and _is_text(block, reading.events):
            _attach_text(reading.events, block[1:])
            continue
        events, is_weak = _contact_id(block) if family == "ADM-CID" else _sia(block)
        if not events:
            events = [e for e in _within(family, block) if CLASS_OF[e.kind] is SignalClass.ALARM]
        events = [replace(e, account=e.account or reading.account) for e in events]
        if is_weak:
            reading.weak.append((block, events))
        elif events:
            reading.events += events
        else:
            reading.stray.append(block)
    reading.weigh()
    return reading


def _searched(family: str | None, data: str) -> _Reading | None:
    """Events in the middle of data that nobody can read as a whole; without a prefix, alarms alone."""
    text = normalize("NFKC", data)
    for each in _order(family):
        events = _within(each, text)
        if events:
            return _Reading(events=events)
    bare = [_sia_within(match) for match in _SIA_CODE_WITHIN.finditer(text)]
    alarms = [
        event for event in bare if CLASS_OF[event.kind] is SignalClass.ALARM and _is_known(event)
    ]
    return _Reading(events=alarms[:1]) if alarms else None


def _within(family: str, text: str) -> list[Event]:
    """What looks like an event of this family in it, qualifier or N and all."""
    if family == "SIA-DCS":
        found = [_sia_within(match) for match in _SIA_WITHIN.finditer(text)]
    else:
        found = [_contact_id_within(match) for match in _CONTACT_ID_WITHIN.finditer(text)]
    return [event for event in found if _is_known(event)]


def _sia_within(match: re.Match[str]) -> Event:
    code = match["code"].upper()
    flags = () if code in SIA else _UNREADABLE
    extra = _known({"zone": match["zone"] or None})
    return Event(SIA.get(code, Kind.UNKNOWN), code, extra=extra, flags=("data_odd", *flags))


def _contact_id_within(match: re.Match[str]) -> Event:
    numbers = re.findall(r"\d+", match["rest"] or "")[:2] or [match["zone"]]
    group = numbers[0] if len(numbers) > 1 else None
    return _contact_id_event(match["q"], match["code"], group, numbers[-1], ("data_odd",))


def _without_account(reading: _Reading, block: str, header_account: str, *, first: bool) -> str:
    """Note the account that a block names; what else stands in the block."""
    hashed = _HASHED_ACCOUNT.match(block)
    if hashed is not None:
        reading.account = canonical_account(hashed["account"]) if hashed["account"] else None
        return hashed["rest"].strip(_SEPARATORS)
    if _BARE_ACCOUNT.fullmatch(block):
        account = canonical_account(block)
        if account == header_account or (first and not _is_known_event(block)):
            reading.account = account
            return ""
    return block


def _is_known_event(block: str) -> bool:
    return is_readable((*_contact_id(block)[0], *_sia(block)[0]))


def _folded(events: list[Event]) -> list[Event]:
    """A frame full of events is stored in time: what says the same again is noted with the first that said it."""
    if len(events) <= MAX_SEPARATE:
        return events
    kept: dict[tuple[str | None, Kind], list[Event]] = {}
    for event in events:
        kept.setdefault((event.account, event.kind), []).append(event)
    return [_with_others(first, others) for first, *others in kept.values()]


def _with_others(first: Event, others: Sequence[Event]) -> Event:
    if not others:
        return first
    also = [" ".join((each.code, str(each.extra.get("zone", "")))).strip() for each in others]
    return replace(first, extra={**first.extra, "also": also}, flags=(*first.flags, "folded"))


_Found = tuple[list[Event], bool]
"""Events of a block, and whether they are weak."""


def _contact_id(block: str) -> _Found:
    """The event of a block, none if it does not look like one."""
    matches = [match for each in _CONTACT_ID_BLOCKS if (match := each.fullmatch(block))]
    read = [(_contact_id_match(match), _is_complete(match)) for match in matches]
    whole = [event for event, is_complete in read if is_complete]
    known = [event for event, _ in read if _is_known(event)]
    best = [event for event in whole if _is_known(event)] or known or whole
    return best[:1], bool(best) and not whole


def _is_complete(match: re.Match[str]) -> bool:
    """Behind a qualifier, with a partition or a zone: an unknown code is an event only so, and a known one is one surely."""
    qualifier = _QUALIFIERS.get((match["q"] or "1").upper(), match["q"])
    is_set_off = not match.group().isalnum()
    return qualifier in ("1", "3", "6") and bool(match["zone"] or (match["group"] and is_set_off))


def _contact_id_match(match: re.Match[str]) -> Event:
    account = match.groupdict().get("account")
    event = _contact_id_event(match["q"], match["code"], match["group"], match["zone"])
    return replace(event, account=canonical_account(account)) if account else event


def _contact_id_event(
    given: str | None, code: str, group: str | None, zone: str | None, flags: tuple[str, ...] = ()
) -> Event:
    qualifier = _QUALIFIERS.get(given.upper() if given else None, given)
    code = code.upper().replace("A", "0")  # the DTMF digit A stands for 0
    kind = CONTACT_ID.get(code, Kind.UNKNOWN)
    if qualifier == "3" and kind not in _UNCHANGED_BY_END:
        kind = _ENDS.get(kind, Kind.RESTORE)
    if code not in CONTACT_ID:
        flags = (*flags, *_UNREADABLE)
    if qualifier == "6":
        flags = (*flags, "still_present")
    extra = _known({"qualifier": qualifier, "partition": group, "zone": zone})
    return Event(kind, code, extra=extra, flags=flags)


def _sia(block: str) -> _Found:
    """Packets of one block, none if it has none. N (new) or O (old) stands before them, but a few senders leave it out,
    and some write all in small letters; what is then unknown, too, or only begins like a code, is no event.
    """
    prefixed, is_clean = _packets(block[1:]) if block[0] in "NO" else ([], False)
    aged = [_aged(event, block) for event in prefixed]
    if is_readable(aged):
        return aged, False
    small = [block.upper()[1:]] if block[0] in "no" else []
    for written in (block, *small):
        events, whole = _packets(written)
        if whole and is_readable(events):
            return events, True
    return (aged, False) if is_clean else ([], False)


def _packets(block: str) -> tuple[list[Event], bool]:
    """The packets from the beginning on, and whether there was nothing else. What follows them is text."""
    events: list[Event] = []
    modifiers: dict[str, object] = {}
    at = 0
    while at < len(block):
        match = _PACKET.match(_small_modifier(block, at), at)
        if match is None:
            break
        at = match.end()
        if match["modifier"]:
            modifiers[match["modifier"]] = match["value"]
            if match["text"]:
                modifiers[match["modifier"] + "_name"] = match["text"].strip()
            continue
        events.append(_sia_event(match, modifiers))
        if not (match["slash"] or match["text"] or match["quoted"]):
            break
    rest = block[at:].strip()
    if not rest or (events and block[at] in _SEPARATORS and _attach_events(events, rest)):
        return events, True
    if events:
        _attach_text(events, rest)
    return events, False


def _small_modifier(block: str, at: int) -> str:
    """`RI1/QA` means `ri1/QA`."""
    found = _CAPITAL_MODIFIER.match(block, at)
    return block if found is None else block[:at] + found.group().lower() + block[found.end() :]


def _attach_events(events: list[Event], rest: str) -> bool:
    """Whether what follows an event behind a blank instead of a slash is more of them."""
    more, is_clean = _packets(rest)
    if is_clean and more and all(_is_known(event) for event in more):
        events += more
        return True
    return False


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


def read_position(xdata: Mapping[str, str]) -> tuple[Position | None, tuple[str, ...]]:
    """WGS-84 from the X and Y blocks: `093W23.456` and `45N23.456` as the standard has it, or in any other spelling.

    With a remark where there are such blocks and no position in them.
    """
    if "X" not in xdata and "Y" not in xdata:
        return None, ()
    try:
        lat, lng = read_pair(xdata.get("Y", ""), xdata.get("X", ""))
    except UNREADABLE:
        return None, (NOT_A_PLACE,)
    return locate(lat, lng, Datum.WGS84)
