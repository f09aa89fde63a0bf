"""One goes home and leaves a note; the next reads it, and takes what rings meanwhile as ever."""

from __future__ import annotations

from tests.support.story import Operator, Story

NOTE = "3号楼电梯停运至周五，请提醒上门人员走楼梯"


async def test_the_next_shift_reads_what_the_last_one_has_left(story: Story, wang: Operator):
    li = await story.operator("li", on_duty=False)
    await story.home("1234")
    assert (await wang.client.post("/api/v1/shifts/begin")).json() == []
    wang.leaves()
    li.sits_down()
    await wang.client.post("/api/v1/shifts/end", json={"note": NOTE})
    [note] = (await li.client.post("/api/v1/shifts/begin")).json()
    assert (note["name"], note["note"]) == ("wang同志", NOTE)
    incident = await story.press("1234")  # before the note is read
    await li.done(incident, "take")
    await li.done(incident, "close", outcome="test")
    assert (await li.client.post(f"/api/v1/shifts/{note['id']}/read")).status_code == 204
    assert (await li.client.post("/api/v1/shifts/begin")).json() == []
