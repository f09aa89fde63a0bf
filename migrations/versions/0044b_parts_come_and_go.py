"""Parts of the ledgers are made ahead, and taken when their cut is written down; the server asks for both and can do neither itself."""

from __future__ import annotations

from alembic import op

revision = "0044b"
down_revision = "0044"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

LEDGERS = ("journal", "timeline_entry", "audit_entry")

_DEFAULTS = tuple(
    statement
    for table in LEDGERS
    for statement in (
        f"CREATE TABLE IF NOT EXISTS {table}_default PARTITION OF {table} DEFAULT",
        f"REVOKE ALL ON {table}_default FROM callcenter_server",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM callcenter_server",
    )
)

_PARTS = """
CREATE VIEW ledger_part AS
SELECT part.ledger, part.name, part.is_default,
       CASE WHEN part.said ~ 'FROM \\(MINVALUE\\)' THEN '00000000-0000-0000-0000-000000000000'::uuid
            ELSE substring(part.said FROM 'FROM \\(''([^'']+)''\\)')::uuid END AS low,
       substring(part.said FROM 'TO \\(''([^'']+)''\\)')::uuid AS high
FROM (
    SELECT parent.relname::text AS ledger, child.relname::text AS name,
           pg_get_expr(child.relpartbound, child.oid) = 'DEFAULT' AS is_default,
           pg_get_expr(child.relpartbound, child.oid) AS said
    FROM pg_inherits AS line
    JOIN pg_class AS parent ON parent.oid = line.inhparent AND parent.relkind = 'p'
    JOIN pg_class AS child ON child.oid = line.inhrelid AND child.relkind = 'r'
) AS part
"""

_KEY = """
CREATE FUNCTION ledger_key(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$
"""

_KEY_COLUMN = """
CREATE FUNCTION ledger_key_column(ledger text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE ledger WHEN 'journal' THEN 'id' WHEN 'timeline_entry' THEN 'incident_id' WHEN 'audit_entry' THEN 'id' END;
END
$$
"""

_ASTRAY = """
CREATE FUNCTION first_astray(ledger text, behind uuid) RETURNS uuid LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    key text := ledger_key_column(ledger);
    found uuid;
BEGIN
    EXECUTE format('SELECT %I FROM %I WHERE %I >= $1 ORDER BY %I LIMIT 1', key, ledger || '_default', key, key) INTO found USING behind;
    RETURN found;
END
$$
"""

# A row that came before its month was there lies in the default part; it is moved, unless moving takes so long that an alarm
# would feel it: then it stays where it is, as good as anywhere. A month that lies in the archive and gets a row all the same has a
# part of another name.
_MAKE = """
CREATE FUNCTION make_ledger_part(ledger text, month timestamptz) RETURNS text LANGUAGE plpgsql
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

# The last guard: whatever the server believes, only what is a year old, closed, linked and cut goes. What takes long comes first:
# nobody waits but a writer of this very month. The lock that all wait for is asked for last and held until the commit behind it.
_TAKE = """
CREATE FUNCTION take_ledger_part(taken_chain text, taken_part text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    cut chain_cut;
    whole text := CASE taken_chain WHEN 'journal' THEN 'journal' WHEN 'timeline' THEN 'timeline_entry' WHEN 'audit' THEN 'audit_entry' END;
    links text := taken_chain || '_link';
    link_key text := CASE taken_chain WHEN 'timeline' THEN 'incident_id' ELSE 'entry_id' END;
    same text := CASE taken_chain WHEN 'timeline' THEN 'link.incident_id = entry.incident_id AND link.entry_number = entry.number'
        ELSE 'link.entry_id = entry.id' END;
    about text := CASE taken_chain WHEN 'audit' THEN NULL ELSE 'entry.incident_id' END;
    found bigint;
    open boolean := false;
    astray boolean;
BEGIN
    SELECT * INTO cut FROM chain_cut WHERE chain = taken_chain AND part = taken_part;
    IF cut.chain IS NULL OR NOT EXISTS (
        SELECT FROM ledger_part AS part WHERE part.ledger = whole
        AND name = taken_part AND low = cut.low AND high = cut.high
    ) THEN
        RAISE EXCEPTION 'of % no cut is written down', taken_part USING ERRCODE = 'check_violation';
    END IF;
    IF cut.high > ledger_key(clock_timestamp() - interval '365 days') THEN
        RAISE EXCEPTION '% is younger than a year', taken_part USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('LOCK TABLE %I IN SHARE MODE', taken_part);
    EXECUTE format('SELECT count(*) FROM %I AS entry JOIN %I AS link ON %s', taken_part, links, same) INTO found;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I AS entry WHERE NOT EXISTS (SELECT FROM %I AS link WHERE %s))', taken_part, links, same)
    INTO astray;
    IF found <> cut.rows OR astray THEN
        RAISE EXCEPTION '% has % linked rows, and its cut says %', taken_part, found, cut.rows USING ERRCODE = 'check_violation';
    END IF;
    IF about IS NOT NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I AS entry JOIN incident ON incident.id = %s WHERE incident.state <> ''closed'')',
                       taken_part, about) INTO open;
    END IF;
    IF open THEN
        RAISE EXCEPTION '% has rows of an incident that is open', taken_part USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM %I AS link WHERE number < $1 AND NOT EXISTS ('
        'SELECT FROM chain_cut WHERE chain = $2 AND link.%I >= low AND link.%I < high))', links, link_key, link_key)
    INTO astray USING cut.kept_from, taken_chain;
    IF astray THEN
        RAISE EXCEPTION 'the cut of % goes through rows that are kept', taken_part USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('DELETE FROM %I WHERE number < $1', links) USING cut.kept_from;
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', whole, taken_part);
    EXECUTE format('DROP TABLE %I', taken_part);
END
$$
"""

_FUNCTIONS = (
    "first_astray(text, uuid), make_ledger_part(text, timestamptz), take_ledger_part(text, text)"
)

_RIGHTS = (
    "REVOKE UPDATE, DELETE, TRUNCATE ON chain_cut FROM callcenter_server",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_part FROM callcenter_server",
    "GRANT SELECT ON ledger_part TO callcenter_server",
    f"REVOKE EXECUTE ON FUNCTION {_FUNCTIONS} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_FUNCTIONS} TO callcenter_server",
)


def upgrade() -> None:
    for statement in (*_DEFAULTS, _PARTS, _KEY, _KEY_COLUMN, _ASTRAY, _MAKE, _TAKE, *_RIGHTS):
        op.execute(statement)
