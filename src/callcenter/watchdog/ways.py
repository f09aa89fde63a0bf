"""The second way: how the watchdog's own alarm reaches people while the server says nothing."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage
from typing import Final

import httpx

from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.sms.catalogue import EMERGENCY, MessageKind
from callcenter.sms.gateway import Outcome, OutgoingText
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.gateways.kannel.settings import KannelSettings
from callcenter.watchdog.alarming import Notice
from callcenter.watchdog.configuration import Email, Relay, Sms, Way, Webhook
from callcenter.watchdog.wording import Said

ANSWER_WITHIN_S: Final = 15.0
VALID_S: Final = 3_600.0


async def say(way: Way, notice: Notice, said: Said, name: str) -> None:
    """Tell it by this way. Raises Unavailable with why it could not be told."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            match way:
                case Webhook():
                    await _post(way, notice, said, name)
                case Email():
                    await asyncio.to_thread(_mail, way, said)
                case Sms():
                    await _text(way, said)
                case Relay():
                    await _run(way, notice)
    except TimeoutError as error:
        raise Unavailable(f"{way.kind}: no answer within {ANSWER_WITHIN_S:g} s") from error


async def _post(way: Webhook, notice: Notice, said: Said, name: str) -> None:
    body = {
        "event": notice.event.value,
        "watchdog": name,
        "at": notice.at.isoformat(),
        "since": notice.since.isoformat(),
        "leg": notice.leg.value if notice.leg is not None else None,
        "detail": notice.detail,
        "text": said.long,
    }
    headers = {key: value.get_secret_value() for key, value in way.headers.items()}
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_WITHIN_S) as client:
            answer = await client.post(way.url, json=body, headers=headers)
            answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"webhook: {error!r}") from error


def _mail(way: Email, said: Said) -> None:
    message = EmailMessage()
    message["Subject"] = said.short.replace("\n", " ")
    message["From"] = way.sender
    message["To"] = ", ".join(way.recipients)
    message.set_content(said.long)
    try:
        with smtplib.SMTP(way.host, way.port, timeout=ANSWER_WITHIN_S) as server:
            if not way.plain:
                server.starttls()
            if way.user:
                server.login(way.user, way.password.get_secret_value())
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(f"email: {error!r}") from error


async def _text(way: Sms, said: Said) -> None:
    """To all of them; one that fails is told to all again: better twice than not."""
    section = KannelSettings(
        kind="kannel",
        name="watchdog",
        url=way.url,
        user=way.user,
        password=way.password,
        callback_url="http://127.0.0.1",
        sender=way.sender,
    )
    gateway = KannelGateway(section, "http://127.0.0.1/nowhere")
    try:
        for recipient in way.recipients:
            result = await gateway.send(_outgoing(recipient, said.short))
            if result.outcome not in (Outcome.SUBMITTED, Outcome.DELIVERED, Outcome.BUFFERED):
                raise Unavailable(f"sms: {result.outcome} {result.error or ''}".strip())
    finally:
        await gateway.close()


def _outgoing(recipient: str, text: str) -> OutgoingText:
    return OutgoingText(
        id=new_id(),
        attempt=1,
        recipient=recipient,
        kind=MessageKind.DUTY_ALARM,
        params={},
        language="zh-CN",
        text=text,
        priority=EMERGENCY,
        valid_for_s=VALID_S,
    )


async def _run(way: Relay, notice: Notice) -> None:
    """Its arguments as they stand; no shell reads them."""
    arguments = [part.replace("{event}", notice.event.value) for part in way.command]
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise Unavailable(f"command: {error}") from error
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        last = said.decode("utf-8", "replace").strip()[-200:]
        raise Unavailable(f"command: ended with {process.returncode}: {last}")
