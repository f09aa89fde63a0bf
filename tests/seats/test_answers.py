"""What a console says: its everyday words are understood without the model, and anything else just as the model has it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError

from callcenter.core.ids import new_id
from callcenter.seats.answers import PULSE, Answer, _carefully, everyday, understand
from callcenter.seats.messages import (
    MOST_AT_ONCE,
    RING_MAX,
    ClientHello,
    ClientMessage,
    Duty,
    Pulse,
)

ID = "01980000-0000-7000-8000-00000000000a"


def rung(id_: object = ID, ring: object = 1, **more: object) -> dict[str, object]:
    return {"incident_id": id_, "ring": ring, **more}


def said(kind: object = "seen", incidents: object = None, **more: object) -> str:
    return json.dumps(
        {"type": kind, "incidents": [rung()] if incidents is None else incidents, **more}
    )


@pytest.mark.parametrize("kind", ["seen", "sounding"])
def test_an_answer_names_its_incidents_and_their_rings(kind: str):
    other = str(new_id())
    text = said(kind, [rung(), rung(other, RING_MAX)])
    assert everyday(text) == Answer(kind, [(ID, 1), (other, RING_MAX)])  # type: ignore[arg-type]


def test_a_pulse_is_a_pulse():
    assert understand('{"type": "pulse"}') is PULSE


@pytest.mark.parametrize("sounds", [True, False])
def test_a_pulse_says_whether_the_console_sounds(sounds: bool):
    text = json.dumps({"type": "pulse", "sounds": sounds})
    assert everyday(text) == understand(text) == Pulse(sounds=sounds)


def test_the_rest_is_understood_by_the_model():
    assert understand('{"type": "duty", "armed": true}') == Duty(armed=True)
    paused = '{"type": "duty", "armed": true, "pause": "meal"}'
    assert understand(paused) == Duty(armed=True, pause="meal")
    hello = understand('{"type": "hello", "protocol": 1, "build": "b"}')
    assert hello == ClientHello(protocol=1, build="b")


UNUSUAL = {
    "upper case": said(incidents=[rung(ID.upper())]),
    "without dashes": said(incidents=[rung(ID.replace("-", ""))]),
    "ring as text": said(incidents=[rung(ring="3")]),
    "ring as a whole float": said(incidents=[rung(ring=2.0)]),
    "a field nobody knows": said(more=1),
    "a field of a rung nobody knows": said(incidents=[rung(more=1)]),
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_what_is_right_in_an_unusual_shape_means_the_same(text: str):
    assert everyday(text) is None
    answer = understand(text)
    assert isinstance(answer, Answer)
    assert [id_ for id_, _ in answer.rungs] == [ID]


WRONG = {
    "not JSON": "not JSON",
    "a list": "[]",
    "no type": "{}",
    "unknown": said("heard"),
    "a type that is a list": said(["seen"]),
    "ring 0": said(incidents=[rung(ring=0)]),
    "a ring that no incident can have": said(incidents=[rung(ring=10**30)]),
    "just above": said(incidents=[rung(ring=RING_MAX + 1)]),
    "ring null": said(incidents=[rung(ring=None)]),
    "no incident": said(incidents=[{"ring": 1}]),
    "no UUID": said(incidents=[rung("x" * 36)]),
    "not a list": said(incidents={"a": 1}),
    "too many": said(incidents=[rung()] * (MOST_AT_ONCE + 1)),
    "one of many": said(incidents=[rung(), rung(ring=-1), rung()]),
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_not_understood(text: str):
    assert everyday(text) is None
    with pytest.raises(ValidationError):
        understand(text)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2**40)
    | st.floats(allow_nan=False)
    | st.sampled_from([ID, "seen", "pulse"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "incidents", "incident_id", "ring"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
MODEL: TypeAdapter[object] = TypeAdapter(ClientMessage)


@given(
    st.one_of(
        JSON,
        st.fixed_dictionaries(
            {"type": st.sampled_from(["seen", "sounding", "pulse"]), "incidents": JSON}
        ),
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["seen", "sounding"]),
                "incidents": st.lists(
                    st.fixed_dictionaries({"incident_id": JSON, "ring": JSON}), max_size=2
                ),
            }
        ),
    )
)
def test_what_is_understoodeveryday_is_what_the_model_understands(value: object):
    text = json.dumps(value)
    quick = everyday(text)
    if quick is not None:
        assert quick == _carefully(text)
