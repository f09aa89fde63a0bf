"""Disability, party membership and retirement of residents are kept with their past, as welfare, living and ability are (0030b).

A membership and a retirement are known by their first day, which is what the resident's column holds; a disability by its kind and
its degree.
"""

from __future__ import annotations

from alembic import op

revision = "0036b"
down_revision = "0036"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# ---- what is known by its first day

_SINCE = (
    """
    CREATE FUNCTION keep_since(who bigint, what text, word text, since date) RETURNS void LANGUAGE sql AS $$
        UPDATE resident_fact SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint,
                                 withdrawn_why = coalesce(past_said('why'), '')
        WHERE resident_id = who AND kind = what AND withdrawn_at IS NULL;

        INSERT INTO resident_fact (resident_id, kind, value, from_day, recorded_at, recorded_by, source)
        SELECT who, what, word, since, past_at(), past_said('by')::bigint, past_source() WHERE since IS NOT NULL
    $$
    """,
    """
    CREATE FUNCTION since_of(who bigint, what text) RETURNS date LANGUAGE sql STABLE AS $$
        SELECT from_day FROM resident_fact
        WHERE resident_id = who AND kind = what AND withdrawn_at IS NULL
          AND (until_day IS NULL OR until_day > past_today())
        ORDER BY from_day DESC LIMIT 1
    $$
    """,
    """
    CREATE FUNCTION keep_since_of_resident() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.retired_on IS DISTINCT FROM OLD.retired_on
           AND NEW.retired_on IS DISTINCT FROM since_of(NEW.id, 'retiree') THEN
            PERFORM keep_since(NEW.id, 'retiree', 'retired', NEW.retired_on);
        END IF;
        IF NEW.party_joined_on IS DISTINCT FROM OLD.party_joined_on
           AND NEW.party_joined_on IS DISTINCT FROM since_of(NEW.id, 'party_member') THEN
            PERFORM keep_since(NEW.id, 'party_member', 'member', NEW.party_joined_on);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_since AFTER UPDATE OF retired_on, party_joined_on ON resident FOR EACH ROW
    WHEN (OLD.retired_on IS DISTINCT FROM NEW.retired_on OR OLD.party_joined_on IS DISTINCT FROM NEW.party_joined_on)
    EXECUTE FUNCTION keep_since_of_resident()
    """,
)

# ---- what has a degree

_DISABILITY = (
    """
    CREATE FUNCTION keep_disability() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        ended resident_fact;
        day date;
    BEGIN
        SELECT * INTO ended FROM resident_fact
        WHERE resident_id = NEW.id AND kind = 'disability' AND withdrawn_at IS NULL
          AND (until_day IS NULL OR until_day > past_today())
        ORDER BY from_day DESC LIMIT 1;
        IF ended.value IS NOT DISTINCT FROM NEW.disability
           AND (NEW.disability IS NULL OR ended.level = NEW.disability_level) THEN
            RETURN NULL;
        END IF;
        SELECT past_day(max(coalesce(until_day, from_day))) INTO day FROM resident_fact
        WHERE resident_id = NEW.id AND kind = 'disability' AND withdrawn_at IS NULL AND id IS DISTINCT FROM ended.id;
        IF ended.id IS NOT NULL THEN
            day := greatest(day, past_day(ended.from_day));
            UPDATE resident_fact SET withdrawn_at = past_at(), withdrawn_by = past_said('by')::bigint WHERE id = ended.id;
            INSERT INTO resident_fact (resident_id, kind, value, level, document_sealed, assessed_by, from_day, until_day,
                                       recorded_at, recorded_by, source)
            SELECT NEW.id, 'disability', ended.value, ended.level, ended.document_sealed, ended.assessed_by, ended.from_day, day,
                   past_at(), past_said('by')::bigint, past_source()
            WHERE ended.from_day < day;
        END IF;
        INSERT INTO resident_fact (resident_id, kind, value, level, document_sealed, from_day, recorded_at, recorded_by, source)
        SELECT NEW.id, 'disability', NEW.disability, NEW.disability_level,
               CASE WHEN ended.value = NEW.disability THEN ended.document_sealed END,
               day, past_at(), past_said('by')::bigint, past_source()
        WHERE NEW.disability IS NOT NULL;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_disability AFTER UPDATE OF disability, disability_level ON resident FOR EACH ROW
    WHEN (OLD.disability IS DISTINCT FROM NEW.disability OR OLD.disability_level <> NEW.disability_level)
    EXECUTE FUNCTION keep_disability()
    """,
)

# ---- somebody is registered, and the way back: facts are written

_BOTH_WAYS = (
    """
    CREATE FUNCTION begin_more_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO resident_fact (resident_id, kind, value, level, from_day, recorded_at, recorded_by, source)
        SELECT added.id, fact.kind, fact.value, fact.level, fact.from_day, past_at(), past_said('by')::bigint, past_source()
        FROM added CROSS JOIN LATERAL (VALUES
            ('retiree', 'retired', '', added.retired_on),
            ('party_member', 'member', '', added.party_joined_on),
            ('disability', added.disability, added.disability_level, past_day())
        ) AS fact (kind, value, level, from_day)
        WHERE fact.value IS NOT NULL AND fact.from_day IS NOT NULL;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER begin_more_facts AFTER INSERT ON resident REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION begin_more_facts()
    """,
    """
    CREATE FUNCTION copy_more_facts(who bigint) RETURNS void LANGUAGE sql AS $$
        WITH now_is AS (
            SELECT since_of(who, 'retiree') AS retired, since_of(who, 'party_member') AS joined,
                   value_of(who, 'disability') AS disability,
                   coalesce((SELECT level FROM resident_fact
                             WHERE resident_id = who AND kind = 'disability' AND withdrawn_at IS NULL
                               AND (until_day IS NULL OR until_day > past_today())
                             ORDER BY from_day <= past_today() DESC, from_day DESC LIMIT 1), '') AS level
        )
        UPDATE resident SET retired_on = retired, party_joined_on = joined, disability = now_is.disability,
                            disability_level = level, version = version + 1, updated_at = past_at()
        FROM now_is
        WHERE id = who
          AND (retired_on, party_joined_on, resident.disability, disability_level)
              IS DISTINCT FROM (retired, joined, now_is.disability, level)
    $$
    """,
    """
    CREATE FUNCTION copy_more_fact() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM copy_more_facts(NEW.resident_id);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER copy_more_fact AFTER INSERT OR UPDATE OF withdrawn_at ON resident_fact FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND NEW.kind IN ('disability', 'retiree', 'party_member')) EXECUTE FUNCTION copy_more_fact()
    """,
)


def upgrade() -> None:
    for statements in (_SINCE, _DISABILITY, _BOTH_WAYS):
        for statement in statements:
            op.execute(statement)
