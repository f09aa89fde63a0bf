"""A logged-in phone that means harm, or is broken: each word gets a clear answer, nothing is lost, and nothing of others is shown."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from callcenter.dispatch.phone.nonces import nonce_for
from tests.support.field import NOW, Field, later
from tests.support.phones import InHand
from tests.support.photos import photo, plain

NewPhone = Callable[[], Awaitable[InHand]]
UNKNOWN = UUID("5aff02bd-5822-4889-a090-1917ae7bdc03")
"""Of a photograph that nobody has sent."""
AT_HOME = '"lat": 40.0, "lng": 104.0'


@pytest.fixture
async def anna(field: Field) -> int:
    return await field.staff("王敏", ["caregiver"])


@pytest.fixture
async def mine(hand: NewPhone, anna: int) -> InHand:
    phone = await hand()
    await phone.log_in(anna)
    return phone


def command(task_id: UUID | None, name: str = "arrive", **parts: Any) -> dict[str, Any]:
    task = str(task_id) if task_id else None
    said_at = later().isoformat()
    return {"id": str(uuid4()), "name": name, "task_id": task, "said_at": said_at, **parts}


async def posted(phone: InHand, content: str, to: str = "/commands") -> tuple[int, Any]:
    """These very bytes: status and document."""
    headers = {"content-type": "application/json"}
    answer = await phone.client.post(f"/api/v1/phone{to}", content=content, headers=headers)
    return answer.status_code, answer.json()


async def told(phone: InHand, *commands: dict[str, Any]) -> list[tuple[str, str]]:
    status, document = await posted(phone, json.dumps({"commands": commands}))
    assert status == 200, document
    return [(each["answer"], each["code"]) for each in document["answers"]]


@pytest.mark.parametrize(
    ("said", "flags"),
    [
        ('"lat": -40.0, "lng": -76.0, "accuracy_m": 5', ["far"]),
        ('"lat": NaN, "lng": 104.0', ["no_fix"]),
        ('"lat": -Infinity, "lng": Infinity', ["no_fix"]),
        (f'"lat": {10**400}, "lng": 104.0', ["no_fix"]),
        (f'"lat": 40.0, "lng": 104.0, "accuracy_m": {10**400}', []),
        (f'{AT_HOME}, "accuracy_m": -5', []),
        (f'{AT_HOME}, "accuracy_m": -{10**9}', []),
        (f'{AT_HOME}, "accuracy_m": NaN', []),
        (f'{AT_HOME}, "photo_id": {10**400}', []),
        (f'{AT_HOME}, "photo_id": "{UNKNOWN}"', []),
        (f'{AT_HOME}, "note": {{"a": 1}}, "offline": "yes", "door_code": 7, "minutes": true', []),
        (f'{AT_HOME}, "note": "\\u0000\\ud800\\u202e", "card_code": "\\udfff"', []),
    ],
)
async def test_whatever_a_check_in_says_whoever_is_there_is_there(
    field: Field, mine: InHand, anna: int, said: str, flags: list[str]
):
    task_id = await field.accepted(anna)
    content = json.dumps({"commands": [command(task_id, body={})]})
    status, document = await posted(mine, content.replace('"body": {}', f'"body": {{{said}}}'))
    assert status == 200, document
    [answer] = document["answers"]
    assert (answer["answer"], answer["params"]) == ("done", {"flags": flags})
    assert (await field.row(task_id))["state"] == "arrived"


@pytest.mark.parametrize("minutes", [str(10**400), "-1", "1e999", '"9"', "[[]]", "null"])
async def test_a_way_of_no_length_is_set_out_on_all_the_same(
    field: Field, mine: InHand, anna: int, minutes: str
):
    task_id = await field.accepted(anna)
    content = json.dumps({"commands": [command(task_id, "set_out", body={"minutes": 0.5})]})
    status, document = await posted(mine, content.replace("0.5", minutes))
    assert (status, document["answers"][0]["answer"]) == (200, "done")


DEEP = 20_000


@pytest.mark.parametrize(
    "content",
    [
        "[" * DEEP + "]" * DEEP,
        '{"a":' * DEEP + "1" + "}" * DEEP,
        '{"commands": [{"body": ' + "[" * 100 + "]" * 100 + "}]}",
        '{"commands": ' + "9" * 5_000 + "}",
        '{"commands": null}',
        '{"commands": [null, 7, {}]}',
        '{"commands": [',
        "\x00",
        "",
        "NaN",
        '{"commands": [' + ",".join(["{}"] * 10_000) + "]}",
    ],
)
async def test_what_is_no_batch_is_told_so(mine: InHand, content: str):
    status, document = await posted(mine, content)
    assert status in (400, 422), document
    assert document["error"]["code"]
    assert len(json.dumps(document)) < 4_000, "nobody is told all of their own words"


async def test_ten_thousand_commands_are_none(field: Field, mine: InHand, anna: int):
    task_id = await field.accepted(anna)
    many = [command(task_id, "report") for _ in range(10_000)]
    status, document = await posted(mine, json.dumps({"commands": many}))
    assert (status, document["error"]["code"]) == (413, "too_large")
    assert await field.owner.fetchval("SELECT count(*) FROM field_command") == 0


async def test_one_that_cannot_be_keeps_none_of_the_others(field: Field, mine: InHand, anna: int):
    task_id = await field.accepted(anna)
    arrive = command(task_id, body={"lat": 40.0, "lng": 104.0})
    assert await told(
        mine,
        command(uuid4()),
        command(None),
        command(task_id, "fly\x00 away"),
        command(task_id, "__class__"),
        arrive,
        command(task_id, "depart", after=str(uuid4())),
        command(task_id, "depart", after=arrive["id"]),
    ) == [
        ("refused", "no_such_task"),
        ("refused", "no_such_task"),
        ("refused", "no_such_command"),
        ("refused", "no_such_command"),
        ("done", ""),
        ("too_early", "wants_the_one_before"),
        ("done", ""),
    ]
    assert (await field.row(task_id))["state"] == "done"


async def test_an_id_counts_once_whatever_it_is_said_with_and_by_whom(
    field: Field, mine: InHand, anna: int, hand: NewPhone
):
    """What it was told the first time, for it was done then; and nothing to somebody else, of whom it is no forerunner either."""
    task_id, second = await field.accepted(anna), await field.accepted(anna)
    theirs = await hand()
    bert = await field.staff("刘师傅")
    await theirs.log_in(bert)
    his = await field.accepted(bert)
    first = command(task_id)
    assert await told(mine, first) == [("done", "")]
    again = first | {"name": "depart", "task_id": str(second), "body": {"note": "x"}}
    assert await told(mine, again) == [("done", "")]
    assert [(await field.row(each))["state"] for each in (task_id, second)] == [
        "arrived",
        "accepted",
    ]
    with capture_logs() as logs:
        assert await told(
            theirs, first | {"task_id": str(his)}, command(his, after=first["id"])
        ) == [("refused", "id_taken"), ("too_early", "wants_the_one_before")]
    refused = [each["reason"] for each in logs if each["event"] == "phone_command_refused"]
    assert refused == ["id_taken"]
    assert (await field.row(his))["state"] == "accepted"


async def test_nothing_is_done_with_the_job_of_somebody_else(field: Field, mine: InHand):
    theirs = await field.accepted(await field.staff("刘师傅"))
    before = await field.steps(theirs)
    names = ("accept", "decline", "set_out", "arrive", "depart", "help", "report")
    assert await told(mine, *(command(theirs, name) for name in names)) == [
        ("refused", "no_such_task")
    ] * len(names)
    assert await field.steps(theirs) == before
    for path in (f"/jobs/{theirs}", "/jobs/1", f"/jobs/{uuid4()}"):
        answer = await mine.client.get(f"/api/v1/phone{path}")
        assert answer.status_code in (404, 422)
        assert "沈" not in answer.text


async def test_whoever_has_left_is_let_into_nothing(field: Field, mine: InHand, anna: int):
    task_id = await field.accepted(anna)
    left = date(2026, 1, 1)
    await field.owner.execute("UPDATE staff SET active_until = $2 WHERE id = $1", anna, left)
    asked = [
        await mine.client.get("/api/v1/phone/jobs"),
        await mine.client.get(f"/api/v1/phone/jobs/{task_id}"),
        await mine.client.get("/api/v1/phone/time"),
        await mine.client.get("/api/v1/phone/hours?month=2026-11"),
        await mine.client.get("/api/v1/phone/rounds"),
        await mine.client.put("/api/v1/phone/position", json={"lat": 40, "lng": 104}),
        await mine.client.post("/api/v1/phone/commands", json={"commands": [command(task_id)]}),
        await mine.client.post("/api/v1/phone/rounds/commands", json={"commands": []}),
        await mine.client.put(f"/api/v1/phone/photos/{uuid4()}?task_id={task_id}", content=photo()),
    ]
    assert {(one.status_code, one.json()["error"]["code"]) for one in asked} == {(401, "no_phone")}
    assert (await field.row(task_id))["state"] == "accepted"


# ---- photographs


async def shows(phone: InHand, task_id: UUID, content: bytes, nonce: str = "") -> dict[str, Any]:
    params = {"task_id": str(task_id), "nonce": nonce}
    answer = await phone.client.put(
        f"/api/v1/phone/photos/{uuid4()}", params=params, content=content
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    "nonce",
    [
        "ABCDEF-ffffffffffff",
        "ABCDEF--ffffffffff",
        "ABCDEF-100000000",
        "ABCDEF-0",
        "ABCDEF-+1_0",
        "ABCDEF-2fzq",
        "\u0663-\u0663",
        "-" * 40,
    ],
)
async def test_an_invented_nonce_says_nothing_of_when(
    field: Field, mine: InHand, anna: int, nonce: str
):
    task_id = await field.accepted(anna)
    assert (await shows(mine, task_id, photo(3), nonce))["refused"] == ""
    assert await field.owner.fetchval("SELECT nonce_at FROM photo") is None


async def test_the_nonce_of_somebody_else_and_one_of_last_month_say_nothing_of_when(
    field: Field, mine: InHand, anna: int, seal
):
    task_id = await field.accepted(anna)
    for seed, nonce in enumerate(
        (nonce_for(seal, anna + 1, NOW), nonce_for(seal, anna, later(days=-32)))
    ):
        await shows(mine, task_id, photo(seed), nonce)
    assert await field.owner.fetchval("SELECT count(*) FROM photo WHERE nonce_at IS NULL") == 2


def png_of(width: int, height: int, packed: bytes) -> bytes:
    """A PNG whose head says this, and whose one row of data says something else."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


