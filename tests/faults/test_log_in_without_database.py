"""Who comes for the night shift logs in while the database is away; it is in the trail when that is back (G5)."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.auth.passwords import hash_password
from tests.faults.test_started_without_database import has_kept, is_written, take
from tests.support.console import open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place
from tests.support.server import Operator, Server, operator
from tests.support.waiting import until, until_told
from tests.support.wire import insist, post, sos

PASSWORD = "the night is long, and quiet"
AWAY = ["while it runs", "at its start"]


async def staff(place: Place) -> tuple[Operator, Operator]:
    """An operator of the night and an administrator; neither is logged in."""
    zhou = await operator(place.site.community, "zhou")
    admin = await operator(place.site.community, "admin", "administrator")
    owner = place.site.owner
    await owner.execute(
        "UPDATE app_user SET password_hash = $1 WHERE login IN ('zhou', 'admin')",
        hash_password(PASSWORD),
    )
    await owner.execute(
        "DELETE FROM login_session WHERE user_id = ANY($1::bigint[])", [zhou.user_id, admin.user_id]
    )
    return zhou, admin


@asynccontextmanager
async def an_outage(place: Place, when: str) -> AsyncIterator[tuple[Server, FlakyProxy]]:
    """The database is gone when the block begins."""
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn)
        await has_kept(server)
        if when == "at its start":
            assert await server.stop() == 0
            proxy.cut()
            await server.start()
        else:
            proxy.cut()
            await until(lambda: bool(server.events("alarms_not_stored")), "the outage to be known")
        try:
            yield server, proxy
        finally:
            proxy.restore()
            assert await server.stop() == 0
            place.servers.remove(server)


async def log_in(client: httpx.AsyncClient, login: str, password: str) -> httpx.Response:
    body = {"login": login, "password": password}
    return await client.post("/api/v1/login", json=body)


async def let_in(client: httpx.AsyncClient, who: Operator) -> Operator:
    """As this client's browser holds it."""
    answer = await log_in(client, who.login, PASSWORD)
    assert answer.status_code == 200, answer.text
    me = answer.json()
    assert me["user"]["id"] == who.user_id
    return Operator(who.user_id, who.login, client.cookies[COOKIE], me["csrf_token"])


async def log_out(client: httpx.AsyncClient, who: Operator) -> None:
    headers = {CSRF_HEADER: who.csrf_token, "Cookie": f"{COOKIE}={who.cookie}"}
    assert (await client.post("/api/v1/logout", headers=headers)).status_code == 204


async def status_of(client: httpx.AsyncClient, who: Operator, path: str = "/api/v1/me") -> int:
    return (await client.get(path, headers={"Cookie": f"{COOKIE}={who.cookie}"})).status_code


