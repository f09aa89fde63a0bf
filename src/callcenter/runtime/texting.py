"""Texts in the office: the sender with its gateway, and the addresses that a gateway calls."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from callcenter.core.supervisor import Supervisor
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.sms.gateway import Gateway
from callcenter.sms.gateways.kannel import KannelAccess, KannelGateway
from callcenter.sms.gateways.sandbox import SandboxGateway
from callcenter.sms.router import Demo, Hooks, demo_router, hooks_router
from callcenter.sms.sender import Ports, Sender


def texts_part(ground: Ground, supervisor: Supervisor) -> Part:
    """Texts written by the alarm process arrive as the hint `sms`; seats learn of their states by the hint `texts`."""
    hints = _Hints(ground)
    sender = Sender(
        Ports(
            connect=ground.database.connect,
            start_short=supervisor.start_short,
            wake=lambda: ground.wakeups.wake("sms_sender"),
            on_changed=hints.texts_changed,
        ),
        [_gateway(ground)],
        zone=ground.zone,
        clock=ground.clock,
    )
    hooks = Hooks(
        database=ground.database,
        clock=ground.clock,
        secret=ground.secrets.hook_secret,
        on_changed=hints.texts_changed,
        on_arrival=hints.text_arrived,
    )
    return Part(
        processors=[sender],
        listens={"sms": lambda _: ground.wakeups.wake("sms_sender")},
        routers=[
            hooks_router(hooks),
            *(_demo_routers(ground, hooks) if ground.settings.demo else []),
        ],
        stop=sender.close,
    )


class _Hints:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def texts_changed(self, ids: Sequence[UUID]) -> None:
        self._ground.changes.tell("texts", ",".join(map(str, ids)))

    def text_arrived(self) -> None:
        self._ground.changes.tell("replies")


def _demo_routers(ground: Ground, hooks: Hooks) -> list[APIRouter]:
    return [demo_router(Demo(hooks, ground.zone, ground.secrets.demo_token))]


def _gateway(ground: Ground) -> Gateway:
    sms = ground.settings.sms
    if sms.gateway == "sandbox":
        return SandboxGateway()
    password = sms.kannel_password.get_secret_value() if sms.kannel_password else ""
    receipts = f"{sms.callback_url}/hooks/kannel/{ground.secrets.hook_secret}/receipt"
    return KannelGateway(
        KannelAccess(
            url=sms.kannel_url or "",
            username=sms.kannel_user or "",
            password=password,
            receipt_url=receipts,
            sender=sms.kannel_sender or "",
            smsc=sms.kannel_smsc or "",
        )
    )