BOMB = zlib.compress(bytes(200 * 1024 * 1024), 9)
"""Two hundred megabytes in two hundred kilobytes."""


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (png_of(60_000, 60_000, zlib.compress(b"")), "photo_too_many_pixels"),
        (png_of(2**31 - 1, 2**31 - 1, b""), "photo_too_many_pixels"),
        (png_of(640, 480, BOMB), ""),
        (png_of(7_000, 7_000, b"nothing"), "photo_type"),
        (photo() + b"PK\x05\x06" + bytes(18), "photo_polyglot"),
        (photo() + b"<ScRiPt>alert(1)</script>", "photo_polyglot"),
        (b"GIF89a" + bytes(500), "photo_type"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(400), "photo_heic"),
        (photo()[:-400], "photo_type"),
        (plain((20, 20)), "photo_too_small"),
        (b"", "photo_type"),
    ],
    ids=range(11),
)
async def test_a_picture_that_is_none_is_told_why_and_its_row_says_so(
    field: Field, mine: InHand, anna: int, content: bytes, refused: str
):
    task_id = await field.accepted(anna)
    assert (await shows(mine, task_id, content))["refused"] == refused
    assert await field.owner.fetchval("SELECT refused FROM photo") == refused
    assert (await told(mine, command(task_id)))[0] == ("done", "")


async def test_the_picture_of_another_job_or_of_somebody_else_proves_nothing(
    field: Field, mine: InHand, anna: int, hand: NewPhone
):
    bert = await field.staff("刘师傅")
    theirs = await hand()
    await theirs.log_in(bert)
    his = await shows(theirs, await field.accepted(bert), photo(7))
    elsewhere = await shows(mine, await field.accepted(anna), photo(8))
    for picture in (his, elsewhere):
        task_id = await field.accepted(anna)
        arrive = command(task_id, body={"lat": 40.0, "lng": 104.0, "photo_id": picture["id"]})
        assert await told(mine, arrive) == [("done", "")]
        row = await field.owner.fetchrow(
            "SELECT proof, flags, photo_id FROM check_in WHERE task_id = $1", task_id
        )
        assert (row["proof"], row["flags"]) == ("none", ["no_photo"]), dict(row)
