"""From the bytes that somebody sent to a table, in a confined process: whatever the file holds, only that process can be lost."""

from __future__ import annotations

from typing import Final

import orjson

from callcenter.core.confined import Confines, OutOfBounds, confined
from callcenter.core.errors import Invalid
from callcenter.directory.csv_text import read_csv
from callcenter.directory.kinds_of_file import OLE, ZIP, refuse_other_kinds
from callcenter.directory.left_out import LeftOut
from callcenter.directory.table import OtherSheet, Table, table_of

_WORKBOOKS: Final = (ZIP, OLE)


def read_table(content: bytes) -> Table:
    """Find the headings and the rows below them, in this process. Raises Invalid for a file that is no table of residents."""
    refuse_other_kinds(content)
    if content[:4] not in _WORKBOOKS:
        return table_of(read_csv(content))
    from callcenter.directory.workbook import read_workbook  # noqa: PLC0415 - the parser stays out of the server

    return table_of(read_workbook(content))


async def read_table_apart(content: bytes, confines: Confines) -> Table:
    """`read_table` in a process of its own. Raises Invalid as it does, `file_too_large`, and `too_much_work` where the process
    was ended.
    """
    if len(content) > confines.file_bytes:
        message = f"The file is larger than {confines.file_mb} MiB: divide it."
        raise Invalid(message, code="file_too_large")
    try:
        answer = orjson.loads(await confined(f"{__name__}:told", content, confines))
    except OutOfBounds as error:
        raise Invalid(
            f"{error.message} The file was put aside and nothing else was harmed: remove what stands far outside the table, "
            "or copy the rows into a new file.",
            code=error.code,
            **error.params,
        ) from error
    if (refusal := answer.get("refused")) is not None:
        raise Invalid(refusal["message"], code=refusal["code"], **refusal["params"])
    sheets = [OtherSheet(**each) for each in answer["table"].pop("sheets")]
    left_out = [LeftOut(**each) for each in answer["table"].pop("left_out")]
    return Table(**answer["table"], sheets=sheets, left_out=left_out)


def told(content: bytes) -> bytes:
    """What the confined process answers: the table, or why there is none."""
    try:
        return orjson.dumps({"table": read_table(content)})
    except Invalid as error:
        refused = {"message": error.message, "code": error.code, "params": error.params}
        return orjson.dumps({"refused": refused})
