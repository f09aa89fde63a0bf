"""How a trainee did beside the night as it was: how long until each alarm was taken, called back and closed, and with how many steps. Pure.

An alarm of the exercise is one of the night by the press that opened it there. What went faster is not better by itself: the table
is where a talk about it begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Final

import orjson

from callcenter.replaying.night import Night, What

_CALL_BACK: Final = "call_back"
_STEPS: Final = frozenset({"step", "plan-step"})


@dataclass(frozen=True, slots=True)
class Handled:
    """Of one alarm. Seconds after it was stored; None: it did not come to that."""

    taken_s: float | None = None
    called_back_s: float | None = None
    closed_s: float | None = None
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """One alarm, then and now; `now` is None where its press has not come yet, or joined another alarm."""

    number: int
    kind: str
    then: Handled
    now: Handled | None


def beside(night: Night, exercise: Night) -> list[Beside]:
    """Each alarm that a press of a device has opened that night, in its order."""
    ours = {row["key_told"]: row for row in _with_keys_told(exercise)}
    then_by, now_by = _commands(night), _commands(exercise)
    calls = _steps_that_call(night)
    made = []
    for row in night.lines[What.SIGNAL]:
        if row["outcome"] != "opened" or row.get("mode") == "test":
            continue
        ours_of = ours.get(row["key"])
        made.append(
            Beside(
                row["number"],
                row["kind"],
                _handled(row, then_by, calls),
                _handled(ours_of, now_by, calls) if ours_of else None,
            )
        )
    return made


def _with_keys_told(exercise: Night) -> list[dict[str, Any]]:
    """What opened an alarm in the exercise bears the key of the press of then as its id."""
    return [
        {**row, "key_told": _told_id(bytes.fromhex(row["raw"][2:]))}
        for row in exercise.lines[What.SIGNAL]
        if row["outcome"] == "opened"
    ]


def _told_id(raw: bytes) -> str | None:
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return said.get("id") if isinstance(said, dict) else None


def _commands(night: Night) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in night.lines[What.COMMAND]:
        by.setdefault(row["incident_id"], []).append(row)
    return by


def _steps_that_call(night: Night) -> frozenset[str]:
    """Ids of steps of action plans in which the resident is called."""
    versions = [row for table, row in night.lines[What.WORLD] if table == "action_plan_version"]
    return frozenset(
        step["id"]
        for version in versions
        for step in version["steps"]
        if step["type"] == "call" and step.get("whom") == "resident"
    )


def _handled(
    opened: Mapping[str, Any],
    commands: Mapping[str, Sequence[Mapping[str, Any]]],
    calls: frozenset[str],
) -> Handled:
    began = datetime.fromisoformat(opened["stored_at"])
    own = commands.get(opened["incident_id"], ())
    after = [(datetime.fromisoformat(row["at"]) - began).total_seconds() for row in own]

    def first(fits: Sequence[bool]) -> float | None:
        return next((s for s, it_does in zip(after, fits, strict=True) if it_does), None)

    return Handled(
        first([row["action"] == "take" for row in own]),
        first([_calls_back(row, calls) for row in own]),
        first([row["action"] == "close" for row in own]),
        sum(row["action"] in _STEPS for row in own),
    )


def _calls_back(row: Mapping[str, Any], calls: frozenset[str]) -> bool:
    step = (row["body"] or {}).get("step")
    return (row["action"] == "step" and step == _CALL_BACK) or (
        row["action"] == "plan-step" and step in calls
    )


# ---- in words


def told(rows: Sequence[Beside]) -> list[str]:
    """A table, and the middle of each column; seconds."""
    head = f"{'No.':>8}  {'kind':<14}{'taken':^15}{'called back':^15}{'closed':^15}{'steps':^11}"
    lines = [head, f"{'':>24}" + "   then    now " * 3 + " then  now"]
    lines += [_line(row) for row in rows]
    for name, of in (
        ("taken", "taken_s"),
        ("called back", "called_back_s"),
        ("closed", "closed_s"),
    ):
        pair = (_middle([row.then for row in rows], of), _middle([row.now for row in rows], of))
        lines.append(f"median until {name}: then {_seconds(pair[0])} s, now {_seconds(pair[1])} s")
    untaken = sum(row.now is not None and row.now.taken_s is None for row in rows)
    missing = sum(row.now is None for row in rows)
    lines.append(f"not taken: {untaken}; not pressed yet, or part of another alarm: {missing}")
    return lines


def _middle(handled: Sequence[Handled | None], of: str) -> float | None:
    known = [getattr(one, of) for one in handled if one is not None]
    counted = [seconds for seconds in known if seconds is not None]
    return median(counted) if counted else None


def _line(row: Beside) -> str:
    now = row.now or Handled()
    pairs = (
        (row.then.taken_s, now.taken_s),
        (row.then.called_back_s, now.called_back_s),
        (row.then.closed_s, now.closed_s),
    )
    times = "".join(f"{_seconds(then):>7}{_seconds(at):>7} " for then, at in pairs)
    steps = f"{row.then.steps:>5}{now.steps if row.now else '-':>5}"
    return f"{row.number:>8}  {row.kind:<14}{times}{steps}"


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.0f}"
