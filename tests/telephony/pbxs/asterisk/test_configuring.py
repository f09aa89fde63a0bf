"""The configuration of the exchange, from the settings: what may be dialled, by whom."""

from __future__ import annotations

import re
from typing import Any

import pytest

from callcenter.telephony.emergency import EMERGENCY
from callcenter.telephony.pbxs.asterisk.configuring import files
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

TRUNKS = [
    {"name": name, "host": f"10.0.0.{nth}", "addresses": [f"10.0.0.{nth}"]}
    for nth, name in enumerate(("first", "second"), 1)
]


def written(**values: Any) -> dict[str, str]:
    return dict(files(AsteriskSection(**{"password": "only-in-tests", "trunks": TRUNKS, **values})))


def steps(dialplan: str, context: str) -> dict[str, str]:
    """What is dialled in this part, and what is done first."""
    part = dialplan.partition(f"[{context}]\n")[2].partition("\n[")[0]
    return dict(re.findall(r"^exten => (.+?),1,(.+)$", part, re.MULTILINE))


def is_blocked(dialled: str, rules: dict[str, str]) -> bool:
    """An extension that is written out goes before patterns; of patterns that fit, the one with fewest places left open."""
    fitting = [each for each in rules if each.startswith("_") and _fits(each, dialled)]
    first = dialled if dialled in rules else min(fitting, key=lambda each: ("." in each, each))
    return rules[first] == "Hangup(21)"


def _fits(pattern: str, dialled: str) -> bool:
    shape = pattern[1:].replace("+", r"\+") if "[" not in pattern else pattern[1:-1] + "+"
    return re.fullmatch(shape.replace("X", "[0-9]"), dialled) is not None


SPELLINGS = ("{}", "+{}", "+86{}", "86{}", "0086{}", "0{}", "9{}", "0311{}", "010{}", "+86311{}", "008610{}", "90311{}")  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("context", "in_service"), [("by-hand", False), ("automatic", True), ("automatic", False)])  # fmt: skip
def test_no_emergency_number_is_dialled_however_it_is_written(
    context: str, spelling: str, *, in_service: bool
):
    rules = steps(written(in_service=in_service)["extensions.conf"], context)
    assert [each for each in EMERGENCY if not is_blocked(spelling.format(each), rules)] == []


def test_any_other_number_is():
    for context in ("by-hand", "automatic"):
        rules = steps(written()["extensions.conf"], context)
        for number in ("13912345678", "+8613912345678", "031187654321", "12349", "1201"):
            assert not is_blocked(number, rules)


def test_somebody_at_a_seat_of_a_site_in_service_dials_them_and_only_as_they_are():
    rules = steps(written(in_service=True)["extensions.conf"], "by-hand")
    assert {each: rules[each] for each in EMERGENCY} == dict.fromkeys(EMERGENCY, "Goto(out,${EXTEN},1)")  # fmt: skip
    assert is_blocked("+86120", rules)


def test_in_a_trial_one_is_put_through_to_what_stands_for_it():
    rules = steps(written(stands_for={"120": "950120"})["extensions.conf"], "by-hand")
    assert rules["120"] == "Goto(out,950120,1)"
    assert is_blocked("119", rules)


TRIAL = {"trunks": (), "outside_password": "of-the-page", "stands_for": {"120": "950120"}}


@pytest.mark.parametrize("context", ["by-hand", "automatic"])
def test_in_a_trial_with_a_page_outside_no_emergency_number_reaches_even_that(context: str):
    rules = steps(written(**TRIAL)["extensions.conf"], context)
    for number in EMERGENCY:
        ends = {step for dialled, step in rules.items() if dialled.lstrip("_+").endswith(number)}
        through = {"Goto(out,950120,1)"} if number == "120" else set()
        assert ends - through == {"Hangup(21)"}


def test_a_page_that_is_everybody_outside_is_rung_and_nobody_else_can_be():
    plan = written(**TRIAL)["extensions.conf"]
    out = plan.partition("[out]\n")[2].partition("\n[")[0]
    assert re.findall(r"Dial\(([^,]+),", out) == ["PJSIP/outside"]
    assert steps(plan, "from-page") == {
        "_[+0-9*#].": "Set(CALLERID(num)=${PJSIP_HEADER(read,X-Elder)})"
    }
    assert "Goto(out" not in plan.partition("[from-page]\n")[2]
    assert "outside]" not in written()["pjsip.conf"]
    assert "[from-page]" not in written()["extensions.conf"]


def test_that_page_registers_by_websocket_one_page_at_a_time():
    said = written(**TRIAL)["pjsip.conf"].partition("[outside]\n")[2]
    for each in ("webrtc = yes", "max_contacts = 1", "password = of-the-page"):
        assert each in said


def test_trunks_are_tried_in_their_order_and_desks_and_duty_phones_where_no_server_answers():
    plan = written(duty_phones=["13900000009"], desk_phones=[{"name": "desk-1", "password": "x"}])[
        "extensions.conf"
    ]
    out = plan.partition("[out]\n")[2]
    assert re.findall(r"@(\w+),", out) == ["first", "second"]
    alone = plan.partition("[alone]\n")[2].partition("\n[")[0]
    assert alone.index("PJSIP/desk-1") < alone.index("Local/13900000009@automatic")


def test_a_recording_begins_before_anybody_is_rung():
    arriving = written()["extensions.conf"].partition("[from-outside]\n")[2].partition("\n[")[0]
    assert 0 < arriving.index("MixMonitor(") < arriving.index("Dial(")


def test_nothing_of_a_template_is_left_open():
    assert [name for name, text in written().items() if re.search(r"@[A-Z_]{3,}@", text)] == []
