"""No log line holds a phone number that somebody could call, wherever it stood."""

from __future__ import annotations

import io
import json
import logging
from uuid import UUID

import pytest
import structlog

from callcenter.core.logging import configure_logging, mask_phones


@pytest.fixture
def lines():
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configured = structlog.get_config()
    configure_logging("info", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.configure(**configured)
    root.handlers[:], level = before
    root.setLevel(level)


def test_an_event_is_one_json_line_with_its_values(lines):
    structlog.get_logger("callcenter.sms").info("sms_sent", incident=37, id=UUID(int=1))
    (line,) = lines()
    assert (line["event"], line["level"], line["incident"]) == ("sms_sent", "info", 37)
    assert line["logger"] == "callcenter.sms"
    assert line["timestamp"].endswith("Z")


def test_numbers_are_masked_in_values_keys_and_nested_values(lines):
    structlog.get_logger().info(
        "to 13912340001",
        recipient="+8613912340001",
        detail={"13912340001": ["call +86139 1234, 021-62345678 or 13912340001"]},
        raw=b"tel:+8613912340001",
        number=13912340001,
    )
    text = json.dumps(lines())
    assert "139****0001" in text
    assert "12340001" not in text
    assert "62345678" not in text


def test_numbers_are_masked_in_tracebacks_and_in_lines_of_libraries(lines):
    try:
        raise ValueError("no route to 13912340001")
    except ValueError:
        structlog.get_logger().exception("failed")
    logging.getLogger("some.library").warning("sending to %s", "13912340001")
    text = json.dumps(lines())
    assert len(lines()) == 2
    assert "no route to 139****0001" in text
    assert "sending to 139****0001" in text
    assert "13912340001" not in text


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T03:36:39.123456Z",
        "0193a6f2-7c1e-7000-8000-013912340001",
        "1795318599000",
        1795318599000,
        True,
        3.13912340001,
        "dc09-13912340001",
        None,
    ],
)
def test_times_and_identifiers_stay_as_they_are(value):
    assert mask_phones(value) == value


def test_quiet_libraries_speak_only_of_trouble(lines):
    logging.getLogger("uvicorn.access").info("GET /")
    logging.getLogger("httpx").warning("trouble")
    assert [line["event"] for line in lines()] == ["trouble"]


def test_what_a_stranger_sends_that_is_no_http_is_no_event_and_a_crash_is(lines):
    uvicorns = logging.getLogger("uvicorn.error")
    uvicorns.warning("Invalid HTTP request received.")
    uvicorns.error("Exception in ASGI application")
    assert [line["event"] for line in lines()] == ["Exception in ASGI application"]
