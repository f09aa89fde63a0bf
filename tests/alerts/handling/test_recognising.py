"""Who rang as unknown and is not: found beside the way of alarms, for as long as it may be needed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.recognising import LOOKS_ON_S, Recognising
from callcenter.devices.registry import seeking
from callcenter.devices.signals import Kind, Signal
from tests.alerts.conftest import DAUGHTER, SON, Desk
from tests.faults.counting import doubled
from tests.support.api import person


@pytest.fixture(autouse=True)
async def homes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, int]:
    """Two, by the name of their pendant; the registry has read neither, and there is no time to look anybody up."""
    monkeypatch.setattr(seeking, "SEEK_S", 0.0)
    await desk.community.source()
    made = {}
    for pendant, phone in (("1111", DAUGHTER), ("2222", SON)):
        made[pendant] = home = await desk.community.home()
        resident = await desk.community.resident(home)
        await desk.community.contact(resident, 1, phone)
        await desk.community.device(pendant, home, resident)
    await desk.registry.prepare(desk.owner)
    return made


@pytest.fixture
def recognising(desk: Desk, bench: Workbench) -> Recognising:
    return Recognising(bench, desk.intake)


async def home_of(desk: Desk, incident: object) -> int | None:
    found: int | None = await desk.owner.fetchval(
        "SELECT home_id FROM incident WHERE id = $1", incident
    )
    return found


async def test_each_is_of_its_home_under_whatever_letters(
    desk: Desk, recognising: Recognising, homes: Mapping[str, int]
):
    await desk.owner.execute("UPDATE device SET identifier = 'ab01' WHERE identifier = '2222'")
    first, second = await desk.press("1111"), await desk.press("AB01")
    with capture_logs() as logs:
        await recognising.run_once(desk.clock.now())
    assert await home_of(desk, first.incident_id) == homes["1111"]
    assert await home_of(desk, second.incident_id) == homes["2222"]
    assert [entry["event"] for entry in logs] == ["caller_recognised"] * 2
    assert sorted(await desk.texts()) == [(DAUGHTER, "alarm_raised"), (SON, "alarm_raised")]
    assert desk.woken


async def test_one_that_somebody_holds_keeps_no_other_waiting_and_is_found_the_next_time(
    desk: Desk, recognising: Recognising, homes: Mapping[str, int]
):
    held, other = await desk.press("1111"), await desk.press("2222")
    transaction = desk.owner.transaction()
    await transaction.start()
    await desk.owner.execute("SELECT FROM incident WHERE id = $1 FOR UPDATE", held.incident_id)
    with capture_logs() as logs:
        await recognising.run_once(desk.clock.now())
    await transaction.rollback()
    assert [entry["event"] for entry in logs] == ["incident_left_for_later", "caller_recognised"]
    assert await home_of(desk, other.incident_id) == homes["2222"]
    await recognising.run_once(desk.clock.now())
    assert await home_of(desk, held.incident_id) == homes["1111"]


async def test_a_home_whose_two_devices_called_has_one_alarm(
    desk: Desk, recognising: Recognising, homes: Mapping[str, int]
):
    await desk.community.device("1112", homes["1111"])
    first, second = await desk.press("1111"), await desk.press("1112", Kind.SMOKE)
    await recognising.run_once(desk.clock.now())
    await recognising.run_once(desk.clock.now())
    row = await desk.owner.fetchrow(
        "SELECT press_count, kinds, state FROM incident WHERE id = $1", first.incident_id
    )
    assert (row["press_count"], row["kinds"], row["state"]) == (2, ["sos", "smoke"], "waiting")
    assert await desk.entries(second.incident_id) == ["opened", "recognised"]
    last = await desk.owner.fetchrow(
        "SELECT device_id, home_id, flags, received_at FROM journal WHERE outcome = 'joined'"
    )
    assert (last["home_id"], last["flags"]) == (homes["1111"], ["recognised"])
    assert last["device_id"] is not None


async def test_what_was_entered_again_before_a_crash_is_entered_once(
    desk: Desk, bench: Workbench, recognising: Recognising, monkeypatch: pytest.MonkeyPatch
):
    await recognising.run_once(desk.clock.now())
    known = await desk.press("1111")
    await recognising.run_once(desk.clock.now())
    unknown = await unread_press(desk, "1111")
    await desk.owner.execute(
        "ALTER TABLE timeline_entry ADD CONSTRAINT dies CHECK (kind <> 'recognised') NOT VALID"
    )
    with capture_logs() as logs:
        await recognising.run_once(desk.clock.now())
    assert [entry["event"] for entry in logs] == ["incident_failed"]
    await desk.owner.execute("ALTER TABLE timeline_entry DROP CONSTRAINT dies")
    await Recognising(bench, desk.intake).run_once(desk.clock.now())
    assert await desk.entries(known.incident_id) == ["opened", "recognised", "joined"]
    assert await desk.entries(unknown) == ["opened", "recognised"]


async def test_a_press_that_is_repeated_when_its_home_is_known_is_one_alarm_that_was_pressed_once(
    desk: Desk, recognising: Recognising, homes: Mapping[str, int]
):
    """Its acknowledgement was lost with the process that had not read its home yet."""
    source = desk.registry.source("dc09")
    assert source is not None
    signal = Signal("1111", Kind.SOS, b"its key", b"its bytes", peer="198.51.100.7")
    [unknown] = await desk.intake.accept(source, [signal], desk.clock.now())
    await read_all(desk)
    [repeat] = await desk.intake.accept(source, [signal], desk.clock.now())
    assert await home_of(desk, repeat.incident_id) == homes["1111"]
    assert await doubled(desk.owner, ["1111"]) == 1
    await recognising.run_once(desk.clock.now())
    assert await open_ones(desk) == [(repeat.incident_id, 1, 1)]
    assert await doubled(desk.owner, ["1111"]) == 0
    assert await desk.entries(repeat.incident_id) == ["opened"]
    assert await desk.entries(unknown.incident_id) == ["opened", "recognised"]
    assert await desk.texts() == [(DAUGHTER, "alarm_raised")]


async def test_one_that_ended_as_part_of_another_s_is_counted_as_an_alarm_of_its_own(desk: Desk):
    """Whatever was closed otherwise than into an alarm of the same caller is one that somebody has lost."""
    one, other = await desk.press("1111"), await desk.press("2222")
    part = {"part_of_id": str(other.incident_id)}
    await desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'part_of_other', closed_at = opened_at WHERE id = $1",
        one.incident_id,
    )
    await desk.owner.execute(
        "INSERT INTO timeline_entry (incident_id, number, at, kind, data) SELECT id, 2, opened_at, 'recognised', $2 FROM incident WHERE id = $1",
        one.incident_id,
        part,
    )
    await desk.press("1111")
    assert await doubled(desk.owner, ["1111", "2222"]) == 1


async def test_the_same_bytes_after_the_time_of_repeats_are_another_press(
    desk: Desk, recognising: Recognising
):
    source = desk.registry.source("dc09")
    assert source is not None
    signal = Signal("1111", Kind.SOS, b"its key", b"its bytes", peer="198.51.100.7")
    await desk.intake.accept(source, [signal], desk.clock.now())
    await read_all(desk)
    desk.clock.advance(source.retry_horizon_s + 1)
    [again] = await desk.intake.accept(source, [signal], desk.clock.now())
    await recognising.run_once(desk.clock.now())
    assert await open_ones(desk) == [(again.incident_id, 2, 1)]


async def open_ones(desk: Desk) -> list[tuple[Any, ...]]:
    """Incidents that are open, how often was pressed in each, and its ring."""
    open_now = "SELECT id, press_count, ring FROM incident WHERE state <> 'closed'"
    return [tuple(row) for row in await desk.owner.fetch(open_now)]


async def unread_press(desk: Desk, pendant: str) -> object:
    """As the next process hears it, which has read nothing."""
    await desk.registry.prepare(desk.owner)
    return (await desk.press(pendant)).incident_id


async def test_a_taker_of_elsewhere_gives_it_back_to_those_who_see_it(
    desk: Desk, recognising: Recognising
):
    west = await desk.community.region(desk.community.root, "street", "西柳街道")
    taker = await person(desk.owner, "wang", ("operator", west))
    incident = (await desk.press("1111")).incident_id
    await desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = $1, taken_by_name = '王敏', taken_at = $2",
        taker,
        desk.clock.now(),
    )
    await recognising.run_once(desk.clock.now())
    row = await desk.owner.fetchrow(
        "SELECT state, taken_by, ring FROM incident WHERE id = $1", incident
    )
    assert tuple(row) == ("waiting", None, 2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE incident SET opened_at = opened_at - interval '61 minutes'",
        "UPDATE incident SET source = 'office'; UPDATE device SET source = 'office'",
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王敏';"
        " UPDATE incident SET state = 'closed', outcome = 'test', closed_at = opened_at",
        "UPDATE device_assignment SET valid_until = valid_from + interval '1 day'",
        "DELETE FROM device_assignment",
    ],
)
async def test_whatever_is_over_or_no_device_s_stays(
    desk: Desk, recognising: Recognising, change: str
):
    incident = (await desk.press("1111")).incident_id
    await desk.owner.execute(change)
    await recognising.run_once(desk.clock.now())
    assert await home_of(desk, incident) is None


async def test_it_looks_on_after_a_start_and_after_a_look_up_that_was_given_up_and_then_rests(
    desk: Desk, recognising: Recognising, homes: Mapping[str, int]
):
    incident = await unread_press(desk, "1111")
    await read_all(desk)
    desk.intake.gave_up()
    desk.clock.advance(LOOKS_ON_S)
    await recognising.run_once(desk.clock.now())
    assert await home_of(desk, incident) is None, "nobody has asked for it"
    await unread_press(desk, "9999")
    await read_all(desk)
    await recognising.run_once(desk.clock.now())
    assert await home_of(desk, incident) == homes["1111"]


async def read_all(desk: Desk) -> None:
    while await desk.registry.fill(desk.owner):
        pass


async def test_whoever_was_not_looked_up_is_said_once(desk: Desk, homes: Mapping[str, Any]):
    assert not desk.intake.gave_up()
    await desk.press("1111")
    assert desk.intake.gave_up()
    assert not desk.intake.gave_up()


async def test_two_servers_at_once_find_it_once_and_hear_no_second_press(
    desk: Desk, bench: Workbench, homes: Mapping[str, int]
):
    incident = (await desk.press("1111")).incident_id
    servers = [Recognising(bench, desk.intake) for _ in range(4)]
    await asyncio.gather(*(one.run_once(desk.clock.now()) for one in servers))
    assert await desk.entries(incident) == ["opened", "recognised"]
    assert await desk.owner.fetchval("SELECT count(*) FROM journal") == 1
    assert await desk.texts() == [(DAUGHTER, "alarm_raised")]
