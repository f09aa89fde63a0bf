"""The operator's telephone and their orders over HTTP, in the alarm process: from memory, so that they work while the database is away."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Request, Response

from callcenter.auth.guards import context_of, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode
from callcenter.core.errors import Conflict
from callcenter.devices.callers import Chosen
from callcenter.hotline.call import HeardBy
from callcenter.hotline.shown import CallShown
from callcenter.hotline.telephone.calling import Calling
from callcenter.hotline.telephone.schemas import (
    WAY,
    Add,
    Attach,
    ChooseTelephone,
    Consult,
    Dial,
    Dialled,
    Keys,
    ListenIn,
    PassOn,
    TelephoneView,
)
from callcenter.hotline.telephone.telephones import Telephone, TelephoneKind

router = APIRouter(prefix="/api/v1/telephone", tags=["telephone"])

Answering = Annotated[Principal, require(Action.ANSWER_CALLS)]
Listening = Annotated[Principal, require(Action.LISTEN_IN)]
REALM = "asterisk"
"""Of the exchange, in its questions for a password."""


def _calling(request: Request) -> Calling:
    """Raises Conflict `no_exchange` where none is set up."""
    calling = context_of(request).ports.get(Calling)
    if calling is None:
        raise Conflict("No exchange is set up: calls are filed by hand.", code="no_exchange")
    return cast("Calling", calling)


def _json(document: object) -> Response:
    return Response(encode(document), media_type="application/json")


@router.get("")
async def show_telephone(principal: Answering, request: Request) -> TelephoneView:
    """What the page registers with at `way`: the password of this log-in. Without an exchange the kind is none."""
    calling = cast("Calling | None", context_of(request).ports.get(Calling))
    if calling is None:
        return TelephoneView(
            exchange=False, kind=TelephoneKind.NONE, name="", password="", realm="", way="", desk="", desk_phones=[]
        )  # fmt: skip
    return _view(calling, await calling.telephones.admit(principal))


@router.put("")
async def choose_telephone(
    body: ChooseTelephone, principal: Answering, request: Request
) -> TelephoneView:
    """Speak in the page or at a telephone on the desk; 404 for one that is not set up."""
    calling = _calling(request)
    return _view(calling, calling.telephones.choose(principal, body.kind, body.desk))


def _view(calling: Calling, telephone: Telephone) -> TelephoneView:
    return TelephoneView(
        exchange=calling.is_connected,
        kind=telephone.kind,
        name=telephone.key.name,
        password=telephone.key.password,
        realm=REALM,
        way=WAY,
        desk=telephone.desk,
        desk_phones=list(calling.telephones.desk_phones),
    )


@router.get("/calls", response_model=list[CallShown])
async def list_standing_calls(principal: Answering, request: Request) -> Response:
    """Calls of one's regions that have not ended."""
    calling = cast("Calling | None", context_of(request).ports.get(Calling))
    return _json(calling.standing(principal) if calling else ())


@router.post("/calls", status_code=201)
async def dial_number(body: Dial, principal: Answering, request: Request) -> Dialled:
    """One's own telephone rings first, then that number. 409 `no_telephone`, 403 `no_line`."""
    calling = _calling(request)
    return Dialled(id=calling.dial(principal, body.number, body.incident_id, body.line))


@router.post("/calls/{call_id}/take", response_model=CallShown)
async def take_telephone_call(call_id: UUID, principal: Answering, request: Request) -> Response:
    """The first has it; 409 `taken`, `no_telephone`."""
    return _json(_calling(request).take(principal, call_id))


@router.post("/calls/{call_id}/hang-up", response_model=CallShown)
async def hang_up_call(call_id: UUID, principal: Answering, request: Request) -> Response:
    """For everybody in it; 409 `not_yours`."""
    return _json(_calling(request).hang_up(principal, call_id))


@router.post("/calls/{call_id}/hold", response_model=CallShown)
async def hold_call(call_id: UUID, principal: Answering, request: Request) -> Response:
    """Whoever rang hears music."""
    return _json(_calling(request).hold(principal, call_id))


@router.post("/calls/{call_id}/resume", response_model=CallShown)
async def resume_call(call_id: UUID, principal: Answering, request: Request) -> Response:
    """Speak on."""
    return _json(_calling(request).resume(principal, call_id))


@router.post("/calls/{call_id}/pass-on", response_model=CallShown)
async def pass_call_on(
    call_id: UUID, body: PassOn, principal: Answering, request: Request
) -> Response:
    """To a colleague, or to whoever is free, without speaking first."""
    return _json(_calling(request).pass_on(principal, call_id, body.user_id))


@router.post("/calls/{call_id}/consult", response_model=CallShown)
async def consult_colleague(
    call_id: UUID, body: Consult, principal: Answering, request: Request
) -> Response:
    """Speak with a colleague while whoever rang waits."""
    return _json(_calling(request).consult(principal, call_id, body.user_id))


@router.post("/calls/{call_id}/give", response_model=CallShown)
async def give_call(call_id: UUID, principal: Answering, request: Request) -> Response:
    """The colleague who is on the line has it from now on; 409 `nobody_asked`."""
    return _json(_calling(request).give(principal, call_id))


@router.post("/calls/{call_id}/take-back", response_model=CallShown)
async def take_call_back(call_id: UUID, principal: Answering, request: Request) -> Response:
    """Go on without the colleague."""
    return _json(_calling(request).take_back(principal, call_id))


@router.post("/calls/{call_id}/add", response_model=CallShown)
async def add_to_call(call_id: UUID, body: Add, principal: Answering, request: Request) -> Response:
    """Ring a contact or an ambulance; they join when they answer."""
    return _json(_calling(request).add(principal, call_id, body.number))


@router.post("/calls/{call_id}/keys", response_model=CallShown)
async def press_keys(call_id: UUID, body: Keys, principal: Answering, request: Request) -> Response:
    """Send keys to whoever rang or was rung, such as a hub that listens and speaks by them."""
    return _json(_calling(request).keys(principal, call_id, body.digits))


@router.post("/calls/{call_id}/listen-in", response_model=CallShown)
async def listen_in_on_call(
    call_id: UUID, body: ListenIn, principal: Listening, request: Request
) -> Response:
    """Hear what is said; whisper to its operator, or speak with everybody. Again with another manner: it changes."""
    heard_by = HeardBy.ALL if body.barge else HeardBy.OPERATOR if body.whisper else HeardBy.NOBODY
    return _json(_calling(request).listen_in(principal, call_id, heard_by))


@router.post("/calls/{call_id}/attach", response_model=CallShown)
async def attach_call(
    call_id: UUID, body: Attach, principal: Answering, request: Request
) -> Response:
    """Say who it is."""
    return _json(_calling(request).attach(principal, call_id, Chosen(**body.model_dump())))


@router.post("/calls/{call_id}/wrapped-up", response_model=CallShown)
async def wrap_call_up(call_id: UUID, principal: Answering, request: Request) -> Response:
    """What there was to write down of a call that has ended is written: ready for the next one."""
    return _json(_calling(request).wrapped_up(principal, call_id))
