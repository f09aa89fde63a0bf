"""Who may sit at a seat, with the hashes of their passwords, as the database last told: what a log-in needs while it is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import LIFETIME

AT_SEATS: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})
"""Nobody else logs in without the database, and nobody has more than this there."""
_AT_SEATS: Final = ", ".join(f"'{role}'" for role in sorted(AT_SEATS))

SEATED: Final = f"""
SELECT u.id, u.login, u.name, u.name_en, u.language, u.password_hash, now() AS seen_at,
       array_agg(g.role ORDER BY g.id) AS roles, array_agg(g.region_id ORDER BY g.id) AS regions, array_agg(g.until_at ORDER BY g.id) AS untils
FROM app_user u JOIN role_grant g ON g.user_id = u.id
WHERE u.active AND u.password_hash <> '' AND g.role IN ({_AT_SEATS}) AND (g.until_at IS NULL OR g.until_at > now())
GROUP BY u.id ORDER BY u.id
"""  # noqa: S608 constant roles
"""A password that is still to be chosen with a slip is none."""


@dataclass(frozen=True, slots=True)
class Seated:
    """One of them. `until` of a grant is None where it has no end."""

    user_id: int
    login: str
    name: str
    name_en: str
    language: str
    password_hash: str = field(repr=False)
    grants: Sequence[tuple[HeldGrant, datetime | None]]

    def held(self, now: datetime) -> tuple[HeldGrant, ...]:
        """What holds now."""
        return tuple(grant for grant, until in self.grants if until is None or until > now)

    def shortest(self, now: datetime, until: datetime) -> datetime:
        """When the first of what holds now ends, at the latest `until`: nothing can be taken away before the database is back."""
        ends = [end for _, end in self.grants if end is not None and end > now]
        return min([until, *ends])


class SeatedPeople:
    """By their log-ins, as of `seen_at`; None: nobody has told."""

    def __init__(self) -> None:
        self._by_login: Mapping[str, Seated] = {}
        self._by_id: Mapping[int, Seated] = {}
        self.seen_at: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """Nobody is let in, or stays, by what was seen longer ago than a shift."""
        return self.seen_at + LIFETIME if self.seen_at is not None else None

    def learn(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """In place of what was known."""
        found = [(_seated(row), row["seen_at"]) for row in rows]
        self._by_login = {one.login: one for one, _ in found}
        self._by_id = {one.user_id: one for one, _ in found}
        self.seen_at = found[0][1] if found else None

    def find(self, login: str) -> Seated | None:
        """By the log-in as `normal_login` makes it."""
        return self._by_login.get(login)

    def by_id(self, user_id: int) -> Seated | None:
        return self._by_id.get(user_id)


def _seated(row: Mapping[str, Any]) -> Seated:
    held = zip(row["roles"], row["regions"], row["untils"], strict=True)
    return Seated(
        user_id=row["id"],
        login=row["login"],
        name=row["name"],
        name_en=row["name_en"],
        language=row["language"],
        password_hash=row["password_hash"],
        grants=tuple((HeldGrant(Role(role), region), until) for role, region, until in held),
    )
