"""What holds for the whole site is kept by whoever may for the whole of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Forbidden
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


async def demand_everywhere(asking: Asking) -> Sequence[int]:
    """The path of the root. Raises Forbidden."""
    root = await asking.session.scalar(select(Region).where(Region.parent_id.is_(None)))
    if root is None or root.id not in asking.principal.regions(Action.MANAGE_LINES):
        raise Forbidden(
            "This holds for the whole site: it takes the right for all of it.",
            action=Action.MANAGE_LINES.value,
        )
    return root.path
