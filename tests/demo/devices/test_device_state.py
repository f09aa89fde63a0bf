"""One virtual device, without any wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.demo.devices import device_state
from callcenter.demo.devices.device_state import Device, Key, Look, State

NOW = datetime(2026, 11, 22, 4, 12, tzinfo=UTC)
LATER = NOW + timedelta(milliseconds=420)


def pressed_once(key: Key = Key.RED) -> State:
    return device_state.pressed(State(), key, "one", NOW)


def acknowledged_once(key: Key = Key.RED) -> State:
    state = pressed_once(key)
    return device_state.acknowledged(state, state.pending[0], LATER)


def test_received_is_shown_only_after_the_acknowledgement():
    state = device_state.attempted(pressed_once())
    assert (state.look, state.attempt) == (Look.SENDING, 1)
    state = device_state.unanswered(device_state.attempted(state), "no_connection")
    assert (state.look, state.attempt, state.text) == (Look.SENDING, 2, "no_connection")
    state = device_state.acknowledged(state, state.pending[0], LATER)
    assert (state.look, state.received_ms, state.pending, state.text) == (
        Look.RECEIVED,
        420,
        (),
        "",
    )


def test_a_second_press_waits_behind_the_first():
    state = device_state.pressed(pressed_once(), Key.RED, "two", NOW)
    assert [(p.id, p.seq) for p in state.pending] == [("one", 1), ("two", 2)]
    state = device_state.acknowledged(state, state.pending[0], LATER)
    assert (state.look, [p.id for p in state.pending]) == (Look.SENDING, ["two"])


def test_a_device_that_gets_no_answers_takes_no_more_presses_in_the_end():
    state = State()
    for number in range(device_state.MAX_PENDING + 5):
        state = device_state.pressed(state, Key.RED, str(number), NOW)
    assert len(state.pending) == device_state.MAX_PENDING


def test_numbers_begin_again_after_9999():
    assert device_state.pressed(State(seq=9999), Key.RED, "x", NOW).seq == 1


def test_taken_is_what_the_server_says():
    state = device_state.heard_of_incident(acknowledged_once(), 37, "waiting")
    assert state.look is Look.RECEIVED
    state = device_state.heard_of_incident(state, 37, "taken")
    assert state.look is Look.TAKEN
    assert device_state.heard_of_incident(state, 37, "following").look is Look.TAKEN
    assert device_state.heard_of_incident(state, 37, "waiting").look is Look.RECEIVED
    assert device_state.heard_of_incident(state, 37, "closed").look is Look.IDLE


def test_an_old_closed_incident_says_nothing_of_a_new_press():
    assert device_state.heard_of_incident(acknowledged_once(), 36, "closed").look is Look.RECEIVED
    assert device_state.heard_of_incident(pressed_once(), 36, "taken").look is Look.SENDING


@pytest.mark.parametrize(
    ("key", "rests_after"),
    [(Key.TEST, device_state.RESTS_AFTER), (Key.RED, device_state.RESTS_AFTER_ALARM)],
)
def test_received_goes_out_by_itself(key, rests_after):
    state = acknowledged_once(key)
    assert (
        device_state.rested(state, LATER + rests_after - timedelta(seconds=1)).look is Look.RECEIVED
    )
    assert device_state.rested(state, LATER + rests_after).look is Look.IDLE
    open_incident = device_state.heard_of_incident(state, 37, "waiting")
    assert device_state.rested(open_incident, LATER + rests_after).look is Look.RECEIVED


def test_a_restart_goes_on_with_what_was_not_acknowledged():
    before = device_state.pressed(acknowledged_once(), Key.CANCEL, "two", NOW)
    after = device_state.from_json(device_state.to_json(before))
    assert (after.pending, after.seq, after.look) == (before.pending, before.seq, Look.SENDING)


@pytest.mark.parametrize("kind", [*device_state.KEYS, "hub"])
def test_each_kind_has_its_main_key_first(kind):
    device = Device("1", "dc09", kind)
    assert device.keys[0] in device_state.ALARM_KEYS
    assert device_state.view(device, State())["keys"] == device.keys
