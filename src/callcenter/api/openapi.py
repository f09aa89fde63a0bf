"""The OpenAPI document: the routes, the messages of the seat's WebSocket and the ingest of signals, in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from callcenter.api.asking import described
from callcenter.api.errors import ErrorBody
from callcenter.listeners import contract
from callcenter.seats import messages

_REF: Final = "#/components/schemas/{model}"

_MESSAGES: tuple[tuple[str, Any, JsonSchemaMode], ...] = (
    ("ServerMessage", messages.ServerMessage, "serialization"),
    ("ClientMessage", messages.ClientMessage, "validation"),
)

DESCRIPTION: Final = """
Commands go over HTTP, changes come over the WebSocket `/ws/v1/seat` (schemas `ServerMessage` and `ClientMessage`).
A log-in sets the cookie `callcenter_session`; every unsafe request carries the token of `GET /api/v1/me` in the header
`X-CSRF-Token`. Refusals have the body `ErrorBody`; its `code` is stable.
"""

INGEST_DESCRIPTION: Final = """
Answered only after the signal is on disk. The request is signed: `X-Timestamp` (seconds since 1970) and
`X-Signature: v1=` followed by the lower-case hex of HMAC-SHA256(secret of the source, timestamp + "." + body); or it
carries `Authorization: Bearer` with the token of the source. `X-Key-Id` may name the secret. A wrong clock is accepted and flagged.
"""


def complete_openapi(app: FastAPI) -> dict[str, Any]:
    """Everything a client needs, also what no route declares; kept after the first call."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=DESCRIPTION.strip(),
            routes=app.routes,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        _add_messages(schemas)
        _describe_errors(document, schemas)
        document["paths"] |= described(document["paths"])
        _add_ingest(document, schemas)
        _add_security(document)
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        app.openapi_schema = document
    return app.openapi_schema


def _add_messages(schemas: dict[str, Any]) -> None:
    for name, union, mode in _MESSAGES:
        _add(schemas, name, TypeAdapter(union).json_schema(mode=mode, ref_template=_REF))


def _add(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    for inner, definition in schema.pop("$defs", {}).items():
        known = schemas.setdefault(inner, definition)
        if _without_null_defaults(known) != _without_null_defaults(definition):
            raise AssertionError(f"two different schemas are named {inner}")
    schemas[name] = schema


def _without_null_defaults(schema: Any) -> Any:
    """FastAPI leaves `"default": null` out of what it generates, pydantic does not."""
    if isinstance(schema, dict):
        return {
            key: _without_null_defaults(value)
            for key, value in schema.items()
            if not (key == "default" and value is None)
        }
    return [_without_null_defaults(item) for item in schema] if isinstance(schema, list) else schema


def _describe_errors(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    """FastAPI documents its own 422; ours has the shape of every other refusal."""
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _add(schemas, "ErrorBody", ErrorBody.model_json_schema(ref_template=_REF))
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"].setdefault("4XX", _answer("Refused", "ErrorBody"))


def _add_ingest(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    _add(schemas, "IngestSignal", contract.IngestSignal.model_json_schema(ref_template=_REF))
    _add(schemas, "IngestAccepted", contract.IngestAccepted.model_json_schema(ref_template=_REF))
    document["paths"][contract.PATH] = {
        "post": {
            "tags": ["ingest"],
            "summary": "Take in a signal of a device",
            "description": INGEST_DESCRIPTION.strip(),
            "operationId": "ingest_signal",
            "security": [{"signature": []}, {"source_token": []}],
            "parameters": [_header(n) for n in ("X-Timestamp", "X-Signature", "X-Key-Id")],
            "requestBody": {"required": True, "content": _json("IngestSignal")},
            "responses": {
                "200": _answer("A repeat: this id was stored before", "IngestAccepted"),
                "201": _answer("Stored", "IngestAccepted"),
                "401": _answer("Wrong signature or token", "ErrorBody"),
                "413": _answer("Too large", "ErrorBody"),
                "422": _answer("Can never be accepted", "ErrorBody"),
                "503": _answer("Cannot be stored now: repeat after `Retry-After`", "ErrorBody"),
            },
        }
    }


def _add_security(document: dict[str, Any]) -> None:
    document["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "callcenter_session"},
        "signature": {"type": "apiKey", "in": "header", "name": "X-Signature"},
        "source_token": {"type": "http", "scheme": "bearer"},
    }


def _header(name: str) -> Mapping[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {"description": description, "content": _json(schema)}


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=schema)}}}
