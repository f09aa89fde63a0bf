"""What a proof says: a line for each check, with figures and what was found. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from callcenter.proving.facts import About, Span

OF_NONE = About()
MOST_FINDINGS = 200
"""Of a line; the figures say how many there are in all."""


class Check(StrEnum):
    RECEIVED = "received"
    ALARMS = "alarms"
    TEXTS = "texts"
    FORWARDS = "forwards"
    COMMANDS = "commands"
    DUE = "due"
    NUMBERS = "numbers"
    OPEN = "open"
    OUTAGES = "outages"
    CHAINS = "chains"
    SPOOL = "spool"


class Verdict(StrEnum):
    CLEAN = "clean"
    NOTED = "noted"
    """Nothing is broken, and somebody should know."""
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; `figures` fill its words. `noted`: it is explained, and listed all the same."""

    code: str
    at: datetime | None = None
    about: About = OF_NONE
    figures: Mapping[str, str | int] = field(default_factory=dict)
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one check."""

    check: Check
    figures: Mapping[str, int | float | str | None]
    findings: Sequence[Finding] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of its findings."""
        if any(not each.noted for each in self.findings):
            return Verdict.FINDINGS
        return Verdict.NOTED if self.findings else Verdict.CLEAN


@dataclass(frozen=True, slots=True)
class Report:
    """The whole proof."""

    span: Span
    lines: Sequence[Line]
    regions: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing is broken."""
        return all(line.verdict is not Verdict.FINDINGS for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """The document of `--json`, of the page and of what is kept: see docs/operating/prove.md."""
        return {
            "schema": 1,
            "since": self.span.since.isoformat(),
            "until": self.span.until.isoformat(),
            "read_at": self.span.now.isoformat(),
            "clean": self.clean,
            "lines": [self._line(line) for line in self.lines],
        }

    def _line(self, line: Line) -> dict[str, Any]:
        return {
            "check": line.check.value,
            "verdict": line.verdict.value,
            "figures": dict(line.figures),
            "found": len(line.findings),
            "findings": [self._finding(each) for each in line.findings[:MOST_FINDINGS]],
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        about = finding.about
        name, name_en = self.regions.get(about.region_id or 0, ("", ""))
        return {
            "code": finding.code,
            "noted": finding.noted,
            "at": finding.at.isoformat() if finding.at else None,
            "incident_id": about.incident_id,
            "number": about.number,
            "region_id": about.region_id,
            "region_path": list(about.region_path),
            "region": name,
            "region_en": name_en,
            "figures": dict(finding.figures),
        }


def within(document: Mapping[str, Any], regions: Collection[int]) -> dict[str, Any]:
    """The document for somebody who may read these regions: findings about incidents elsewhere are counted, not shown."""
    lines = []
    for line in document["lines"]:
        shown = [
            each
            for each in line["findings"]
            if not each["region_path"] or not set(each["region_path"]).isdisjoint(regions)
        ]
        lines.append({**line, "findings": shown, "hidden": len(line["findings"]) - len(shown)})
    return {**document, "lines": lines}
