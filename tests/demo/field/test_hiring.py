"""The log-ins of the office that the simulated field needs: staff page by page, caregivers of one's own, visits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from callcenter.core.errors import Misconfigured
from callcenter.demo.field.hiring import PAGE, Office

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
HOME = {"home_id": 3, "lat": 40.0, "lng": 104.0, "region_id": 9, "label": "7-2-501"}


class Centre:
    """Has somewhat more staff than one page holds; `status` is what is answered to whatever is written."""

    def __init__(self) -> None:
        self.staff = [{"id": number} for number in range(1, PAGE + 3)]
        self.written: list[dict[str, Any]] = []
        self.status = 201
        self.app = Starlette(
            routes=[
                Route("/api/v1/login", self._log_in, methods=["POST"]),
                Route("/api/v1/staff", self._list),
                Route("/api/v1/staff", self._write, methods=["POST"]),
                Route("/api/v1/desk/tasks", self._write, methods=["POST"]),
                Route("/api/v1/staff/{id}/phones/link", self._link, methods=["POST"]),
            ]
        )

    async def _log_in(self, request: Request) -> Response:
        is_right = (await request.json())["password"] == "right"
        return JSONResponse({"csrf_token": "of the session"}, 200 if is_right else 401)

    async def _list(self, request: Request) -> Response:
        after, limit = int(request.query_params.get("after", 0)), int(request.query_params["limit"])
        return JSONResponse([row for row in self.staff if row["id"] > after][:limit])

    async def _write(self, request: Request) -> Response:
        if self.status == 201:
            self.written.append(await request.json())
        return JSONResponse({"id": 1000}, self.status)

    async def _link(self, request: Request) -> Response:
        if request.path_params["id"] == "1":
            return JSONResponse({}, 409)
        return JSONResponse({"address": "http://centre.test/m.html#in=CODE"}, 201)


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
async def office(centre: Centre) -> AsyncIterator[Office]:
    made = Office("http://centre.test", httpx.ASGITransport(centre.app))
    yield made
    await made.close()


async def test_whoever_is_not_let_in_is_told_so(office: Office) -> None:
    await office.log_in("dispatcher", "right")
    with pytest.raises(Misconfigured, match="dispatcher cannot log in"):
        await office.log_in("dispatcher", "wrong")


async def test_all_of_the_staff_whatever_a_page_holds(office: Office, centre: Centre) -> None:
    assert await office.staff() == centre.staff


async def test_a_link_for_whoever_may_have_one(office: Office) -> None:
    assert (await office.code_for(2), await office.code_for(1)) == ("CODE", None)


async def test_a_caregiver_of_ones_own_has_no_number_that_a_text_could_go_to(
    office: Office, centre: Centre
) -> None:
    assert (await office.hire(17, 9))["id"] == 1000
    [written] = centre.written
    assert (written["region_id"], written["kinds"], "phone" in written) == (9, ["caregiver"], False)
    centre.status = 403
    with pytest.raises(Misconfigured, match="nobody can be entered"):
        await office.hire(18, 9)


async def test_a_visit_is_booked_at_a_home_or_not(office: Office, centre: Centre) -> None:
    assert await office.book([HOME], NOW, Random(1))
    [written] = centre.written
    assert (written["kind"], written["place"]["lat"]) == ("visit", 40.0)
    centre.status = 503
    assert not await office.book([HOME], NOW, Random(1))
