"""The collector rests while modules are imported, and is as it was afterwards."""

from __future__ import annotations

import gc
import py_compile
import sys
from importlib.util import cache_from_source, module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from callcenter.core.loading import uncompiled, without_collecting


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


def test_a_module_that_every_start_compiles_anew_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = tmp_path / "grandmother.py"
    source.write_text("rings = True\n")
    spec = spec_from_file_location("grandmother", source)
    assert spec is not None
    before = uncompiled()
    monkeypatch.setitem(sys.modules, "grandmother", module_from_spec(spec))
    assert uncompiled() == before + 1
    py_compile.compile(str(source), cache_from_source(str(source)))
    assert uncompiled() == before
