"""Texts in the office: the gateways are picked here, in the order of the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from fastapi import APIRouter

from callcenter.core import metrics
from callcenter.core.data_folder import place_of_office_spool
from callcenter.core.spool import Spool
from callcenter.core.supervisor import Supervisor
from callcenter.dispatch import field_answers
from callcenter.dispatch.addressee import IncidentQuestion
from callcenter.dispatch.addressing import FieldQuestions, asked_without_row
from callcenter.rounds import reading
from callcenter.rounds.answers import claims_in
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.sms.arrivals import whose_by
from callcenter.sms.gateway import Gateway
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.gateways.kannel.settings import KannelSettings
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.gateways.sandbox.settings import SandboxSettings
from callcenter.sms.hooks import Readers
from callcenter.sms.kept import Kept
from callcenter.sms.links import LinkOf, links_to, no_link
from callcenter.sms.part import Surroundings, sms_part
from callcenter.sms.router import PREFIX, Demo, demo_router, hooks_router, outage_router
from callcenter.sms.standing import Gateways


def texts_part(ground: Ground, supervisor: Supervisor, is_silent: Callable[[], bool]) -> Part:
    """Texts written by the alarm process arrive as the hint `sms`; seats learn of their states by the hint `texts`. It needs no
    database to begin with: gateways and their secrets stand in the settings, texts are handed over with all they say.
    """
    secret = ground.secrets.hook_secret
    kept = Kept(
        Spool(place_of_office_spool(ground.settings.data_dir), ground.seal), ground.clock.now()
    )

    def asked(sender: str) -> Sequence[IncidentQuestion]:
        return asked_without_row(part.sender.flown.attempts.values(), sender)

    questions = FieldQuestions(ground.database, asked)

    def tell() -> None:
        ground.wakeups.wake(field_answers.NAME)
        ground.wakeups.wake(reading.NAME)

    whose = whose_by(questions.claims, claims_in(ground.zone))
    readers = Readers(whose, questions.whose_away, tell)
    around = Surroundings(
        database=ground.database,
        clock=ground.clock,
        zone=ground.zone,
        start_short=supervisor.start_short,
        wake=ground.wakeups.wake,
        notify=ground.changes.notify,
        tell_arrived=partial(ground.changes.notify, "replies"),
        kept=kept,
        link_of=_links(ground),
        is_silent=is_silent,
        is_loaded=ground.loaded.is_set,
        readers=readers,
    )
    gateways = [gateway_of(section, secret) for section in ground.settings.sms.gateways]
    part = sms_part(around, gateways, secret)
    for gateway in gateways:
        works = partial(_works, part.standing, gateway.name)
        metrics.SMS_GATEWAY_WORKS.labels(gateway.name).set_function(works)
    routers: list[APIRouter] = [
        hooks_router(part.hooks),
        outage_router(part.sender, part.hooks.arrived),
    ]
    if ground.settings.demo:
        demo = Demo(part.hooks, ground.zone, ground.secrets.demo_token, link_of=around.link_of)
        routers.append(demo_router(demo))

    async def stop() -> None:
        await part.close()
        kept.close()

    return Part(
        processors=[*part.processors, questions],
        listens={"sms": lambda _: ground.wakeups.wake(part.sender.name)},
        routers=routers,
        ports={Gateways: part.standing},
        stop=stop,
    )


def _links(ground: Ground) -> LinkOf:
    public_url = ground.settings.field.public_url
    return links_to(public_url, ground.secrets.family_key) if public_url else no_link


def _works(standing: Gateways, name: str) -> float:
    route = standing.routes().get(name)
    return float(route is None or route.breaker.open_until is None)


def gateway_of(section: SandboxSettings | KannelSettings, hook_secret: str) -> Gateway:
    """The adapter for a section of the settings; it is called back at an address that ends in the secret."""
    match section:
        case SandboxSettings():
            return SandboxGateway()
        case KannelSettings():
            address = f"{section.callback_url.rstrip('/')}{PREFIX}/{section.name}/{hook_secret}"
            return KannelGateway(section, address)
