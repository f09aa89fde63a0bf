"""A row of `merging` is carried out, and undone, by the database: whatever says of a row whose it is says so of the one kept.

Every foreign key to `resident` and `home` is found in the catalogue, so that a table that comes later is moved, too; columns without
one are listed in `merging_columns`. What was in a moved row stands in `moved`, what had to make way in `gone`, what the one kept
said in `before`, and a digest of all that people have written of both in `after`: while it holds, undoing restores all of it.
Within a trigger the copies of the past (migration 0030b) stand still; what they would do is done here.

The server's role may not rewrite the past nor consents; these functions may, for this alone.
"""

from __future__ import annotations

from alembic import op

revision = "0035b"
down_revision = "0035"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_FUNCTIONS = (
    # Residents last: where they live is compared with their stays, which have moved by then.
    """
    CREATE FUNCTION merging_columns(what text, OUT tab text, OUT col text, OUT written boolean)
    RETURNS SETOF record LANGUAGE sql STABLE AS $$
        SELECT conrelid::regclass::text, attname::text, true
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND confrelid = what::regclass
        UNION ALL
        SELECT said.tab, said.col, false
        FROM (VALUES ('resident', 'incident', 'resident_id'), ('resident', 'call_item', 'resident_id'),
                     ('resident', 'call_signal', 'resident_id'), ('resident', 'number_use', 'holder_id'),
                     ('home', 'incident', 'home_id'), ('home', 'call_item', 'home_id'), ('home', 'call_signal', 'home_id'))
             AS said (what, tab, col)
        WHERE said.what = $1
        ORDER BY 1, 2
    $$
    """,
    """
    CREATE FUNCTION merging_order(tab text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE tab WHEN 'resident' THEN 2 WHEN 'incident' THEN 3 ELSE 1 END
    $$
    """,
    # What people have written of one row: of a home only who lives there, not what is written of them.
    """
    CREATE FUNCTION merging_rows(what text, who bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
    DECLARE
        found jsonb := '{}';
        part jsonb;
        each record;
        ignored text[] := ARRAY['changed_xid', 'version', 'updated_at'];
    BEGIN
        EXECUTE format('SELECT jsonb_build_object($2 || '':'' || id, md5((to_jsonb(t) - $3)::text)) FROM %I AS t WHERE id = $1', what)
        INTO part USING who, what, ignored;
        found := found || coalesce(part, '{}');
        FOR each IN SELECT * FROM merging_columns(what) WHERE written LOOP
            EXECUTE format(
                'SELECT jsonb_object_agg($2 || '':'' || id, md5(CASE WHEN $4 THEN %I::text ELSE (to_jsonb(t) - $3)::text END))
                 FROM %I AS t WHERE %I = $1', each.col, each.tab, each.col)
            INTO part USING who, each.tab, ignored, each.tab = 'resident';
            found := found || coalesce(part, '{}');
        END LOOP;
        RETURN found;
    END
    $$
    """,
    """
    CREATE FUNCTION merging_changes(of_merging bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT coalesce(array_agg(key ORDER BY key), '{}')
        FROM merging AS m
        CROSS JOIN LATERAL (
            SELECT key FROM jsonb_each(m.after) AS then_ (key, value)
            FULL JOIN jsonb_each(merging_rows(m.subject, m.kept_id) || merging_rows(m.subject, m.merged_id)) AS now_ (key, value)
            USING (key) WHERE then_.value IS DISTINCT FROM now_.value
        ) AS differing
        WHERE m.id = of_merging
    $$
    """,
    """
    CREATE FUNCTION merging_withdrawal(clashes text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT format(
            ', withdrawn_why = CASE WHEN t.withdrawn_at IS NULL AND (%1$s) THEN ''merged'' ELSE t.withdrawn_why END
             , withdrawn_by = CASE WHEN t.withdrawn_at IS NULL AND (%1$s) THEN past_said(''by'')::bigint ELSE t.withdrawn_by END
             , withdrawn_at = CASE WHEN t.withdrawn_at IS NULL AND (%1$s) THEN $3 ELSE t.withdrawn_at END', clashes)
    $$
    """,
    # How a moved row gives way where two of one person cannot stand side by side. $1: the one kept, $2: the other, $3: when.
    """
    CREATE FUNCTION merging_sets(what text, tab text, col text) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT format('%I = $1', col) || coalesce(CASE
            WHEN tab = 'contact' THEN
                ', rank = rank + (SELECT coalesce(max(rank), 0) FROM contact WHERE resident_id = $1)'
            WHEN tab = 'residence' AND col = 'resident_id' THEN merging_withdrawal(
                't.until_day IS NULL OR EXISTS (SELECT FROM residence AS o WHERE o.resident_id = $1 AND o.withdrawn_at IS NULL
                 AND daterange(o.from_day, o.until_day) && daterange(t.from_day, t.until_day))')
            WHEN tab = 'resident_fact' THEN merging_withdrawal(
                'EXISTS (SELECT FROM resident_fact AS o WHERE o.resident_id = $1 AND o.withdrawn_at IS NULL AND o.kind = t.kind
                 AND (t.kind <> ''welfare'' OR o.value = t.value)
                 AND daterange(o.from_day, o.until_day) && daterange(t.from_day, t.until_day))')
            WHEN tab = 'resident_event' THEN merging_withdrawal('true')
            WHEN tab = 'device_assignment' AND what = 'resident' THEN
                ', home_id = CASE WHEN t.home_id = (SELECT home_id FROM resident WHERE id = $2)
                   THEN (SELECT home_id FROM resident WHERE id = $1) ELSE t.home_id END'
            WHEN tab = 'number_use' THEN
                ', until_day = CASE WHEN t.until_day IS NULL AND EXISTS (
                       SELECT FROM number_use AS o WHERE o.holder = ''resident'' AND o.holder_id = $1 AND o.e164 = t.e164
                       AND o.until_day IS NULL) THEN greatest(t.from_day, past_today()) ELSE t.until_day END'
            WHEN tab = 'call_item' THEN format(
                ', subject = CASE WHEN t.subject = %L || $2 AND NOT EXISTS (
                       SELECT FROM call_item AS o WHERE o.list_id = t.list_id AND o.occurrence = t.occurrence AND o.subject = %L || $1)
                   THEN %L || $1 ELSE t.subject END', what || ':', what || ':', what || ':')
            WHEN tab = 'incident' AND what = 'home' THEN
                ', subject = CASE WHEN t.state <> ''closed'' AND t.subject = ''home:'' || $2 AND NOT EXISTS (
                       SELECT FROM incident AS o WHERE o.state <> ''closed'' AND o.class = t.class AND o.subject = ''home:'' || $1)
                   THEN ''home:'' || $1 ELSE t.subject END'
        END, '')
    $$
    """,
    # Columns of a row as they were: what may be changed of it, and by what it is found.
    """
    CREATE FUNCTION merging_was(what text, who bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
    DECLARE
        kept text[] := ARRAY['id', 'resident_id', 'home_id', 'merged_into', 'subject', 'rank', 'holder_id', 'from_day', 'until_day',
                             'withdrawn_at', 'withdrawn_by', 'withdrawn_why'];
        found jsonb := '[]';
        part jsonb;
        each record;
    BEGIN
        FOR each IN SELECT * FROM merging_columns(what) LOOP
            EXECUTE format(
                'SELECT jsonb_agg(jsonb_build_object(''table'', $2, ''column'', $3, ''was'', (
                     SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) WHERE key = ANY ($4 || $3))) ORDER BY id)
                 FROM %I AS t WHERE %I = $1 %s', each.tab, each.col, CASE each.tab WHEN 'number_use' THEN 'AND holder = ''resident''' END)
            INTO part USING who, each.tab, each.col, kept;
            found := found || coalesce(part, '[]');
        END LOOP;
        RETURN found;
    END
    $$
    """,
    """
    CREATE FUNCTION merging_touch(moved jsonb, homes bigint[]) RETURNS void LANGUAGE sql AS $$
        UPDATE device SET version = version + 1 WHERE id IN (
            SELECT device_id FROM device_assignment
            JOIN jsonb_array_elements(moved) AS each ON each ->> 'table' = 'device_assignment'
             AND device_assignment.id = (each -> 'was' ->> 'id')::bigint);
        UPDATE home SET version = version + 1 WHERE id = ANY (homes)
    $$
    """,
    """
    CREATE FUNCTION merging_write(what text, who bigint, changes jsonb) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        names text;
    BEGIN
        SELECT string_agg(format('%I', key), ', ') INTO names FROM jsonb_object_keys(changes) AS key;
        IF names IS NOT NULL THEN
            EXECUTE format('UPDATE %I SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%I, $2)) WHERE id = $1',
                           what, names, names, what) USING who, changes;
        END IF;
    END
    $$
    """,
)

