"""Two districts side by side, each with one of everything that the API can show, in words that occur nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from callcenter.alerts.shown import Card, CardPerson
from callcenter.core.ids import new_id
from tests.support.api import person
from tests.support.community import LONG_AGO, Community
from tests.support.pictures import png
from tests.support.plans import say, write_plan
from tests.support.recorded import call_row


@dataclass(frozen=True)
class District:
    """`ids` by the names that parameters and fields of the API have; `words` stand in every text about its people."""

    region_id: int
    ids: dict[str, int | str]
    words: tuple[str, ...]


async def found_district(community: Community, name: str, phone: str, lat: float) -> District:
    """A district with a home, its resident, contact, device, incident with text, and an operator."""
    owner = community.owner
    region = await community.region(community.root, "district", f"{name}区")
    home = await community.home(region=region, address=f"{name}里7号楼2单元501")
    await owner.execute(
        "UPDATE home SET lat = $2, lng = $2, door = $3, access_note = $3 WHERE id = $1",
        home,
        lat,
        f"{name}门",
    )
    resident = await community.resident(home, name=f"沈{name}", latin=f"Shen {name}")
    await owner.execute(
        "UPDATE resident SET phone = $2, photo = $3 WHERE id = $1", resident, phone, _PNG
    )
    contact = await community.contact(resident, phone=phone)
    await owner.execute("UPDATE contact SET name = $2 WHERE id = $1", contact, f"林{name}")
    device = await community.device(f"pendant-{name}", home, resident, source=f"source-{name}")
    await owner.execute("UPDATE device SET region_id = $2 WHERE id = $1", device, region)
    plan = await write_plan(
        owner, say("look", text=f"到{name}看看"), name=f"{name}预案", resident=resident
    )
    building = await _building(owner, region, name)
    await owner.execute("UPDATE home SET building_id = $2 WHERE id = $1", home, building)
    user = await person(owner, f"operator-{name}", ("operator", region))
    ids: dict[str, int | str] = {
        "region_id": region,
        "parent_id": region,
        "home_id": home,
        "resident_id": resident,
        "contact_id": contact,
        "device_id": device,
        "user_id": user,
        "to_user": user,
        "grant_id": await owner.fetchval("SELECT id FROM role_grant WHERE user_id = $1", user),
        "test_id": await _test(owner, community.root, region, home, name),
        "source_id": await _source(owner, region, name),
        "building_id": building,
        "plan_id": plan,
        "point_id": await _point(owner, region, name),
        "area_id": await _area(owner, region, name),
        "photograph_id": await owner.fetchval(
            "INSERT INTO place_photograph (building_id, kind, caption, media_type, width, height, sha256, content, stored_at)"
            " VALUES ($1, 'entrance', $2, 'image/png', 1, 1, '', $3, now()) RETURNING id",
            building,
            f"{name}单元门",
            _PNG,
        ),
        "road_id": await _road(owner, region, name),
        "year": 2030,
        "organisation_id": await owner.fetchval(
            "INSERT INTO organisation (kind, name, region_id) VALUES ('shop', $2, $1) RETURNING id",
            region,
            f"{name}超市",
        ),
        **await _around(owner, region, home, resident, name),
        **await _photo(owner, community.root, region, home),
        "shift_id": await _shift(owner, region, user, name),
        "incident_id": str(await _incident(owner, community.root, region, home, resident, name)),
        "drill_id": await _drill(owner, community.root, region, home, name),
        **await _calls(owner, region, home, resident),
        **await _recording(owner, region, user, name),
        **await _rounds(owner, region, home, resident, name),
        **await _hotline(owner, region, home, resident, phone),
        "announcement_id": await _announcement(owner, community.root, region, user, name),
        "wall_id": await _wall(owner, region, name),
        **await _centre(owner, region, name),
        "access_id": await _access(owner, community.root, region, home, name),
        "proof_id": await _proof(owner, community.root, region, name),
        **await _storm(owner, community.root, region, name),
        "word_id": await owner.fetchval(
            "INSERT INTO import_word (word, form, subject) VALUES ($1, $1, 'note') RETURNING id",
            f"{region}户",
        ),
        "merging_id": await _merging(community, region, home, name),
        "apart_id": await _apart(owner, region, home),
        "line_id": await _line(owner, region, name),
        "spoken": "zh",
        "prompt": "closed",
    }
    return District(region, ids, (name, phone[3:], str(lat)))


_PNG = png()


async def _recording(
    owner: asyncpg.Connection, region: int, user: int, name: str
) -> dict[str, int | str]:
    call = await call_row(owner, region, LONG_AGO, f"{name}-1.1")
    recording: int = await owner.fetchval(
        "INSERT INTO recording (pbx, name, call_id, region_id, state, file, sha256, recorded_at, held_reason, held_by, held_at)"
        " VALUES ('trial', $1, $2, $3, 'held', 'x', '', $5, $1, $4, $5) RETURNING id",
        f"{name}-1.1",
        call,
        region,
        user,
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO recording_listening (id, recording_id, user_id, at, reason, key_hash, until)"
        " VALUES ($1, $2, $3, $4, $5, '', $4)",
        new_id(),
        recording,
        user,
        LONG_AGO,
        f"{name}投诉",
    )
    return {"call_id": str(call), "recording_id": recording}


async def _merging(community: Community, region: int, home: int, name: str) -> int:
    same = await community.home(region=region, address=f"{name}里7-2-501")
    merging_id: int = await community.owner.fetchval(
        "INSERT INTO merging (subject, kept_id, merged_id, region_id, at, taken)"
        " VALUES ('home', $1, $2, $3, now(), '{}') RETURNING id",
        home,
        same,
        region,
    )
    return merging_id


async def _around(
    owner: asyncpg.Connection, region: int, home: int, resident: int, name: str
) -> dict[str, int | str]:
    """Who helps in the district, where, and for whom they may act."""
    staff = await owner.fetchval(
        "INSERT INTO staff (name, region_id, active_from) VALUES ($2, $1, '2020-01-01') RETURNING id",
        region,
        f"王{name}",
    )
    return {
        "staff_id": staff,
        "facility_id": await owner.fetchval(
            "INSERT INTO facility (kind, name, region_id) VALUES ('canteen', $2, $1) RETURNING id",
            region,
            f"{name}食堂",
        ),
        "responsible_id": await owner.fetchval(
            "INSERT INTO responsible (home_id, staff_id, duty, from_day)"
            " VALUES ($1, $2, 'key_holder', '2020-01-01') RETURNING id",
            home,
            staff,
        ),
        "agent_id": await owner.fetchval(
            "INSERT INTO agent (resident_id, staff_id, powers, from_day)"
            " VALUES ($1, $2, '{order}', '2020-01-01') RETURNING id",
            resident,
            staff,
        ),
        "planned_id": await owner.fetchval(
            "INSERT INTO roster_shift (staff_id, planned_for, begins_at, ends_at)"
            " VALUES ($1, $1, now() + interval '1 day', now() + interval '32 hours') RETURNING id",
            staff,
        ),
        "absence_id": await owner.fetchval(
            "INSERT INTO absence (staff_id, from_day, kind) VALUES ($1, '2020-01-01', 'leave') RETURNING id",
            staff,
        ),
        "number_id": await owner.fetchval(
            "SELECT id FROM number_use WHERE holder = 'resident' AND holder_id = $1", resident
        ),
    }


async def _photo(owner: asyncpg.Connection, root: int, region: int, home: int) -> dict[str, str]:
    """A visit to the home, and a photograph from there that could not be kept."""
    task_id, photo_id = str(uuid4()), str(uuid4())
    await owner.execute(
        "INSERT INTO task (id, kind, region_id, region_path, home_id, code, created_at, begins_at)"
        " VALUES ($1, 'visit', $2, $3, $4, 482, now(), now())",
        task_id,
        region,
        [root, region],
        home,
    )
    await owner.execute(
        "INSERT INTO photo (id, task_id, staff_id, received_at, refused)"
        " SELECT $1, $2, id, now(), 'photo_type' FROM staff WHERE region_id = $3",
        photo_id,
        task_id,
        region,
    )
    return {"task_id": task_id, "photo_id": photo_id}


async def _apart(owner: asyncpg.Connection, region: int, home: int) -> int:
    apart_id: int = await owner.fetchval(
        "INSERT INTO no_double (subject, one_id, other_id, region_id, at)"
        " VALUES ('home', $1, $1::bigint + 1000000, $2, $3) RETURNING id",
        home,
        region,
        LONG_AGO,
    )
    return apart_id


async def _test(owner: asyncpg.Connection, root: int, region: int, home: int, name: str) -> int:
    test_id: int = await owner.fetchval(
        "INSERT INTO test_period (subject, subject_id, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
        " VALUES ('home', $1, $2, $3, now(), now() + interval '1 hour', $4, 1, $4) RETURNING id",
        home,
        region,
        [root, region],
        f"{name}测试",
    )
    return test_id


async def _source(owner: asyncpg.Connection, region: int, name: str) -> int:
    source_id: int = await owner.fetchval(
        "INSERT INTO source (name, kind, region_id) VALUES ($1, 'http_json', $2) RETURNING id",
        f"platform-{name}",
        region,
    )
    return source_id


async def _announcement(
    owner: asyncpg.Connection, root: int, region: int, user: int, name: str
) -> str:
    announcement_id = await owner.fetchval(
        "INSERT INTO announcement (id, words, must_acknowledge, region_ids, addressed, seated, by_id, by_name, written_at, until_at)"
        " VALUES ($1, $2, true, $3, $4, '{}', $5, $2, now(), now() + interval '1 hour') RETURNING id",
        new_id(),
        f"沈{name}今天不在家",
        [region],
        [region],
        user,
    )
    return str(announcement_id)


async def _wall(owner: asyncpg.Connection, region: int, name: str) -> int:
    wall_id: int = await owner.fetchval(
        "INSERT INTO wall_screen (name, region_id, shows, by_id, by_name, made_at)"
        " VALUES ($1, $2, 'building', 0, $1, $3) RETURNING id",
        f"{name}大厅",
        region,
        LONG_AGO,
    )
    return wall_id


async def _centre(owner: asyncpg.Connection, region: int, name: str) -> dict[str, int]:
    """Another centre, and a rule by which alarms go there."""
    centre_id: int = await owner.fetchval(
        "INSERT INTO other_centre (name, region_id, way, address, account) VALUES ($1, $2, 'dc09', '127.0.0.1:9', '4321')"
        " RETURNING id",
        f"{name}中心",
        region,
    )
    rule_id: int = await owner.fetchval(
        "INSERT INTO forward_rule (centre_id, region_id, mode) VALUES ($1, $2, 'untaken') RETURNING id",
        centre_id,
        region,
    )
    return {"centre_id": centre_id, "rule_id": rule_id}


async def _access(owner: asyncpg.Connection, root: int, region: int, home: int, name: str) -> int:
    """Somebody from elsewhere has opened it, and it is over."""
    access_id: int = await owner.fetchval(
        "INSERT INTO emergency_access (user_id, user_name, subject, label, home_id, region_path, reason, opened_at, ends_at,"
        " ended_at) VALUES (0, 'w', $1, $2, $3, $4, $2, $5, $5::timestamptz + interval '15 minutes', $5) RETURNING id",
        f"home:{home}",
        f"沈{name}家",
        home,
        [root, region],
        LONG_AGO,
    )
    return access_id


async def _drill(owner: asyncpg.Connection, root: int, region: int, home: int, name: str) -> int:
    """One that is over, with a press that came to nothing."""
    drill: int = await owner.fetchval(
        "INSERT INTO drill (title, region_id, region_path, started_at, started_by, started_by_name, until_at, ended_at, ending)"
        " VALUES ($1, $2, $3, $4, 1, 'boss', $4, $4, 'over') RETURNING id",
        f"{name}演练",
        region,
        [root, region],
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO drill_press (id, drill_id, number, home_id, label, label_en, kind, after_s, due_at, state)"
        " VALUES ($1, $2, 1, $3, $4, '', 'sos', 0, $5, 'missed')",
        new_id(),
        drill,
        home,
        f"{name}里7号楼2单元501",
        LONG_AGO,
    )
    return drill


async def _proof(owner: asyncpg.Connection, root: int, region: int, name: str) -> str:
    return str(
        await owner.fetchval(
            "INSERT INTO proof_run (id, since, until, asked_at, asked_by_name, region_path) VALUES ($1, $2, $2, $2, $3, $4)"
            " RETURNING id",
            new_id(),
            LONG_AGO,
            f"{name}班长",
            [root, region],
        )
    )


async def _building(owner: asyncpg.Connection, region: int, name: str) -> int:
    ring = [[104.0, 40.0], [104.1, 40.0], [104.1, 40.1], [104.0, 40.0]]
    building_id: int = await owner.fetchval(
        "INSERT INTO building (region_id, name, name_en, floors, footprint) VALUES ($1, $2, $2, 6, $3)"
        " RETURNING id",
        region,
        f"{name}楼",
        ring,
    )
    return building_id


async def _shift(owner: asyncpg.Connection, region: int, user: int, name: str) -> int:
    shift_id: int = await owner.fetchval(
        "INSERT INTO shift (user_id, region_ids, began_at, seen_at, ended_at, note)"
        " VALUES ($1, $2, $3, $3, $3, $4) RETURNING id",
        user,
        [region],
        LONG_AGO,
        f"请多留意沈{name}",
    )
    return shift_id


async def _point(owner: asyncpg.Connection, region: int, name: str) -> int:
    point_id: int = await owner.fetchval(
        "INSERT INTO point_of_interest (region_id, kind, name, name_en, lat, lng)"
        " VALUES ($1, 'clinic', $2, $2, 40.0, 104.0) RETURNING id",
        region,
        f"{name}卫生站",
    )
    return point_id


async def _area(owner: asyncpg.Connection, region: int, name: str) -> int:
    area_id: int = await owner.fetchval(
        "INSERT INTO ground_area (region_id, kind, name, name_en, ring) VALUES ($1, 'green', $2, $2, $3) RETURNING id",
        region,
        f"{name}绿地",
        "[[104.0, 40.0], [104.1, 40.0], [104.1, 40.1], [104.0, 40.0]]",
    )
    return area_id


async def _road(owner: asyncpg.Connection, region: int, name: str) -> int:
    """And the picture of its ground."""
    await owner.execute(
        "INSERT INTO map_picture (region_id, name, media_type, width, height, mark, content, stored_at)"
        " VALUES ($1, $2, 'image/png', 1, 1, 'm', $3, $4)",
        region,
        f"{name}航拍",
        _PNG,
        LONG_AGO,
    )
    road_id: int = await owner.fetchval(
        "INSERT INTO road (region_id, name, name_en, width_m, line) VALUES ($1, $2, $2, 6, $3) RETURNING id",
        region,
        f"{name}路",
        [[104.0, 40.0], [104.1, 40.0]],
    )
    return road_id


async def _calls(
    owner: asyncpg.Connection, region: int, home: int, resident: int
) -> dict[str, int | str]:
    """A list with one resident on it, whose call is due."""
    made = "INSERT INTO call_list (kind, name, region_id, created_at) VALUES ('well_being', '平安电话', $1, $2) RETURNING id"
    call_list = await owner.fetchval(made, region, LONG_AGO)
    plan = await owner.fetchval(
        "INSERT INTO call_plan (list_id, resident_id, every, at, next_at) VALUES ($1, $2, 'daily', '09:30', $3) RETURNING id",
        call_list,
        resident,
        LONG_AGO,
    )
    item = await owner.fetchval(
        "INSERT INTO call_item (list_id, subject, home_id, resident_id, occurrence, due_at, rank, next_try_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, 0, $6) RETURNING id",
        call_list,
        f"resident:{resident}",
        home,
        resident,
        LONG_AGO.date(),
        LONG_AGO,
    )
    return {"list_id": call_list, "plan_id": plan, "item_id": item}


async def _hotline(
    owner: asyncpg.Connection, region: int, home: int, resident: int, phone: str
) -> dict[str, str]:
    """A call that came in and was answered by nobody, a case of it, and a wish."""
    call, case, wish = new_id(), new_id(), new_id()
    await owner.execute(
        "INSERT INTO care_wish (id, resident_id, words, said_at, heard_by_name) VALUES ($1, $2, '唠唠嗑', $3, '李')",
        wish, resident, LONG_AGO,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO disposition (code, zh, en, effective) VALUES ('complaint', '投诉', 'A complaint', true) ON CONFLICT DO NOTHING"
    )
    await owner.execute(
        "INSERT INTO call (id, pbx, pbx_call, direction, kind, line, region_id, caller_raw, caller_e164, presentation, home_id,"
        " resident_id, state, offered_at, ended_at) VALUES ($1, 'asterisk', $2, 'in', 'hotline', '12349', $3, $4, $4, 'shown', $5, $6,"
        " 'ended', $7, $7)",
        call, str(call), region, phone, home, resident, LONG_AGO,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO hotline_case (id, kind, call_id, disposition, region_id, home_id, resident_id, opened_at, due_at)"
        " VALUES ($1, 'complaint', $2, 'complaint', $3, $4, $5, $6, $6)",
        case, call, region, home, resident, LONG_AGO,
    )  # fmt: skip
    return {
        "call_id": str(call),
        "case_id": str(case),
        "wish_id": str(wish),
        "disposition_code": "complaint",
        "card_code": "complaint",
    }


async def _rounds(
    owner: asyncpg.Connection, region: int, home: int, resident: int, name: str
) -> dict[str, int | str]:
    """A round with one stop and its run, a neighbour in a pair, and a ride."""
    made = (
        "INSERT INTO round (name, kind, region_id, weekdays, from_day, begins_at, closes_at, created_at)"
        " VALUES ($1, 'milk', $2, '{1}', '2020-01-01', '06:00', '12:00', $3) RETURNING id"
    )
    round_ = await owner.fetchval(made, f"{name}送奶", region, LONG_AGO)
    stop = await owner.fetchval(
        "INSERT INTO round_stop (round_id, n, home_id) VALUES ($1, 1, $2) RETURNING id",
        round_,
        home,
    )
    run = await owner.fetchval(
        "INSERT INTO round_run (round_id, day, begins_at, closes_at, written_at) VALUES ($1, $2, $3, $3, $3) RETURNING id",
        round_,
        LONG_AGO.date(),
        LONG_AGO,
    )
    visit = await owner.fetchval(
        "INSERT INTO round_visit (run_id, stop_id, n, home_id) VALUES ($1, $2, 1, $3) RETURNING id",
        run,
        stop,
        home,
    )
    return {
        "round_id": round_,
        "stop_id": stop,
        "run_id": run,
        "visit_id": visit,
        "pair_id": await _pair(owner, region, home, name),
        "ride_id": await _ride(owner, region, home, resident, name),
    }


async def _pair(owner: asyncpg.Connection, region: int, home: int, name: str) -> int:
    staff = await owner.fetchval(
        "INSERT INTO staff (name, region_id, active_from) VALUES ($1, $2, '2020-01-01') RETURNING id",
        f"{name}邻居",
        region,
    )
    responsible = await owner.fetchval(
        "INSERT INTO responsible (home_id, staff_id, duty, from_day) VALUES ($1, $2, 'paired_neighbour', '2020-01-01')"
        " RETURNING id",
        home,
        staff,
    )
    pair: int = await owner.fetchval(
        "INSERT INTO pair (responsible_id, every_days, code, due_at, created_at) VALUES ($1, 1, 10, $2, $2) RETURNING id",
        responsible,
        LONG_AGO,
    )
    return pair


async def _line(owner: asyncpg.Connection, region: int, name: str) -> int:
    """A number that rings there."""
    line_id: int = await owner.fetchval(
        "INSERT INTO line (number, name, kind, region_id) VALUES ($1, $2, 'hotline', $3) RETURNING id",
        f"95{region}",
        f"{name}热线",
        region,
    )
    return line_id


async def _ride(owner: asyncpg.Connection, region: int, home: int, resident: int, name: str) -> str:
    task = new_id()
    await owner.execute(
        "INSERT INTO task (id, kind, region_id, region_path, home_id, resident_id, destination, code, created_at, begins_at)"
        " SELECT $1, 'ride', id, path, $3, $4, $5, 500, $6, $6 FROM region WHERE id = $2",
        task,
        region,
        home,
        resident,
        f"{name}医院",
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO ride (task_id, booked_for, fare_fen, paid_by) VALUES ($1, $2, 0, 'passenger')",
        task,
        LONG_AGO.date(),
    )
    return str(task)


async def _incident(
    owner: asyncpg.Connection, root: int, region: int, home: int, resident: int, name: str
) -> UUID:
    incident_id = new_id()
    person_of_card = CardPerson(resident_id=resident, name=f"沈{name}", name_latin=f"Shen {name}")
    card = Card(people=[person_of_card], address=f"{name}里7号楼2单元501").model_dump(mode="json")
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, home_id, source,"
        " card, opened_at, last_signal_at) VALUES ($1, $2, 'alarm', 'sos', 1, $3, $4, $5, 'dc09', $6, $7, $7)",
        incident_id,
        f"home:{home}",
        region,
        [root, region],
        home,
        card,
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO timeline_entry (incident_id, number, at, kind) VALUES ($1, 1, $2, 'opened')",
        incident_id,
        LONG_AGO,
    )
    return incident_id


async def _storm(owner: asyncpg.Connection, root: int, region: int, name: str) -> dict[str, str]:
    storm, order = new_id(), new_id()
    await owner.execute(
        "INSERT INTO storm (id, kind, mode, region_id, region_path, below, reaches, since, last_at, order_id)"
        " VALUES ($1, 'power_fail', 'real', $2, $3, true, $4, $5, $5, $6)",
        storm, region, [root, region], [region], LONG_AGO, order,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO storm_order (id, storm_id, action, user_id, user_name, regions, ordered_at, due_at)"
        " VALUES ($1, $2, 'take', 1, $3, $4, $5, now() + interval '1 day')",
        order, storm, f"班长{name}", [region], LONG_AGO,
    )  # fmt: skip
    return {"storm_id": str(storm), "order_id": str(order)}
