"""What automatic calls say, as files and as a list to be read out."""

from __future__ import annotations

from pathlib import Path
from shutil import which

import pytest

from callcenter.core.errors import Misconfigured
from callcenter.hotline.spoken import RECORDED


def test_names_and_words_are_listed_for_somebody_who_reads_them_out(run):
    told = run("telephony", "prompts", "--list", "--language", "zh")
    assert told.exit_code == 0
    lines = dict(line.split("\t") for line in told.stdout.splitlines())
    assert len(lines) == len(RECORDED)
    assert lines["zh/cc-contact-keys.wav"] == "能去现场请按一。不能去请按二。"


def test_another_language_is_refused(run):
    told = run("telephony", "prompts", "--list", "--language", "yue")
    assert isinstance(told.exception, Misconfigured)


@pytest.mark.skipif(which("espeak-ng") is None, reason="no espeak-ng: `make system-deps`")
def test_prompts_are_written_and_it_says_that_nobody_has_listened(run, tmp_path: Path):
    for name in [each for each in RECORDED if each != "cc-notice-ask"]:
        path = tmp_path / "zh" / f"{name}.wav"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"a person")
    told = run("telephony", "prompts", "--language", "zh", "--to", str(tmp_path))
    assert told.exit_code == 0, told.output
    assert f"zh: 1 of {len(RECORDED)} prompts" in told.stdout
    assert "not by ear" in told.stdout
    assert (tmp_path / "zh" / "cc-notice-ask.wav").stat().st_size > 8_000
    assert (tmp_path / "zh" / "cc-one-moment.wav").read_bytes() == b"a person"
