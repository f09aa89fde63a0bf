"""Whoever writes a row of a month while the month's part is made waits for it, and the row lies there."""

from __future__ import annotations

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# An insert that had found no part but the one for everything, and waited for its lock, was refused once the month was there: the row
# was not of that part any more. Waiting for the whole instead, it looks for its part when the month stands. For months to come, which
# nobody writes to, nobody waits.
_MAKE = """
CREATE OR REPLACE FUNCTION make_ledger_part(ledger text, month timestamptz) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    key text := ledger_key_column(ledger);
    first timestamptz := date_trunc('month', month AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
    next timestamptz := (date_trunc('month', month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
    low_key uuid := ledger_key(first);
    high_key uuid := ledger_key(next);
    name text := ledger || to_char(first AT TIME ZONE 'UTC', '_YYYY_MM');
    waiting bigint;
BEGIN
    IF key IS NULL THEN
        RAISE EXCEPTION '% is no ledger', ledger USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger_parts'));
    low_key := greatest(low_key, (
        SELECT part.high FROM ledger_part AS part
        WHERE part.ledger = make_ledger_part.ledger AND part.low < high_key AND part.high > low_key ORDER BY 1 DESC LIMIT 1
    ));
    IF low_key >= high_key THEN
        RETURN 'there';
    END IF;
    WHILE to_regclass(name) IS NOT NULL OR EXISTS (SELECT FROM chain_cut WHERE part = name) LOOP
        name := name || '_again';
    END LOOP;
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %I WHERE %I >= $1 AND %I < $2 LIMIT 20001) AS few', ledger || '_default', key, key)
    INTO waiting USING low_key, high_key;
    IF waiting > 20000 THEN
        RETURN 'crowded';
    END IF;
    IF waiting > 0 OR low_key <= ledger_key(clock_timestamp()) THEN
        EXECUTE format('LOCK TABLE ONLY %I IN SHARE MODE', ledger);
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, ledger);
    EXECUTE format('REVOKE ALL ON %I FROM callcenter_server', name);
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', ledger || '_default');
    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= $1 AND %I < $2 RETURNING *) INSERT INTO %I SELECT * FROM moved',
                   ledger || '_default', key, key, name) USING low_key, high_key;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', ledger, name, low_key, high_key);
    RETURN 'made';
END
$$

"""


def upgrade() -> None:
    op.execute(_MAKE)