_MERGE = """
CREATE FUNCTION carry_out_merging() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    each record;
    said jsonb;
    homes bigint[] := ARRAY[NEW.kept_id, NEW.merged_id];
BEGIN
    IF NEW.subject = 'resident' THEN
        SELECT array_agg(home_id) INTO homes FROM resident WHERE id IN (NEW.kept_id, NEW.merged_id);
        WITH away AS (
            DELETE FROM call_plan WHERE resident_id = NEW.merged_id
            AND list_id IN (SELECT list_id FROM call_plan WHERE resident_id = NEW.kept_id) RETURNING *
        )
        SELECT coalesce(jsonb_agg(jsonb_build_object('table', 'call_plan', 'row', to_jsonb(away))), '[]') INTO NEW.gone FROM away;
    END IF;
    EXECUTE format('SELECT to_jsonb(t) FROM %I AS t WHERE id = $1', NEW.subject) INTO said USING NEW.kept_id;
    SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO NEW.before FROM jsonb_each(said)
    WHERE NEW.taken ? key OR key IN ('welfare', 'living', 'ability');
    NEW.moved := merging_was(NEW.subject, NEW.merged_id);
    FOR each IN
        SELECT row ->> 'table' AS tab, row ->> 'column' AS col FROM jsonb_array_elements(NEW.moved) AS row
        GROUP BY 1, 2 ORDER BY merging_order(row ->> 'table'), 1, 2
    LOOP
        EXECUTE format(
            'UPDATE %I AS t SET %s WHERE t.id IN (SELECT (jsonb_populate_record(NULL::%I, row -> ''was'')).id
             FROM jsonb_array_elements($4) AS row WHERE row ->> ''table'' = %L AND row ->> ''column'' = %L)',
            each.tab, merging_sets(NEW.subject, each.tab, each.col), each.tab, each.tab, each.col)
        USING NEW.kept_id, NEW.merged_id, NEW.at, NEW.moved;
    END LOOP;
    IF NEW.subject = 'resident' THEN
        PERFORM copy_facts(NEW.kept_id);
        UPDATE resident SET home_id = NULL, merged_into = NEW.kept_id, version = version + 1 WHERE id = NEW.merged_id;
        NEW.before := NEW.before || jsonb_build_object('other_home', homes[2]);
    ELSE
        UPDATE home SET merged_into = NEW.kept_id WHERE id = NEW.merged_id;
    END IF;
    PERFORM merging_write(NEW.subject, NEW.kept_id, NEW.taken);
    EXECUTE format('UPDATE %I SET version = version + 1 WHERE id = $1', NEW.subject) USING NEW.kept_id;
    PERFORM merging_touch(NEW.moved, homes);
    NEW.after := merging_rows(NEW.subject, NEW.kept_id) || merging_rows(NEW.subject, NEW.merged_id);
    RETURN NEW;
END
$$
"""

