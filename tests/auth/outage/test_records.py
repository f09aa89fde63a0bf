"""What the spool says of log-ins is read as it was written, and what is not known is named."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest

from callcenter.auth.outage.records import Begun, Ended, Failed, Record, read, written
from callcenter.core.ids import new_id

NOW = datetime(2026, 3, 14, 2, 0, 0, 123456, tzinfo=UTC)
SESSION = bytes(range(32))
RECORDS = [
    Begun(new_id(), NOW, "10.0.0.7", 7, SESSION, "csrf", NOW, "a browser", bytes(32)),
    Failed(new_id(), NOW, "10.0.0.7", None, 3),
    Ended(new_id(), NOW, "::1", 7, SESSION),
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_read_as_it_was_written(record: Record):
    assert read(written(record)) == record


@pytest.mark.parametrize("change", [{"v": 2}, {"what": "another"}, {"at": "yesterday"}])
def test_what_this_release_cannot_read_is_refused(change: dict[str, object]):
    said = orjson.loads(written(RECORDS[0]))
    with pytest.raises(ValueError, match=r"known|isoformat"):
        read(orjson.dumps({**said, **change}))
