"""No device of somebody becomes the watchdog's, and the watchdog's serves nobody: it would ring for no human."""

from __future__ import annotations

from alembic import op

revision = "0047b"
down_revision = "0047"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_KIND = (
    """
    CREATE FUNCTION refuse_watchdog_kind() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'device %: % does not become %', OLD.id, OLD.kind, NEW.kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'watchdog_kind', TABLE = 'device';
    END
    $$
    """,
    """
    CREATE TRIGGER watchdog_kind BEFORE UPDATE OF kind ON device FOR EACH ROW
    WHEN ((OLD.kind = 'watchdog') <> (NEW.kind = 'watchdog'))
    EXECUTE FUNCTION refuse_watchdog_kind()
    """,
)
_SERVES = (
    """
    CREATE FUNCTION refuse_watchdog_serving() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM device WHERE id = NEW.device_id AND kind = 'watchdog') THEN
            RAISE EXCEPTION 'device % is a watchdog''s and serves nobody', NEW.device_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'watchdog_serves_nobody', TABLE = 'device_assignment';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER watchdog_serves_nobody BEFORE INSERT OR UPDATE OF device_id ON device_assignment FOR EACH ROW
    EXECUTE FUNCTION refuse_watchdog_serving()
    """,
)


def upgrade() -> None:
    for statement in (*_KIND, *_SERVES):
        op.execute(statement)
