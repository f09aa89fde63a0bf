"""A server that was started again finds who speaks with whom by the names of the telephones."""

from __future__ import annotations

import pytest

from callcenter.hotline.adopting import adopted, ours
from callcenter.hotline.call import Call, Leg, Role, State
from callcenter.telephony.pbx import Connected, LegFound
from tests.hotline.test_call import CALL, NOW

RINGS = CALL.with_leg(Leg("c", Role.CALLER))
TALK = f"talk-{CALL.id}"


def stands(*talking: str, up: bool = True, gone: str = "") -> Call:
    """The call as it is found, with these in its talk."""
    legs = {each: LegFound(is_up=True, ours=True) for each in talking if each != gone}
    legs["c"] = LegFound(is_up=up, ours=True)
    return adopted(RINGS, "c", Connected(legs, {TALK: frozenset(talking)}), NOW)


def test_what_rings_still_rings():
    assert stands(up=False) is RINGS


def test_whoever_speaks_goes_on_with_them():
    call = stands("c", "operator-7-x", "other-y")
    assert (call.state, call.taken_by, call.answered_by, call.answered_at) == (State.TALKING, 7, 7, NOW)  # fmt: skip
    assert {each.id: each.role for each in call.legs.values()} == {
        "c": Role.CALLER,
        "operator-7-x": Role.OPERATOR,
        "other-y": Role.OTHER,
    }
    assert all(each.is_up for each in call.legs.values())


def test_whoever_was_on_hold_is_on_hold():
    assert stands("operator-7-x").state is State.HELD


@pytest.mark.parametrize("talking", [(), ("c",), ("c", "other-y"), ("c", "stranger")])
def test_who_speaks_with_nobody_of_the_centre_waits_before_all_others(talking: tuple[str, ...]):
    call = stands(*talking)
    assert (call.state, call.front, call.taken_by) == (State.WAITING, True, None)
    assert set(call.legs) == {"c"}


def test_a_telephone_that_is_gone_meanwhile_is_nobody():
    assert stands("c", "operator-7-x", gone="operator-7-x").state is State.WAITING


@pytest.mark.parametrize("leg", ["operator-7-x", "operator-123456789012345678-y", "other-z"])
def test_the_names_of_telephones_that_this_server_called(leg: str):
    assert ours(leg)


@pytest.mark.parametrize(
    "leg",
    ["", "1795870720.25", "operator-", "operator-x-y", "operator-٧-y", "other-", "my-other-z"],
)
def test_any_other_name_is_not_ours(leg: str):
    assert not ours(leg)
