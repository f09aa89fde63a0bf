"""The office killed, stopped or filled, and the alarm process killed over and over, while alarms pour in.

The office may die as often as it likes: alarms are stored, shown, taken and closed without it.
"""

from __future__ import annotations

import asyncio
import io
import signal
import time
import zipfile
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from tests.faults.pouring import nothing_lost_nothing_twice, pouring
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.server import Operator, Server, operator
from tests.support.waiting import until, until_told
from tests.support.wire import insist, sos

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the dialler's sockets
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # its utcnow()
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

Measured = Callable[[str], None]


def browser(server: Server, operator: Operator) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=server.url,
        cookies={COOKIE: operator.cookie},
        headers={CSRF_HEADER: operator.csrf_token, "Origin": server.url},
        timeout=30,
        trust_env=False,
    )


async def office_answers(client: httpx.AsyncClient) -> bool:
    checks = (await client.get("/readyz")).json()["checks"]
    return bool(checks["office"])


async def until_the_office_answers(client: httpx.AsyncClient) -> None:
    await until_told(lambda: office_answers(client), "the office", 60)


async def take_and_close(client: httpx.AsyncClient, incident_id: str) -> None:
    path = f"/api/v1/incidents/{incident_id}"
    taken = await client.post(f"{path}/take", json={"command_id": str(uuid4())})
    assert taken.status_code == 200, taken.text
    body = {"command_id": str(uuid4()), "outcome": "mistaken_press", "note": "坐到按钮上了"}
    closed = await client.post(f"{path}/close", json=body)
    assert closed.status_code == 200, closed.text


async def test_alarms_ring_are_taken_and_closed_while_the_office_is_stopped(
    place: Place, measured: Measured
):
    """SIGSTOP, the worst of the three: it neither answers nor goes. The parent gives it up after a while."""
    server = await place.serve()
    [wang, *_] = place.site.operators
    async with open_console(server.url, wang) as console, browser(server, wang) as client:
        await until_the_office_answers(client)
        frozen = server.signal("office", signal.SIGSTOP)
        async with pouring(server, place.site) as made:
            await made.more(300)
            answer = await insist(server.http_port, sos(place.site.phone(6)))
            await console.shows(answer.document["incident_id"])
            await take_and_close(client, answer.document["incident_id"])
            assert says_office_away(await client.get("/api/v1/homes/dots"))
        measured(made.figures)
        await until(lambda: server.process("office") != frozen, "a new office", 60)
        await until_the_office_answers(client)
    await nothing_lost_nothing_twice(place.site.owner, made)


async def test_a_killed_office_is_back_before_its_pages_are_missed(
    place: Place, measured: Measured
):
    """A page waits for the new office, or says in so many words that it is coming."""
    server = await place.serve()
    [wang, *_] = place.site.operators
    async with browser(server, wang) as client:
        await until_the_office_answers(client)
        async with pouring(server, place.site) as made:
            for _ in range(5):
                killed = server.signal("office", signal.SIGKILL)
                got = await client.get("/api/v1/homes/dots")
                assert got.status_code == 200 or says_office_away(got)
                await until(lambda: server.process("office") != killed, "a new office", 30)  # noqa: B023
                await until_the_office_answers(client)
                await made.more(50)
        measured(made.figures)
        assert (await client.get("/api/v1/homes/dots")).status_code == 200
    await nothing_lost_nothing_twice(place.site.owner, made)


def says_office_away(answer: httpx.Response) -> bool:
    said = answer.status_code == 503 and answer.json()["error"]["code"] == "office_away"
    return said and int(answer.headers["retry-after"]) > 0


async def test_an_office_filled_by_a_spreadsheet_of_a_few_bytes_harms_no_alarm(
    place: Place, measured: Measured
):
    """One cell at the last column of the last row: readers that build the whole table take all memory there is."""
    server = await place.serve()
    worker = await operator(place.site.community, "worker", "community_worker")
    async with browser(server, worker) as client:
        await until_the_office_answers(client)
        async with pouring(server, place.site) as made:
            files = {"file": ("residents.xlsx", huge_sheet())}
            query = {"job": str(uuid4()), "dry_run": "true"}
            asking = asyncio.create_task(
                client.post("/api/v1/residents/import", params=query, files=files)
            )
            await made.more(300)
            answer = await asking
        assert answer.status_code >= 400
        measured(f"{made.figures}; the import was answered {answer.status_code}")
        await until_the_office_answers(client)
    await nothing_lost_nothing_twice(place.site.owner, made)


KILLS = 50


@pytest.mark.slow
async def test_g1_the_alarm_process_killed_fifty_times_under_load_loses_nothing(
    place: Place, measured: Measured
):
    """Devices and consoles find it again on the same port: the parent holds the socket meanwhile."""
    server = await place.serve()
    [wang, *_] = place.site.operators
    back = []
    async with pouring(server, place.site) as made:
        for _ in range(KILLS):
            await made.more(5)
            killed_at = time.monotonic()
            server.signal("alarm", signal.SIGKILL)
            async with open_console(server.url, wang):
                back.append(time.monotonic() - killed_at)
    measured(f"{made.figures}; console back after {max(back):.2f} s at most")
    await nothing_lost_nothing_twice(place.site.owner, made)
    assert server.alive
    assert len(server.events("process_ended")) == KILLS


def huge_sheet() -> bytes:
    """A valid workbook of some 1.5 KB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _SHEET.items():
            book.writestr(name, text)
    return packed.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/worksheets/sheet1.xml": (
        f'<worksheet xmlns="{_MAIN}"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    ),
}
