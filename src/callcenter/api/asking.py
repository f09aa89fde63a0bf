"""Searches whose words travel in the body. Addresses stand in the logs of proxies and in histories, and a name of a person is no
address: POST /api/v1/residents/search with {"q": "沈", "limit": 20} is GET /api/v1/residents?q=沈&limit=20, answered by the same
route under the same rights.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.errors import error_body

LISTS: Final = tuple(
    f"/api/v1/{name}"
    for name in (
        "residents",
        "homes",
        "history",
        "users",
        "devices",
        "audit/people",
        "communities/people",
        "numbers",
        "desk/tasks",
        "desk/counts",
        "desk/changes",
        "desk/people",
        "hotline/calls",
        "hotline/cards",
    )
)
"""Those that are searched by words."""
SUFFIX: Final = "/search"
LARGEST: Final = 16 * 1024

_Query = list[tuple[str, str]]


class WordsInBody:
    """Plain ASGI, behind the check of session and token: the request goes on as the reading that it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not _is_search(scope["path"]):
            await self._app(scope, receive, send)
            return
        asked = query_of(await _body(receive))
        if asked is None:
            await _refuse(send)
            return
        await self._app(_as_reading(scope, asked), _nothing, send)


def _is_search(path: str) -> bool:
    return path.endswith(SUFFIX) and path.removesuffix(SUFFIX) in LISTS


def query_of(body: bytes) -> _Query | None:
    """The parameters in a JSON object of texts, numbers, yes and no, or lists of them; None for anything else."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict):
        return None
    found: _Query = []
    for name, value in said.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict | list):
                return None
            if each is not None:
                found.append((name, each if isinstance(each, str) else orjson.dumps(each).decode()))
    return found


async def _body(receive: Receive) -> bytes:
    read, more = b"", True
    while more and len(read) <= LARGEST:
        message = await receive()
        read += message.get("body", b"")
        more = message.get("more_body", False)
    return b"" if more else read


def _as_reading(scope: Scope, asked: _Query) -> dict[str, Any]:
    path = scope["path"].removesuffix(SUFFIX)
    of_the_body = (b"content-length", b"content-type", b"transfer-encoding")
    return {
        **scope,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(asked).encode(),
        "headers": [pair for pair in scope["headers"] if pair[0] not in of_the_body],
    }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _refuse(send: Send) -> None:
    body = error_body("invalid", "a search is a JSON object of texts and numbers", {})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    status = int(HTTPStatus.UNPROCESSABLE_ENTITY)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def described(paths: Mapping[str, Any]) -> dict[str, Any]:
    """What the document says of the searches, from what it says of the lists."""
    return {
        f"{path}{SUFFIX}": {"post": _described(paths[path]["get"])}
        for path in LISTS
        if path in paths
    }


def _described(reading: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [each for each in reading.get("parameters", ()) if each["in"] == "query"]
    properties = {each["name"]: each["schema"] for each in parameters}
    return {
        **{key: value for key, value in reading.items() if key != "parameters"},
        "summary": f"{reading['summary']} (words in the body)",
        "description": "As the reading of the same list; words in a body stand in no log of a proxy.",
        "operationId": f"search_{reading['operationId']}",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "object", "properties": properties}}
            },
        },
    }
