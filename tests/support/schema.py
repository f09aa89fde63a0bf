"""Schemas as text that can be compared: what pg_dump says, sorted, without what does not matter."""

from __future__ import annotations

import asyncio
import re

from callcenter.core.binaries import find_binaries


async def dumped_schema(dsn: str) -> list[str]:
    """One text per object. Columns are sorted: a column added later stands last, which means nothing."""
    process = await asyncio.create_subprocess_exec(
        find_binaries(None, None).program("pg_dump"),
        "--schema-only",
        "--no-comments",
        f"--dbname={dsn}",
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return sorted(_normalised(text) for text in _statements(output.decode()))


def _statements(dump: str) -> list[str]:
    lines = [
        line for line in dump.splitlines() if not re.match(r"--|\\|SET |SELECT pg_catalog", line)
    ]
    blocks = re.split(r"\n{2,}", "\n".join(lines))
    return [block.strip() for block in blocks if block.strip()]


def _normalised(statement: str) -> str:
    head, opening, rest = statement.partition(" (\n")
    if not head.startswith(("CREATE TABLE", "CREATE UNLOGGED TABLE")) or not opening:
        return statement
    body, closing, tail = rest.partition("\n)")
    columns = sorted(line.rstrip(",") for line in body.splitlines())
    return head + opening + "\n".join(columns) + closing + tail
