"""A proof in words: for a terminal, and the parts of the page. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from callcenter.proving.report import Check
from callcenter.proving.wording import (
    CHECKS,
    FIGURES,
    FINDINGS,
    HIDDEN,
    INCIDENT,
    MORE,
    NO_SPOOL,
    OF_NUMBERS,
    RESULT,
    SPAN,
    TITLE,
    VERDICTS,
    Both,
    Language,
)

SIGNS = {"clean": "✓", "noted": "!", "findings": "✗"}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the proof in words."""

    check: str
    verdict: str
    title: str
    said: str
    """The verdict."""
    figures: Sequence[tuple[str, str]]
    findings: Sequence[str]


def head(document: Mapping[str, Any], language: Language, zone: tzinfo) -> tuple[str, str, str]:
    """Title, span and result."""
    times = {name: _time(document[name], zone) for name in ("since", "until", "read_at")}
    result = RESULT[document["clean"]].in_(language)
    return TITLE.in_(language), SPAN.in_(language).format(**times), result


def told(document: Mapping[str, Any], language: Language, zone: tzinfo) -> Iterator[Told]:
    """Every line."""
    for line in document["lines"]:
        findings = [finding_said(each, language, zone) for each in line["findings"]]
        hidden = line.get("hidden", 0)
        more = line["found"] - len(line["findings"]) - hidden
        for left, words in ((more, MORE), (hidden, HIDDEN)):
            if left:
                findings.append(words.in_(language).format(n=left))
        yield Told(
            check=line["check"],
            verdict=line["verdict"],
            title=CHECKS[line["check"]].in_(language),
            said=VERDICTS[line["verdict"]].in_(language),
            figures=list(figures_said(line, language)),
            findings=findings,
        )


def figures_said(line: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Label and value."""
    special = OF_NUMBERS if line["check"] == Check.NUMBERS else {}
    for name, value in line["figures"].items():
        label = special.get(name) or FIGURES.get(name) or Both(name, name)
        unknown = NO_SPOOL.in_(language) if line["check"] == Check.SPOOL else "—"
        yield label.in_(language), unknown if value is None else str(value)


def finding_said(finding: Mapping[str, Any], language: Language, zone: tzinfo) -> str:
    """When, which incident, what."""
    at = f"{_time(finding['at'], zone)} " if finding["at"] else ""
    region = finding["region_en"] if language == "en" else finding["region"]
    number = finding["number"]
    about = INCIDENT.in_(language).format(number=number, region=region) if number else ""
    return f"{at}{about}{FINDINGS[finding['code']].in_(language).format(**finding['figures'])}"


def as_text(document: Mapping[str, Any], language: Language, zone: tzinfo) -> str:
    """For a terminal or a log."""
    lines = list(head(document, language, zone))
    for each in told(document, language, zone):
        figures = ", ".join(f"{label} {value}" for label, value in each.figures)
        lines += ["", f"{SIGNS[each.verdict]} {each.title}: {each.said}", f"  {figures}"]
        lines += [f"  - {finding}" for finding in each.findings]
    return "\n".join([*lines, ""])


def _time(iso: str, zone: tzinfo) -> str:
    return datetime.fromisoformat(iso).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
