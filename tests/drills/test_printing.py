"""The report on paper: the same in both languages, and safe whatever it is called."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.alerts.levels import Level
from callcenter.drills.course import PRESSED, Ending, PressState
from callcenter.drills.printing import print_report
from callcenter.drills.report import DrillReport, InTime, PressReport, WouldGo
from callcenter.drills.schemas import DrillReportView, DrillView
from callcenter.drills.wording import WORDS
from tests.support.community import LONG_AGO
from tests.support.outbox import SHANGHAI

AT = LONG_AGO


def drill(title: str = "夜间演练", **more: object) -> DrillView:
    fields = {
        "id": 1, "title": title, "region_id": 1, "started_at": AT, "started_by_name": "李班长",
        "until_at": AT + timedelta(hours=1), "paused_at": None, "paused_s": 90, "ended_at": AT + timedelta(minutes=5),
        "ending": Ending.STOPPED, "ended_by_name": "李班长",
    }  # fmt: skip
    return DrillView.model_validate(fields | more)


def press(**more: object) -> PressReport:
    fields = {
        "number": 1, "label": "7号楼", "label_en": "Bldg 7", "kind": "sos", "due_at": AT, "state": PressState.MADE,
    }  # fmt: skip
    return PressReport(**(fields | more))  # type: ignore[arg-type]


TAKEN = press(
    incident_number=37, rang_at=AT, seen_at=AT, sounding_at=AT, taken_at=AT, taken_by="王同志",
    first_step_at=AT, closed_at=AT, outcome="emergency", in_time=[InTime(15, True)],
    made=("supervisors",), not_made=("duty",), texts=[WouldGo("139****0001", None, "【演练】<b>")],
)  # fmt: skip
LINES = [
    TAKEN,
    press(rang_at=AT),
    press(again=True, rang_at=AT),
    *(press(state=state) for state in PressState if state is not PressState.MADE),
]


def printed(language: str, title: str = "夜间演练", **more: object) -> str:
    reaches = [Level(15, 900, 2, 1, False), Level(60, 975, 0, 0, None)]
    found = DrillReportView(drill=drill(title, **more), report=DrillReport(LINES, reaches))
    return print_report(found, language, SHANGHAI, AT)


@pytest.mark.parametrize("language", WORDS)
def test_it_says_what_happened_and_what_did_not(language: str):
    say, page = WORDS[language], printed(language)
    for word in (
        "taken",
        "nobody",
        "again",
        "called_off",
        "not_made",
        "state.missed",
        "texts",
        "paused",
    ):
        assert say[word] in page
    assert "王同志" in page
    assert "139****0001" in page
    assert say["running"] not in page
    assert say["running"] in printed(language, ended_at=None, ending=None)


def test_what_people_wrote_is_text():
    page = printed("zh-CN", title="<script>")
    assert "<script>" not in page
    assert "【演练】&lt;b&gt;" in page


def test_both_languages_have_every_word():
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()
    for say in WORDS.values():
        assert {f"kind.{kind}" for kind in PRESSED} <= say.keys()
        assert {f"state.{state}" for state in PressState} <= say.keys()
        assert {f"ending.{ending}" for ending in Ending} <= say.keys()
