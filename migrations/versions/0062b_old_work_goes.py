"""What is append-only goes by its age through these alone, each of which says once more what must be over."""

from __future__ import annotations

from alembic import op

revision = "0062b"
down_revision = "0062"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# `::date` is a day by the clock that whoever calls has set (TimeZone): the site's.
_TASKS = """
CREATE FUNCTION take_tasks(keys uuid[]) RETURNS SETOF uuid LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT one.id, one.begins_at::date AS day, one.region_id, one.kind, one.state, rating.asked_phone, rating.rating
        FROM task AS one LEFT JOIN task_rating AS rating ON rating.task_id = one.id
        WHERE one.id = ANY(keys) AND one.ended_at < clock_timestamp() - interval '365 days' AND (
            one.incident_id IS NULL
            OR (SELECT incident.state FROM incident WHERE incident.id = one.incident_id) = 'closed'
            AND (SELECT number FROM timeline_entry AS entry WHERE entry.incident_id = one.incident_id LIMIT 1) IS NULL
        )
        FOR UPDATE OF one
    ), counted AS (
        INSERT INTO field_figure (day, region_id, what, ended, number, asked, rated, stars)
        SELECT day, region_id, kind, state, count(*), count(asked_phone), count(rating), coalesce(sum(rating), 0) FROM old GROUP BY 1, 2, 3, 4
        ON CONFLICT (day, region_id, what, ended) DO UPDATE SET number = field_figure.number + excluded.number,
            asked = field_figure.asked + excluded.asked, rated = field_figure.rated + excluded.rated, stars = field_figure.stars + excluded.stars
    )
    DELETE FROM task USING old WHERE task.id = old.id RETURNING task.id
$$
"""

_RUNS = """
CREATE FUNCTION take_round_runs(keys bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old bigint[];
BEGIN
    SELECT array_agg(run.id) INTO old FROM round_run AS run
    WHERE run.id = ANY(keys) AND run.state = 'closed' AND run.closed_at < clock_timestamp() - interval '365 days'
    AND NOT EXISTS (
        SELECT FROM round_visit AS visit JOIN call_item AS item ON item.id = visit.call_item_id
        WHERE visit.run_id = run.id AND item.state IN ('open', 'leased')
    );
    INSERT INTO field_figure (day, region_id, what, ended, number)
    SELECT run.day, round.region_id, round.kind, visit.state, count(*)
    FROM round_visit AS visit JOIN round_run AS run ON run.id = visit.run_id JOIN round ON round.id = run.round_id
    WHERE run.id = ANY(old) GROUP BY 1, 2, 3, 4
    ON CONFLICT (day, region_id, what, ended) DO UPDATE SET number = field_figure.number + excluded.number;
    DELETE FROM round_visit WHERE run_id = ANY(old);
    RETURN QUERY DELETE FROM round_run WHERE id = ANY(old) RETURNING id;
END
$$
"""

_PLACES = tuple(
    f"""
    CREATE FUNCTION take_{table}_places(keys uuid[]) RETURNS SETOF uuid LANGUAGE sql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE {table} SET lat = NULL, lng = NULL, accuracy_m = NULL
        WHERE id = ANY(keys) AND lat IS NOT NULL AND received_at < clock_timestamp() - interval '30 days' RETURNING id
    $$
    """  # noqa: S608 - names of this file
    for table in ("check_in", "round_check")
)

_ROWS = tuple(
    f"""
    CREATE FUNCTION take_{table}s(keys uuid[]) RETURNS SETOF uuid LANGUAGE sql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DELETE FROM {table} WHERE id = ANY(keys) AND {time} < clock_timestamp() - interval '{least} days' RETURNING id
    $$
    """  # noqa: S608 - names of this file
    for table, time, least in (("field_command", "received_at", 30), ("pair_tick", "at", 90))
)

_FUNCTIONS = (
    "take_tasks(uuid[]), take_round_runs(bigint[]), take_check_in_places(uuid[]), take_round_check_places(uuid[]), "
    "take_field_commands(uuid[]), take_pair_ticks(uuid[])"
)

_RIGHTS = (
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON field_figure FROM callcenter_server",
    "REVOKE DELETE, TRUNCATE ON task_rating FROM callcenter_server",
    f"REVOKE EXECUTE ON FUNCTION {_FUNCTIONS} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_FUNCTIONS} TO callcenter_server",
)


def upgrade() -> None:
    for statement in (_TASKS, _RUNS, *_PLACES, *_ROWS, *_RIGHTS):
        op.execute(statement)
