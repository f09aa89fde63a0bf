"""The demo opens with something in test, which ends by itself."""

from __future__ import annotations

from callcenter.demo.community.in_test import CLEANED, FOR, period_row
from callcenter.demo.community.plan import community
from tests.support.community import LONG_AGO


def test_a_detector_that_is_there_is_in_test_for_half_an_hour():
    planned = community(LONG_AGO.date())
    ids = list(range(100, 100 + len(planned.devices)))
    row = period_row(planned, ids, (5, (1, 5)), LONG_AGO)
    device = planned.devices[row["subject_id"] - 100]
    assert (device.identifier, device.kind) == (CLEANED, "smoke_detector")
    assert row["until_at"] - row["from_at"] == FOR
    assert (row["region_id"], row["region_path"]) == (5, [1, 5])
