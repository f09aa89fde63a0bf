"""Processes whose wall clock is off by what a file says, and whose monotonic one is not (moved_clock.c)."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from pathlib import Path

from callcenter.core.accounts import account_for
from callcenter.core.binaries import find_binaries, reachable_binaries
from tests.faults.breaking import Clock


def moved_clocks(
    folder: Path, clock: Path, whose: Collection[Clock]
) -> tuple[dict[str, str], dict[str, str]]:
    """Settings and environment of a server that is started so."""
    if not whose:
        return {}, {}
    preloaded = _preloaded(folder, clock)
    settings = (
        {"POSTGRES_BINARIES": str(_postgresql_with(folder, preloaded))}
        if Clock.POSTGRESQL in whose
        else {}
    )
    return settings, preloaded if Clock.SERVER in whose else {}


def _preloaded(folder: Path, clock: Path) -> dict[str, str]:
    """What makes a process take its wall clock from there."""
    library = folder / "moved_clock.so"
    source = Path(__file__).with_name("moved_clock.c")
    subprocess.run(["tcc", "-shared", "-o", str(library), str(source), "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "MOVED_CLOCK": str(clock)}


def _postgresql_with(folder: Path, environment: dict[str, str]) -> Path:
    """A folder of PostgreSQL's programs in which `postgres` begins with that: the server gives its own nothing to anybody."""
    found = find_binaries(None, None)
    account = account_for(folder / "data" / "postgresql")
    programs = found if account is None else reachable_binaries(found, account)
    made = folder / "postgresql-programs"
    made.mkdir(mode=0o755)
    for program in programs.folder.iterdir():
        if program.name != "postgres":
            (made / program.name).symlink_to(program)
    script = made / "postgres"
    exports = " ".join(f"{name}={value}" for name, value in environment.items())
    script.write_text(f'#!/bin/sh\nexport {exports}\nexec {programs.program("postgres")} "$@"\n')
    script.chmod(0o755)
    return made
