"""What serves is nobody's owner."""

from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from callcenter.core.cluster_files import SERVING
from callcenter.core.database import Database
from callcenter.core.serving_login import open_serving_login


@pytest.fixture
async def serving(dsn):
    """A connection of the log-in that serves, in the server's role."""
    await open_serving_login(dsn, "first")
    await open_serving_login(dsn, "second")
    parts = urlsplit(dsn)
    host = parts.netloc.rpartition("@")[2]
    database = Database(urlunsplit(parts._replace(netloc=f"{SERVING}:second@{host}")))
    connection = await database.connect("test")
    yield connection
    await connection.close()
    await database.close()


async def test_it_serves_in_the_server_s_role(serving):
    assert await serving.fetchval("SELECT current_user") == "callcenter_server"
    assert await serving.fetchval("SELECT count(*) FROM incident") == 0


async def test_no_set_role_leads_to_the_owner(serving, owner):
    name = await owner.fetchval("SELECT tableowner FROM pg_tables WHERE tablename = 'incident'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await serving.execute(f"SET ROLE {name}")
    await serving.execute("RESET ROLE")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await serving.execute(f"SET ROLE {name}")
    await serving.execute(
        "GRANT UPDATE ON timeline_entry TO callcenter_server"
    )  # a warning, and nothing more
    assert not await owner.fetchval(
        "SELECT has_table_privilege('callcenter_server', 'timeline_entry', 'UPDATE')"
    )
