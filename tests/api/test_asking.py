"""Searching with the words in the body."""

from __future__ import annotations

import pytest

from callcenter.api.application import openapi_document
from callcenter.api.asking import LARGEST, LISTS, query_of
from callcenter.auth.guards import CSRF_HEADER
from tests.support.api import person, sign_in


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (b"{}", []),
        ('{"q": "沈 &=玉", "limit": 20}'.encode(), [("q", "沈 &=玉"), ("limit", "20")]),
        (b'{"a": true, "b": null, "c": [1, "2"]}', [("a", "true"), ("c", "1"), ("c", "2")]),
        (b"", None),
        (b"[]", None),
        (b'"q"', None),
        (b'{"q": {}}', None),
        (b'{"q": [[]]}', None),
        (b"{", None),
        (b"\xff", None),
    ],
)
def test_the_parameters_are_those_of_the_object(body, query):
    assert query_of(body) == query


@pytest.fixture
async def administrator(client, owner, community):
    await person(owner, "adele", ("administrator", community.root))
    await person(owner, "bela", ("operator", community.root))
    await sign_in(client, "adele")
    return client


async def test_a_search_is_the_reading_of_the_same_list(administrator):
    found = await administrator.post("/api/v1/users/search", json={"q": "be", "limit": 5})
    read = await administrator.get("/api/v1/users", params={"q": "be", "limit": 5})
    assert found.status_code == 200
    assert found.json() == read.json()
    assert [user["login"] for user in found.json()["users"]] == ["bela"]


async def test_it_asks_for_the_same_rights_and_for_the_token_of_the_session(administrator):
    token = administrator.headers.pop(CSRF_HEADER)
    refused = await administrator.post("/api/v1/users/search", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf_refused")
    administrator.headers[CSRF_HEADER] = token
    await administrator.post("/api/v1/logout")
    await sign_in(administrator, "bela")
    assert (await administrator.post("/api/v1/users/search", json={})).status_code == 403
    administrator.cookies.clear()
    assert (await administrator.post("/api/v1/users/search", json={})).status_code == 401


@pytest.mark.parametrize("body", [b"nothing", b"[1]", b'{"q": "' + b"x" * LARGEST + b'"}'])
async def test_what_is_no_search_is_refused(administrator, body):
    refused = await administrator.post("/api/v1/users/search", content=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid")


async def test_what_the_reading_refuses_the_search_refuses_too(administrator):
    refused = await administrator.post("/api/v1/users/search", json={"limit": 0})
    assert refused.status_code == 422


def test_every_list_that_is_searched_by_words_is_searched_this_way_and_said_so():
    paths = openapi_document()["paths"]
    searched = {
        path
        for path, operations in paths.items()
        if any(each["name"] == "q" for each in operations.get("get", {}).get("parameters", ()))
    }
    assert searched == set(LISTS)
    for path in LISTS:
        schema = paths[f"{path}/search"]["post"]["requestBody"]["content"]["application/json"][
            "schema"
        ]
        assert "q" in schema["properties"]
