"""The days of tracks are made ahead and go whole; the server asks for both and can do neither itself."""

from __future__ import annotations

from alembic import op

revision = "0058b"
down_revision = "0058"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_DEFAULT = (
    "CREATE TABLE IF NOT EXISTS staff_track_default PARTITION OF staff_track DEFAULT",
    "REVOKE ALL ON staff_track_default FROM callcenter_server",
    "REVOKE UPDATE, DELETE, TRUNCATE ON staff_track FROM callcenter_server",
)

# What came before its day was there lies in the default part and is moved.
_MAKE = """
CREATE FUNCTION make_track_part(day date) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    name text := 'staff_track_' || to_char(day, 'YYYY_MM_DD');
    low timestamptz := day::timestamp AT TIME ZONE 'UTC';
    high timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('track_parts'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE staff_track INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format('REVOKE ALL ON %I FROM callcenter_server', name);
    LOCK TABLE staff_track_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('WITH moved AS (DELETE FROM staff_track_default WHERE at >= $1 AND at < $2 RETURNING *) INSERT INTO %I SELECT * FROM moved',
                   name) USING low, high;
    EXECUTE format('ALTER TABLE staff_track ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, low, high);
    RETURN true;
END
$$
"""

# The last guard: whatever the server believes, the way of the last day stays.
_DROP = """
CREATE FUNCTION drop_track_parts(before date) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    name text;
    dropped integer := 0;
BEGIN
    IF before::timestamp AT TIME ZONE 'UTC' > clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'tracks of % are younger than a day', before - 1 USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('track_parts'));
    FOR name IN
        SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = 'staff_track'::regclass AND child.relname < 'staff_track_' || to_char(before, 'YYYY_MM_DD')
        AND child.relname ~ '^staff_track_[0-9]{4}_[0-9]{2}_[0-9]{2}$'
    LOOP
        EXECUTE format('DROP TABLE %I', name);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM staff_track_default WHERE at < before::timestamp AT TIME ZONE 'UTC';
    RETURN dropped;
END
$$
"""

_FUNCTIONS = "make_track_part(date), drop_track_parts(date)"

_RIGHTS = (
    f"REVOKE EXECUTE ON FUNCTION {_FUNCTIONS} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_FUNCTIONS} TO callcenter_server",
)


def upgrade() -> None:
    for statement in (*_DEFAULT, _MAKE, _DROP, *_RIGHTS):
        op.execute(statement)
