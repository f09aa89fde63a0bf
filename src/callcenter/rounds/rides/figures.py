"""How much was done and how it was, of some days: of the work that is here, and of what has gone since (`upkeep.models.FieldFigure`)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from pydantic import BaseModel

from callcenter.auth.permissions import Action
from callcenter.calls.statement import statement
from callcenter.core.errors import Invalid
from callcenter.dispatch.task import TaskKind
from callcenter.residents.access import Asking
from callcenter.rounds.rides.rated import RATED

LONGEST_D: Final = 92
"""A quarter: of more days the rows of a large site take seconds to count."""


class WorkFigure(BaseModel):
    """Of one kind. `stars` is the sum of `rated` answers; `asked` counts texts, and the office may enter an answer without one."""

    what: TaskKind
    done: int
    cancelled: int
    asked: int
    rated: int
    stars: int


async def figures_of(
    asking: Asking, from_day: date, until_day: date, zone: tzinfo
) -> list[WorkFigure]:
    """Of what began on these days, both included, by the site's calendar. Raises Invalid `days_out_of_range`."""
    if not timedelta(0) <= until_day - from_day < timedelta(days=LONGEST_D):
        raise Invalid(
            f"The last day is not before the first, and no more than {LONGEST_D} days are counted.",
            code="days_out_of_range",
            most=LONGEST_D,
        )
    parts = {
        "regions": sorted(asking.principal.regions(Action.SEE_FIELD)),
        "kinds": sorted(RATED),
        "from_day": from_day,
        "until_day": until_day,
        "since": datetime.combine(from_day, time(), zone),
        "until": datetime.combine(until_day + timedelta(days=1), time(), zone),
    }
    rows = (await asking.session.execute(_FIGURES, parts)).mappings().all()
    return [WorkFigure.model_validate(dict(row)) for row in rows]


_FIGURES: Final = statement(
    """
WITH counted AS (
    SELECT task.kind AS what, task.state AS ended, count(*) AS number, count(rating.asked_phone) AS asked,
           count(rating.rating) AS rated, coalesce(sum(rating.rating), 0) AS stars
    FROM task LEFT JOIN task_rating AS rating ON rating.task_id = task.id
    WHERE task.region_path && CAST(:regions AS bigint[]) AND task.kind = ANY(CAST(:kinds AS text[]))
    AND task.begins_at >= :since AND task.begins_at < :until AND task.ended_at IS NOT NULL
    GROUP BY 1, 2
    UNION ALL
    SELECT what, ended, number, asked, rated, stars FROM field_figure AS figure JOIN region ON region.id = figure.region_id
    WHERE region.path && CAST(:regions AS bigint[]) AND what = ANY(CAST(:kinds AS text[]))
    AND day BETWEEN CAST(:from_day AS date) AND CAST(:until_day AS date)
)
SELECT what, CAST(coalesce(sum(number) FILTER (WHERE ended = 'done'), 0) AS bigint) AS done,
       CAST(coalesce(sum(number) FILTER (WHERE ended = 'cancelled'), 0) AS bigint) AS cancelled,
       CAST(sum(asked) AS bigint) AS asked, CAST(sum(rated) AS bigint) AS rated, CAST(sum(stars) AS bigint) AS stars
FROM counted GROUP BY what ORDER BY what
"""
)
