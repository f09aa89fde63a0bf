"""The triggers that write the marks of deleted homes and devices."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

MARKED = ("device", "home")

_MARK = """
CREATE FUNCTION mark_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO removal (table_name, row_id) VALUES (TG_TABLE_NAME, OLD.id);
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.execute(_MARK)
    for table in MARKED:
        op.execute(
            f"CREATE TRIGGER mark_removal AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION mark_removal()"
        )
