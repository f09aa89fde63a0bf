"""A command loads the tables that it works on and no others: what they refer to must come with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import callcenter

SOURCE = Path(callcenter.__file__).parent
COMMANDS = sorted(
    f"callcenter.cli.{path.stem}"
    for path in (SOURCE / "cli").glob("*.py")
    if path.stem != "__init__"
)
ALONE = """
import importlib, os, sys
import sqlalchemy.orm
from callcenter.core.tables import Base
for name in sys.argv[1:]:
    if os.fork() == 0:
        importlib.import_module(name)
        try:
            sqlalchemy.orm.configure_mappers()
            for table in Base.metadata.tables.values():
                for key in table.foreign_keys:
                    key.column
        except Exception as error:
            print(f"{name}: {error}", flush=True)
        os._exit(0)
    os.wait()
"""


def test_tables_bring_those_that_they_refer_to():
    said = subprocess.run(
        [sys.executable, "-c", ALONE, *COMMANDS], capture_output=True, text=True, check=True
    )
    assert said.stdout == ""


def test_there_are_commands():
    assert len(COMMANDS) > 10
