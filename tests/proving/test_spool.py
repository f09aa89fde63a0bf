"""What waits on disk."""

from __future__ import annotations

from pathlib import Path

from callcenter.proving.spool import place_of_spool, waiting_in


def test_a_site_without_a_spool_says_so(tmp_path: Path):
    assert waiting_in(place_of_spool(tmp_path)) is None


def test_files_with_something_in_them_wait(tmp_path: Path):
    spool = place_of_spool(tmp_path)
    spool.mkdir()
    (spool / "1").write_bytes(b"")
    assert waiting_in(spool) == 0
    (spool / "2").write_bytes(b"x")
    assert waiting_in(spool) == 1
