"""The document of a proof, and what of it somebody may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callcenter.proving.facts import About, Span
from callcenter.proving.report import MOST_FINDINGS, Check, Finding, Line, Report, Verdict, within

NOW = datetime(2026, 3, 14, 22, tzinfo=UTC)
SPAN = Span(NOW - timedelta(days=1), NOW, NOW)


def of_region(region: int) -> Finding:
    about = About(incident_id="i", number=region, region_id=region, region_path=(1, region))
    return Finding("forgotten", NOW, about, {"state": "waiting"})


def report(*findings: Finding) -> Report:
    return Report(SPAN, [Line(Check.OPEN, {"open": 2}, findings)], {2: ("东街", "East")})


def test_a_line_is_as_bad_as_its_worst_finding():
    noted = Finding("outage", NOW, noted=True)
    verdicts = [report(*each).lines[0].verdict for each in ([], [noted], [noted, of_region(2)])]
    assert verdicts == [Verdict.CLEAN, Verdict.NOTED, Verdict.FINDINGS]
    assert report(noted).clean
    assert not report(of_region(2)).clean


def test_the_document_names_incident_and_region():
    [line] = report(of_region(2)).as_json()["lines"]
    [finding] = line["findings"]
    assert (finding["number"], finding["region"], finding["region_en"]) == (2, "东街", "East")
    assert finding["at"] == NOW.isoformat()


def test_of_very_many_findings_the_first_are_listed_and_all_are_counted():
    [line] = report(*[of_region(2)] * (MOST_FINDINGS + 5)).as_json()["lines"]
    assert (len(line["findings"]), line["found"]) == (MOST_FINDINGS, MOST_FINDINGS + 5)


def test_findings_of_regions_that_one_may_not_see_are_counted_and_not_shown():
    document = report(of_region(2), of_region(3), Finding("row_gone", NOW)).as_json()
    [line] = within(document, {3})["lines"]
    assert [each["number"] for each in line["findings"]] == [3, None]
    assert line["hidden"] == 1
    assert within(document, {1})["lines"][0]["hidden"] == 0