async def entries(place: Place) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Of the trail, as far as they were made without the database."""
    rows = await place.site.owner.fetch(
        "SELECT action, user_id, detail FROM audit_entry WHERE detail ? 'without_database' ORDER BY at, id"
    )
    return [(row["action"], row["user_id"], row["detail"]) for row in rows]


async def is_entered(place: Place, count: int) -> None:
    async def all_are() -> bool:
        return len(await entries(place)) >= count

    await until_told(all_are, "the trail to have it", 60)


@pytest.mark.parametrize("when", AWAY)
async def test_g5_the_night_shift_logs_in_without_the_database(place: Place, when: str):
    zhou, _admin = await staff(place)
    async with (
        an_outage(place, when) as (server, proxy),
        httpx.AsyncClient(base_url=server.url) as one,
        httpx.AsyncClient(base_url=server.url) as other,
    ):
        door = (await one.get("/api/v1/login/door")).json()
        assert door["away"]
        assert door["until"] is not None
        refused = await log_in(one, "zhou", "not this one")
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "login_failed")
        assert (await log_in(one, "admin", PASSWORD)).status_code == 401
        seated, left = await let_in(one, zhou), await let_in(other, zhou)
        async with open_console(server.url, seated) as console:
            pressed = await post(server.http_port, sos(place.site.phone(3)))
            incident_id = pressed.document["incident_id"]
            await console.shows(incident_id)
            assert (await take(server, seated, incident_id))["taken_by"] == zhou.user_id
            assert await status_of(one, seated, "/api/v1/users") == 503
            await log_out(other, left)
            assert await status_of(other, left) == 401
            proxy.restore()
            await is_written(console)
            await is_entered(place, 5)
            assert await status_of(one, seated) == 200
            assert await status_of(other, left) == 401
            assert console.closed_with is None
        told = await entries(place)
        assert [(action, who) for action, who, _ in told] == [
            ("login_failed", zhou.user_id),
            ("login_failed", None),
            ("logged_in", zhou.user_id),
            ("logged_in", zhou.user_id),
            ("logged_out", zhou.user_id),
        ]
        sessions = f"login_session WHERE user_id = {zhou.user_id}"
        assert await place.count(sessions) == 2
        assert await place.count(f"{sessions} AND revoked_at IS NULL") == 1
        assert (await one.get("/api/v1/login/door")).json() == {"away": False, "until": None}
    assert await place.count("incident WHERE taken_by = $1", zhou.user_id) == 1


async def test_a_log_in_of_an_outage_outlives_the_process_and_a_log_out_too(place: Place):
    zhou, _ = await staff(place)
    async with (
        an_outage(place, "while it runs") as (server, proxy),
        httpx.AsyncClient(base_url=server.url) as one,
        httpx.AsyncClient(base_url=server.url) as other,
    ):
        seated, left = await let_in(one, zhou), await let_in(other, zhou)
        await log_out(other, left)
        [wang, _li] = place.site.operators
        await log_out(other, wang)
        server.signal("alarm", signal.SIGKILL)
        await insist(server.http_port, sos(place.site.phone(5)))
        assert await status_of(one, seated) == 200
        assert await status_of(other, left) == 401
        assert await status_of(other, wang) == 401
        proxy.restore()
        await is_entered(place, 4)
        assert await status_of(one, seated) == 200
        assert await status_of(other, wang) == 401
    actions = [action for action, _, _ in await entries(place)]
    assert actions == ["logged_in", "logged_in", "logged_out", "logged_out"]


@pytest.mark.parametrize("change", ["active = false", "password_hash = 'another'"])
async def test_a_log_in_ends_where_the_account_was_changed_meanwhile(place: Place, change: str):
    zhou, _ = await staff(place)
    async with (
        an_outage(place, "while it runs") as (server, proxy),
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        seated = await let_in(client, zhou)
        await place.site.owner.execute(
            f"UPDATE app_user SET {change} WHERE login = 'zhou'"  # noqa: S608 our own words
        )
        async with open_console(server.url, seated) as console:
            assert await status_of(client, seated) == 200
            proxy.restore()
            await is_entered(place, 1)
            await until(lambda: console.closed_with == 4401, "the seat to be cut", 30)
        assert await status_of(client, seated) == 401
    [(action, _, detail)] = await entries(place)
    assert (action, detail["ended"]) == ("logged_in", "account_changed")


async def test_who_guesses_waits_as_on_a_good_day(place: Place):
    await staff(place)
    async with (
        an_outage(place, "at its start") as (server, _),
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        said = [await log_in(client, "zhou", "guess 0")]
        while said[-1].status_code == 401 and len(said) < 12:  # each wrong one makes it longer
            said.append(await log_in(client, "zhou", f"guess {len(said)}"))
        assert [answer.status_code for answer in said[:3]] == [401] * 3
        assert said[-1].status_code == 429
        assert int(said[-1].headers["Retry-After"]) >= 1
        assert (await log_in(client, "zhou", PASSWORD)).status_code == 429
        assert (await log_in(client, "zhou", "x" * 100_000)).status_code == 413


async def test_alarms_ring_in_their_time_while_passwords_are_guessed(
    place: Place, measured: Callable[[str], None]
):
    """Twenty a second, each of another log-in: none is refused before its password was looked at."""
    await staff(place)
    [wang, *_] = place.site.operators
    async with an_outage(place, "while it runs") as (server, _):
        quiet = await rings(place, server, wang, range(4), lambda _: True)
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            guessing = asyncio.create_task(guess(client))
            pressed = await rings(
                place, server, wang, range(4, 8), lambda number: len(GUESSED) > 3 * number
            )
            guessing.cancel()
        await asyncio.gather(guessing, return_exceptions=True)
    assert set(GUESSED) == {401}
    measured(
        f"rings after {1000 * max(quiet):.0f} ms at most, while 20 wrong passwords a second come after {1000 * max(pressed):.0f} ms"
        f" ({len(GUESSED)} looked at)"
    )
    assert max(pressed) < 1.0


GUESSED: list[int] = []


async def guess(client: httpx.AsyncClient) -> None:
    async def one(number: int) -> None:
        answer = await log_in(client, f"nobody-{number}", "a guess")
        GUESSED.append(answer.status_code)

    async with asyncio.TaskGroup() as group:
        for number in range(2_000):
            group.create_task(one(number))
            await asyncio.sleep(0.05)


async def rings(
    place: Place, server: Server, who: Operator, numbers: range, ready: Callable[[int], bool]
) -> list[float]:
    """Seconds from each press to the seat; the next one comes when it is `ready`."""
    took = []
    loop = asyncio.get_running_loop()
    async with open_console(server.url, who) as console:
        for number in numbers:
            await until(lambda number=number: ready(number), "the moment to press", 30)
            began = loop.time()
            pressed = await post(server.http_port, sos(place.site.phone(number)))
            await console.shows(pressed.document["incident_id"])
            took.append(loop.time() - began)
    return took
