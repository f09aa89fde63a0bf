"""A task moves as its table of states says; what happened stays written; whoever is off duty has no position."""

from __future__ import annotations

from alembic import op

revision = "0050b"
down_revision = "0050"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

VERSIONED = ("task",)

_GUARDS = (
    """
    CREATE TRIGGER touch_changed_xid BEFORE UPDATE ON task FOR EACH ROW EXECUTE FUNCTION touch_changed_xid()
    """,
    """
    CREATE FUNCTION refuse_task_transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a task in state % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'task_transition';
    END
    $$
    """,
    """
    CREATE TRIGGER task_transition BEFORE UPDATE OF state ON task FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'offered'), ('open', 'unplaced'), ('open', 'accepted'), ('open', 'cancelled'),
        ('offered', 'open'), ('offered', 'unplaced'), ('offered', 'accepted'), ('offered', 'cancelled'),
        ('unplaced', 'offered'), ('unplaced', 'accepted'), ('unplaced', 'cancelled'),
        ('accepted', 'under_way'), ('accepted', 'arrived'), ('accepted', 'done'), ('accepted', 'open'), ('accepted', 'cancelled'),
        ('under_way', 'arrived'), ('under_way', 'done'), ('under_way', 'open'), ('under_way', 'cancelled'),
        ('arrived', 'done'), ('arrived', 'open'), ('arrived', 'cancelled')
    ))
    EXECUTE FUNCTION refuse_task_transition()
    """,
    """
    CREATE FUNCTION refuse_done_without_proof() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.reason = '' AND (
            NOT EXISTS (SELECT FROM check_in WHERE task_id = NEW.id AND kind IN ('arrive', 'stop'))
            OR NOT EXISTS (SELECT FROM check_in WHERE task_id = NEW.id AND kind IN ('depart', 'stop'))
        ) THEN
            RAISE EXCEPTION 'task % has no check-ins and no reason', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'task_done_by_check_ins';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER task_done_by_check_ins BEFORE UPDATE OF state ON task FOR EACH ROW
    WHEN (NEW.state = 'done' AND OLD.state <> 'done') EXECUTE FUNCTION refuse_done_without_proof()
    """,
    """
    CREATE FUNCTION refuse_position_off_duty() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM duty WHERE staff_id = NEW.staff_id AND ended_at IS NULL) THEN
            RETURN NEW;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER staff_position_on_duty BEFORE INSERT OR UPDATE ON staff_position
    FOR EACH ROW EXECUTE FUNCTION refuse_position_off_duty()
    """,
    """
    CREATE FUNCTION forget_position() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM staff_position WHERE staff_id = NEW.staff_id;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER duty_ends_position AFTER UPDATE OF ended_at ON duty FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION forget_position()
    """,
    "REVOKE UPDATE, DELETE, TRUNCATE ON check_in, task_step FROM callcenter_server",
    "GRANT UPDATE (told) ON task_step TO callcenter_server",
    "REVOKE DELETE, TRUNCATE ON task, task_offer, field_command FROM callcenter_server",
)


def upgrade() -> None:
    for statement in _GUARDS:
        op.execute(statement)
