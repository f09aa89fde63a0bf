"""What a link in a text opens: GET shows and changes nothing, POST says a word back and leads to the page again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import asyncpg
import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth.guards import client_address, context_of, port
from callcenter.core.changes import Changes
from callcenter.core.errors import Unavailable
from callcenter.families.course import course
from callcenter.families.finding import BadLink, Link, find, hotline_of_site, last_said, notes_of
from callcenter.families.notices import Outcome
from callcenter.families.page import HEADERS, View, family_page, plain_page
from callcenter.families.saying import Button, Form, is_ours, note_of, proof_of, say
from callcenter.families.wording import CHINESE, ENGLISH, spoken, words
from callcenter.families.wrong import WrongLinks

log = structlog.get_logger(__name__)

router = APIRouter(include_in_schema=False)

LARGEST_FORM: Final = 32 * 1024
_STATUS: Final = {
    "unreadable": HTTPStatus.NOT_FOUND,
    "unknown": HTTPStatus.NOT_FOUND,
    "expired": HTTPStatus.GONE,
}
_AWAY: Final = (
    Unavailable,
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)


@dataclass(slots=True)
class FamilyPages:
    """Port. `key` signs links and forms; `hotline` is the site's, as it was read last, for when nothing can be looked up."""

    key: str = field(repr=False)
    hotline: str = ""
    wrong: WrongLinks = field(default_factory=WrongLinks)


Pages = Annotated[FamilyPages, port(FamilyPages)]
Hints = Annotated[Changes, port(Changes)]


@router.api_route("/f/{token}", methods=["GET", "HEAD"])
async def family_link(request: Request, token: str, pages: Pages, lang: str = "") -> Response:
    """The page of the incident. A messenger may look at it before a person does: nothing changes but a count."""
    try:
        async with context_of(request).database.transaction() as session:
            await _read_hotline(session, pages)
            return await _shown(session, request, pages, token, lang)
    except BadLink as bad:
        return _refused(request, pages, lang, bad)
    except _AWAY as error:
        return _away(pages, lang, error)


@router.post("/f/{token}")
async def family_word(request: Request, token: str, pages: Pages, hints: Hints) -> Response:
    """A button was pressed or a note written."""
    asked = await _fields(request)
    lang = asked.get("lang", "")
    form = _form(asked)
    try:
        async with context_of(request).database.transaction() as session:
            outcome = await _taken(session, request, pages, token, form)
            if outcome is not Outcome.NOTED:
                return await _shown(session, request, pages, token, lang, outcome, form)
    except BadLink as bad:
        return _refused(request, pages, lang, bad)
    except _AWAY as error:
        return _away(pages, lang, error, said=True)
    await hints.notify("replies")
    target = f"/f/{token}?lang={spoken(lang)}" if lang else f"/f/{token}"
    return RedirectResponse(target, HTTPStatus.SEE_OTHER, dict(HEADERS))


async def _taken(
    session: AsyncSession, request: Request, pages: FamilyPages, token: str, form: Form | None
) -> Outcome:
    now = context_of(request).clock.now()
    link = await find(session, token, pages.key, now)
    if form is None or not is_ours(form, pages.key, token, now):
        return Outcome.STALE
    if not course(link.case, now).is_open:
        return Outcome.ENDED
    said = form.note if form.button is Button.NOTE else words(link.language)[form.button.value]
    if not said:
        return Outcome.NO_WORDS
    outcome = await say(session, link, form, said, now)
    log.info("family_word", incident_id=str(link.incident_id), said=form.button, outcome=outcome)
    return outcome


