"""What was wished stays as it was said, and how it ended stays so; it goes by its age, through a function that looks once more."""

from __future__ import annotations

from alembic import op

revision = "0076b"
down_revision = "0076"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GUARDS = (
    """
    CREATE FUNCTION refuse_wish_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'wish % is % and stays as it is', OLD.id, OLD.state
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END
    $$
    """,
    # Whose it is may change where two records turn out to be one person.
    """
    CREATE TRIGGER care_wish_ended BEFORE UPDATE ON care_wish FOR EACH ROW
    WHEN (OLD.state <> 'open' AND (OLD.state, OLD.ended_at, OLD.ended_words, OLD.ended_by, OLD.ended_by_staff)
        IS DISTINCT FROM (NEW.state, NEW.ended_at, NEW.ended_words, NEW.ended_by, NEW.ended_by_staff))
    EXECUTE FUNCTION refuse_wish_change()
    """,
    """
    CREATE TRIGGER care_wish_said BEFORE UPDATE ON care_wish FOR EACH ROW
    WHEN ((OLD.words, OLD.said_by, OLD.said_at, OLD.call_id, OLD.call_item_id, OLD.heard_by)
        IS DISTINCT FROM (NEW.words, NEW.said_by, NEW.said_at, NEW.call_id, NEW.call_item_id, NEW.heard_by))
    EXECUTE FUNCTION refuse_wish_change()
    """,
    """
    CREATE FUNCTION take_wishes(keys uuid[]) RETURNS SETOF uuid LANGUAGE sql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DELETE FROM care_wish WHERE id = ANY(keys) AND ended_at < clock_timestamp() - interval '365 days' RETURNING id
    $$
    """,
    "REVOKE EXECUTE ON FUNCTION take_wishes(uuid[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION take_wishes(uuid[]) TO callcenter_server",
    "REVOKE DELETE, TRUNCATE ON care_wish FROM callcenter_server",
)


def upgrade() -> None:
    for statement in _GUARDS:
        op.execute(statement)
