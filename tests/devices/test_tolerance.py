"""An optional part fails alone."""

from __future__ import annotations

import pytest

from callcenter.devices.tolerance import Remarks, storable


@pytest.mark.parametrize("error", [ValueError, TypeError, OverflowError, OSError, RecursionError])
def test_what_cannot_be_read_is_left_out_and_said_once(error: type[Exception]) -> None:
    def fails() -> int:
        raise error

    remarks = Remarks()
    assert remarks.optional("size", fails) is None
    assert remarks.optional("size", fails) is None
    assert remarks.optional("weight", lambda: 7) == 7
    assert remarks.flags == ("size_not_read",)


def test_a_fault_of_ours_is_no_remark() -> None:
    with pytest.raises(KeyError):
        Remarks().optional("size", lambda: {}["size"])


def test_what_no_column_takes_is_taken_out() -> None:
    assert storable("a\0b\ud800c") == "abc"
