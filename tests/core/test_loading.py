"""The collector rests while modules are imported, and is as it was afterwards."""

from __future__ import annotations

import gc

import pytest

from callcenter.core.loading import without_collecting


def test_the_collector_rests_and_goes_on_afterwards_also_after_a_failed_import():
    assert gc.isenabled()
    with pytest.raises(ImportError), without_collecting():
        assert not gc.isenabled()
        raise ImportError("no such module")
    assert gc.isenabled()


def test_who_had_stopped_it_keeps_it_stopped():
    gc.disable()
    try:
        with without_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
