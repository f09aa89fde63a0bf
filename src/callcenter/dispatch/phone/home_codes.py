"""What stands at the door or on the card of a home, compared here: a phone never learns what would have been right."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.sealed import Seal
from callcenter.dispatch.phone.models import CodeOf, HomeCode
from callcenter.dispatch.proof import Proof

_CONTEXT: Final = "home.code"
_SHOWS: Final[Mapping[CodeOf, Proof]] = {CodeOf.DOOR: Proof.DOOR_CODE, CodeOf.CARD: Proof.CARD}


async def holds(
    session: AsyncSession, seal: Seal, home_id: int, kind: CodeOf, said: str
) -> bool | None:
    """Whether it is the right one; None: the home has none."""
    found = await session.scalars(
        select(HomeCode.code_hash).where(HomeCode.home_id == home_id, HomeCode.kind == kind)
    )
    right, typed = found.all(), _hash(seal, kind, said)
    return any(hmac.compare_digest(each, typed) for each in right) if right else None


async def proof_of(
    session: AsyncSession, seal: Seal, home_id: int | None, said: Mapping[CodeOf, str]
) -> tuple[Proof, bool] | None:
    """What this shows, and whether it is right, by the first kind that holds; None: the home has no code of these kinds, so that it shows
    nothing.
    """
    found: tuple[Proof, bool] | None = None
    if home_id is None:
        return None
    for kind, typed in said.items():
        right = await holds(session, seal, home_id, kind, typed)
        if right is not None and (found is None or right):
            found = _SHOWS[kind], right
    return found


async def set_code(
    session: AsyncSession,
    seal: Seal,
    home_id: int,
    kind: CodeOf,
    code: str | None,
    by: int,
    now: datetime,
) -> None:
    """In place of the one before; None: it has none any more."""
    gone = delete(HomeCode).where(HomeCode.home_id == home_id, HomeCode.kind == kind)
    await session.execute(gone)
    if code is not None:
        hashed = _hash(seal, kind, code)
        session.add(HomeCode(home_id=home_id, kind=kind, code_hash=hashed, set_at=now, set_by=by))
        await session.flush()


def _hash(seal: Seal, kind: CodeOf, said: str) -> bytes:
    """However it was typed: in wide digits, with blanks, in small letters."""
    plain = unicodedata.normalize("NFKC", said).upper()
    signs = "".join(sign for sign in plain if sign.isalnum())
    return seal.blind_index(f"{kind} {signs}".encode(), context=_CONTEXT)
