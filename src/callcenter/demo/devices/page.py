"""The demo page's own server: it goes on when the call centre's server is killed, because it is another process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx
import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from callcenter.api.hosts import is_this_machine
from callcenter.core.errors import CallCenterError, Forbidden, Invalid, Unavailable
from callcenter.demo.devices.device_state import Key
from callcenter.demo.devices.fleet import Fleet
from callcenter.demo.devices.server_process import ServerProcess
from callcenter.demo.devices.watch import TELEPHONE_PATH, ServerWatch

STATIC = Path(__file__).parents[2] / "static"
MAX_TEXT = 500
TELEPHONE_ORDERS: Final = frozenset({"ring", "answer", "hang-up", "press"})
GONE_WITHIN_S = 3.0
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Demo</title>
<h1>The demo page is not built</h1><p>Run <code>make console</code>, then load this page again.</p>
<p lang="zh-CN">演示页面尚未构建：请运行 <code>make console</code>，然后刷新本页。</p></html>
"""


@dataclass(slots=True)
class Show:
    """Everything the page shows and does; `changed` wakes every open page."""

    fleet: Fleet
    watch: ServerWatch
    server: ServerProcess
    client: httpx.AsyncClient
    console_url: str
    host: str
    telephone: Mapping[str, Any] | None = None
    """How the page rings (`cli.demo_exchange.way`); None: there is no exchange."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def note_change(self) -> None:
        """Something that is shown has changed."""
        self.changed.set()
        self.changed = asyncio.Event()

    def state(self) -> bytes:
        """The whole state as one JSON message."""
        return orjson.dumps(
            {
                "server": "up" if self.watch.up else "down",
                "console_url": self.console_url,
                "devices": self.fleet.view(),
                "phones": self.watch.phones,
                "acks": self.watch.acks(),
                "seats": self.watch.seats,
                "power_cut_at": self.fleet.power_cut_at,
                "timezone": self.watch.timezone,
                "telephone": self._telephone(),
            }
        )

    def _telephone(self) -> Mapping[str, Any] | None:
        """With the calls of a simulated exchange, which the page cannot know by itself."""
        if not is_simulated(self.telephone):
            return self.telephone
        return {**(self.telephone or {}), **self.watch.telephone}


def is_simulated(telephone: Mapping[str, Any] | None) -> bool:
    return telephone is not None and bool(telephone.get("simulated"))


def build_page(show: Show) -> Starlette:
    """The ASGI application. Only pages of its own address may use it: it can kill the server."""
    page = _Page(show)
    routes = [
        Route("/", page.index),
        WebSocketRoute("/demo/live", page.live),
        Route("/demo/devices/{identifier}/press", _action(page.press), methods=["POST"]),
        Route("/demo/phones/{number}/reply", _action(page.reply), methods=["POST"]),
        Route("/demo/phones/{number}/page", _action(page.phone_page), methods=["POST"]),
        Route("/demo/telephone/{order}", _action(page.telephone), methods=["POST"]),
        Route("/demo/power-cut", _action(page.cut_power), methods=["POST"]),
        Route("/demo/server/kill", _action(page.kill), methods=["POST"]),
        Route("/demo/server/start", _action(page.start), methods=["POST"]),
        Mount("/", StaticFiles(directory=STATIC, check_dir=False)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(_Headers, frames=show.console_url, telephone=show.telephone)],
    )


def _action(
    work: Callable[[Request], Awaitable[object]],
) -> Callable[[Request], Awaitable[Response]]:
    """An order of the page: its result, or an error in the shape of the whole API."""

    async def answer(request: Request) -> Response:
        try:
            if not _is_own_origin(request):
                raise Forbidden("Only the demo page itself may do this.", code="wrong_origin")
            return _json({"ok": True, "result": await work(request)})
        except CallCenterError as error:
            content = {"code": error.code, "message": error.message, "params": error.params}
            return _json({"error": content}, error.status_code)

    return answer


class _Page:
    """What the page asks for."""

    def __init__(self, show: Show) -> None:
        self._show = show

    async def index(self, request: Request) -> Response:
        if request.url.hostname != self._show.host:
            # One name for both, so that the console in its frame is of the same site and keeps its cookie.
            return RedirectResponse(str(request.url.replace(hostname=self._show.host)), 307)
        built = STATIC / "demo.html"
        if not built.exists():
            return HTMLResponse(_NOT_BUILT)
        return FileResponse(built, headers={"Cache-Control": "no-cache"})

    async def live(self, socket: WebSocket) -> None:
        if not _is_own_origin(socket):
            await socket.close(code=1008)
            return
        with self._show.watch.page_open():
            await _push(self._show, socket)

    async def press(self, request: Request) -> None:
        key = (await _body(request)).get("key")
        if not isinstance(key, str) or key not in set(Key):
            raise Invalid(f"There is no key {key!r}.", field="key")
        self._show.fleet.press(request.path_params["identifier"], Key(key))

    async def cut_power(self, _: Request) -> int:
        return self._show.fleet.cut_power()

    async def reply(self, request: Request) -> None:
        text = str((await _body(request)).get("text", "")).strip()[:MAX_TEXT]
        if not text:
            raise Invalid("The text is empty.", field="text")
        number = request.path_params["number"]
        await _ask(self._show, f"/api/demo/phones/{number}/reply", {"text": text})

    async def phone_page(self, request: Request) -> str:
        """Where the page of somebody who is sent opens, once."""
        number = request.path_params["number"]
        told = await _ask(self._show, f"/api/demo/phones/{number}/page", {})
        return urljoin(self._show.console_url, str(told.json()["path"]))

    async def telephone(self, request: Request) -> None:
        """Everybody outside of a simulated exchange."""
        order = request.path_params["order"]
        if order not in TELEPHONE_ORDERS or not is_simulated(self._show.telephone):
            raise Invalid(f"Nothing simulated can be told to {order!r}.", field="order")
        body = await _body(request)
        await _ask(self._show, f"{TELEPHONE_PATH}/{order}", body)
        await self._show.watch.ask_telephone()

    async def kill(self, _: Request) -> int:
        pid = self._show.server.kill()
        for _try in range(round(GONE_WITHIN_S / 0.02)):  # so that the next order may be: start it
            if self._show.server.is_gone():
                break
            await asyncio.sleep(0.02)
        return pid

    async def start(self, _: Request) -> int:
        return self._show.server.start()


class _Headers:
    """Headers as strict as the console's, with the console itself allowed in a frame of the page."""

    def __init__(self, app: ASGIApp, frames: str, telephone: Mapping[str, Any] | None) -> None:
        self._app = app
        exchange = (
            f" {telephone['url'].removesuffix('/ws')}"
            if telephone and not is_simulated(telephone)
            else ""
        )
        policy = (
            "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; "
            f"base-uri 'none'; form-action 'self'; frame-ancestors 'self'; frame-src 'self' {frames}; "
            f"connect-src 'self'{exchange}"
        )
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def _push(show: Show, socket: WebSocket) -> None:
    """The whole state at once and after every change, until the page goes away."""
    await socket.accept()
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(_write(show, socket), name="demo-page")
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
        writer.cancel()


