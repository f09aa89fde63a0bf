"""Pinned packages held against recorded advisories; and the list as a server of OSV gives it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from tools.audit import LIST, hits, is_within, renewed, report, version_of
from tools.locks import Package, everything

TODAY = date(2026, 11, 27)
STARLETTE = Package("PyPI", "starlette", "0.40.0", True)
ADVISORY = {
    "id": "GHSA-1",
    "aliases": ["CVE-1"],
    "summary": "slow",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Starlette"},
            "ranges": [
                {"type": "GIT", "events": [{"introduced": "0"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "0.39.0"}, {"fixed": "0.49.1"}]},
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("version", "events", "holds"),
    [
        ("1.0", [{"introduced": "0"}], True),
        ("1.0", [{"introduced": "0"}, {"fixed": "1.0"}], False),
        ("0.9.9", [{"introduced": "0"}, {"fixed": "1.0"}], True),
        ("1.0", [{"introduced": "0"}, {"last_affected": "1.0"}], True),
        ("1.1", [{"introduced": "0"}, {"last_affected": "1.0"}], False),
        ("2.1", [{"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "2.0"}], True),
        ("1.7", [{"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "2.0"}], False),
        ("1.10.0", [{"introduced": "1.9.0"}, {"fixed": "1.11.0"}], True),
    ],
)
def test_a_version_lies_within_the_events_of_an_advisory(version, events, holds):
    assert is_within(version_of(version), events) is holds


def test_versions_of_the_console_are_ordered_too():
    assert version_of("2.0.0-beta.3") < version_of("2.0.0")
    assert version_of("1.2.3-canary.x") == version_of("1.2.3")


def test_a_hit_needs_the_same_package_of_the_same_ecosystem():
    packages = [
        STARLETTE,
        Package("npm", "starlette", "0.40.0", True),
        Package("PyPI", "starlette", "0.49.1", True),
    ]
    assert [package for package, _ in hits(packages, [ADVISORY])] == [STARLETTE]


def test_versions_that_are_named_one_by_one_count():
    named = {"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1.0.0"]}
    assert list(hits([Package("npm", "x", "1.0.0", True)], [{"id": "A", "affected": [named]}]))


def test_the_report_says_what_it_compared_with_how_old_that_is_and_what_it_does_not_know():
    recorded = {"recorded": "2026-10-01", "scope": "no complete list.", "advisories": [ADVISORY]}
    hit, summary, old = report([STARLETTE, Package("npm", "vue", "3", True)], recorded, TODAY)
    assert hit == "PyPI starlette 0.40.0: GHSA-1 CVE-1: slow"
    assert summary.startswith("audit: 1 hits. 2 pinned packages were compared with 1 advisories")
    assert "2026-10-01 (57 days ago), which name 1 of them; no complete list." in summary
    assert "--renew" in old


def test_none_of_what_is_recorded_holds_for_what_is_pinned():
    recorded = json.loads(LIST.read_text("utf-8"))
    assert recorded["advisories"]
    assert not [f"{p.purl} {a['id']}" for p, a in hits(everything(), recorded["advisories"])]


@contextmanager
def osv(advisories: dict[str, dict[str, Any]], of: dict[str, list[str]]) -> Iterator[str]:
    """A server that answers as OSV does; `of` are the ids of each package."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            ids = [of.get(each["package"]["name"], []) for each in asked]
            self._say(
                {
                    "results": [
                        {"vulns": [{"id": one} for one in each]} if each else {} for each in ids
                    ]
                }
            )

        def do_GET(self) -> None:
            self._say(advisories[self.path.rpartition("/")[2]])

        def _say(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_the_list_is_renewed_for_what_is_pinned_and_kept_short():
    elsewhere = {"package": {"ecosystem": "npm", "name": "other"}, "ranges": []}
    known = {
        "GHSA-1": ADVISORY | {"details": "long", "affected": [*ADVISORY["affected"], elsewhere]},
        "GHSA-2": ADVISORY | {"id": "GHSA-2", "withdrawn": "2026-01-01T00:00:00Z"},
        "GHSA-3": {
            "id": "GHSA-3",
            "details": "only the first line\nis kept",
            "affected": [{"package": {"ecosystem": "npm", "name": "vue"}, "versions": ["3.0.0"]}],
        },
    }
    of = {"starlette": ["GHSA-1", "GHSA-2"], "vue": ["GHSA-3"]}
    packages = [STARLETTE, Package("npm", "vue", "3.0.0", True)]
    with osv(known, of) as url, httpx.Client(base_url=url, trust_env=False) as client:
        made = renewed(packages, client, TODAY)
    assert made["recorded"] == "2026-11-27"
    first, third = made["advisories"]
    assert first["id"] == "GHSA-1"
    assert [each["package"]["name"] for each in first["affected"]] == ["Starlette"]
    assert [one["type"] for one in first["affected"][0]["ranges"]] == ["ECOSYSTEM"]
    assert "details" not in first
    assert third["summary"] == "only the first line"
    assert [package.name for package, _ in hits(packages, made["advisories"])] == [
        "starlette",
        "vue",
    ]
