"""A span is proved on the command line, and its exit code says what came of it."""

from __future__ import annotations

import json
from asyncio import to_thread

import pytest

from callcenter.core.ids import new_id


async def test_a_site_where_nothing_happened_is_proved_clean(site, owner):
    result = await to_thread(site, "prove", "--language", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "everything holds" in result.stdout


async def test_findings_are_told_to_programs_and_on_paper_and_by_the_exit_code(site, owner):
    await owner.execute(
        "INSERT INTO heard_count (process_id, source, since, until, settled, liveness, refused, garbage)"
        " VALUES ($1, 'dc09', '2026-03-14 01:00+00', '2026-03-14 02:00+00', 3, 0, 0, 0)",
        new_id(),
    )
    span = ("--since", "2026-03-14", "--until", "2026-03-15")
    told = await to_thread(site, "prove", *span, "--json")
    assert told.exit_code == 1
    document = json.loads(told.stdout)
    assert document["since"] == "2026-03-14T00:00:00+08:00"
    assert document["lines"][0]["findings"][0]["code"] == "journal_rows_missing"
    paper = await to_thread(site, "prove", *span, "--html", "--language", "zh-CN")
    assert (paper.exit_code, "<!doctype html>" in paper.stdout) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--since", "yesterday"),
        ("--since", "2026-03-15", "--until", "2026-03-14"),
        ("--language", "fr"),
        ("--json", "--html"),
    ],
)
def test_what_makes_no_sense_could_not_be_checked(site, arguments):
    result = site("prove", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("callcenter: ")


async def test_tables_of_another_release_could_not_be_checked(site, owner):
    await owner.execute("ALTER TABLE heard_count DROP COLUMN garbage")
    result = await to_thread(site, "prove")
    assert (result.exit_code, "could not be checked" in result.stderr) == (2, True)
