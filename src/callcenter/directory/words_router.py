"""REST for the words of an import."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from callcenter.auth.guards import require
from callcenter.auth.permissions import Action
from callcenter.directory.known_words import WordBody, WordView, add_word, list_words, remove_word
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/residents/import/words", tags=["import"])
Manager = require(Action.MANAGE_USERS)


@router.get("", dependencies=[require(Action.IMPORT_RESIDENTS)])
async def show_words(asking: Trail) -> Sequence[WordView]:
    """What communities call their people and what it means, with who added which word when."""
    return await list_words(asking.session)


@router.post("", status_code=201, dependencies=[Manager])
async def say_word(body: WordBody, asking: Trail) -> WordView:
    """For administrators of the whole site; a word that was added before means this from now on. 409 `shipped_word`, 422
    `not_a_word`, `not_a_meaning` with `values`.
    """
    return await add_word(asking, body)


@router.delete("/{word_id}", status_code=204, dependencies=[Manager])
async def forget_word(word_id: int, asking: Trail) -> None:
    """Only those that were added can be taken out."""
    await remove_word(asking, word_id)
