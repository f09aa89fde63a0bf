"""What stands at the door or on the card of a home, compared here: a phone never learns what would have been right."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.sealed import Seal
from callcenter.dispatch.phone.models import CodeOf, HomeCode

_CONTEXT: Final = "home.code"


async def holds(
    session: AsyncSession, seal: Seal, home_id: int, kind: CodeOf, said: str
) -> bool | None:
    """Whether it is the right one; None: the home has none."""
    found = await session.scalars(
        select(HomeCode.code_hash).where(HomeCode.home_id == home_id, HomeCode.kind == kind)
    )
    right, typed = found.all(), _hash(seal, kind, said)
    return any(hmac.compare_digest(each, typed) for each in right) if right else None


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
