"""Log lines as JSON, one event each; phone numbers are masked wherever they appear."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import orjson
import structlog

from callcenter.core.phone import mask

_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{8,15}|(?:86)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?![\w-])", re.ASCII
)
"""E.164, Chinese mobile and Chinese landline numbers that stand alone; parts of identifiers are left as they are."""


def mask_phones(value: Any) -> Any:
    """The value with every phone number in it masked, at any depth."""
    match value:
        case str():
            return _PHONE.sub(lambda found: mask(_national(found.group())), value)
        case bytes():
            return mask_phones(value.decode("utf-8", "backslashreplace"))
        case int() if _PHONE.fullmatch(str(value)):
            return mask_phones(str(value))
        case Mapping():
            return {mask_phones(key): mask_phones(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [mask_phones(item) for item in value]
        case _:
            return value


def _national(number: str) -> str:
    return f"+{number}" if len(number) == 13 and number.startswith("86") else number


def mask_event(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The structlog processor: last before the line is written, so that tracebacks are masked too."""
    return {key: mask_phones(value) for key, value in event.items()}


_process = ""


def name_process(name: str) -> None:
    """From now on every line says which of the server's processes wrote it: they share one log."""
    global _process  # noqa: PLW0603 - a process has one name, from its birth on
    _process = name


def _with_process(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if _process:
        event["process"] = _process
    return event


def _as_json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure_logging(
    level: str = "info", *, as_json: bool = True, stream: TextIO | None = None
) -> None:
    """Send our events and those of the libraries through one chain to `stream` (default: standard error)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _with_process,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.UnicodeDecoder(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_event,
            _as_json if as_json else structlog.dev.ConsoleRenderer(colors=False),
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _quiet_libraries()


def _quiet_libraries() -> None:
    """Libraries that log each request or statement speak only from warnings on; uvicorn uses our handler, and speaks only of what
    failed: it warns of each line that a stranger sends and that is no HTTP.
    """
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "websockets"):
        library = logging.getLogger(name)
        library.handlers[:] = []
        library.propagate = True
    for name in ("uvicorn.access", "websockets", "httpx", "httpcore", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
