"""Whose number it is, and whose alarm it is then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import example, given, strategies as st

from callcenter.alerts.telephoned import press_id, signal_of, told_by
from callcenter.devices.callers import Match, Whose
from callcenter.devices.signals import Kind
from callcenter.hotline.call import Call, Direction
from callcenter.hotline.matching import MOST, matches_of
from callcenter.hotline.red_call import Key, calls_for_help, key_of, telephoned
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import Caller, read

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
ELDER = "+8613912345678"


@dataclass
class Book:
    """Fulfils matching.Numbers."""

    by_number: dict[str, list[Match]] = field(default_factory=dict)

    def holders(self, e164: str, now: datetime) -> Sequence[Match]:
        return self.by_number.get(e164, ())


def match(whose: Whose, **values: object) -> Match:
    return replace(Match(whose=whose, name="沈玉兰", region_id=7), **values)


BOOK = Book({ELDER: [match(Whose.RESIDENT, home_id=5, resident_id=3, address="7号楼", of="")]})


@pytest.mark.parametrize(
    "signalled",
    ["13912345678", "013912345678", "+8613912345678", "8613912345678", "008613912345678"],
)
def test_a_number_is_the_same_however_it_is_written(signalled: str):
    [found] = matches_of(read(signalled, False, (), "0311"), BOOK, NOW)
    assert (found.whose, found.home_id, found.address) == (Whose.RESIDENT, 5, "7号楼")


@pytest.mark.parametrize(
    ("signalled", "withheld"),
    [("13912345678", True), ("", True), ("anonymous", False), ("1" * 60, False), ("<script>", False)],
)  # fmt: skip
def test_who_withholds_the_number_or_has_none_is_nobody(signalled: str, withheld: bool):
    assert matches_of(read(signalled, withheld, (), "0311"), BOOK, NOW) == ()


def test_the_number_of_an_institution_shows_some_of_its_people():
    book = Book({ELDER: [match(Whose.RESIDENT, home_id=n) for n in range(400)]})
    assert len(matches_of(read("13912345678", False, (), ""), book, NOW)) == MOST


CONTACT = match(Whose.CONTACT, home_id=5, resident_id=3, contact_id=9, name="沈岚")
DEVICE = match(Whose.DEVICE, home_id=5, resident_id=3, device_id=8)


@pytest.mark.parametrize(
    ("matches", "key"),
    [
        ([], Key()),
        ([match(Whose.RESIDENT, home_id=5, resident_id=3)], Key(5, 3)),
        ([DEVICE, match(Whose.RESIDENT, home_id=6, resident_id=4)], Key(5, 3, 8)),
        ([CONTACT], Key(5, 3, None, CONTACT)),
        ([CONTACT, replace(CONTACT, resident_id=4)], Key(5, None, None, CONTACT)),
        ([CONTACT, replace(CONTACT, home_id=6)], Key()),
        ([replace(DEVICE, home_id=None)], Key(device_id=8)),
        ([replace(DEVICE, home_id=None), CONTACT], Key(5, 3, None, CONTACT)),
        ([DEVICE, replace(DEVICE, home_id=6, device_id=2), CONTACT], Key()),
        ([match(Whose.STAFF, staff_id=1)], Key()),
    ],
)  # fmt: skip
def test_it_is_of_the_home_of_the_surest_and_of_none_where_that_is_unsure(
    matches: list[Match], key: Key
):
    assert key_of(matches) == key


def call(kind: LineKind = LineKind.RED, caller: Caller | None = None, **values: object) -> Call:
    made = Call(
        id=UUID(int=1), pbx="pbx", pbx_call="pbx-1.0", kind=kind, line="95009", region_id=7, offered_at=NOW,
        caller=caller or read("13912345678", False, (), "0311"),
    )  # fmt: skip
    return replace(made, **values)


@pytest.mark.parametrize("kind", LineKind)
@pytest.mark.parametrize("direction", Direction)
def test_only_who_rings_the_number_of_a_key_calls_for_help(kind: LineKind, direction: Direction):
    said = calls_for_help(call(kind, direction=direction))
    assert said is (direction is Direction.IN and kind in (LineKind.RED, LineKind.GREEN))


_ANYTHING = st.characters(exclude_categories=())
_NUMBERS = st.text(_ANYTHING, max_size=70) | st.from_regex(r"\+?[0-9]{5,16}", fullmatch=True)
_MATCHES = st.lists(
    st.builds(
        match, st.sampled_from(Whose), home_id=st.sampled_from([None, 5, 6]), resident_id=st.sampled_from([None, 3]),
        device_id=st.sampled_from([None, 8]), contact_id=st.sampled_from([None, 9]),
    ),
    max_size=5,
)  # fmt: skip


@example("", False, [], "\0")  # an exchange names no call so; if one did, it is one alarm
@given(_NUMBERS, st.booleans(), _MATCHES, st.text(min_size=1, max_size=40))
def test_whatever_is_signalled_is_one_alarm_and_says_the_same_when_it_is_read_again(
    signalled: str, withheld: bool, matches: list[Match], name: str
):
    """The spool gives back what it got, a call told twice has one key, and a home is named only by who has the number."""
    one = call(caller=read(signalled, withheld, (), "0311"), matches=tuple(matches), pbx_call=name)
    told = telephoned(one)
    signal = signal_of(told, Kind.SOS)
    assert told_by(signal) == told
    assert signal.dedup_key == signal_of(telephoned(one), Kind.SOS, late=True).dedup_key
    assert signal.dedup_key == press_id("pbx", name).bytes
    assert "\0" not in told.number
    told.number.encode()
    assert told.home_id in {None, *(each.home_id for each in matches)}
    assert len({each.home_id for each in matches if each.home_id == told.home_id}) <= 1