async def _shown(
    session: AsyncSession,
    request: Request,
    pages: FamilyPages,
    token: str,
    lang: str,
    notice: Outcome = Outcome.NOTED,
    form: Form | None = None,
) -> Response:
    context = context_of(request)
    now = context.clock.now()
    link = await find(session, token, pages.key, now)
    await _count(session, request, link, now)
    said = await last_said(session, link)
    issued = int(now.timestamp())
    view = View(
        language=lang if lang in (CHINESE, ENGLISH) else link.language,
        person=link.person,
        hotline=link.hotline or pages.hotline,
        course=course(link.case, now),
        now=now,
        zone=ZoneInfo(context.site_timezone),
        issued=issued,
        proof=proof_of(pages.key, token, issued),
        said=(said.meaning, said.at) if said else None,
        notes=await notes_of(session, link),
        notice=notice,
        typed=form.note if form is not None else "",
    )
    status = HTTPStatus.OK if notice is Outcome.NOTED else HTTPStatus.CONFLICT
    return HTMLResponse(family_page(view), status, dict(HEADERS))


async def _count(session: AsyncSession, request: Request, link: Link, now: datetime) -> None:
    """Each look; the trail has the first of each contact, with the address that it came from."""
    given = {"incident": link.incident_id, "contact": link.contact_id, "now": now}
    looks = await session.scalar(text(_LOOK), given)
    if looks == 1:
        await record(
            session,
            at=now,
            principal_id=None,
            action="family_page_opened",
            subject=f"incident:{link.incident_id}",
            region_ids=link.region_path,
            address=client_address(request),
            detail={"contact_id": link.contact_id},
        )


async def _read_hotline(session: AsyncSession, pages: FamilyPages) -> None:
    pages.hotline = await hotline_of_site(session)


def _refused(request: Request, pages: FamilyPages, lang: str, bad: BadLink) -> Response:
    """Logged without the link: whoever reads a log is not to open a page with it. Of an address with too many no more is logged, and it
    is told to wait; a right link opens all the same, since many families may share an address with whoever guesses.
    """
    address, now = client_address(request), context_of(request).clock.monotonic()
    if pages.wrong.has_too_many(address, now):
        return _plain(pages, lang, "bad_too_many", HTTPStatus.TOO_MANY_REQUESTS)
    if bad.reason != "expired":
        pages.wrong.note(address, now)
    log.warning("family_link_refused", reason=bad.reason, address=address)
    return _plain(pages, lang, f"bad_{bad.reason}", _STATUS[bad.reason])


def _plain(
    pages: FamilyPages, lang: str, sentence: str, status: HTTPStatus, title: str = "bad_title"
) -> Response:
    page = plain_page(lang or CHINESE, title, sentence, pages.hotline)
    return HTMLResponse(page, status, dict(HEADERS))


def _away(pages: FamilyPages, lang: str, error: Exception, *, said: bool = False) -> Response:
    log.warning("family_page_without_database", error=type(error).__name__)
    return away_page(pages, lang, said=said)


def away_page(pages: FamilyPages, lang: str, *, said: bool) -> Response:
    """The database does not answer: the call is handled all the same; `said`: what was pressed was not kept."""
    sentence = "away_not_said" if said else "away"
    answer = _plain(pages, lang, sentence, HTTPStatus.SERVICE_UNAVAILABLE, "away_title")
    answer.headers["Retry-After"] = "5"
    return answer


async def _fields(request: Request) -> dict[str, str]:
    """Of a plain form; what is no such form has none."""
    body = await request.body()
    if len(body) > LARGEST_FORM:
        return {}
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}


def _form(asked: dict[str, str]) -> Form | None:
    button = asked.get("say", "")
    issued = asked.get("issued", "")
    if button not in tuple(Button) or not issued.isdecimal() or len(issued) > 12:
        return None
    return Form(Button(button), note_of(asked.get("note", "")), int(issued), asked.get("proof", ""))


_LOOK: Final = """
INSERT INTO family_look (incident_id, contact_id, looks, first_at, last_at)
VALUES (:incident, :contact, 1, :now, :now)
ON CONFLICT (incident_id, contact_id) DO UPDATE SET looks = family_look.looks + 1, last_at = excluded.last_at
RETURNING looks
"""
