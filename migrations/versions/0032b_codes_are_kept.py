"""The code of a region and its past are kept the same by the database: whoever writes `region.code` ends the code before, from the
day that the transaction has said (`residents/dating.py`), else from today. No code names two regions on one day, no region has two.
"""

from __future__ import annotations

from alembic import op

revision = "0032b"
down_revision = "0032"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_EXCLUDED = (
    """
    ALTER TABLE region_code ADD CONSTRAINT region_code_overlaps
    EXCLUDE USING gist (region_id WITH =, daterange(from_day, until_day) WITH &&)
    """,
    """
    ALTER TABLE region_code ADD CONSTRAINT region_code_names_one
    EXCLUDE USING gist (code WITH =, daterange(from_day, until_day) WITH &&)
    """,
)

# What is corrected on its first day was never the code.
_KEPT = (
    """
    CREATE FUNCTION keep_region_code() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            DELETE FROM region_code WHERE region_id = NEW.id AND until_day IS NULL AND from_day = past_day();
            UPDATE region_code SET until_day = past_day() WHERE region_id = NEW.id AND until_day IS NULL;
        END IF;
        IF NEW.code IS NOT NULL THEN
            INSERT INTO region_code (region_id, code, from_day, recorded_at, recorded_by)
            VALUES (NEW.id, NEW.code, CASE TG_OP WHEN 'UPDATE' THEN past_day() ELSE past_said('day')::date END,
                    past_at(), past_said('by')::bigint);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER begin_region_code AFTER INSERT ON region FOR EACH ROW EXECUTE FUNCTION keep_region_code()
    """,
    """
    CREATE TRIGGER keep_region_code AFTER UPDATE OF code ON region FOR EACH ROW
    WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION keep_region_code()
    """,
)


def upgrade() -> None:
    for statement in (*_EXCLUDED, *_KEPT):
        op.execute(statement)
