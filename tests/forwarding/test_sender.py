"""An alarm goes to another centre: by rule, by hand; what a machine there says and what a person there says are kept apart."""

from __future__ import annotations

from uuid import UUID

import pytest

from callcenter.alerts.forwarding.judging import COMING_BACK_S
from callcenter.core.errors import CallCenterError, Conflict, Invalid, NotFound
from callcenter.core.ids import new_id
from callcenter.devices.codec import DeviceKey
from callcenter.devices.protocols.dc09.frame import parse_header
from callcenter.devices.signals import Kind
from callcenter.forwarding.claiming import KEY
from callcenter.forwarding.course import ATTEMPTS
from tests.forwarding.conftest import Forwarding
from tests.support.other_centre import cut, duh, other_centre, silence

SECRET = "00112233445566778899AABBCCDDEEFF"


async def test_a_copy_of_each_alarm_goes_and_a_receipt_closes_nothing(forwarding: Forwarding):
    async with other_centre() as centre:
        centre.keys["4321"] = DeviceKey(bytes.fromhex(SECRET))
        key = forwarding.seal.seal(SECRET.encode(), context=KEY)
        to = await forwarding.centre(centre.address, key_sealed=key, detail="card")
        await forwarding.rule(to)
        incident = await forwarding.press(Kind.FALL)
        await forwarding.look()
        await forwarding.send()
        await forwarding.look()
    row = await forwarding.row()
    assert (row["state"], row["address"], row["accepted_by"]) == ("delivered", 1, None)
    [signal] = centre.signals
    assert signal.kind is Kind.FALL
    assert "沈玉兰" in (signal.text or "")
    (first, ordered), (second, answered) = await forwarding.told()
    assert (first, ordered["why"], ordered["centre_id"]) == ("forwarded", "always", to)
    assert (second, answered["state"], answered["again"]) == (
        "forward_answered",
        "delivered",
        False,
    )
    seen = (await forwarding.room.seen())[incident]
    assert seen.incident.state == "waiting"
    assert seen.watch == {"untaken": True}, "the ladder goes on as if nothing had been forwarded"


async def test_each_look_and_each_server_forwards_an_alarm_once(forwarding: Forwarding):
    async with other_centre() as centre:
        await forwarding.rule(await forwarding.centre(centre.address))
        await forwarding.press()
        for _ in range(3):
            await forwarding.look()
            await forwarding.send()
        await forwarding.press()
        await forwarding.look()
        await forwarding.send()
    assert len(centre.frames) == 1
    assert [kind for kind, _ in await forwarding.told()] == ["forwarded", "forward_answered"]


async def test_where_nobody_sits_it_goes_when_nobody_is_back_in_a_moment(forwarding: Forwarding):
    async with other_centre() as centre:
        await forwarding.rule(await forwarding.centre(centre.address), "unmanned")
        forwarding.room.board.seats = True
        await forwarding.press()
        await forwarding.look()
        forwarding.room.board.seats = False
        await forwarding.look()
        assert await forwarding.told() == [], "whoever loads the page again is back in a moment"
        forwarding.pass_time(COMING_BACK_S)
        await forwarding.look()
    assert [kind for kind, _ in await forwarding.told()] == ["forwarded"]


async def test_what_nobody_takes_in_time_goes_and_what_is_taken_does_not(forwarding: Forwarding):
    async with other_centre() as centre:
        forwarding.room.board.seats = True
        await forwarding.rule(await forwarding.centre(centre.address), "untaken", after_s=60)
        incident = await forwarding.press()
        forwarding.pass_time(59)
        await forwarding.look()
        assert await forwarding.told() == []
        forwarding.pass_time(1)
        await forwarding.order(incident, "take")
        await forwarding.look()
        assert await forwarding.told() == []
        await forwarding.order(incident, "release")
        await forwarding.look()
    assert [kind for kind, _ in await forwarding.told()] == ["forwarded"]


