"""The built console: files of `callcenter/static`, its page for every address that is a view of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from callcenter.api.paths import Owner, owner_of

STATIC: Final = Path(__file__).parents[1] / "static"

_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_PHONES: Final = PurePosixPath("m.html")
_MAY_ASK_WHERE: Final = "camera=(), geolocation=(self), payment=(), usb=(), autoplay=()"
"""The page of those who are sent: where they are, as long as it is open and they let it."""
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Call centre</title>
<h1>The console is not built</h1><p>Run <code>make console</code>, then load this page again.</p>
<p lang="zh-CN">控制台尚未构建：请运行 <code>make console</code>，然后刷新本页。</p></html>
"""


class Console(StaticFiles):
    """Hashed assets for ever, everything else asked for anew; `index.html` for unknown addresses that look like pages.
    The demo page is not served here: the process with the virtual devices does that, in demo mode alone.
    """

    def __init__(self, folder: Path = STATIC) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        wanted = PurePosixPath(path)
        if path == "." or not wanted.suffix:
            if path != "." and owner_of(path) is not Owner.CONSOLE:
                raise HTTPException(404, "no such address")
            wanted = PurePosixPath("index.html")
        if wanted == PurePosixPath("index.html") and not (self._folder / "index.html").exists():
            return HTMLResponse(_NOT_BUILT, 503)
        if wanted == PurePosixPath("demo.html"):
            raise HTTPException(404, "no such address")
        response = await self._smallest(str(wanted), scope)
        if wanted == _PHONES:
            response.headers["Permissions-Policy"] = _MAY_ASK_WHERE
        is_hashed = wanted.parts[0] == "assets"
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        )
        return response

    async def _smallest(self, path: str, scope: Scope) -> Response:
        """The file, packed where the build made a packed one beside it and the browser takes it."""
        plain = await super().get_response(path, scope)
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, suffix in _ENCODINGS:
            if encoding in accepted and (self._folder / f"{path}{suffix}").is_file():
                packed = await super().get_response(f"{path}{suffix}", scope)
                packed.headers["Content-Encoding"] = encoding
                packed.headers["Content-Type"] = plain.headers.get("Content-Type", "")
                packed.headers["Vary"] = "Accept-Encoding"
                return packed
        return plain
