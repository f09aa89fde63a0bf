"""Roads and a picture of each region, and the steps in which maps are drawn. Roads of basemaps become rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)

_IS_ROAD = (
    "feature #>> '{properties,kind}' = 'road' AND feature #>> '{geometry,type}' = 'LineString'"
)
_TAKE_ROADS = f"""
INSERT INTO road (region_id, name, name_en, width_m, line)
SELECT region.id, coalesce(feature #>> '{{properties,name}}', ''), coalesce(feature #>> '{{properties,name_en}}', ''),
       least(60, greatest(1, CASE WHEN jsonb_typeof(feature #> '{{properties,width}}') = 'number'
                             THEN (feature #>> '{{properties,width}}')::double precision ELSE 6 END)),
       feature #> '{{geometry,coordinates}}'
FROM region, jsonb_array_elements(region.basemap -> 'features') WITH ORDINALITY AS listed (feature, place)
WHERE jsonb_typeof(region.basemap -> 'features') = 'array' AND {_IS_ROAD}
ORDER BY region.id, place
"""  # noqa: S608 - our own words
_LEAVE_ROADS = f"""
UPDATE region SET basemap = jsonb_set(basemap, '{{features}}', (
    SELECT coalesce(jsonb_agg(feature ORDER BY place), '[]')
    FROM jsonb_array_elements(basemap -> 'features') WITH ORDINALITY AS listed (feature, place)
    WHERE ({_IS_ROAD}) IS NOT TRUE
))
WHERE jsonb_typeof(basemap -> 'features') = 'array'
"""  # noqa: S608 - our own words


def upgrade() -> None:
    _roads()
    _pictures()
    _steps()
    op.execute(_TAKE_ROADS)
    op.execute(_LEAVE_ROADS)


def _of_region(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_region_id_region")
    return sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=name)


def _roads() -> None:
    op.create_table(
        "road",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("width_m", sa.Float, nullable=False),
        sa.Column("line", JSONB, nullable=False),
        _of_region("road"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road")),
    )
    op.create_index(op.f("ix_road_region_id"), "road", ["region_id"])


def _pictures() -> None:
    op.create_table(
        "map_picture",
        sa.Column("region_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("width", sa.BigInteger, nullable=False),
        sa.Column("height", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("points", JSONB, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("corners", JSONB, nullable=True),
        sa.Column("opacity", sa.Float, server_default=sa.text("0.7"), nullable=False),
        sa.Column("stored_at", _TIME, nullable=False),
        sa.CheckConstraint("opacity BETWEEN 0 AND 1", name=op.f("ck_map_picture_opacity_known")),
        _of_region("map_picture"),
        sa.PrimaryKeyConstraint("region_id", name=op.f("pk_map_picture")),
    )


def _steps() -> None:
    op.create_table(
        "drawing_step",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("sitting", sa.LargeBinary, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("of_id", sa.BigInteger, nullable=True),
        sa.CheckConstraint(
            "kind IN ('added', 'changed', 'removed', 'doors', 'imported', 'undone', 'redone')",
            name=op.f("ck_drawing_step_kind_known"),
        ),
        _of_region("drawing_step"),
        sa.ForeignKeyConstraint(
            ["of_id"], ["drawing_step.id"], name=op.f("fk_drawing_step_of_id_drawing_step")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawing_step")),
    )
    op.create_index("ix_drawing_step_sitting", "drawing_step", ["sitting", "region_id", "id"])
    op.create_table(
        "drawing_change",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("step_id", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("thing_id", sa.BigInteger, nullable=False),
        sa.Column("before", JSONB, nullable=True),
        sa.Column("after", JSONB, nullable=True),
        sa.CheckConstraint(
            "what IN ('building', 'road', 'point', 'home')",
            name=op.f("ck_drawing_change_what_known"),
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["drawing_step.id"], name=op.f("fk_drawing_change_step_id_drawing_step")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawing_change")),
    )
    op.create_index(op.f("ix_drawing_change_step_id"), "drawing_change", ["step_id"])
