"""A drill is one from its first moment to its last: nothing real becomes one, none becomes real, and its texts stay here."""

from __future__ import annotations

from alembic import op

revision = "0026b"
down_revision = "0026"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# Out of waiting leads only taking it, and for a drill that its exercise is over.
_CALLED_OFF = (
    "DROP TRIGGER incident_transition ON incident",
    """
    CREATE TRIGGER incident_transition BEFORE UPDATE OF state ON incident FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND (OLD.state = 'closed'
               OR (OLD.state = 'waiting' AND NEW.state <> 'taken'
                   AND NOT (OLD.mode = 'drill' AND NEW.state = 'closed'))))
    EXECUTE FUNCTION refuse_incident_transition()
    """,
)

_MODE = (
    """
    CREATE FUNCTION refuse_incident_mode() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'incident %: % does not become %', OLD.number, OLD.mode, NEW.mode
            USING ERRCODE = 'check_violation', CONSTRAINT = 'incident_mode', TABLE = 'incident';
    END
    $$
    """,
    """
    CREATE TRIGGER incident_mode BEFORE UPDATE OF mode ON incident FOR EACH ROW
    WHEN (OLD.mode IS DISTINCT FROM NEW.mode AND NOT (OLD.mode = 'test' AND NEW.mode = 'real'))
    EXECUTE FUNCTION refuse_incident_mode()
    """,
)

# Whoever writes a text of a drill as an ordinary one, and whoever claims it: it is taken out of the way as it is claimed, since a
# refusal would hold up the texts that are claimed with it.
_TEXTS = (
    """
    CREATE FUNCTION keep_drill_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM incident WHERE id = NEW.reference AND mode = 'drill') THEN
            NEW := OLD;
            NEW.state := 'drill';
            NEW.settled_at := clock_timestamp();
            NEW.version := OLD.version + 1;
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER drill_text_kept BEFORE UPDATE OF state ON sms_message FOR EACH ROW
    WHEN (NEW.state = 'submitting' AND NEW.reference IS NOT NULL)
    EXECUTE FUNCTION keep_drill_text()
    """,
    """
    CREATE FUNCTION refuse_drill_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'text %: of a drill, and does not become %', OLD.id, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'drill_text', TABLE = 'sms_message';
    END
    $$
    """,
    """
    CREATE TRIGGER drill_text BEFORE UPDATE OF state ON sms_message FOR EACH ROW
    WHEN (OLD.state = 'drill' AND NEW.state <> 'drill')
    EXECUTE FUNCTION refuse_drill_text()
    """,
)


def upgrade() -> None:
    for statement in (*_CALLED_OFF, *_MODE, *_TEXTS):
        op.execute(statement)
