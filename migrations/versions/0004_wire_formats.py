"""A source's kind is the name of any wire format; its devices have one name each; its retry horizon may be left to the format."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KINDS = "UPDATE source SET kind = 'http_json' WHERE kind = 'http'"

# As devices/protocols/dc09/accounts.py names them; where two rows are one device, the older keeps its name to itself.
_ACCOUNTS = """
WITH named AS (
    SELECT device.id, device.identifier, device.source,
           lpad(digits, greatest(4, length(digits)), '0') AS canonical
    FROM device JOIN source ON source.name = device.source AND source.kind = 'dc09',
         ltrim(regexp_replace(upper(btrim(device.identifier)), '^(L[0-9A-F]{1,6})?#\\s*', ''), '0') AS digits
), first AS (
    SELECT DISTINCT ON (source, canonical) id, canonical FROM named
    ORDER BY source, canonical, identifier <> canonical, id
)
UPDATE device SET identifier = first.canonical, version = version + 1
FROM first WHERE first.id = device.id AND device.identifier <> first.canonical
"""

_HORIZONS = """
UPDATE source SET retry_horizon_s = NULL
WHERE retry_horizon_s = CASE kind WHEN 'http_json' THEN 86400 ELSE 60 END
"""


def upgrade() -> None:
    op.drop_constraint(op.f("ck_source_kind_known"), "source", type_="check")
    op.execute(_KINDS)
    op.execute(_ACCOUNTS)
    op.alter_column("source", "retry_horizon_s", nullable=True, server_default=None)
    op.execute(_HORIZONS)