async def _write(show: Show, socket: WebSocket) -> None:
    """One message at a time: what changes meanwhile is in the next one, so nothing queues up for a slow page."""
    try:
        while True:
            changed = show.changed
            await socket.send_text(show.state().decode())
            await changed.wait()
    except (WebSocketDisconnect, RuntimeError):
        return  # gone; the reader hears of it too


async def _ask(show: Show, path: str, body: Mapping[str, object]) -> httpx.Response:
    """Of the server. Raises Unavailable."""
    try:
        response = await show.client.post(
            path, json=body, headers={"X-Demo-Token": show.watch.token()}, timeout=5.0
        )
    except httpx.TransportError as error:
        raise Unavailable("The server does not answer.", code="server_down") from error
    if response.status_code >= 400:
        raise Unavailable(f"The server answered {response.status_code}.", code="refused")
    return response


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise Invalid("The body is not JSON.", field="body") from error
    if not isinstance(body, dict):
        raise Invalid("The body is not a JSON object.", field="body")
    return body


def _is_own_origin(request: HTTPConnection) -> bool:
    """Browsers name the page that asks; programs name none and are welcome. A foreign page whose name was made to lead here is no
    page of ours.
    """
    origin, host = request.headers.get("origin"), request.headers.get("host", "localhost")
    return is_this_machine(host) and (origin is None or urlsplit(origin).netloc == host)


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
