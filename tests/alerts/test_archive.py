"""Whose month went into the archive is not shown as if nothing had been done."""

from __future__ import annotations

from callcenter.alerts.archive import read_detail, read_incident
from callcenter.core.ids import new_id
from tests.alerts.conftest import Desk


async def entries(desk: Desk, incident) -> list[tuple[str, object]]:
    connection = await desk.database.connect("reader")
    try:
        detail = await read_detail(connection, await read_incident(connection, incident))
    finally:
        await connection.close()
    return [(entry.kind, getattr(entry.data, "file", None)) for entry in detail.entries]


async def test_the_page_says_which_file_has_its_timeline(desk: Desk) -> None:
    incident = new_id()
    await desk.owner.execute(
        """
        INSERT INTO incident (id, subject, class, kind, state, priority, region_id, region_path, source, card, opened_at,
                              last_signal_at, outcome, closed_at)
        VALUES ($1, 'home:1', 'alarm', 'sos', 'closed', 1, 1, '{1}', 'dc09', '{}', $2, $2, 'test', $2)
        """,
        incident,
        desk.clock.now(),
    )
    assert await entries(desk, incident) == []
    await desk.owner.execute(
        """
        INSERT INTO chain_cut (chain, part, low, high, rows, from_number, from_hash, to_number, to_hash, kept_from, kept_before, file,
                               sha256, at, by, kept_d)
        SELECT chain, 'a', $1, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 1, 1, '', 1, '', 1, '', chain || '.archive', '', $2, 'x', 1
        FROM unnest(ARRAY['timeline', 'journal']) AS chain
        """,
        incident,
        desk.clock.now(),
    )
    assert await entries(desk, incident) == [("archived", "timeline.archive")]
    await desk.owner.execute(
        "INSERT INTO timeline_entry (incident_id, number, at, kind, data) VALUES ($1, 7, $2, 'resumed', '{}')",
        incident,
        desk.clock.now(),
    )
    assert await entries(desk, incident) == [("archived", "timeline.archive"), ("resumed", None)]
