"""Photographs of buildings and homes; green and water on the map, and more kinds of points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039b"
branch_labels = None
depends_on = None

_POINTS = (
    *(
        "aed",
        "clinic",
        "hospital",
        "pharmacy",
        "station",
        "day_station",
        "community_office",
        "police",
    ),
    *("fire_station", "gate", "key_box", "hydrant", "canteen", "shop", "unit", "bus_stop"),
)
_DRAWN = ("building", "road", "area", "point", "home")
_SHOWN = ("front", "entrance", "way_in", "door", "key_box", "inside")


def upgrade() -> None:
    _known("point_of_interest", "kind", _POINTS)
    _known("drawing_change", "what", _DRAWN)
    _areas()
    _photographs()


def _known(table: str, column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, _one_of(column, values))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _areas() -> None:
    op.create_table(
        "ground_area",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("ring", JSONB, nullable=False),
        sa.CheckConstraint(
            _one_of("kind", ("green", "water")), name=op.f("ck_ground_area_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_ground_area_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ground_area")),
    )
    op.create_index(op.f("ix_ground_area_region_id"), "ground_area", ["region_id"])


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, server_default=sa.text("''"), nullable=False)


def _photographs() -> None:
    table = "place_photograph"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("building_id", sa.BigInteger),
        _words("entrance"),
        sa.Column("home_id", sa.BigInteger),
        sa.Column("kind", sa.Text, nullable=False),
        _words("caption"),
        _words("caption_en"),
        sa.Column("taken_on", sa.Date),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("width", sa.BigInteger, nullable=False),
        sa.Column("height", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by", sa.BigInteger),
        sa.CheckConstraint(_one_of("kind", _SHOWN), name=op.f(f"ck_{table}_kind_known")),
        sa.CheckConstraint(
            "num_nonnulls(building_id, home_id) = 1", name=op.f(f"ck_{table}_of_one_place")
        ),
        sa.CheckConstraint(
            "home_id IS NULL OR entrance = ''", name=op.f(f"ck_{table}_home_without_entrance")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{place}_id"], [f"{place}.id"], name=op.f(f"fk_{table}_{place}_id_{place}")
            )
            for place in ("building", "home")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for place in ("building", "home"):
        op.create_index(op.f(f"ix_{table}_{place}_id"), table, [f"{place}_id"])
