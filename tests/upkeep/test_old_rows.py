"""What of each kind is old enough, and what never goes: open incidents, texts on their way, answers that nobody has read."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from callcenter.core.ids import new_id
from callcenter.upkeep.kinds import Cutoff, KeptKind
from callcenter.upkeep.old_rows import OLD_ROWS

DAY = timedelta(days=1)


def id_at(moment) -> UUID:
    """As it would have been made then."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (new_id().int & ((1 << 80) - 1)))


@pytest.fixture
def cut(clock):
    at = clock.now() - 400 * DAY
    return Cutoff(at, UUID(int=int(at.timestamp() * 1000) << 80))


@pytest.fixture
def text(owner):
    async def text(at, state: str = "delivered", of: UUID | None = None) -> UUID:
        made = id_at(at)
        await owner.execute(_TEXT, made, str(made), of, state, at)
        return made

    return text


@pytest.fixture
def take(database, cut):
    """Takes of a kind, two at most; how many there were before and what was taken."""

    async def take(kind: KeptKind) -> tuple[int, int]:
        connection = await database.connect("test")
        try:
            look = await OLD_ROWS[kind].look(connection, cut, 10)
            return look["number"], await OLD_ROWS[kind].take_some(connection, cut, 2)
        finally:
            await connection.close()

    return take


async def test_settled_texts_go_a_few_at_a_time_the_oldest_first(take, text, owner, cut):
    old = [await text(cut.at - days * DAY) for days in (5, 9, 7)]
    young = await text(cut.at + DAY)
    waiting = await text(cut.at - 9 * DAY, "queued")
    assert await take(KeptKind.TEXTS) == (3, 2)
    left = {row["id"] for row in await owner.fetch("SELECT id FROM sms_message")}
    assert left == {old[0], young, waiting}
    assert await take(KeptKind.TEXTS) == (1, 1)
    assert await take(KeptKind.TEXTS) == (0, 0)


async def test_nothing_of_an_open_incident_goes(take, text, owner, cut):
    incident = id_at(cut.at - DAY)
    await owner.execute(_INCIDENT, incident, cut.at - DAY)
    kept = await text(cut.at - DAY, of=incident)
    await owner.execute(_ANSWER, id_at(cut.at - DAY), cut.at - DAY, incident, cut.at)
    assert (await take(KeptKind.TEXTS), await take(KeptKind.ANSWERS)) == ((0, 0), (0, 0))
    await owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王', taken_at = opened_at"
    )
    assert await take(KeptKind.TEXTS) == (0, 0)
    assert await owner.fetchval("SELECT id FROM sms_message") == kept


async def test_an_answer_that_nobody_has_read_stays(take, owner, cut):
    for days, read in ((1, None), (2, cut.at), (3, cut.at)):
        at = cut.at - days * DAY
        await owner.execute(_ANSWER, id_at(at), at, None, read)
    assert await take(KeptKind.ANSWERS) == (2, 2)
    assert await owner.fetchval("SELECT handled_at FROM sms_inbound") is None


async def test_log_ins_and_spans_go_by_their_end(take, owner, community, cut):
    user = await community.user("linlan")
    for number, until in enumerate((cut.at - DAY, cut.at, cut.at + DAY)):
        await owner.execute(_LOG_IN, bytes([number]), user, until)
        await owner.execute(_SPAN, new_id(), until - DAY, until)
    assert (await take(KeptKind.LOG_INS), await take(KeptKind.WATCH_SPANS)) == ((1, 1), (1, 1))
    assert await owner.fetchval("SELECT count(*) FROM login_session") == 2
    assert await owner.fetchval("SELECT count(*) FROM watch_span") == 2


async def test_a_photo_from_the_field_goes_by_when_it_came(take, owner, community, cut):
    home, (task, staff) = await community.home(), (new_id(), 1)
    await owner.execute(
        "INSERT INTO staff (id, name, region_id, active_from) VALUES ($1, '王敏', $2, '2020-01-01')",
        staff,
        community.street,
    )
    await owner.execute(
        "INSERT INTO task (id, kind, region_id, region_path, home_id, code, created_at, begins_at)"
        " VALUES ($1, 'visit', $2, ARRAY[$2::bigint], $3, 482, $4, $4)",
        task,
        community.street,
        home,
        cut.at,
    )
    for at in (cut.at - DAY, cut.at, cut.at + DAY):
        await owner.execute(
            "INSERT INTO photo (id, task_id, staff_id, received_at, refused) VALUES ($1, $2, $3, $4, 'photo_type')",
            new_id(),
            task,
            staff,
            at,
        )
    assert await take(KeptKind.FIELD_PHOTOS) == (1, 1)
    assert await owner.fetchval("SELECT count(*) FROM photo") == 2


async def test_a_photo_goes_when_its_last_home_ended_long_ago(take, owner, community, cut):
    home = await community.home()
    who = {name: await community.resident(home, name) for name in ("走了", "刚走", "还在")}
    await owner.execute("UPDATE resident SET photo = 'x'")
    gone = "UPDATE resident SET status = 'deceased' WHERE id = ANY($1::bigint[])"
    await owner.execute(gone, [who["走了"], who["刚走"]])
    ended = "UPDATE residence SET from_day = '1990-01-01', until_day = $2 WHERE resident_id = $1"
    await owner.execute(ended, who["走了"], (cut.at - DAY).date())
    assert await take(KeptKind.PHOTOS) == (1, 1)
    left = await owner.fetch("SELECT name FROM resident WHERE photo IS NOT NULL")
    assert {row["name"] for row in left} == {"刚走", "还在"}


async def test_who_sat_where_goes_by_its_age(take, owner, cut):
    for at in (cut.at - DAY, cut.at, cut.at + DAY):
        await owner.execute(_SEAT_CHANGE, new_id(), at)
    assert await take(KeptKind.SEAT_CHANGES) == (1, 1)
    assert await owner.fetchval("SELECT count(*) FROM seat_change") == 2


_SEAT_CHANGE = """
INSERT INTO seat_change (at, process_id, seat_id, user_id, region_ids, supervised_ids, armed, state, since, heard_at, gone)
VALUES ($2, $1, $1, 7, '{1}', '{}', true, 'ready', $2, $2, false)
"""

_TEXT = """
INSERT INTO sms_message (id, dedup, reference, region_id, recipient, kind, params, language, priority, state,
                         created_at, due_at, expires_at)
VALUES ($1, $2, $3, 1, '+8613900000001', 'alarm_raised', '{}', 'zh-CN', 1, $4, $5, $5, $5)
"""
_INCIDENT = """
INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)
VALUES ($1, 'home:1', 'alarm', 'sos', 1, 1, '{1}', 'dc09', '{}', $2, $2)
"""
_ANSWER = """
INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at, reference, handled_at)
VALUES ($1, 'sandbox', $1::uuid::text, '+8613900000001', '1', $2, $3, $4)
"""
_LOG_IN = """
INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at, address)
VALUES ($1, $2, '', $3, $3, '')
"""
_SPAN = "INSERT INTO watch_span (process_id, since, until) VALUES ($1, $2, $3)"
