"""Recordings over REST: heard with a reason by who may, a range at a time, by an address that is one's own; held, released, and told of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.hotline.recordings.ranges import MOST_AT_ONCE
from callcenter.hotline.recordings.shelf import MARK, Shelf
from tests.support.api import trail
from tests.support.recorded import TRUNK, call_row, incident_of, recorded

WHY = {"reason": "家属投诉，核对通话内容"}
BASE = "/api/v1/hotline"


@pytest.fixture
def app(app, shelf):
    app.state.context.ports[Shelf] = shelf
    return app


@pytest.fixture
async def call(owner, community, clock, spool, taking_in):
    """With a recording of two seconds."""
    made = await call_row(owner, community.street, clock.now())
    recorded(spool, clock.now())
    await taking_in.run_once(clock.now())
    return made


@pytest.fixture
async def recording(owner, call):
    return await owner.fetchval("SELECT id FROM recording")


async def listened(client, recording):
    answer = await client.post(f"{BASE}/recordings/{recording}/listen", json=WHY)
    assert answer.status_code == 200, answer.text
    return answer.json()["sound"]


async def test_a_recording_is_shown_with_its_waveform_and_heard_with_a_reason(
    operator, call, recording, owner, community
):
    [shown] = (await operator.get(f"{BASE}/calls/{call}/recordings")).json()
    assert (shown["id"], shown["state"], shown["seconds"]) == (recording, "kept", 2.0)
    detail = (await operator.get(f"{BASE}/recordings/{recording}")).json()
    assert [len(each) for each in detail["waveform"]] == [500, 500]
    whole = await operator.get(await listened(operator, recording))
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.content[:4] == b"RIFF"
    entries = await trail(owner, "action", "subject", "region_ids", "detail")
    action, subject, regions, detail = entries[-1]
    assert (action, subject) == ("recording_heard", f"recording:{recording}")
    assert regions == [community.root, community.street]
    assert (detail["reason"], detail["call"]) == (WHY["reason"], str(call))


async def test_a_player_gets_the_ranges_that_it_asks_for(operator, recording):
    sound = await listened(operator, recording)
    whole = (await operator.get(sound)).content
    for asked, first, last in (("bytes=0-", 0, len(whole) - 1), ("bytes=100-199", 100, 199)):
        part = await operator.get(sound, headers={"Range": asked})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
        assert part.content == whole[first : last + 1]
    assert (await operator.get(sound, headers={"Range": "bytes=-10"})).content == whole[-10:]
    beyond = await operator.get(sound, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    assert len(whole) < MOST_AT_ONCE


async def test_without_a_reason_nobody_hears_anything(operator, recording, owner):
    path = f"{BASE}/recordings/{recording}/listen"
    for said in ({}, {"reason": "  "}, {"reason": "abc"}):
        assert (await operator.post(path, json=said)).status_code == 422
    assert await owner.fetchval("SELECT count(*) FROM recording_listening") == 0


async def test_an_address_is_its_owners_and_ends(operator, signed_in, recording, clock):
    sound = await listened(operator, recording)
    supervisor = await signed_in("supervisor")
    assert (await supervisor.get(sound)).json()["error"]["code"] == "listening_over"
    assert (await operator.get(sound[:-1])).json()["error"]["code"] == "listening_over"
    clock.advance(15 * 60 + 5)
    assert (await operator.get(sound)).status_code == 200
    clock.advance(2)
    assert (await operator.get(sound)).json()["error"]["code"] == "listening_over"


async def test_other_regions_hear_and_see_nothing(signed_in, elsewhere, call, recording):
    stranger = await signed_in("operator", elsewhere)
    assert (await stranger.get(f"{BASE}/calls/{call}/recordings")).status_code == 404
    assert (await stranger.get(f"{BASE}/recordings")).json()["recordings"] == []
    assert (await stranger.get(f"{BASE}/recordings/{recording}")).status_code == 404
    asked = await stranger.post(f"{BASE}/recordings/{recording}/listen", json=WHY)
    assert asked.status_code == 404


async def test_what_is_disputed_is_held_with_a_reason_and_released(
    operator, signed_in, recording, owner
):
    path = f"{BASE}/recordings/{recording}"
    assert (await operator.post(f"{path}/hold", json=WHY)).status_code == 403
    supervisor = await signed_in("supervisor")
    held = (await supervisor.post(f"{path}/hold", json=WHY)).json()
    assert (held["state"], held["held_reason"]) == ("held", WHY["reason"])
    assert held["held_by_name"] == "supervisor同志"
    again = await supervisor.post(f"{path}/hold", json=WHY)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "wrong_state")
    assert (await operator.get(await listened(operator, recording))).status_code == 200
    [only] = (await supervisor.get(f"{BASE}/recordings?state=held")).json()["recordings"]
    assert only["id"] == recording
    released = (await supervisor.post(f"{path}/release", json=WHY)).json()
    assert (released["state"], released["held_reason"]) == ("kept", "")
    actions = [action for (action,) in await trail(owner, "action")]
    assert actions[-3:] == ["recording_held", "recording_heard", "recording_released"]


async def test_a_repaired_one_is_repaired_again_when_it_is_released(
    signed_in, owner, community, clock, spool, taking_in
):
    await call_row(owner, community.street, clock.now())
    recorded(spool, clock.now(), said=0)
    await taking_in.run_once(clock.now() + timedelta(seconds=10))
    supervisor = await signed_in("supervisor")
    recording = await owner.fetchval("SELECT id FROM recording WHERE state = 'repaired'")
    await supervisor.post(f"{BASE}/recordings/{recording}/hold", json=WHY)
    released = await supervisor.post(f"{BASE}/recordings/{recording}/release", json=WHY)
    assert released.json()["state"] == "repaired"


async def test_a_file_that_is_gone_is_missing_until_it_is_back(operator, recording, owner, shelf):
    path = f"{BASE}/recordings/{recording}"
    file = shelf.folder / await owner.fetchval("SELECT file FROM recording")
    file.rename(file.with_suffix(".away"))
    gone = await operator.post(f"{path}/listen", json=WHY)
    assert (gone.status_code, gone.json()["error"]["code"]) == (409, "nothing_to_hear")
    shown = (await operator.get(path)).json()
    assert (shown["state"], shown["reason"]) == ("missing", "file_gone")
    file.with_suffix(".away").rename(file)
    assert (await operator.get(await listened(operator, recording))).status_code == 200
    assert (await operator.get(path)).json()["state"] == "kept"


async def test_a_folder_that_is_away_makes_nothing_missing(operator, recording, shelf):
    (shelf.folder / MARK).unlink()
    path = f"{BASE}/recordings/{recording}"
    away = await operator.post(f"{path}/listen", json=WHY)
    assert (away.status_code, away.json()["error"]["code"]) == (503, "recordings_away")
    assert (await operator.get(path)).json()["state"] == "kept"


async def test_a_file_that_was_changed_does_not_play(operator, recording, owner, shelf):
    file = shelf.folder / await owner.fetchval("SELECT file FROM recording")
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    answer = await operator.post(f"{BASE}/recordings/{recording}/listen", json=WHY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "seal_broken")


async def test_the_auditor_sees_who_heard_what_and_why(
    operator, signed_in, recording, elsewhere, clock
):
    sound = await listened(operator, recording)
    auditor = await signed_in("auditor")
    [asked] = (await auditor.get(f"{BASE}/recordings/heard")).json()["heard"]
    assert (asked["user_name"], asked["reason"]) == ("operator同志", WHY["reason"])
    assert (asked["recording_id"], asked["heard_at"]) == (recording, None)
    await operator.get(sound)
    clock.advance(60)
    await operator.get(sound)
    [heard] = (await auditor.get(f"{BASE}/recordings/heard?recording_id={recording}")).json()[
        "heard"
    ]
    assert heard["heard_at"] is not None
    assert heard["heard_at"] == heard["at"]
    assert (await operator.get(f"{BASE}/recordings/heard")).status_code == 403
    other = await signed_in("auditor", elsewhere)
    assert (await other.get(f"{BASE}/recordings/heard")).json()["heard"] == []


async def test_all_recordings_of_an_incident_are_one_list(
    operator, owner, community, clock, spool, taking_in
):
    incident = await incident_of(owner, community)
    for number in (1, 2):
        name = f"trial-9.{number}"
        await call_row(owner, community.street, clock.now(), name, incident=incident)
        recorded(spool, clock.now() - timedelta(minutes=number), name)
    recorded(spool, clock.now())
    await taking_in.run_once(clock.now())
    shown = (await operator.get(f"{BASE}/incidents/{incident}/recordings")).json()
    assert [each["name"] for each in shown] == ["trial-9.2", "trial-9.1"]
    assert TRUNK not in [each["name"] for each in shown]
