"""What was drawn, step by step, with what stood there before and after: undoing writes the inverse as a step of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.drawing.things import What
from callcenter.drawing.undoing import StepKind


class DrawingStep(Base):
    """What somebody did at once to the map of a region. `sitting` is of the log-in in which it was done, `of_id` the step that was
    undone or done again.
    """

    __tablename__ = "drawing_step"
    __table_args__ = (
        one_of("kind", StepKind),
        Index("ix_drawing_step_sitting", "sitting", "region_id", "id"),
    )

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    sitting: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    user_id: Mapped[int]
    kind: Mapped[str]
    of_id: Mapped[int | None] = mapped_column(ForeignKey("drawing_step.id"))


class DrawingChange(Base):
    """One row that a step changed; `before` is NULL for a new one, `after` for one that is gone. Both hold the columns that the
    step wrote.
    """

    __tablename__ = "drawing_change"
    __table_args__ = (one_of("what", What),)

    id: Mapped[Serial]
    step_id: Mapped[int] = mapped_column(ForeignKey("drawing_step.id"), index=True)
    what: Mapped[str]
    thing_id: Mapped[int]
    before: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
