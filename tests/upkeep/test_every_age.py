"""Whatever is written, linked and archived in whatever order, everything proves; whatever is tampered with then is named."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from callcenter.alerts.chained import JOURNAL
from callcenter.audit.archived import faults_in, rows_of
from callcenter.audit.chained import AUDIT
from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from tests.support.vault import Vault, days

TIMES = [
    *days(2023, 1, 2),
    *days(2023, 2, 2),
    *days(2025, 1, 2),
    *days(2026, 10, 2),
    *days(2026, 11, 2),
]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(st.sampled_from(TIMES), min_size=1, max_size=3)),
        st.tuples(st.just("link"), st.none()),
        st.tuples(st.just("age"), st.none()),
        st.tuples(st.just("wait"), st.sampled_from([1, 100])),
    ),
    min_size=3,
    max_size=12,
)

KEPT_TAMPERINGS = (
    "UPDATE audit_entry SET subject = 'x' WHERE id = (SELECT id FROM audit_entry JOIN audit_link ON id = entry_id WHERE action = 'profile_seen' ORDER BY number {place} LIMIT 1)",
    "DELETE FROM audit_entry WHERE id = (SELECT id FROM audit_entry JOIN audit_link ON id = entry_id ORDER BY number {place} LIMIT 1)",
    "DELETE FROM audit_link WHERE number = (SELECT number FROM audit_link ORDER BY number {place} LIMIT 1) AND number < (SELECT max(number) FROM audit_link)",
    "UPDATE chain_cut SET rows = rows - 1 WHERE chain = 'audit'",
    "UPDATE chain_cut SET kept_from = kept_from + 1 WHERE chain = 'audit'",
    "DELETE FROM chain_cut WHERE chain = 'audit'",
)


async def carry_out(vault: Vault, taken: list[tuple[str, object]]) -> None:
    for step, given_ in taken:
        match step:
            case "write":
                await vault.write(*given_)
            case "link":
                await vault.link()
            case "age":
                await vault.age()
            case "wait":
                vault.night += timedelta(days=given_)


async def all_is_there(vault: Vault) -> None:
    """Every row that was written, kept or in a file, and nothing is wrong with any."""
    assert await vault.wrong(AUDIT) == await vault.wrong(JOURNAL) == []
    written = vault.nth
    for table, prefix in (("audit_entry", "audit_entry"), ("journal", "journal")):
        only = " WHERE action = 'profile_seen'" if table == "audit_entry" else ""
        kept = await vault.owner.fetchval(f"SELECT count(*) FROM {table}{only}")  # noqa: S608
        archived = 0
        for file in vault.files:
            if file.name.startswith(prefix):
                assert list(faults_in(file, vault.seal)) == []
                archived += sum(
                    "profile_seen" in row.said or table == "journal"
                    for row in rows_of(file, vault.seal)
                )
        assert kept + archived == written


async def tampered(vault: Vault, nth: int, place: str) -> None:
    tag = await vault.owner.execute(KEPT_TAMPERINGS[nth].format(place=place))
    if not tag.endswith(" 0"):
        assert await vault.wrong(AUDIT) != [], KEPT_TAMPERINGS[nth]


def spoiled(vault: Vault, where: float) -> None:
    for file in vault.files:
        content = bytearray(file.read_bytes())
        content[int(where * len(content))] ^= 0x10
        file.write_bytes(content)
        try:
            found = list(faults_in(file, vault.seal))
        except (Invalid, ValueError):
            continue
        # The line about the whole also says when and by whom: of that alone the cut's SHA-256 speaks.
        assert found or bytes(content).index(b"\n{") < int(where * len(content))


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    taken=steps,
    nth=st.integers(0, len(KEPT_TAMPERINGS) - 1),
    place=st.sampled_from(["ASC", "DESC"]),
    where=st.floats(0.0, 0.999),
)
def test_any_order_proves_and_any_tampering_is_named(lending, taken, nth, place, where):
    async def story() -> None:
        dsn = await lending.lend()
        database, as_owner = Database(dsn), Database(dsn, role=None)
        owner = await as_owner.connect("test owner")
        with tempfile.TemporaryDirectory() as folder:
            vault = Vault(database, owner, Path(folder))
            try:
                await carry_out(vault, taken)
                await all_is_there(vault)
                await tampered(vault, nth, place)
                spoiled(vault, where)
            finally:
                await vault.close()
                await owner.close()
                await database.close()
                await as_owner.close()
                await lending.give_back(dsn)

    asyncio.run(story())
