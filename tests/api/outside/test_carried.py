"""Everything the server answers, walked through: only what is for phones and families is carried outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from hypothesis import given, strategies as st

from callcenter.api.alarm_side import ALARM_ROUTERS
from callcenter.api.application import OFFICE_ROUTERS
from callcenter.api.assembly import assemble
from callcenter.api.console import STATIC
from callcenter.api.outside.carried import FAMILY, PASSED, PHONE, Carried, Way
from callcenter.auth.outage.router import door_router
from callcenter.demo.feed import demo_routers
from callcenter.sms.router import demo_router, hooks_router, outage_router

FILES = frozenset({"m.html", "m.webmanifest", "assets/m-1a2b.js"})
CARRIED = Carried(FILES)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_PARAMETER = re.compile(r"\{[^}]*\}")


def everything(tmp_path: Path) -> FastAPI:
    """All that a server of this release may answer, with what adapters and the demo bring. Nothing of it is asked."""
    nobody = cast("Any", None)
    brought = [
        door_router,
        hooks_router(nobody),
        outage_router(nobody, nobody),
        demo_router(cast("Any", _Named())),
        *demo_routers(tmp_path, ZoneInfo("UTC"))(nobody),
    ]
    return assemble((*ALARM_ROUTERS, *OFFICE_ROUTERS, *brought), (), with_console=True)


class _Named:
    token = "a token"


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of each, with something for its parameters."""
    for found in iter_route_contexts(app.routes):
        path = getattr(found, "path_format", None) or getattr(found.original_route, "path", "")
        for method in getattr(found.original_route, "methods", None) or METHODS:
            yield method, _PARAMETER.sub("1", path) or "/"


def test_every_route_of_the_server_but_those_of_phones_and_families_is_not_there(tmp_path: Path):
    walked = set(routes(everything(tmp_path)))
    assert {("POST", "/api/v1/login"), ("GET", "/metrics"), ("GET", "/docs")} <= walked
    assert len(walked) > 250
    for method, path in walked:
        is_ours = path.startswith((PHONE, FAMILY))
        assert (CARRIED.way(method, path.encode()) is Way.OFFICE) == is_ours, (method, path)


def test_every_file_of_the_console_but_those_of_the_page_is_not_there():
    for file in STATIC.rglob("*"):
        name = file.relative_to(STATIC).as_posix()
        if name not in FILES:
            assert CARRIED.way("GET", f"/{name}".encode()) is None, name


@pytest.mark.parametrize("method", sorted(PASSED[PHONE]))
def test_the_routes_of_phones_are_not_crippled(method: str):
    """Numbers, ids that a phone has made, names of parts, a dot in a name."""
    for rest in (
        "me",
        "tasks/12",
        "commands/0197-a0",
        "tasks/12/photo",
        "photos/a.b_c~d",
        "log-in",
    ):
        assert CARRIED.way(method, f"{PHONE}{rest}".encode()) is Way.OFFICE


def test_files_are_read_and_nothing_else():
    for name in FILES:
        assert CARRIED.way("GET", f"/{name}".encode()) is Way.FILE
        assert CARRIED.way("HEAD", f"/{name}".encode()) is Way.FILE
        assert CARRIED.way("POST", f"/{name}".encode()) is None


@pytest.mark.parametrize("method", sorted(set(METHODS) - PASSED[FAMILY]))
def test_a_family_reads_and_answers_and_does_nothing_else(method: str):
    assert CARRIED.way("POST", b"/f/3D7Bmq") is Way.OFFICE
    assert CARRIED.way(method, b"/f/3D7Bmq") is None


@pytest.mark.parametrize(
    "target",
    [
        b"",
        b"/",
        b"*",
        b"/f",
        b"/f/",
        b"/f/x/",
        b"//f/x",
        b"/f//x",
        b"/f/./x",
        b"/f/../x",
        b"/f/..",
        b"/f/x/..",
        b"/f/%78",
        b"/f/x%2fy",
        b"/f/..%2fapi",
        b"/f/x;y",
        b"/f/x\\y",
        b"/f/x y",
        b"/f/x?y",
        b"/f/x#y",
        b"/f/\xc3\xbc",
        b"/F/x",
        b"/api/v1/phone",
        b"/api/v1/phone/",
        b"/api/v1/phonebook/x",
        b"/API/v1/phone/x",
        b"http://c.example.cn/f/x",
        b"/m.html/",
        b"/m.html/x",
        b"/assets/../m.html",
        b"/assets/",
    ],
)
def test_what_is_not_spelled_plainly_is_not_there(target: bytes):
    for method in METHODS:
        assert CARRIED.way(method, target) is None


@given(st.binary(max_size=60), st.sampled_from(METHODS))
def test_whatever_is_carried_is_below_one_of_two_prefixes_or_a_file(rest: bytes, method: str):
    for target in (rest, b"/" + rest, b"/f/" + rest, b"/api/v1/phone/" + rest):
        way = CARRIED.way(method, target)
        if way is not None:
            path = target.decode("ascii")
            assert ".." not in path.split("/")
            assert "//" not in path
            assert path.startswith((FAMILY, PHONE)) or path[1:] in FILES
