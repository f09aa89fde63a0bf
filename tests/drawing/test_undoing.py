"""What is undone next is worked out from all that was done, and nothing of that is ever rewritten."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.drawing.undoing import Next, StepKind, next_of

ADDED, UNDONE, REDONE = StepKind.ADDED, StepKind.UNDONE, StepKind.REDONE


@pytest.mark.parametrize(
    ("kinds", "undo", "redo"),
    [
        ([], None, None),
        ([ADDED], 1, None),
        ([ADDED, StepKind.DOORS, StepKind.IMPORTED], 3, None),
        ([ADDED, ADDED, UNDONE], 1, 2),
        ([ADDED, ADDED, UNDONE, UNDONE], None, 1),
        ([ADDED, ADDED, UNDONE, UNDONE, REDONE], 1, 2),
        ([ADDED, UNDONE, REDONE], 1, None),
        ([ADDED, UNDONE, ADDED], 3, None),  # something new: what was undone is gone
    ],
)
def test_the_next_step(kinds, undo, redo):
    assert next_of(enumerate(kinds, start=1)) == Next(undo, redo)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # cores are shared
@given(st.lists(st.sampled_from(["new", "undo", "redo"]), max_size=40))
def test_it_is_what_a_text_editor_does(keys):
    done, undone, steps = [], [], []
    for key in keys:
        step_id = len(steps) + 1
        if key == "new":
            steps.append((step_id, StepKind.CHANGED))
            done.append(step_id)
            undone.clear()
        elif key == "undo" and done:
            steps.append((step_id, UNDONE))
            undone.append(done.pop())
        elif key == "redo" and undone:
            steps.append((step_id, REDONE))
            done.append(undone.pop())
        found = next_of(steps)
        assert found.undo == (done[-1] if done else None)
        assert found.redo == (undone[-1] if undone else None)
