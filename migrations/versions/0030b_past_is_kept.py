"""The past of residents and its present-day copy are kept the same by the database, whichever of them is written.

Who writes says so for its transaction (`residents/dating.py`): `callcenter.today` is the day at the site, `callcenter.day` from when the
change holds if that was said, then `callcenter.at`, `callcenter.by`, `callcenter.source` and `callcenter.why`. Whoever says nothing is
dated by the database's clock in China's time. What was said must fit into what is known; what was not said gives way: a
day before the last one known (a clock that was set back) becomes that one.
"""

from __future__ import annotations

from alembic import op

revision = "0030b"
down_revision = "0030"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# ---- what must not overlap, and who may change what

_EXCLUDED = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE residence ADD CONSTRAINT residence_overlaps
    EXCLUDE USING gist (resident_id WITH =, daterange(from_day, until_day) WITH &&) WHERE (withdrawn_at IS NULL)
    """,
    """
    ALTER TABLE resident_fact ADD CONSTRAINT resident_fact_overlaps
    EXCLUDE USING gist (resident_id WITH =, kind WITH =, (CASE kind WHEN 'welfare' THEN value ELSE '' END) WITH =,
                        daterange(from_day, until_day) WITH &&) WHERE (withdrawn_at IS NULL)
    """,
)

_APPENDED = (
    "REVOKE UPDATE, DELETE, TRUNCATE ON residence, resident_fact, resident_event, consent FROM callcenter_server",
    """
    GRANT UPDATE (withdrawn_at, withdrawn_by, withdrawn_why) ON residence, resident_fact, resident_event
    TO callcenter_server
    """,
)

# GB 32100: 18 characters of an alphabet without I, O, S, V and Z; the last one is a check, modulo 31.
_USCC = (
    """
    CREATE FUNCTION uscc_holds(code text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$
        SELECT code ~ '^[0-9A-HJ-NP-RTUWXY]{18}$'
           AND (SELECT sum((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(code, place, 1)) - 1)
                           * CASE place WHEN 18 THEN 1 ELSE
                             (ARRAY[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])[place] END)
                FROM generate_series(1, 18) AS place) % 31 = 0
    $$
    """,
    "ALTER TABLE organisation ADD CONSTRAINT ck_organisation_uscc_holds CHECK (uscc_holds(uscc))",
)

# ---- who writes, and from when

_SAID = (
    """
    CREATE FUNCTION past_said(what text) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT nullif(current_setting('callcenter.' || what, true), '')
    $$
    """,
    """
    CREATE FUNCTION past_today() RETURNS date LANGUAGE sql STABLE AS $$
        SELECT coalesce(past_said('today')::date, (now() AT TIME ZONE 'Asia/Shanghai')::date)
    $$
    """,
    """
    CREATE FUNCTION past_day(not_before date DEFAULT NULL) RETURNS date LANGUAGE sql STABLE AS $$
        SELECT coalesce(past_said('day')::date, greatest(past_today(), not_before))
    $$
    """,
    """
    CREATE FUNCTION past_at() RETURNS timestamptz LANGUAGE sql STABLE AS $$
        SELECT coalesce(past_said('at')::timestamptz, now())
    $$
    """,
    """
    CREATE FUNCTION past_source() RETURNS text LANGUAGE sql STABLE AS $$
        SELECT coalesce(past_said('source'), 'direct')
    $$
    """,
)

# ---- somebody is registered: set by set, so that an import costs a few statements

_BEGUN = (
    """
    CREATE FUNCTION begin_past() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO residence (resident_id, home_id, region_id, address, hukou_region_code, from_day,
                               recorded_at, recorded_by, source)
        SELECT added.id, home.id, home.region_id, home.address, added.hukou_region_code, past_day(),
               past_at(), past_said('by')::bigint, past_source()
        FROM added JOIN home ON home.id = added.home_id
        WHERE added.status NOT IN ('moved', 'deceased');

        INSERT INTO resident_fact (resident_id, kind, value, from_day, recorded_at, recorded_by, source)
        SELECT added.id, fact.kind, fact.value, past_day(), past_at(), past_said('by')::bigint, past_source()
        FROM added
        CROSS JOIN LATERAL (
            SELECT DISTINCT 'welfare' AS kind, value FROM unnest(added.welfare) AS value
            UNION ALL SELECT 'living', added.living WHERE added.living IS NOT NULL
            UNION ALL SELECT 'ability', added.ability WHERE added.ability IS NOT NULL
        ) AS fact;

        INSERT INTO resident_event (resident_id, kind, day, recorded_at, recorded_by, source)
        SELECT id, event_of(status), past_day(), past_at(), past_said('by')::bigint, past_source()
        FROM added WHERE status <> 'home';

        INSERT INTO number_use (e164, holder, holder_id, from_day)
        SELECT DISTINCT number, 'resident', added.id, past_day()
        FROM added CROSS JOIN LATERAL (VALUES (added.phone), (added.second_phone)) AS had (number)
        WHERE number IS NOT NULL;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER begin_past AFTER INSERT ON resident REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION begin_past()
    """,
)

# ---- where somebody lives

_STAYS = (
    # Whether the stay that ends on the day ended because they left, and not because they died.
    """
    CREATE FUNCTION left_on(who bigint, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM resident_event AS event
                       WHERE resident_id = who AND withdrawn_at IS NULL AND kind = 'moved_out' AND event.day = left_on.day)
    $$
    """,
    # Nobody lives anywhere from the day on; the last stay lasts until then where `to_the_day`.
    """
    CREATE FUNCTION end_stays(who bigint, day date, to_the_day boolean) RETURNS void LANGUAGE sql AS $$
        WITH last AS (
            SELECT id FROM residence
            WHERE resident_id = who AND withdrawn_at IS NULL AND to_the_day
              AND from_day = (SELECT max(from_day) FROM residence WHERE resident_id = who AND withdrawn_at IS NULL)
        ), ended AS (
            UPDATE residence SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint,
                                 withdrawn_why = coalesce(past_said('why'), '')
            WHERE resident_id = who AND withdrawn_at IS NULL
              AND (id IN (SELECT id FROM last) OR until_day IS NULL OR until_day > day)
            RETURNING *
        )
        INSERT INTO residence (resident_id, home_id, region_id, address, hukou_region_code, from_day, until_day,
                               recorded_at, recorded_by, source)
        SELECT resident_id, home_id, region_id, address, hukou_region_code, from_day, day,
               past_at(), past_said('by')::bigint, past_source()
        FROM ended WHERE from_day < day
    $$
    """,
    # Whoever was taken for dead has never left.
    """
    CREATE FUNCTION reopen_stay(who bigint) RETURNS void LANGUAGE sql AS $$
        WITH last AS (
            SELECT * FROM residence WHERE resident_id = who AND withdrawn_at IS NULL ORDER BY from_day DESC LIMIT 1
        ), ended AS (
            UPDATE residence SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint,
                                 withdrawn_why = coalesce(past_said('why'), '')
            FROM last
            WHERE residence.id = last.id AND last.until_day IS NOT NULL AND last.home_id IS NOT NULL
              AND NOT left_on(who, last.until_day)
            RETURNING residence.*
        )
        INSERT INTO residence (resident_id, home_id, region_id, address, hukou_region_code, from_day,
                               recorded_at, recorded_by, source)
        SELECT resident_id, home_id, region_id, address, hukou_region_code, from_day,
               past_at(), past_said('by')::bigint, past_source()
        FROM ended
    $$
    """,
    """
    CREATE FUNCTION begin_stay(who bigint, home_now bigint, hukou text, day date) RETURNS void LANGUAGE sql AS $$
        INSERT INTO residence (resident_id, home_id, region_id, address, hukou_region_code, from_day,
                               recorded_at, recorded_by, source)
        SELECT who, home.id, home.region_id, home.address, hukou, day, past_at(), past_said('by')::bigint, past_source()
        FROM home WHERE home.id = home_now
    $$
    """,
    """
    CREATE FUNCTION keep_residence() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        gone boolean := NEW.status IN ('moved', 'deceased');
        stay residence;
        day date;
    BEGIN
        IF OLD.status = 'deceased' AND NOT gone THEN
            PERFORM reopen_stay(NEW.id);
        END IF;
        SELECT * INTO stay FROM residence
        WHERE resident_id = NEW.id AND withdrawn_at IS NULL AND until_day IS NULL;
        IF gone THEN
            IF stay.id IS NOT NULL OR (NEW.status = 'deceased' AND OLD.status <> 'deceased') THEN
                PERFORM end_stays(NEW.id, past_day(stay.from_day) + (NEW.status = 'deceased')::integer, false);
            END IF;
            RETURN NULL;
        END IF;
        IF stay.home_id = NEW.home_id AND stay.hukou_region_code IS NOT DISTINCT FROM NEW.hukou_region_code THEN
            RETURN NULL;
        END IF;
        SELECT past_day(max(coalesce(until_day, from_day))) INTO day FROM residence
        WHERE resident_id = NEW.id AND withdrawn_at IS NULL;
        IF stay.id IS NOT NULL THEN
            UPDATE residence SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint WHERE id = stay.id;
            IF stay.from_day < day THEN
                INSERT INTO residence (resident_id, home_id, region_id, address, hukou_region_code, from_day, until_day,
                                       recorded_at, recorded_by, source)
                VALUES (stay.resident_id, stay.home_id, stay.region_id, stay.address, stay.hukou_region_code, stay.from_day, day,
                        past_at(), past_said('by')::bigint, past_source());
            END IF;
        END IF;
        PERFORM begin_stay(NEW.id, NEW.home_id, NEW.hukou_region_code, day);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_residence AFTER UPDATE OF home_id, hukou_region_code, status ON resident FOR EACH ROW
    WHEN (OLD.home_id <> NEW.home_id OR OLD.status <> NEW.status
          OR OLD.hukou_region_code IS DISTINCT FROM NEW.hukou_region_code)
    EXECUTE FUNCTION keep_residence()
    """,
    # A home that comes to another grid or community: from then on its people live there.
    """
    CREATE FUNCTION keep_region_of_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        WITH ended AS (
            UPDATE residence SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint
            WHERE home_id = NEW.id AND withdrawn_at IS NULL AND until_day IS NULL RETURNING *
        )
        INSERT INTO residence (resident_id, home_id, region_id, address, hukou_region_code, from_day, until_day,
                               recorded_at, recorded_by, source)
        SELECT resident_id, home_id, stay.region_id, address, hukou_region_code, stay.from_day, stay.until_day,
               past_at(), past_said('by')::bigint, past_source()
        FROM ended
        CROSS JOIN LATERAL (VALUES (OLD.region_id, ended.from_day, past_day(ended.from_day)),
                                   (NEW.region_id, greatest(ended.from_day, past_day()), NULL))
                   AS stay (region_id, from_day, until_day)
        WHERE stay.until_day IS NULL OR stay.from_day < stay.until_day;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_region_of_stays AFTER UPDATE OF region_id ON home FOR EACH ROW
    WHEN (OLD.region_id <> NEW.region_id) EXECUTE FUNCTION keep_region_of_stays()
    """,
    """
    CREATE FUNCTION copy_residence() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE resident SET home_id = NEW.home_id, hukou_region_code = NEW.hukou_region_code,
                            version = version + 1, updated_at = past_at()
        WHERE id = NEW.resident_id
          AND (home_id <> NEW.home_id OR hukou_region_code IS DISTINCT FROM NEW.hukou_region_code);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER copy_residence AFTER INSERT ON residence FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND NEW.until_day IS NULL AND NEW.withdrawn_at IS NULL)
    EXECUTE FUNCTION copy_residence()
    """,
    """
    CREATE FUNCTION check_residence() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM resident
            LEFT JOIN residence ON residence.resident_id = resident.id AND withdrawn_at IS NULL AND until_day IS NULL
            WHERE resident.id = NEW.resident_id
              AND CASE WHEN resident.status IN ('moved', 'deceased') THEN residence.id IS NOT NULL
                       ELSE residence.home_id IS DISTINCT FROM resident.home_id END
        ) THEN
            RAISE EXCEPTION 'resident %: the residence without an end is not their home', NEW.resident_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'residence_agrees', TABLE = 'residence';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER residence_agrees AFTER INSERT OR UPDATE OF withdrawn_at ON residence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION check_residence()
    """,
)

# ---- what happened to somebody

_EVENTS = (
    """
    CREATE FUNCTION event_of(status text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE status WHEN 'deceased' THEN 'died' WHEN 'moved' THEN 'moved_out' WHEN 'home' THEN 'back' ELSE status END
    $$
    """,
    """
    CREATE FUNCTION status_of(who bigint) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT coalesce((
            SELECT CASE kind WHEN 'died' THEN 'deceased' WHEN 'moved_out' THEN 'moved' WHEN 'back' THEN 'home'
                             WHEN 'moved_in' THEN 'home' ELSE kind END
            FROM resident_event WHERE resident_id = who AND withdrawn_at IS NULL
            ORDER BY kind = 'died' DESC, day DESC, id DESC LIMIT 1
        ), 'home')
    $$
    """,
    """
    CREATE FUNCTION keep_events() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last_day date;
    BEGIN
        IF OLD.status = 'deceased' THEN
            UPDATE resident_event SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint,
                                      withdrawn_why = coalesce(past_said('why'), '')
            WHERE resident_id = NEW.id AND kind = 'died' AND withdrawn_at IS NULL;
        END IF;
        IF status_of(NEW.id) = NEW.status THEN
            RETURN NULL;
        END IF;
        SELECT max(day) INTO last_day FROM resident_event WHERE resident_id = NEW.id AND withdrawn_at IS NULL;
        INSERT INTO resident_event (resident_id, kind, day, recorded_at, recorded_by, source)
        VALUES (NEW.id,
                CASE WHEN OLD.status = 'moved' AND NEW.status = 'home' THEN 'moved_in' ELSE event_of(NEW.status) END,
                CASE NEW.status WHEN 'deceased' THEN past_day() ELSE past_day(last_day) END,
                past_at(), past_said('by')::bigint, past_source());
        IF status_of(NEW.id) <> NEW.status THEN
            RAISE EXCEPTION 'resident %: something is known of them after %', NEW.id, past_day()
                USING ERRCODE = 'check_violation', CONSTRAINT = 'resident_event_in_order', TABLE = 'resident_event';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_events AFTER UPDATE OF status ON resident FOR EACH ROW
    WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION keep_events()
    """,
    """
    CREATE FUNCTION copy_event() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        now_is text := status_of(NEW.resident_id);
        said text := current_setting('callcenter.day', true);
        ended date;
    BEGIN
        IF now_is NOT IN ('moved', 'deceased') AND NEW.withdrawn_at IS NOT NULL AND NEW.kind IN ('moved_out', 'died') THEN
            PERFORM reopen_stay(NEW.resident_id)
            FROM resident WHERE id = NEW.resident_id AND status IN ('moved', 'deceased');
        END IF;
        IF NEW.withdrawn_at IS NULL THEN
            PERFORM set_config('callcenter.day', NEW.day::text, true);
        END IF;
        UPDATE resident SET status = now_is, version = version + 1, updated_at = past_at()
        WHERE id = NEW.resident_id AND status <> now_is;
        PERFORM set_config('callcenter.day', coalesce(said, ''), true);
        IF NEW.withdrawn_at IS NULL AND event_of(now_is) = NEW.kind AND NEW.kind IN ('moved_out', 'died') THEN
            SELECT max(until_day) INTO ended FROM residence
            WHERE resident_id = NEW.resident_id AND withdrawn_at IS NULL;
            PERFORM end_stays(NEW.resident_id, NEW.day + (NEW.kind = 'died')::integer,
                              NEW.kind = 'moved_out' OR NOT left_on(NEW.resident_id, ended));
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER copy_event AFTER INSERT OR UPDATE OF withdrawn_at ON resident_event FOR EACH ROW
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION copy_event()
    """,
)

# ---- which facts hold

_FACTS = (
    """
    CREATE FUNCTION values_of(who bigint, what text) RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT coalesce(array_agg(DISTINCT value ORDER BY value), '{}') FROM resident_fact
        WHERE resident_id = who AND kind = what AND withdrawn_at IS NULL
          AND (until_day IS NULL OR until_day > past_today())
    $$
    """,
    """
    CREATE FUNCTION value_of(who bigint, what text) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT value FROM resident_fact
        WHERE resident_id = who AND kind = what AND withdrawn_at IS NULL
          AND (until_day IS NULL OR until_day > past_today())
        ORDER BY from_day <= past_today() DESC, from_day DESC LIMIT 1
    $$
    """,
    """
    CREATE FUNCTION keep_fact(who bigint, what text, wanted text[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        WITH ended AS (
            UPDATE resident_fact SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint
            WHERE resident_id = who AND kind = what AND withdrawn_at IS NULL AND value <> ALL (wanted)
              AND (until_day IS NULL OR until_day > past_today())
            RETURNING *
        )
        INSERT INTO resident_fact (resident_id, kind, value, level, document_sealed, assessed_by, from_day, until_day,
                                   recorded_at, recorded_by, source)
        SELECT resident_id, kind, value, level, document_sealed, assessed_by, from_day, past_day(from_day),
               past_at(), past_said('by')::bigint, past_source()
        FROM ended WHERE from_day < past_day(from_day);

        INSERT INTO resident_fact (resident_id, kind, value, from_day, recorded_at, recorded_by, source)
        SELECT who, what, new.value, past_day(before.until_day), past_at(), past_said('by')::bigint, past_source()
        FROM (SELECT DISTINCT value FROM unnest(wanted) AS value) AS new
        CROSS JOIN LATERAL (
            SELECT max(until_day) AS until_day FROM resident_fact AS known
            WHERE resident_id = who AND kind = what AND withdrawn_at IS NULL
              AND (what <> 'welfare' OR known.value = new.value)
        ) AS before
        WHERE new.value <> ALL (values_of(who, what));
    END
    $$
    """,
    """
    CREATE FUNCTION keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT (NEW.welfare @> OLD.welfare AND NEW.welfare <@ OLD.welfare) THEN
            PERFORM keep_fact(NEW.id, 'welfare', NEW.welfare);
        END IF;
        IF NEW.living IS DISTINCT FROM OLD.living THEN
            PERFORM keep_fact(NEW.id, 'living', array_remove(ARRAY[NEW.living], NULL));
        END IF;
        IF NEW.ability IS DISTINCT FROM OLD.ability THEN
            PERFORM keep_fact(NEW.id, 'ability', array_remove(ARRAY[NEW.ability], NULL));
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_facts AFTER UPDATE OF welfare, living, ability ON resident FOR EACH ROW
    WHEN (OLD.welfare <> NEW.welfare OR OLD.living IS DISTINCT FROM NEW.living
          OR OLD.ability IS DISTINCT FROM NEW.ability)
    EXECUTE FUNCTION keep_facts()
    """,
    """
    CREATE FUNCTION copy_facts(who bigint) RETURNS void LANGUAGE sql AS $$
        UPDATE resident SET
            welfare = CASE WHEN welfare @> values_of(id, 'welfare') AND welfare <@ values_of(id, 'welfare')
                           THEN welfare ELSE values_of(id, 'welfare') END,
            living = value_of(id, 'living'), ability = value_of(id, 'ability'),
            version = version + 1, updated_at = past_at()
        WHERE id = who
          AND NOT (welfare @> values_of(id, 'welfare') AND welfare <@ values_of(id, 'welfare')
                   AND living IS NOT DISTINCT FROM value_of(id, 'living')
                   AND ability IS NOT DISTINCT FROM value_of(id, 'ability'))
    $$
    """,
    """
    CREATE FUNCTION copy_fact() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM copy_facts(NEW.resident_id);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER copy_fact AFTER INSERT OR UPDATE OF withdrawn_at ON resident_fact FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND NEW.kind IN ('welfare', 'living', 'ability')) EXECUTE FUNCTION copy_fact()
    """,
)

# ---- who has which number

_NUMBERS = (
    """
    CREATE FUNCTION keep_numbers(had_by text, who bigint, wanted text[]) RETURNS void LANGUAGE sql AS $$
        UPDATE number_use SET until_day = past_day(from_day)
        WHERE holder = had_by AND holder_id = who AND until_day IS NULL AND e164 <> ALL (wanted);

        INSERT INTO number_use (e164, holder, holder_id, from_day)
        SELECT DISTINCT number, had_by, who, past_day() FROM unnest(wanted) AS number
        ON CONFLICT DO NOTHING
    $$
    """,
    """
    CREATE FUNCTION keep_numbers_of_resident() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM keep_numbers('resident', NEW.id, array_remove(ARRAY[NEW.phone, NEW.second_phone], NULL));
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_numbers AFTER UPDATE OF phone, second_phone ON resident FOR EACH ROW
    WHEN (OLD.phone IS DISTINCT FROM NEW.phone OR OLD.second_phone IS DISTINCT FROM NEW.second_phone)
    EXECUTE FUNCTION keep_numbers_of_resident()
    """,
    """
    CREATE FUNCTION forget_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM number_use WHERE holder = 'resident' AND holder_id = OLD.id;
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER forget_numbers AFTER DELETE ON resident FOR EACH ROW EXECUTE FUNCTION forget_numbers()",
    """
    CREATE FUNCTION begin_numbers_of_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO number_use (e164, holder, holder_id, from_day) SELECT phone, 'contact', id, past_day() FROM added;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER begin_numbers AFTER INSERT ON contact REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION begin_numbers_of_contacts()
    """,
    """
    CREATE FUNCTION keep_numbers_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM keep_numbers('contact', OLD.id, CASE TG_OP WHEN 'DELETE' THEN '{}' ELSE ARRAY[NEW.phone] END);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_numbers AFTER UPDATE OF phone ON contact FOR EACH ROW
    WHEN (OLD.phone <> NEW.phone) EXECUTE FUNCTION keep_numbers_of_contact()
    """,
    "CREATE TRIGGER end_numbers AFTER DELETE ON contact FOR EACH ROW EXECUTE FUNCTION keep_numbers_of_contact()",
)


def upgrade() -> None:
    for statements in (
        _EXCLUDED,
        _APPENDED,
        _USCC,
        _SAID,
        _EVENTS,
        _BEGUN,
        _STAYS,
        _FACTS,
        _NUMBERS,
    ):
        for statement in statements:
            op.execute(statement)
