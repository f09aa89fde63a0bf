"""Every refusal leaves the API in one shape: {"error": {"code", "message", "params"}}. `code` is what consoles translate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

import asyncpg
import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy import exc
from starlette.exceptions import HTTPException

from callcenter.core.errors import (
    CallCenterError,
    Conflict,
    Invalid,
    TooManyAttempts,
    Unavailable,
)

log = structlog.get_logger(__name__)

RETRY_AFTER_S = 2.0
_SAID_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}

# SQLSTATE classes that are no fault of ours (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_UNAVAILABLE = ("08", "25P03", "40", "53", "55P03", "57")
_CONTENT = ("22",)
_CONSTRAINT = ("23",)


class ErrorDetail(BaseModel):
    """What was refused and why: `code` is stable, `message` is for developers, `params` fill the translated text."""

    code: str
    message: str
    params: dict[str, Any]


class ErrorBody(BaseModel):
    """The body of every answer from 400 upwards."""

    error: ErrorDetail


def handle_errors(app: FastAPI) -> None:
    """Register the handlers; what none of them knows ends at the fence in `middleware`."""
    app.add_exception_handler(CallCenterError, _refusal)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http_refusal)
    for kind in (exc.SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        app.add_exception_handler(kind, _database_refusal)


def error_body(code: str, message: str, params: Mapping[str, object]) -> bytes:
    """The one shape of an error. Values that JSON does not know are written as text; a refusal repeats what was sent, which may be
    a number of any size or half a character.
    """
    error = {"error": {"code": code, "message": message, "params": params}}
    try:
        return orjson.dumps(error, default=str)
    except orjson.JSONEncodeError:
        return json.dumps(error, default=str).encode()


def logged_path(path: str) -> str:
    """The address as it may stand in a log: that of a call-back ends in a secret, that of a family page opens an incident."""
    return next((f"{prefix}***" for prefix in ("/hooks/", "/f/") if path.startswith(prefix)), path)


def _answer(error: CallCenterError) -> Response:
    headers = {}
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(ceil(error.retry_after_s))
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(ceil(RETRY_AFTER_S))
    return Response(
        error_body(error.code, error.message, error.params),
        error.status_code,
        headers,
        media_type="application/json",
    )


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, CallCenterError)  # noqa: S101 - it is registered for this class
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning(
            "request_failed",
            path=logged_path(request.url.path),
            code=error.code,
            reason=error.message,
        )
    return _answer(error)


async def _bad_request(_: Request, error: Exception) -> Response:
    """Names each field and what is wrong with it, never the value: it may be a password or a diagnosis."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for this class
    fields = [
        {
            "field": ".".join(str(part) for part in found["loc"]),
            "reason": found["type"],
            "message": found["msg"],
        }
        for found in error.errors()
    ]
    named = ", ".join(f"{found['field']}: {found['message']}" for found in fields)
    return _answer(Invalid(f"not accepted: {named}", fields=fields))


async def _http_refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for this class
    code = _SAID_BY_STATUS.get(error.status_code, "refused")
    body = error_body(code, str(error.detail), {})
    return Response(body, error.status_code, error.headers, media_type="application/json")


async def _database_refusal(request: Request, error: Exception) -> Response:
    known = meaning_of(error)
    if known is None:
        raise error
    log.warning(
        "database_refused",
        path=logged_path(request.url.path),
        code=known.code,
        error=type(error).__name__,
    )
    return _answer(known)


def meaning_of(error: Exception) -> CallCenterError | None:
    """What an error of the database means for the one who asks; None for a mistake in this program."""
    if isinstance(error, exc.TimeoutError | OSError | asyncpg.InterfaceError):
        return _away()
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return _away()
    state = _state_of(error)
    if state.startswith(_UNAVAILABLE):
        return _away()
    if state.startswith(_CONTENT):
        return Invalid("a value that the database cannot hold", code="invalid_value")
    if state.startswith(_CONSTRAINT):
        return Conflict("contradicts what is stored", code="contradiction")
    return None


def _away() -> Unavailable:
    return Unavailable("the database does not answer now; try again", code="database_unavailable")


def _state_of(error: BaseException | None) -> str:
    """The SQLSTATE, which SQLAlchemy keeps one or two causes deep."""
    while error is not None:
        state = getattr(error, "sqlstate", None)
        if isinstance(state, str):
            return state
        error = getattr(error, "orig", None) or error.__cause__
    return ""
