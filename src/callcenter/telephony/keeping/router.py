"""Lines, number rules and prompts over HTTP: of the office. The alarm process is told after each change, and reads them anew."""

from __future__ import annotations

from typing import Annotated, Protocol, cast

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Response, UploadFile

from callcenter.auth.guards import CurrentContext, require
from callcenter.auth.permissions import Action
from callcenter.residents.guards import Trail
from callcenter.telephony.keeping import lines, number_rules, prompts
from callcenter.telephony.keeping.bodies import (
    LineBody,
    LineChanges,
    LineView,
    NumberRulesBody,
    NumberRulesView,
    PromptName,
    PromptView,
    SpokenLanguage,
    TriedNumber,
    TryNumberBody,
)
from callcenter.telephony.wav import MOST_BYTES

router = APIRouter(prefix="/api/v1/hotline", tags=["hotline"])

Keeper = require(Action.MANAGE_LINES)


class LinesHint(Protocol):
    """Port: told after the commit of a change of lines, rules or prompts. Only a hint: they are also read every ten seconds."""

    async def __call__(self) -> None: ...


async def hint_after_commit(context: CurrentContext, background: BackgroundTasks) -> None:
    """Background tasks run after the commit."""
    hint = context.ports.get(LinesHint)
    if hint is not None:
        background.add_task(cast("LinesHint", hint))


Told = Depends(hint_after_commit)


@router.get("/lines", name="list_lines", dependencies=[Keeper])
async def list_lines(asking: Trail) -> list[LineView]:
    """In the granted regions, closed ones last."""
    return await lines.list_lines(asking)


@router.post("/lines", name="add_line", status_code=201, dependencies=[Keeper, Told])
async def add_line(body: LineBody, asking: Trail) -> LineView:
    """409 `number_taken`; 422 `emergency_number`."""
    return await lines.add_line(asking, body)


@router.put("/lines/{line_id:int}", name="change_line", dependencies=[Keeper, Told])
async def change_line(line_id: int, body: LineChanges, asking: Trail) -> LineView:
    """All but its number; `is_open` false closes it. 409 `changed_meanwhile`; 422 `emergency_number`."""
    return await lines.change_line(asking, line_id, body)


@router.get("/number-rules", name="list_number_rules", dependencies=[Keeper])
async def list_number_rules(asking: Trail) -> NumberRulesView:
    """In the order in which they are tried. They hold for the whole site: 403 for whoever keeps a part of it."""
    return await number_rules.show_rules(asking)


@router.put("/number-rules", name="put_number_rules", dependencies=[Keeper, Told])
async def put_number_rules(body: NumberRulesBody, asking: Trail) -> NumberRulesView:
    """All of them in their order. 409 `changed_meanwhile`."""
    return await number_rules.put_rules(asking, body)


@router.post("/number-rules/try", name="try_number", dependencies=[Keeper])
async def try_number(body: TryNumberBody, asking: Trail) -> TriedNumber:
    """How a number that a line signals would be read, also by rules that are not kept yet. Changes nothing."""
    return await number_rules.try_number(asking, body)


@router.get("/prompts", name="list_prompts", dependencies=[Keeper])
async def list_prompts(asking: Trail) -> list[PromptView]:
    """Those that the site has recorded itself. 403 for whoever keeps a part of it."""
    return await prompts.list_prompts(asking)


_PROMPT = "/prompts/{spoken}/{prompt}"


@router.put(_PROMPT, name="put_prompt", dependencies=[Keeper, Told])
async def put_prompt(
    spoken: SpokenLanguage,
    prompt: PromptName,
    file: UploadFile,
    asking: Trail,
    said: Annotated[str, Form(max_length=2000)] = "",
    version: Annotated[int, Form(ge=0)] = 0,
) -> PromptView:
    """A WAV file of up to two minutes, made into 8 kHz, one channel, 16 bits. `version`: of the one that it replaces, 0 where there is
    none. 422 `sound_refused` with its reason; 409 `changed_meanwhile`.
    """
    content = await file.read(MOST_BYTES + 1)
    return await prompts.put_prompt(asking, prompt, spoken, said, content, version)


@router.get(_PROMPT, name="play_prompt", response_class=Response, dependencies=[Keeper])
async def play_prompt(spoken: SpokenLanguage, prompt: PromptName, asking: Trail) -> Response:
    """As callers hear it."""
    content = await prompts.sound_of(asking, prompt, spoken)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="audio/wav", headers=headers)


@router.delete(_PROMPT, name="take_prompt_back", status_code=204, dependencies=[Keeper, Told])
async def take_prompt_back(
    spoken: SpokenLanguage,
    prompt: PromptName,
    asking: Trail,
    version: Annotated[int, Query(ge=1)] = 1,
) -> None:
    """The built-in one of that name is said again. 409 `in_use` where a line says it while it is closed."""
    await prompts.take_back(asking, prompt, spoken, version)