_UNDO = """
CREATE FUNCTION undo_merging() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    each record;
    names text;
    homes bigint[] := ARRAY[OLD.kept_id, OLD.merged_id];
    other_home bigint := (OLD.before ->> 'other_home')::bigint;
BEGIN
    IF cardinality(merging_changes(OLD.id)) > 0 THEN
        RAISE EXCEPTION 'merging %: something has changed since', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merging_stands', TABLE = 'merging';
    END IF;
    IF OLD.subject = 'resident' THEN
        UPDATE resident SET home_id = other_home, merged_into = NULL, version = version + 1 WHERE id = OLD.merged_id;
        SELECT array_agg(home_id) INTO homes FROM resident WHERE id IN (OLD.kept_id, OLD.merged_id);
    ELSE
        UPDATE home SET merged_into = NULL WHERE id = OLD.merged_id;
    END IF;
    FOR each IN
        SELECT row ->> 'table' AS tab, row ->> 'column' AS col, row -> 'was' AS was FROM jsonb_array_elements(OLD.moved) AS row
        ORDER BY merging_order(row ->> 'table')
    LOOP
        SELECT string_agg(format('%I', key), ', ') INTO names FROM jsonb_object_keys(each.was) AS key WHERE key <> 'id';
        EXECUTE format(
            'UPDATE %I AS t SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%I, $1))
             WHERE t.id = (jsonb_populate_record(NULL::%I, $1)).id AND t.%I = $2 %s',
            each.tab, names, names, each.tab, each.tab, each.col,
            CASE each.tab WHEN 'incident' THEN
                'AND (t.state = ''closed'' OR NOT EXISTS (SELECT FROM incident AS o WHERE o.state <> ''closed'' AND o.class = t.class
                      AND o.id <> t.id AND o.subject = $1 ->> ''subject''))' END)
        USING each.was, OLD.kept_id;
    END LOOP;
    FOR each IN SELECT row ->> 'table' AS tab, row -> 'row' AS gone FROM jsonb_array_elements(OLD.gone) AS row LOOP
        EXECUTE format('INSERT INTO %I SELECT * FROM jsonb_populate_record(NULL::%I, $1)', each.tab, each.tab) USING each.gone;
    END LOOP;
    PERFORM merging_write(OLD.subject, OLD.kept_id,
                          CASE OLD.subject WHEN 'home' THEN OLD.before - '{welfare,living,ability}'::text[] ELSE OLD.before END
                          - 'other_home');
    EXECUTE format('UPDATE %I SET version = version + 1 WHERE id = $1', OLD.subject) USING OLD.kept_id;
    PERFORM merging_touch(OLD.moved, homes);
    RETURN NEW;
END
$$
"""

_TRIGGERS = (
    "CREATE TRIGGER carry_out_merging BEFORE INSERT ON merging FOR EACH ROW EXECUTE FUNCTION carry_out_merging()",
    """
    CREATE TRIGGER undo_merging BEFORE UPDATE OF undone_at ON merging FOR EACH ROW
    WHEN (OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL) EXECUTE FUNCTION undo_merging()
    """,
    "REVOKE UPDATE, DELETE, TRUNCATE ON merging FROM callcenter_server",
    "GRANT UPDATE (undone_at, undone_by) ON merging TO callcenter_server",
)


def upgrade() -> None:
    for statement in (*_FUNCTIONS, _MERGE, _UNDO, *_TRIGGERS):
        op.execute(statement)
