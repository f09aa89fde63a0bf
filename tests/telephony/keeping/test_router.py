"""Lines, number rules and prompts as an administrator keeps them."""

from __future__ import annotations

import io
import wave
from math import pi, sin
from typing import Any

import pytest

from callcenter.telephony.keeping.router import LinesHint
from tests.support.api import trail

LINES = "/api/v1/hotline/lines"
RULES = "/api/v1/hotline/number-rules"
PROMPTS = "/api/v1/hotline/prompts"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
def told(app) -> list[str]:
    """Grows each time that the alarm process would be told."""
    heard: list[str] = []

    async def hint() -> None:
        heard.append("lines")

    app.state.context.ports[LinesHint] = hint
    return heard


@pytest.fixture
async def hotline(administrator, community, told):
    body = {
        "number": "95001",
        "name": "服务热线",
        "name_en": "Hotline",
        "kind": "hotline",
        "region_id": community.street,
        "area_code": "0311",
        "hours": [{"weekdays": "54321", "from": "08:00", "until": "18:00"}],
    }
    answer = await administrator.post(LINES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def changed(line: dict[str, Any], **changes: Any) -> dict[str, Any]:
    kept = (
        "name",
        "name_en",
        "kind",
        "region_id",
        "area_code",
        "overflow_number",
        "closed_prompt",
        "version",
    )
    return {name: line[name] for name in kept} | changes


# ---- lines


async def test_a_line_is_added_changed_and_closed_and_the_alarm_process_is_told(
    administrator, hotline, told, owner
):
    assert hotline["hours"] == [["12345", "08:00", "18:00"]]
    path = f"{LINES}/{hotline['id']}"
    renamed = (
        await administrator.put(
            path, json=changed(hotline, name="便民热线", overflow_number="031188887777")
        )
    ).json()
    assert (renamed["name"], renamed["overflow_number"], renamed["hours"], renamed["version"]) == (
        "便民热线",
        "031188887777",
        [],
        2,
    )
    closed = (await administrator.put(path, json=changed(renamed, is_open=False))).json()
    assert (closed["number"], closed["is_open"]) == ("95001", False)
    assert [line["is_open"] for line in (await administrator.get(LINES)).json()] == [False]
    assert told == ["lines"] * 3
    assert [row for row in await trail(owner, "action", "subject") if "line" in row[0]] == [
        ("line_added", f"line:{hotline['id']}"),
        ("line_changed", f"line:{hotline['id']}"),
        ("line_changed", f"line:{hotline['id']}"),
    ]


async def test_nobody_deletes_a_line(administrator, hotline):
    assert (await administrator.delete(f"{LINES}/{hotline['id']}")).status_code == 404
    assert [line["number"] for line in (await administrator.get(LINES)).json()] == ["95001"]


async def test_a_change_made_on_what_stood_there_before_is_refused(administrator, hotline, told):
    path = f"{LINES}/{hotline['id']}"
    await administrator.put(path, json=changed(hotline, name="一"))
    assert code(await administrator.put(path, json=changed(hotline, name="二"))) == (
        409,
        "changed_meanwhile",
    )
    assert len(told) == 2, "what was refused is told nobody"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"number": "95001"}, (409, "number_taken")),
        ({"number": "call me"}, (422, "invalid")),
        ({"kind": "blue"}, (422, "invalid")),
        ({"area_code": "311"}, (422, "invalid")),
        ({"overflow_number": "120"}, (422, "emergency_number")),
        ({"language": "fr"}, (422, "invalid")),
        ({"closed_prompt": "../etc/passwd"}, (422, "invalid")),
        ({"hours": [{"weekdays": "8", "from": "08:00", "until": "18:00"}]}, (422, "invalid")),
        ({"hours": [{"weekdays": "1", "from": "22:00", "until": "06:00"}]}, (422, "invalid")),
        ({"hours": [{"weekdays": "12", "from": "08:00", "until": "18:00"}] * 2}, (422, "invalid")),
        ({"name": ""}, (422, "invalid")),
        ({"region_id": 999}, (404, "not_found")),
    ],
)
async def test_what_does_not_fit_is_refused(administrator, community, hotline, change, refusal):
    body = {"number": "95002", "name": "红键", "kind": "red", "region_id": community.street}
    assert code(await administrator.post(LINES, json=body | change)) == refusal


async def test_whoever_keeps_one_street_sees_and_changes_its_lines_alone(
    signed_in, hotline, elsewhere, community
):
    there = await signed_in("administrator", elsewhere)
    assert (await there.get(LINES)).json() == []
    assert (await there.put(f"{LINES}/{hotline['id']}", json=changed(hotline))).status_code == 404
    here = await signed_in("administrator", community.street)
    assert len((await here.get(LINES)).json()) == 1
    moved = changed(hotline, region_id=elsewhere)
    assert (await here.put(f"{LINES}/{hotline['id']}", json=moved)).status_code == 404


# ---- number rules


async def test_rules_are_tried_before_they_hold_and_then_hold_in_their_order(administrator, told):
    """An exchange that puts a 9 before what comes from outside."""
    kept = (await administrator.get(RULES)).json()
    assert kept["rules"] == []
    nine = {"begins": "9", "drops": 1, "digits": 13, "note": "前缀9"}
    asked = {"number": "9-013912345678", "area_code": "0311"}
    without = (await administrator.post(RULES + "/try", json=asked)).json()
    assert (without["e164"], without["presentation"], without["rule"]) == (None, "malformed", None)
    with_it = {"begins": "901", "drops": 2, "note": "手机"}
    tried = (
        await administrator.post(RULES + "/try", json=asked | {"rules": [with_it, nine]})
    ).json()
    assert (tried["e164"], tried["rule"]) == ("+8613912345678", 1)
    assert told == []
    saved = await administrator.put(RULES, json={"mark": kept["mark"], "rules": [with_it, nine]})
    assert [rule["begins"] for rule in saved.json()["rules"]] == ["901", "9"]
    assert told == ["lines"]
    again = (await administrator.post(RULES + "/try", json=asked)).json()
    assert again["e164"] == "+8613912345678"
    turned = {"mark": saved.json()["mark"], "rules": [nine, with_it]}
    assert [
        rule["begins"] for rule in (await administrator.put(RULES, json=turned)).json()["rules"]
    ] == ["9", "901"]


