"""A code of a region may be known before the day from which it holds. On that day the clock copies what the past says already
(`source` clock), and writes none anew; a change before it holds until the day of the one to come.
"""

from __future__ import annotations

from alembic import op

revision = "0041b"
down_revision = "0041"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# What is corrected on its first day was never the code.
_KEPT = """
    CREATE OR REPLACE FUNCTION keep_region_code() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        to_come date := (SELECT min(from_day) FROM region_code WHERE region_id = NEW.id AND from_day > past_day());
    BEGIN
        IF past_said('source') = 'clock' THEN
            RETURN NULL;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            DELETE FROM region_code
            WHERE region_id = NEW.id AND from_day = past_day() AND until_day IS NOT DISTINCT FROM to_come;
            UPDATE region_code SET until_day = past_day()
            WHERE region_id = NEW.id AND coalesce(from_day, '-infinity') < past_day()
              AND until_day IS NOT DISTINCT FROM to_come;
        END IF;
        IF NEW.code IS NOT NULL THEN
            INSERT INTO region_code (region_id, code, from_day, until_day, recorded_at, recorded_by)
            VALUES (NEW.id, NEW.code, CASE TG_OP WHEN 'UPDATE' THEN past_day() ELSE past_said('day')::date END,
                    to_come, past_at(), past_said('by')::bigint);
        END IF;
        RETURN NULL;
    END
    $$
"""


def upgrade() -> None:
    op.execute(_KEPT)
