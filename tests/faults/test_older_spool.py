"""A server starts on a spool that another release has left: what can be read is written, what cannot be is kept beside."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

import pytest

from callcenter.core.sealed import Seal
from callcenter.core.spool import Spool
from tests.support.place import furnished
from tests.support.postgres import TestDatabases
from tests.support.waiting import until_told

SPOOLS = Path(__file__).parents[1] / "alerts" / "arriving" / "spools"
FORMS = sorted(each.name for each in SPOOLS.iterdir() if each.is_dir())


@pytest.mark.parametrize("form", FORMS)
async def test_g1_what_an_older_release_has_acknowledged_is_written(
    form: str, durable_databases: TestDatabases, folder: Path
):
    """A press with its ring, another, and a note of the first: as they were."""
    keys = folder / "keys"
    keys.mkdir(mode=0o711)
    have(SPOOLS / form / "keys.json", keys / "keys.json")
    async with furnished(durable_databases, folder) as place:
        spool = folder / "server-0" / "spool"
        spool.mkdir(mode=0o700, parents=True)
        spool.parent.chmod(0o711)
        have(SPOOLS / form / "00000001.spool", spool / "00000001.spool")
        server = await place.serve()

        async def are_written() -> bool:
            return await place.count("journal") == 2 and await place.count(
                "timeline_entry WHERE kind = 'note'"
            )

        await until_told(are_written, "what the older release has left", 30)
        rows = await place.site.owner.fetch(
            "SELECT incident.id, journal.identifier, number, incident.home_id, opened_at, received_at FROM journal JOIN incident"
            " ON incident.id = incident_id ORDER BY incident.id"
        )
        assert [(row["id"], row["identifier"]) for row in rows] == [
            (UUID(int=0x21), "phone-0"),
            (UUID(int=0x22), "1001"),
        ]
        assert rows[0]["number"] == 7  # what the family was told
        assert {row["received_at"] for row in rows} == {rows[0]["opened_at"]}
        assert [row["home_id"] for row in rows] == place.site.homes[:2]
        note = await place.site.owner.fetchrow(
            "SELECT at, data FROM timeline_entry WHERE kind = 'note'"
        )
        assert note["data"] == {"text": "听见"}
        assert note["at"].isoformat().startswith("2026-11-28T01:02:03")
        assert not server.events("spool_record_not_read")
        assert await server.stop() == 0
    assert list(spool.glob("*")) == []


async def test_what_only_a_later_release_can_read_is_kept_beside(
    durable_databases: TestDatabases, folder: Path
):
    """Somebody went back to an older release."""
    async with furnished(durable_databases, folder) as place:
        spool = folder / "server-0" / "spool"
        spool.parent.mkdir(mode=0o711)
        left = Spool(spool, Seal.load(folder / "keys"))
        left.append(b'{"v":9999,"what":"signal","id":"00000000-0000-0000-0000-000000000001"}')
        await left.sync()
        left.close()
        server = await place.serve()

        async def is_kept() -> bool:
            return [each.suffix for each in spool.iterdir()] == [".kept"]

        await until_told(is_kept, "the file to be kept beside", 30)
        assert await server.stop() == 0


def have(file: Path, at: Path) -> None:
    shutil.copyfile(file, at)
    at.chmod(0o600)
