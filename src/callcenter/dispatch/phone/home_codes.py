"""What stands at the door or on the card of a home, compared here: a phone never learns what would have been right."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.sealed import Seal
from callcenter.dispatch.phone.models import CodeOf, HomeCode

_CONTEXT: Final = "home.code"


async def holds(
    session: AsyncSession, seal: Seal, home_id: int, kind: CodeOf, said: str
) -> bool | None:
    """Whether it is the right one; None: the home has none."""
    right = await session.scalar(
        select(HomeCode.code_hash).where(HomeCode.home_id == home_id, HomeCode.kind == kind)
    )
    return None if right is None else hmac.compare_digest(right, _hash(seal, home_id, kind, said))


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
    if code is None:
        gone = delete(HomeCode).where(HomeCode.home_id == home_id, HomeCode.kind == kind)
        await session.execute(gone)
        return
    values = {"code_hash": _hash(seal, home_id, kind, code), "set_at": now, "set_by": by}
    await session.execute(
        insert(HomeCode)
        .values(home_id=home_id, kind=kind, **values)
        .on_conflict_do_update(index_elements=[HomeCode.home_id, HomeCode.kind], set_=values)
    )


def _hash(seal: Seal, home_id: int, kind: CodeOf, said: str) -> bytes:
    """However it was typed: in wide digits, with blanks, in small letters."""
    plain = unicodedata.normalize("NFKC", said).upper()
    signs = "".join(sign for sign in plain if sign.isalnum())
    return seal.blind_index(f"{home_id} {kind} {signs}".encode(), context=_CONTEXT)
