"""Other centres, the rules by which alarms go to them, and each forwarding with what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.forwarding.course import ForwardState
from callcenter.forwarding.parcel import Detail, What
from callcenter.forwarding.rules import BY_HAND, Mode


class WayKind(StrEnum):
    DC09 = "dc09"
    HTTP = "http"


class AcceptedHow(StrEnum):
    """How we know that a person there has it."""

    REPORTED = "reported"
    """Their server has said so, signed."""
    PHONE = "phone"
    """An operator of ours was told."""


class OtherCentre(Base):
    """A centre that alarms of `region_id` and below may be given to. Secrets are sealed (core/sealed.py) and never shown again."""

    __tablename__ = "other_centre"
    __table_args__ = (
        one_of("way", WayKind),
        one_of("detail", Detail),
        CheckConstraint("address <> ''", name="has_address"),
        CheckConstraint("sequence BETWEEN 0 AND 9999", name="sequence_in_range"),
        Index("uq_other_centre_name", "region_id", "name", unique=True),
    )

    id: Mapped[Serial]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    name: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    way: Mapped[str]
    address: Mapped[str]
    """HOST:PORT (DC-09), or the beginning of a URL."""
    second_address: Mapped[str] = mapped_column(server_default=text("''"))
    account: Mapped[str]
    home_digits: Mapped[int] = mapped_column(server_default=text("0"))
    """So many digits of a home's number are put behind the account: then they know each home apart."""
    receiver: Mapped[str] = mapped_column(server_default=text("''"))
    line: Mapped[str] = mapped_column(server_default=text("'0'"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    """To ring up and ask whether a person has it."""
    timeout_s: Mapped[int] = mapped_column(server_default=text("5"))
    poll_s: Mapped[int | None]
    """How often the path is tried; NULL: only with alarms."""
    detail: Mapped[str] = mapped_column(server_default=text("'code'"))
    key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(server_default=text("''"))
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str | None]
    """Under which name what they forward to us comes in; nothing of it is forwarded back."""
    reports_taken: Mapped[bool] = mapped_column(server_default=text("false"))
    """They are told when a person here has taken what they forwarded."""
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    """The last that was used."""
    tried_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    """Why the last try came to nothing; NULL: it did not."""
    trouble_since: Mapped[datetime | None]


class ForwardRule(Base):
    """See `forwarding.rules.Rule`."""

    __tablename__ = "forward_rule"
    __table_args__ = (
        one_of("mode", Mode),
        CheckConstraint("after_s BETWEEN 0 AND 3600", name="soon"),
        CheckConstraint("least_priority BETWEEN 1 AND 3", name="priority_known"),
        CheckConstraint(
            "begins BETWEEN 0 AND 1439 AND ends BETWEEN 0 AND 1439", name="within_a_day"
        ),
    )

    id: Mapped[Serial]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    centre_id: Mapped[int] = mapped_column(
        ForeignKey("other_centre.id", ondelete="CASCADE"), index=True
    )
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    mode: Mapped[str]
    after_s: Mapped[int] = mapped_column(server_default=text("0"))
    kinds: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    least_priority: Mapped[int] = mapped_column(server_default=text("3"))
    begins: Mapped[int] = mapped_column(server_default=text("0"))
    ends: Mapped[int] = mapped_column(server_default=text("0"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Forwarding(Base):
    """One alarm to one other centre (or, `what` taken, the word to a centre that a person here has theirs).

    The alarm process writes it with its timeline entry, the office sends it and says what became of it; `said` is the state that
    the timeline has. Who accepted it there stands beside the state.
    """

    __tablename__ = "forwarding"
    __table_args__ = (
        one_of("what", What),
        one_of("why", [*Mode, BY_HAND, What.TAKEN]),
        one_of("state", ForwardState),
        one_of("accepted_how", AcceptedHow),
        CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL) AND (accepted_at IS NULL) = (accepted_how IS NULL)",
            name="accepted_by_somebody",
        ),
        CheckConstraint(
            "state NOT IN ('delivered', 'refused', 'expired') OR settled_at IS NOT NULL",
            name="ends_are_settled",
        ),
        CheckConstraint(
            "state NOT IN ('waiting', 'sending') OR settled_at IS NULL", name="open_is_open"
        ),
        Index("ix_forwarding_incident", "incident_id"),
        Index(
            "ix_forwarding_open",
            "due_at",
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(
            "ix_forwarding_unsaid",
            "created_at",
            postgresql_where=text("news"),
        ),
        Index("ix_forwarding_created", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dedup: Mapped[str] = mapped_column(unique=True)
    what: Mapped[str]
    incident_id: Mapped[UUID]
    centre_id: Mapped[int] = mapped_column(ForeignKey("other_centre.id"), index=True)
    rule_id: Mapped[int | None]
    why: Mapped[str]
    region_path: Mapped[list[int]]
    content: Mapped[object] = mapped_column(JSONB)
    """See forwarding.parcel.Parcel."""
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(server_default=text("0"))
    maybe_sent: Mapped[int] = mapped_column(server_default=text("0"))
    """Attempts of which each may have arrived."""
    sequence: Mapped[int | None]
    """DC-09: the same in every repeat."""
    address: Mapped[int | None]
    """Which one has answered, from 1."""
    reference: Mapped[str | None]
    """How they call it."""
    lease_until: Mapped[datetime | None]
    attempted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]
    accepted_how: Mapped[str | None]
    news: Mapped[bool] = mapped_column(server_default=text("false"))
    """Something of it does not stand in the timeline yet."""
    said: Mapped[str | None]
    """The state, and how many attempts, that the timeline has last told of."""
    accepted_said: Mapped[bool] = mapped_column(server_default=text("false"))
