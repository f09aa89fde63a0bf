"""The hub: changes of this process to its seats, in slices, and no fault of one of them ends it."""

from __future__ import annotations

from dataclasses import replace

from structlog.testing import capture_logs

from callcenter.alerts.board import Wanted
from callcenter.alerts.change import Change
from callcenter.alerts.incident import State
from callcenter.seats.hub import SLICE
from tests.seats.conftest import Board
from tests.support.waiting import until


async def test_one_change_without_a_json_form_keeps_no_other_from_the_seats(board: Board):
    _, link = board.seat(7)
    bad, good = await board.incident("caller:dc09:bad"), await board.incident("caller:dc09:good")
    whole = await board.change(bad)
    broken = Change(replace(whole.incident, card={"beyond 64 bits": 2**64}))
    with capture_logs() as said:
        board.hub.publish([broken, await board.change(good)])
        await until(lambda: link.versions() == [(good, 1)], "the good one")
    assert [line["incident_id"] for line in said if line["event"] == "incident_not_shown"] == [bad]
    board.hub.publish([whole])
    await until(lambda: len(link.versions()) == 2, "the hub to go on")


async def test_a_burst_goes_out_in_slices(board: Board):
    _, link = board.seat(7)
    change = await board.change(await board.incident())
    versions = range(1, 2 * SLICE + 2)
    board.hub.publish(
        [replace(change, incident=replace(change.incident, version=n)) for n in versions]
    )
    await until(lambda: len(link.versions()) == 3, "three slices")
    assert [version for _, version in link.versions()] == [SLICE, 2 * SLICE, 2 * SLICE + 1]


async def test_a_word_to_a_user_reaches_all_their_seats_and_no_other(board: Board):
    (_, one), (_, two), (_, other) = board.seat(7), board.seat(7), board.seat(8)
    await board.hub.tell_user(7, {"type": "ringing", "call": 1})
    assert one.messages("ringing") == two.messages("ringing") == [{"type": "ringing", "call": 1}]
    assert other.frames == []


async def test_a_user_with_two_consoles_is_there_while_one_is(board: Board):
    (first, _), (second, _) = board.seat(7), board.seat(7)
    board.hub.detach(first)
    assert board.hub.present(7)
    board.hub.detach(second)
    assert not board.hub.present(7)


async def test_an_absence_counts_from_the_last_word_of_the_console(board: Board):
    seat, _ = board.seat(7)
    board.clock.advance(5)
    seat.pulsed_at = board.clock.monotonic()
    board.hub.recount()
    board.clock.advance(8)
    board.hub.recount()
    assert board.hub.absent_for(7).total_seconds() == 8
    board.hub.detach(seat)
    assert board.hub.absent_for(7).total_seconds() == 8
    assert board.hub.absent_for(99).total_seconds() == 0


async def test_whoever_pauses_counts_only_while_nobody_else_is_there(board: Board):
    path = [board.community.root]
    (paused, _), (other, _) = board.seat(7), board.seat(8)
    board.hub.arm(paused, True, "meal")
    assert board.hub.manning(path).users == {8}
    assert board.hub.offer(path, Wanted()) == (8,)
    board.hub.detach(other)
    assert board.hub.manning(path).users == {7}
    assert board.hub.manned(path)
    assert board.hub.offer(path, Wanted()) == ()  # it rings everywhere, and so at them


async def test_a_pause_is_of_all_consoles_of_its_user(board: Board):
    (one, _), (other, _) = board.seat(7), board.seat(7)
    board.hub.arm(one, True, "break")
    board.hub.detach(one)
    assert board.hub.colleagues()[0]["pause"] == "break"
    board.hub.arm(other, True)
    assert board.hub.colleagues()[0]["state"] == "ready"


async def test_whoever_takes_is_busy_at_once_and_free_when_it_is_over(board: Board):
    board.seat(7)
    taken = (await board.change(await board.incident())).incident
    taken = replace(taken, state=State.TAKEN, taken_by=7, home_id=70)
    board.hub.publish([Change(taken)])
    assert board.hub.offer([board.community.root], Wanted()) == ()
    assert board.hub.attentive_users == frozenset()
    board.hub.publish([Change(replace(taken, state=State.CLOSED, version=2))])
    assert board.hub.offer([board.community.root], Wanted(home_id=70)) == (7,)


async def test_a_console_that_falls_mute_is_not_manned(board: Board):
    seat, _ = board.seat(7)
    board.hub.hear_sound(seat, False)
    assert not board.hub.present(7)
    board.hub.hear_sound(seat, True)
    assert board.hub.present(7)