async def test_an_operator_gives_it_away_with_a_reason_and_says_who_has_it_there(
    forwarding: Forwarding,
):
    async with other_centre() as centre:
        to = await forwarding.centre(centre.address)
        incident = await forwarding.press()
        refused = await forwarding.order(incident, "forward", centre_id=to)
        assert isinstance(refused, Invalid)
        refused = await forwarding.order(incident, "forward", centre_id=to + 1, reason="x")
        assert isinstance(refused, NotFound)
        await forwarding.order(incident, "forward", centre_id=to, reason="我们要疏散")
        await forwarding.send()
        await forwarding.look()
    row = await forwarding.row()
    nameless = await forwarding.order(incident, "forward-accepted", forwarding_id=row["id"])
    assert isinstance(nameless, Invalid)
    stranger = await forwarding.order(
        incident, "forward-accepted", forwarding_id=new_id(), by="赵班长"
    )
    assert isinstance(stranger, NotFound)
    await forwarding.order(incident, "forward-accepted", forwarding_id=row["id"], by="赵班长")
    again = await forwarding.order(incident, "forward-accepted", forwarding_id=row["id"], by="钱")
    assert isinstance(again, Conflict)
    row = await forwarding.row()
    assert (row["state"], row["accepted_by"], row["accepted_how"]) == (
        "delivered",
        "赵班长",
        "phone",
    )
    told = await forwarding.told()
    assert [kind for kind, _ in told] == ["forwarded", "forward_answered", "forward_accepted"]
    assert told[0][1]["reason"] == "我们要疏散"
    await forwarding.look()
    assert len(await forwarding.told()) == 3, "it is said once"


async def test_a_refusal_is_loud(forwarding: Forwarding):
    async with other_centre(duh) as centre:
        await forwarding.rule(await forwarding.centre(centre.address))
        incident = await forwarding.press()
        await forwarding.look()
        await forwarding.send()
        await forwarding.look()
    assert (await forwarding.row())["state"] == "refused"
    assert "forward_failed" in await forwarding.marks(incident)
    assert (await forwarding.told())[-1][1]["error"] == "duh"


async def test_nobody_there_is_told_at_once_and_tried_until_it_is_too_late(forwarding: Forwarding):
    async with other_centre() as centre:
        pass
    await forwarding.rule(await forwarding.centre(centre.address))
    incident = await forwarding.press()
    await forwarding.look()
    await forwarding.send()
    await forwarding.look()
    assert (await forwarding.row())["state"] == "waiting"
    assert "forward_failed" in await forwarding.marks(incident)
    while (await forwarding.row())["settled_at"] is None:
        forwarding.pass_time(60)
        await forwarding.send()
        await forwarding.look()
    assert (await forwarding.row())["state"] == "expired"
    states = [data["state"] for kind, data in await forwarding.told() if kind == "forward_answered"]
    assert states == ["waiting", "expired"], "that it is tried on is said once"


async def test_without_an_answer_it_goes_again_with_its_number_and_says_so_each_time(
    forwarding: Forwarding,
):
    async with other_centre(cut) as centre:
        await forwarding.rule(await forwarding.centre(centre.address))
        incident = await forwarding.press()
        await forwarding.look()
        for _ in range(ATTEMPTS + 2):
            await forwarding.send()
            await forwarding.look()
            forwarding.pass_time(30)
    row = await forwarding.row()
    assert (row["state"], row["attempt"]) == ("unknown", ATTEMPTS)
    assert {parse_header(frame[9:-1]).seq for frame in centre.frames} == {"0001"}
    said = [data for kind, data in await forwarding.told() if kind == "forward_answered"]
    assert [each["again"] for each in said] == [True] * (ATTEMPTS - 1) + [False]
    assert "forward_failed" in await forwarding.marks(incident)


async def test_a_server_that_dies_between_attempt_and_answer_leaves_it_unknown(
    forwarding: Forwarding,
):
    async with other_centre(silence) as centre:
        to = await forwarding.centre(centre.address, timeout_s=30)
        await forwarding.rule(to)
        await forwarding.press()
        await forwarding.look()
        dying = forwarding.sender()
        await dying.run_once(forwarding.room.clock.now())
        await centre.heard.wait()
        assert (await forwarding.row())["state"] == "sending"
        other = forwarding.sender()
        await other.run_once(forwarding.room.clock.now())
        assert (await forwarding.row())["state"] == "sending", "it may live: its lease runs"
        await forwarding.room.owner.execute(
            "UPDATE forwarding SET lease_until = now() - interval '1 s'"
        )
        await other.run_once(forwarding.room.clock.now())
        await forwarding.look()
    row = await forwarding.row()
    assert (row["state"], row["error"], row["attempt"]) == ("unknown", "sender_lost", 1)
    assert (await forwarding.told())[-1][1]["state"] == "unknown"
    assert len(centre.frames) == 1, "nothing goes out before that was said"


