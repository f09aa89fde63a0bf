"""One document for HTTP, WebSocket and ingest; the console's types come from it."""

from __future__ import annotations

import json
import re

from callcenter.api.application import openapi_document
from callcenter.seats import messages


async def test_the_command_line_prints_what_the_server_serves(client):
    served = (await client.get("/openapi.json")).json()
    printed = json.loads(json.dumps(openapi_document()))
    # The routes of this test's own application stand in the served one only.
    served["paths"] = {
        p: v for p, v in served["paths"].items() if not p.startswith(("/api/mishaps", "/hooks"))
    }
    for schemas in (served["components"]["schemas"],):
        schemas.pop("Diagnosis")
    assert served == printed


def test_every_reference_leads_to_a_schema():
    document = openapi_document()
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references <= set(document["components"]["schemas"])


def test_operations_have_names_of_their_own():
    names = [
        operation["operationId"]
        for methods in openapi_document()["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names))


def test_both_directions_of_the_socket_are_told_apart_by_their_type():
    schemas = openapi_document()["components"]["schemas"]
    server = schemas["ServerMessage"]["discriminator"]["mapping"]
    client = schemas["ClientMessage"]["discriminator"]["mapping"]
    assert set(server) >= {"hello", "snapshot", "incidents", "sms", "proofs", "seats", "beat"}
    assert set(client) == {"hello", "duty", "seen", "sounding", "pulse"}
    assert schemas["Upserts"]["description"] == messages.Upserts.__doc__.strip()


def test_the_ingest_of_signals_is_described_with_all_its_answers():
    post = openapi_document()["paths"]["/ingest/v1/signals"]["post"]
    assert set(post["responses"]) == {"200", "201", "401", "413", "422", "503"}
    signal = openapi_document()["components"]["schemas"]["IngestSignal"]
    assert signal["required"] == ["id", "device", "kind"]


def test_no_operation_describes_the_frameworks_own_refusals():
    document = openapi_document()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    me = document["paths"]["/api/v1/me"]["get"]["responses"]
    assert set(me) == {"200", "4XX"}