async def test_two_who_change_the_rules_at_once_do_not_undo_each_other(administrator):
    mark = (await administrator.get(RULES)).json()["mark"]
    assert (
        await administrator.put(RULES, json={"mark": mark, "rules": [{"begins": "0"}]})
    ).status_code == 200
    assert code(await administrator.put(RULES, json={"mark": mark, "rules": []})) == (
        409,
        "changed_meanwhile",
    )


@pytest.mark.parametrize(
    ("number", "withheld", "expected"),
    [
        ("013912345678", False, ("+8613912345678", "shown")),
        ("+8613912345678", False, ("+8613912345678", "shown")),
        ("87654321", False, ("+8631187654321", "shown")),
        ("013912345678", True, (None, "withheld")),
        ("anonymous", False, (None, "malformed")),
        ("1" * 60, False, (None, "malformed")),
    ],
)
async def test_a_number_is_read_as_a_seat_would_be_shown_it(
    administrator, number, withheld, expected
):
    asked = {"number": number, "withheld": withheld, "area_code": "0311"}
    tried = (await administrator.post(RULES + "/try", json=asked)).json()
    assert (tried["e164"], tried["presentation"]) == expected


async def test_rules_hold_for_the_whole_site_and_so_does_the_right_to_them(signed_in):
    here = await signed_in("administrator")
    assert (await here.get(RULES)).status_code == 403
    assert (await here.put(RULES, json={"mark": "", "rules": []})).status_code == 403
    assert (await here.get(PROMPTS)).status_code == 403


# ---- prompts


def spoken(rate: int = 44_100, seconds: float = 1) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((2, 2, rate, 0, "NONE", ""))
        samples = (round(9000 * sin(2 * pi * 440 * n / rate)) for n in range(round(rate * seconds)))
        file.writeframes(b"".join(2 * each.to_bytes(2, "little", signed=True) for each in samples))
    return written.getvalue()


async def send(client: Any, content: bytes, name: str = "cc-closed", **fields: Any) -> Any:
    return await client.put(
        f"{PROMPTS}/zh/{name}", files={"file": ("休息.wav", content)}, data=fields
    )


async def test_a_recording_becomes_what_a_telephone_carries_and_can_be_heard(
    administrator, told, owner
):
    answer = await send(administrator, spoken(), said="现在休息")
    assert answer.status_code == 200, answer.text
    prompt = answer.json()
    assert (prompt["name"], prompt["language"], prompt["said"], prompt["version"]) == (
        "cc-closed",
        "zh",
        "现在休息",
        1,
    )
    assert (prompt["converted"], prompt["was"], prompt["seconds"]) == (
        True,
        "44100 Hz, 2 × 16 bit",
        1.0,
    )
    heard = await administrator.get(f"{PROMPTS}/zh/cc-closed")
    with wave.open(io.BytesIO(heard.content)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
    assert told == ["lines"]
    assert ("prompt_changed", "prompt:zh/cc-closed") in await trail(owner)


async def test_another_recording_replaces_it_and_taken_back_it_is_gone(administrator, hotline):
    first = (await send(administrator, spoken())).json()
    assert code(await send(administrator, spoken(seconds=2))) == (409, "changed_meanwhile")
    second = (await send(administrator, spoken(seconds=2), version=first["version"])).json()
    assert second["seconds"] == 2.0
    path = f"{PROMPTS}/zh/cc-closed"
    await administrator.put(
        f"{LINES}/{hotline['id']}", json=changed(hotline, closed_prompt="cc-closed")
    )
    assert code(await administrator.delete(path, params={"version": 2})) == (409, "in_use")
    await administrator.put(f"{LINES}/{hotline['id']}", json=changed(hotline, version=2))
    assert (await administrator.delete(path, params={"version": 2})).status_code == 204
    assert (await administrator.get(PROMPTS)).json() == []
    assert (await administrator.get(path)).status_code == 404
    assert (await send(administrator, spoken())).status_code == 200, "and recorded anew"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"RIFF????", "no_wav"), (b"\xff\xfb an MP3", "no_wav"), (bytes(21 * 1024 * 1024), "size")],
)
async def test_what_is_no_recording_is_refused_with_the_reason(administrator, content, reason):
    answer = await send(administrator, content)
    assert code(answer) == (422, "sound_refused")
    assert answer.json()["error"]["params"]["reason"] == reason


async def test_music_is_put_there_once_for_all_lines(administrator):
    assert (await send(administrator, spoken(), "cc-music")).status_code == 200
    english = await administrator.put(
        f"{PROMPTS}/en/cc-music", files={"file": ("tune.wav", spoken())}
    )
    assert code(english) == (422, "sound_refused")
    assert english.json()["error"]["params"]["reason"] == "one_tune"


async def test_a_name_that_would_leave_the_folder_is_refused(administrator):
    for name in ("..%2Fpasswd", "Closed", "a" * 60):
        assert (await send(administrator, spoken(), name)).status_code in (404, 422)