async def test_the_second_address_is_named(forwarding: Forwarding):
    async with other_centre() as gone:
        pass
    async with other_centre() as second:
        to = await forwarding.centre(gone.address, second_address=second.address)
        await forwarding.rule(to)
        await forwarding.press()
        await forwarding.look()
        await forwarding.send()
    row = await forwarding.row()
    assert (row["state"], row["address"]) == ("delivered", 2)


async def test_what_came_from_a_centre_goes_nowhere_by_rule(forwarding: Forwarding):
    """DC-09 does not say through how many centres it has come."""
    async with other_centre() as centre:
        origin = await forwarding.centre(centre.address, source="dc09")
        await forwarding.rule(origin)
        await forwarding.rule(await forwarding.centre(centre.address))
        incident = await forwarding.press()
        await forwarding.look()
        assert await forwarding.told() == []
        back = await forwarding.order(incident, "forward", centre_id=origin, reason="x")
    assert isinstance(back, Conflict)
    assert back.code == "came_from_there"


async def test_closed_before_it_left_it_does_not_leave(forwarding: Forwarding):
    async with other_centre() as centre:
        to = await forwarding.centre(centre.address)
        incident = await forwarding.press()
        await forwarding.order(incident, "take")
        await forwarding.order(incident, "forward", centre_id=to, reason="x")
        closed = await forwarding.order(incident, "close", outcome="mistaken_press", note="按错了")
        assert not isinstance(closed, CallCenterError), closed
        await forwarding.send()
        await forwarding.look()
    row = await forwarding.row()
    assert (row["state"], row["error"], centre.frames) == ("expired", "closed_here", [])
    assert (await forwarding.told())[-1][1]["error"] == "closed_here"


@pytest.mark.parametrize("mode", ["test", "drill"])
async def test_a_test_goes_nowhere(forwarding: Forwarding, mode: str):
    async with other_centre() as centre:
        to = await forwarding.centre(centre.address)
        await forwarding.rule(to)
        if mode == "test":
            await forwarding.room.tries(0, 10)
            incident = await forwarding.press()
            await forwarding.look()
            refused = await forwarding.order(incident, "forward", centre_id=to, reason="x")
            assert isinstance(refused, Conflict)
            assert refused.code == "not_real"
        assert await forwarding.room.owner.fetch("SELECT FROM forwarding") == []


async def test_a_key_that_no_longer_opens_is_a_refusal_and_holds_up_nobody(
    forwarding: Forwarding,
):
    async with other_centre() as centre:
        broken = await forwarding.centre(centre.address, key_sealed=b"changed")
        whole = await forwarding.centre(centre.address)
        await forwarding.rule(broken)
        await forwarding.rule(whole)
        incident: UUID = await forwarding.press()
        await forwarding.look()
        await forwarding.send()
    rows = await forwarding.room.owner.fetch(
        "SELECT centre_id, state, error FROM forwarding WHERE incident_id = $1", incident
    )
    assert {row["centre_id"]: row["state"] for row in rows} == {
        broken: "refused",
        whole: "delivered",
    }


@pytest.mark.parametrize(
    ("hops", "goes"),
    [(1, True), (1.5, False), (-7, True), (2, False), (1e30, False), ("1", False), (None, False)],
)
async def test_through_how_many_centres_it_has_come_is_their_word_and_breaks_nothing(
    forwarding: Forwarding, hops: object, goes: bool
):
    owner = forwarding.room.owner
    async with other_centre() as centre:
        await forwarding.centre(centre.address, source="dc09", reports_taken=True)
        await forwarding.rule(await forwarding.centre(centre.address))
        incident = await forwarding.press()
        said = {"forwarded": {"hops": hops, "id": "../../x"}}
        await owner.execute("UPDATE journal SET extra = $1 WHERE incident_id = $2", said, incident)
        await forwarding.order(incident, "take")
        await forwarding.look()
    rows = await owner.fetch("SELECT what FROM forwarding")
    assert [row["what"] for row in rows] == (["alarm"] if goes else [])
