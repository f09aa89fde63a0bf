"""The cards of a site: those that are built in, with what the site has written of them, and its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, NotFound
from callcenter.hotline.cards.built_in import BUILT_IN
from callcenter.hotline.cards.card import Card, chosen
from callcenter.hotline.cards.models import CardVersion
from callcenter.hotline.cards.schemas import CardBody, CardVersionView, CardView
from callcenter.hotline.filing.seeing import line_of
from callcenter.hotline.traits import Trait, traits_of
from callcenter.residents.access import Asking
from callcenter.residents.models import Resident


async def cards(session: AsyncSession) -> list[Card]:
    """Each in its last version, also what is no longer offered."""
    found = await session.scalars(
        select(CardVersion)
        .ext(distinct_on(CardVersion.code))
        .order_by(CardVersion.code, CardVersion.n.desc())
    )
    now = {each.code: each for each in BUILT_IN} | {row.code: _card(row) for row in found}
    return sorted(now.values(), key=lambda card: (card.position, card.code))


def _card(row: CardVersion) -> Card:
    return Card(
        code=row.code,
        n=row.n,
        title_zh=row.title_zh,
        title_en=row.title_en,
        text_zh=row.text_zh,
        text_en=row.text_en,
        dispositions=tuple(row.dispositions),
        traits=tuple(Trait(each) for each in row.traits if each in list(Trait)),
        position=row.position,
        is_offered=row.is_offered,
    )


async def find_cards(
    asking: Asking, text: str, disposition: str | None, call_id: UUID | None
) -> list[CardView]:
    """What fits the call or the disposition stands first. Raises NotFound for a call that is not the asker's."""
    traits: frozenset[Trait] = frozenset()
    if call_id is not None:
        line = await line_of(asking, call_id)
        disposition = disposition or line.disposition
        traits = await _traits(asking.session, line.resident_id)
    found = chosen(await cards(asking.session), text=text, disposition=disposition, traits=traits)
    return [view(card, fits) for card, fits in found]


async def _traits(session: AsyncSession, resident_id: int | None) -> frozenset[Trait]:
    resident = None if resident_id is None else await session.get(Resident, resident_id)
    if resident is None:
        return frozenset({Trait.UNKNOWN})
    names = ("hearing", "dialect", "talk_note", "disability", "living")
    return traits_of({name: getattr(resident, name) for name in names})


def view(card: Card, fits: bool = False) -> CardView:
    """As it is shown."""
    names = CardView.model_fields.keys() - {"for_this"}
    return CardView.model_validate(
        {name: getattr(card, name) for name in names} | {"for_this": fits}
    )


async def all_cards(asking: Asking) -> list[CardView]:
    """For those who write them."""
    return [view(card) for card in await cards(asking.session)]


async def change_card(asking: Asking, code: str, body: CardBody) -> list[CardView]:
    """A new version. Raises Conflict `changed_meanwhile`, NotFound for one that is not there."""
    now = {card.code: card for card in await cards(asking.session)}.get(code)
    if now is None and body.n:
        raise NotFound(f"No card is called {code}.", what="card")
    seen = 0 if now is None else now.n
    if seen != body.n:
        raise _changed(seen, body.n)
    written = CardVersion(
        code=code,
        written_at=asking.now,
        written_by=asking.principal.user_id,
        written_by_name=asking.principal.name,
        **body.model_dump(mode="json", exclude={"n"}),
    )
    written.n = seen + 1
    asking.session.add(written)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise _changed(seen + 1, body.n) from error
    regions = sorted(asking.principal.regions(Action.MANAGE_LINES))
    await asking.note("hotline_card_changed", f"hotline_card:{code}", regions, {"n": written.n})
    return await all_cards(asking)


def _changed(n: int, seen: int) -> Conflict:
    return Conflict(
        f"Somebody has written this card meanwhile (version {n}, yours is {seen}): load it again and repeat your change.",
        code="changed_meanwhile",
        version=n,
        expected=seen,
    )


async def versions(asking: Asking, code: str) -> list[CardVersionView]:
    """The newest first, the one that is built in last. Raises NotFound."""
    rows = await asking.session.scalars(
        select(CardVersion).where(CardVersion.code == code).order_by(CardVersion.n.desc())
    )
    found = [CardVersionView.model_validate(row, from_attributes=True) for row in rows]
    found += [_as_built_in(card) for card in BUILT_IN if card.code == code]
    if not found:
        raise NotFound(f"No card is called {code}.", what="card")
    return found


def _as_built_in(card: Card) -> CardVersionView:
    names = CardVersionView.model_fields.keys() - {"written_at", "written_by_name"}
    told = {name: getattr(card, name) for name in names}
    return CardVersionView.model_validate(told | {"written_at": None, "written_by_name": ""})
