"""From a signal to a durable outcome, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256

import pytest

from callcenter.alerts.board import Wanted
from callcenter.alerts.incident import FIELDS, INCIDENT_COLUMNS, Incident
from callcenter.alerts.models import JournalOutcome
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import Kind, Position, Signal
from tests.alerts.conftest import Desk


def press(identifier: str = "1234", kind: Kind = Kind.SOS, nth: int = 1, **more: object) -> Signal:
    raw = f"{identifier}:{kind}:{nth}".encode("utf-8", "replace")
    return Signal(identifier, kind, sha256(raw).digest(), raw, **more)  # type: ignore[arg-type]


@pytest.fixture
async def source(desk: Desk) -> SourceRef:
    """沈玉兰 at home with her pendant 1234 and a daughter."""
    home = await desk.community.home()
    resident = await desk.community.resident(home)
    await desk.community.contact(resident)
    await desk.community.source()
    await desk.community.device("1234", home, resident)
    await desk.reload()
    found = desk.registry.source("dc09")
    assert found is not None
    return found


async def accept(desk: Desk, source: SourceRef, *signals: Signal) -> list[JournalOutcome]:
    settled = await desk.intake.accept(source, signals, desk.clock.now())
    return [item.outcome for item in settled]


async def test_a_press_opens_an_incident_and_texts_the_daughter(
    desk: Desk, source: SourceRef
) -> None:
    [settled] = await desk.intake.accept(source, [press()], desk.clock.now())
    assert settled.outcome is JournalOutcome.OPENED
    incident = await desk.owner.fetchrow("SELECT * FROM incident")
    assert incident["id"] == settled.incident_id
    assert (incident["state"], incident["version"], incident["priority"]) == ("waiting", 1, 1)
    assert incident["card"]["people"][0]["name"] == "沈玉兰"
    entry = await desk.owner.fetchrow("SELECT * FROM timeline_entry")
    assert (entry["number"], entry["kind"]) == (1, "opened")
    text = await desk.owner.fetchrow("SELECT * FROM sms_message")
    assert (text["recipient"], text["kind"]) == ("+8613900000001", "alarm_raised")
    assert text["params"]["ref"] == incident["number"] == settled.number
    assert text["reference"] == incident["id"]
    journal = await desk.owner.fetchrow("SELECT * FROM journal")
    assert (journal["outcome"], journal["raw"]) == ("opened", press().raw)
    assert desk.woken


async def test_g3_a_press_before_all_has_been_read_rings_with_its_card(
    desk: Desk, source: SourceRef
) -> None:
    await desk.registry.prepare(desk.owner)
    assert not desk.registry.complete
    assert await accept(desk, source, press(), press("4711")) == [JournalOutcome.OPENED] * 2
    cards = await desk.owner.fetch("SELECT identifier, card, device_id FROM incident")
    people = {row["identifier"]: [p["name"] for p in row["card"]["people"]] for row in cards}
    assert people == {"1234": ["沈玉兰"], "4711": []}
    assert await desk.texts() == [("+8613900000001", "alarm_raised")]


@pytest.mark.parametrize("everything_is_read", [True, False])
async def test_g3_who_calls_is_the_first_registered_of_the_names_that_a_message_gives(
    desk: Desk, source: SourceRef, everything_is_read: bool
) -> None:
    if not everything_is_read:
        await desk.registry.prepare(desk.owner)
    await accept(desk, source, press("9999", also=("0000", "1234")))
    await accept(desk, source, press("8888", also=("7777", "8888")))
    cards = await desk.owner.fetch("SELECT identifier, card FROM incident ORDER BY number")
    people = {row["identifier"]: [p["name"] for p in row["card"]["people"]] for row in cards}
    assert people == {"1234": ["沈玉兰"], "8888": []}


async def test_g3_a_name_with_signs_that_no_column_takes_is_known_without_them(
    desk: Desk, source: SourceRef
) -> None:
    assert await accept(desk, source, press("12\x0034\ud800")) == [JournalOutcome.OPENED]
    incident = await desk.owner.fetchrow("SELECT * FROM incident")
    assert (incident["identifier"], incident["card"]["people"][0]["name"]) == ("1234", "沈玉兰")


async def test_what_is_pushed_is_what_stands_in_the_table(desk: Desk, source: SourceRef) -> None:
    await accept(desk, source, press())
    await accept(desk, source, press(nth=2))
    row = Incident.of(await desk.owner.fetchrow(f"SELECT {INCIDENT_COLUMNS} FROM incident"))  # noqa: S608 constant columns
    opened, joined = desk.board.changes
    assert joined.incident == row
    grown = {"version", "press_count", "last_signal_at"}
    for name in set(FIELDS) - grown:
        assert _plain(getattr(opened.incident, name)) == _plain(getattr(row, name)), name


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


async def test_the_same_frame_again_is_a_repeat_and_opens_nothing(
    desk: Desk, source: SourceRef
) -> None:
    assert await accept(desk, source, press()) == [JournalOutcome.OPENED]
    desk.clock.advance(5)
    assert await accept(desk, source, press()) == [JournalOutcome.DUPLICATE]
    assert await desk.owner.fetchval("SELECT count(*) FROM incident") == 1
    assert await desk.owner.fetchval("SELECT press_count FROM incident") == 1


async def test_identical_bytes_after_the_retry_horizon_are_a_new_press(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    desk.clock.advance(61)
    assert await accept(desk, source, press()) == [JournalOutcome.JOINED]
    assert await desk.owner.fetchval("SELECT press_count FROM incident") == 2


async def test_a_repeat_whose_incident_is_closed_opens_a_new_one(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 1")
    await desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'mistaken_press', closed_at = $1",
        desk.clock.now(),
    )
    desk.clock.advance(5)
    assert await accept(desk, source, press()) == [JournalOutcome.OPENED]
    assert await desk.owner.fetchval("SELECT count(*) FROM incident") == 2


async def test_a_second_press_joins_and_texts_nobody_twice(desk: Desk, source: SourceRef) -> None:
    await accept(desk, source, press())
    assert await accept(desk, source, press(nth=2)) == [JournalOutcome.JOINED]
    assert await desk.owner.fetchval("SELECT count(*) FROM sms_message") == 1
    entries = await desk.owner.fetch("SELECT number, kind FROM timeline_entry ORDER BY number")
    assert [tuple(e) for e in entries] == [(1, "opened"), (2, "joined")]
    assert await desk.owner.fetchval("SELECT version FROM incident") == 2


async def test_a_press_into_a_followed_incident_waits_and_rings_again(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    await desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = 'A'"
    )
    await desk.owner.execute(
        "UPDATE incident SET state = 'following', follow_due_at = last_signal_at"
    )
    desk.board.users = {7}
    await accept(desk, source, press(nth=2))
    row = await desk.owner.fetchrow("SELECT state, ring, taken_by FROM incident")
    assert tuple(row) == ("waiting", 2, None)


async def test_a_press_into_a_taken_incident_rings_at_its_taker(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 7")
    desk.board.users = {7}
    await accept(desk, source, press(nth=2))
    row = await desk.owner.fetchrow("SELECT state, ring, taken_by FROM incident")
    assert tuple(row) == ("taken", 2, 7)


async def test_a_press_whose_taker_is_gone_goes_back_to_waiting(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 7")
    await accept(desk, source, press(nth=2))
    row = await desk.owner.fetchrow("SELECT state, ring, taken_by FROM incident")
    assert tuple(row) == ("waiting", 2, None)


async def test_an_unknown_device_rings_as_an_unknown_caller(desk: Desk, source: SourceRef) -> None:
    assert await accept(desk, source, press("9999", text="厨房")) == [JournalOutcome.OPENED]
    row = await desk.owner.fetchrow("SELECT subject, home_id, card FROM incident")
    assert row["subject"] == "caller:dc09:9999"
    assert row["home_id"] is None
    assert row["card"]["text"] == "厨房"
    assert await desk.owner.fetchval("SELECT flags FROM journal") == ["unknown_device"]


async def test_no_manned_seat_texts_the_duty_number_at_once(desk: Desk, source: SourceRef) -> None:
    desk.board.seats = False
    await accept(desk, source, press())
    rows = await desk.owner.fetch("SELECT recipient, kind FROM sms_message ORDER BY recipient")
    assert [tuple(r) for r in rows] == [
        ("+8613900000001", "alarm_raised"),
        ("+8613900000009", "duty_alarm"),
    ]


async def test_nobody_is_texted_for_the_deceased_but_it_rings(desk: Desk) -> None:
    home = await desk.community.home()
    resident = await desk.community.resident(home, status="deceased")
    await desk.community.contact(resident)
    await desk.community.source()
    await desk.community.device("1234", home, resident)
    await desk.reload()
    source = desk.registry.source("dc09")
    assert source is not None
    assert await accept(desk, source, press()) == [JournalOutcome.OPENED]
    assert await desk.owner.fetchval("SELECT count(*) FROM sms_message") == 0


async def test_the_green_key_is_a_service_call_beside_the_alarm(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    assert await accept(desk, source, press(kind=Kind.HELP)) == [JournalOutcome.OPENED]
    classes = await desk.owner.fetch("SELECT class FROM incident ORDER BY class")
    assert [row["class"] for row in classes] == ["alarm", "service"]
    assert await desk.owner.fetchval("SELECT count(*) FROM sms_message") == 1


async def test_a_cancel_is_written_on_the_open_alarm_and_closes_nothing(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    assert await accept(desk, source, press(kind=Kind.CANCEL)) == [JournalOutcome.JOINED]
    row = await desk.owner.fetchrow("SELECT state, press_count, version, ring FROM incident")
    assert tuple(row) == ("waiting", 1, 2, 1)


async def test_a_cancel_without_an_alarm_is_recorded(desk: Desk, source: SourceRef) -> None:
    assert await accept(desk, source, press(kind=Kind.CANCEL)) == [JournalOutcome.RECORDED]
    assert await accept(desk, source, press(kind=Kind.CANCEL)) == [JournalOutcome.DUPLICATE]
    assert await accept(desk, source, press("77", Kind.TEST)) == [JournalOutcome.UNKNOWN_DEVICE]


async def test_a_storm_of_one_home_makes_one_incident_in_order(
    desk: Desk, source: SourceRef
) -> None:
    presses = [press(nth=n) for n in range(50)]
    settled = await asyncio.gather(
        *(desk.intake.accept(source, [one], desk.clock.now()) for one in presses)
    )
    outcomes = [item.outcome for [item] in settled]
    assert outcomes.count(JournalOutcome.OPENED) == 1
    assert await desk.owner.fetchval("SELECT press_count FROM incident") == 50
    raws = await desk.owner.fetch("SELECT raw FROM journal ORDER BY stored_at, id")
    assert [row["raw"] for row in raws] == [one.raw for one in presses]
    numbers = await desk.owner.fetch("SELECT number FROM timeline_entry ORDER BY number")
    assert [row["number"] for row in numbers] == list(range(1, 51))


async def test_many_homes_at_once_each_get_their_incident(desk: Desk, source: SourceRef) -> None:
    presses = [press(f"unknown-{n}") for n in range(600)]
    await asyncio.gather(*(desk.intake.accept(source, [one], desk.clock.now()) for one in presses))
    assert await desk.owner.fetchval("SELECT count(*) FROM incident") == 600
    assert await desk.owner.fetchval("SELECT count(*) FROM journal") == 600


async def test_text_that_a_database_cannot_hold_loses_no_alarm(
    desk: Desk, source: SourceRef
) -> None:
    odd = press(
        "1234",
        text="bad\0text\ud800",
        extra={"a\0": ["\udfff", float("nan"), 2**80]},
        position=Position(40.0, 104.0),
    )
    assert await accept(desk, source, odd) == [JournalOutcome.OPENED]
    assert await desk.owner.fetchval("SELECT text FROM journal") == "badtext"


async def test_a_bad_signal_takes_no_neighbour_down(desk: Desk, source: SourceRef) -> None:
    far_future = desk.clock.now().replace(year=9999) + timedelta(days=200)
    presses = [press(f"n-{n}") for n in range(20)]
    presses[7] = press("n-7", occurred_at=far_future, position=Position(float("nan"), 1e400))
    settled = await asyncio.gather(
        *(desk.intake.accept(source, [one], desk.clock.now()) for one in presses)
    )
    assert all(item.outcome is JournalOutcome.OPENED for [item] in settled)


async def test_a_locked_incident_keeps_only_its_own_signals_waiting(
    desk: Desk, source: SourceRef
) -> None:
    await accept(desk, source, press())
    other = await desk.database.connect("locker")
    await other.execute("SET idle_in_transaction_session_timeout = 0")
    transaction = other.transaction()
    await transaction.start()
    await other.execute("SELECT 1 FROM incident FOR UPDATE")
    blocked = asyncio.ensure_future(desk.intake.accept(source, [press(nth=2)], desk.clock.now()))
    assert await accept(desk, source, press("free")) == [JournalOutcome.OPENED]
    assert not blocked.done()
    await transaction.rollback()
    [settled] = await asyncio.wait_for(blocked, 5)
    assert settled.outcome is JournalOutcome.JOINED
    await other.close()


async def test_a_frame_that_cannot_be_read_is_kept_with_its_reason(
    desk: Desk, source: SourceRef
) -> None:
    await desk.intake.keep_undecodable(
        source, b"\x00\xff", None, "crc 1234, not 4321", desk.clock.now()
    )
    row = await desk.owner.fetchrow("SELECT outcome, reason, raw FROM journal")
    assert tuple(row) == ("undecodable", "crc 1234, not 4321", b"\x00\xff")


async def test_what_comes_while_one_is_written_is_written_together(
    desk: Desk, source: SourceRef
) -> None:
    async with desk.owner.transaction():
        await desk.owner.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")
        writes = []
        for identifier in ("1001", "1002", "1003"):
            writes.append(asyncio.create_task(accept(desk, source, press(identifier))))
            for _ in range(5):
                await asyncio.sleep(0)
    await asyncio.gather(*writes)
    rows = await desk.owner.fetch("SELECT identifier, xmin::text AS commit FROM journal")
    commits = {row["identifier"]: row["commit"] for row in rows}
    assert commits["1002"] == commits["1003"] != commits["1001"]


async def test_where_a_region_rings_at_one_seat_it_is_offered_with_the_opening(
    desk: Desk, source: SourceRef
) -> None:
    await desk.owner.execute("""UPDATE region SET escalation = '{"0": {"ring": "one"}}'""")
    await desk.owner.execute("UPDATE resident SET dialect = '宁波话'")
    await desk.reload()
    desk.board.best = (7,)
    opened = await desk.press()
    shown = desk.board.changes[-1].incident
    assert (shown.ring_to, desk.board.wanted) == (
        (7,), [Wanted(shown.home_id, frozenset({"宁波话"}))],
    )  # fmt: skip
    stored = "SELECT ring_to FROM incident WHERE id = $1"
    assert await desk.owner.fetchval(stored, opened.incident_id) == [7]
    due = "SELECT due_at - since FROM incident_timer"
    assert (await desk.owner.fetchval(due)).total_seconds() == pytest.approx(3, abs=0.1)


async def test_g3_an_alarm_that_cannot_be_offered_rings_everywhere(
    desk: Desk, source: SourceRef
) -> None:
    await desk.owner.execute("""UPDATE region SET escalation = '{"0": {"ring": "one"}}'""")
    await desk.reload()
    desk.board.best = ZeroDivisionError()
    await desk.press()
    assert desk.board.changes[-1].incident.ring_to == ()


async def test_where_a_region_rings_everywhere_nobody_is_asked_for(
    desk: Desk, source: SourceRef
) -> None:
    await desk.press()
    assert desk.board.wanted == []
