"""The handbook names what is there: every event of the log, every metric, every command."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from callcenter.cli import MODULES
from callcenter.core import metrics

ROOT = Path(__file__).parents[1]
DEVICES = ROOT / "src/callcenter/demo/devices"
HANDBOOK = (ROOT / "docs/operating/logs-and-metrics.md").read_text("utf-8")


@cache
def logged_events() -> frozenset[str]:
    """What the server may log."""
    return frozenset(_logged())


def _logged() -> Iterator[str]:
    """First argument of every `log.<level>("event", ...)` of the server; the demo's devices write their own file."""
    for path in sorted((ROOT / "src/callcenter").rglob("*.py")):
        if path.is_relative_to(DEVICES):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log")),
                    args=[ast.Constant(value=str(event)), *_],
                ):
                    yield event


def test_events_are_found_at_all():
    assert "listening" in logged_events()


def test_every_event_of_the_log_is_explained():
    """One test for all: reading the whole source is not for each process that collects."""
    assert [event for event in sorted(logged_events()) if f"`{event}`" not in HANDBOOK] == []


def test_no_event_is_explained_that_is_gone():
    table = HANDBOOK.partition("## Log")[2].partition("## Metrics")[0]
    named = {
        word.strip(" `")
        for line in table.splitlines()
        if line.startswith("| `")
        for word in line.split("|")[1].split(",")
    }
    assert named == logged_events()


@pytest.mark.parametrize("family", [family.name for family in metrics.REGISTRY.collect()])
def test_every_metric_is_explained(family: str):
    assert f"`{family}`" in HANDBOOK or f"`{family}_total`" in HANDBOOK


def test_the_changelog_names_every_command():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for command in MODULES:
        assert command in changelog
