"""Compares every pinned package with the advisories that are recorded in advisories.json, without a network.

It can only find what is recorded: the answer names how many advisories those are and how old the list is. `--renew` asks OSV
(https://osv.dev) for all that is known of the pinned packages, at any version, and writes the list anew.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx
from packaging.version import InvalidVersion, Version

from callcenter.core.clock import SystemClock
from tools.locks import Package, everything

LIST: Final = Path(__file__).with_name("advisories.json")
OLD_AFTER_DAYS: Final = 30
OSV: Final = "https://api.osv.dev"
AT_ONCE: Final = 500

Advisory = Mapping[str, Any]


def hits(
    packages: Sequence[Package], advisories: Sequence[Advisory]
) -> Iterator[tuple[Package, Advisory]]:
    """Each package with each advisory that holds for its version."""
    for package in packages:
        for advisory in advisories:
            if any(_holds(package, affected) for affected in advisory["affected"]):
                yield package, advisory


def _holds(package: Package, affected: Mapping[str, Any]) -> bool:
    named = affected["package"]
    if (named["ecosystem"], _plain(named["name"])) != (package.ecosystem, _plain(package.name)):
        return False
    version = version_of(package.version)
    ranges = (each for each in affected.get("ranges", ()) if each["type"] != "GIT")
    return package.version in affected.get("versions", ()) or any(
        is_within(version, each["events"]) for each in ranges
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def is_within(version: Version, events: Sequence[Mapping[str, str]]) -> bool:
    """The rule of OSV: each `introduced` begins a range, the next `fixed` or `last_affected` ends it."""
    within = False
    for event in events:
        if "introduced" in event:
            within = (
                within or event["introduced"] == "0" or version >= version_of(event["introduced"])
            )
        elif "fixed" in event:
            within = within and version < version_of(event["fixed"])
        elif "last_affected" in event:
            within = within and version <= version_of(event["last_affected"])
    return within


def version_of(text: str) -> Version:
    """A version of either ecosystem; of one that is written otherwise the numbers it begins with."""
    try:
        return Version(text)
    except InvalidVersion:
        numbers = re.match(r"\d+(?:\.\d+)*", text)
        return Version(numbers[0] if numbers else "0")


def report(packages: Sequence[Package], recorded: Mapping[str, Any], today: date) -> Iterator[str]:
    """What was compared with what; the hits come first."""
    found = list(hits(packages, recorded["advisories"]))
    for package, advisory in found:
        names = " ".join((advisory["id"], *advisory.get("aliases", ())))
        yield f"{package.ecosystem} {package.name} {package.version}: {names}: {advisory['summary']}"
    age = (today - date.fromisoformat(recorded["recorded"])).days
    known = {
        (a["package"]["ecosystem"], _plain(a["package"]["name"]))
        for each in recorded["advisories"]
        for a in each["affected"]
    }
    covered = sum((package.ecosystem, _plain(package.name)) in known for package in packages)
    yield (
        f"audit: {len(found)} hits. {len(packages)} pinned packages were compared with {len(recorded['advisories'])} advisories "
        f"recorded on {recorded['recorded']} ({age} days ago), which name {covered} of them; {recorded['scope']}"
    )
    if age > OLD_AFTER_DAYS:
        yield "audit: the list is old; with a network: make audit ARGS=--renew"


def renewed(packages: Sequence[Package], client: httpx.Client, today: date) -> dict[str, Any]:
    """The list as OSV has it today. Raises httpx.HTTPError."""
    queries = [
        {"package": {"ecosystem": ecosystem, "name": name}}
        for ecosystem, name in sorted({(each.ecosystem, each.name) for each in packages})
    ]
    ids: set[str] = set()
    for begin in range(0, len(queries), AT_ONCE):
        answer = client.post("/v1/querybatch", json={"queries": queries[begin : begin + AT_ONCE]})
        results = answer.raise_for_status().json()["results"]
        ids |= {found["id"] for result in results for found in result.get("vulns", ())}
    names = {(query["package"]["ecosystem"], _plain(query["package"]["name"])) for query in queries}
    whole = (client.get(f"/v1/vulns/{each}").raise_for_status().json() for each in sorted(ids))
    kept = [
        made
        for each in whole
        if "withdrawn" not in each
        if (made := _short(each, names))["affected"]
    ]
    return {
        "recorded": today.isoformat(),
        "scope": "all that OSV knew of the pinned packages on that day.",
        "advisories": kept,
    }


def _short(advisory: Advisory, names: set[tuple[str, str]]) -> dict[str, Any]:
    """What is needed to compare, and to look the rest up."""
    affected = [
        {
            "package": {key: each["package"][key] for key in ("ecosystem", "name")},
            "ranges": [
                {"type": one["type"], "events": one["events"]}
                for one in each.get("ranges", ())
                if one["type"] != "GIT"
            ],
        }
        | (
            {}
            if any(one["type"] != "GIT" for one in each.get("ranges", ()))
            else {"versions": each.get("versions", [])}
        )
        for each in advisory["affected"]
        if (
            each.get("package", {}).get("ecosystem"),
            _plain(each.get("package", {}).get("name", "")),
        )
        in names
    ]
    summary = (
        advisory.get("summary") or advisory.get("details", "").strip().partition("\n")[0][:200]
    )
    return {
        "id": advisory["id"],
        "aliases": advisory.get("aliases", []),
        "summary": summary,
        "affected": affected,
    }


def main() -> int:
    today = SystemClock().now().date()
    packages = everything()
    if "--renew" in sys.argv[1:]:
        with httpx.Client(base_url=OSV, timeout=30) as client:
            made = renewed(packages, client, today)
        LIST.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
    recorded = json.loads(LIST.read_text("utf-8"))
    lines = list(report(packages, recorded, today))
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any(hits(packages, recorded["advisories"])) else 0


if __name__ == "__main__":
    sys.exit(main())
