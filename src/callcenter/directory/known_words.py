"""The words of an import as an office has them: those that came with the program, and those that its administrators added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.visible import visible
from callcenter.core.written import Written
from callcenter.directory.models import ImportWord
from callcenter.directory.vocabulary import (
    LONGEST,
    VALUES,
    Meaning,
    Subject,
    Vocabulary,
    one_form,
)
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


class WordView(BaseModel):
    """`value` is one of those of the subject, empty for a note. `by` is who added it; null: it came with the program."""

    id: int
    word: str
    subject: Subject
    value: str
    shipped: bool
    by: str | None
    by_en: str | None
    at: datetime


class WordBody(Written):
    """A word as it stands in cells, between the signs that divide them."""

    word: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    subject: Subject
    value: Annotated[str, Field(max_length=40)] = ""


async def load_vocabulary(session: AsyncSession) -> Vocabulary:
    """All words, for an import."""
    rows = await session.execute(select(ImportWord.form, ImportWord.subject, ImportWord.value))
    return Vocabulary({form: Meaning(Subject(subject), value) for form, subject, value in rows})


async def list_words(session: AsyncSession) -> Sequence[WordView]:
    """Those that were added first, the latest of them first; then those that came with the program."""
    query = (
        select(ImportWord, User.name, User.name_en)
        .outerjoin(User, User.id == ImportWord.added_by)
        .order_by(ImportWord.shipped, ImportWord.added_at.desc(), ImportWord.id)
    )
    return [_view(word, name, latin) for word, name, latin in await session.execute(query)]


async def add_word(asking: Asking, body: WordBody) -> WordView:
    """Or say anew what a word means that was added before. For whoever manages the whole site; raises NotFound for others, Invalid
    `not_a_word` or `not_a_meaning`, Conflict `shipped_word`.
    """
    root = await _site(asking)
    meaning = _meaning(body)
    form = one_form(body.word)
    word = await asking.session.scalar(
        select(ImportWord).where(ImportWord.form == form).with_for_update()
    )
    if word is not None and word.shipped:
        raise Conflict(f"{word.word} came with the program.", code="shipped_word", word=word.word)
    before = None if word is None else _said(word)
    word = word or ImportWord(form=form)
    word.word, word.subject, word.value = visible(body.word).strip(), meaning.subject, meaning.value
    word.added_by, word.added_at = asking.principal.user_id, asking.now
    asking.session.add(word)
    await asking.session.flush()
    detail = {"before": before, "after": _said(word)}
    await asking.note("import_word_added", f"import_word:{word.id}", root.path, detail)
    return _view(word, asking.principal.name, asking.principal.name_en)


async def remove_word(asking: Asking, word_id: int) -> None:
    """Of those that were added. Raises as `add_word`."""
    root = await _site(asking)
    word = await asking.session.get(ImportWord, word_id)
    if word is None:
        raise NotFound("no such word", what="word")
    if word.shipped:
        raise Conflict(f"{word.word} came with the program.", code="shipped_word", word=word.word)
    detail = {"before": _said(word), "after": None}
    await asking.session.delete(word)
    await asking.note("import_word_removed", f"import_word:{word_id}", root.path, detail)


async def _site(asking: Asking) -> Region:
    top = select(Region).where(Region.parent_id.is_(None)).order_by(Region.id).limit(1)
    return await asking.one(top, "region", Action.MANAGE_USERS)


def _meaning(body: WordBody) -> Meaning:
    if not one_form(body.word):
        raise Invalid("There is no word in it.", code="not_a_word")
    values = VALUES[body.subject]
    if body.value not in (values or ("",)):
        raise Invalid(
            f"{body.value!r} is none of: {', '.join(values)}.",
            code="not_a_meaning",
            values=list(values),
        )
    return Meaning(body.subject, body.value)


def _said(word: ImportWord) -> dict[str, str]:
    return {"word": word.word, "subject": word.subject, "value": word.value}


def _view(word: ImportWord, name: str | None, latin: str | None) -> WordView:
    return WordView(
        id=word.id,
        word=word.word,
        subject=Subject(word.subject),
        value=word.value,
        shipped=word.shipped,
        by=name,
        by_en=latin or name,
        at=word.added_at,
    )
