"""The outbox of automatic calls: what is due is claimed, rung and written down, each attempt once.

A row is claimed, and its attempt written, before the first telephone rings; a living server renews the lease. When it dies, nobody saw how
the attempt ended, and the next one is made by the same rule as after any other. An answer by key becomes a row like that of a text or of a
button on the family page, in the transaction of the result: whoever reads those reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.hotline.announcement import Announcement, Attempted, Outcome
from callcenter.hotline.announcing import Announcer
from callcenter.hotline.call_outs.models import VoiceState
from callcenter.hotline.deeds import Deed
from callcenter.hotline.models import Source
from callcenter.hotline.needless import NEEDLESS
from callcenter.hotline.ringing_again import ALARMS, Channels, Pauses, again_at
from callcenter.hotline.spoken import LANGUAGES, RECORDED, VoiceKind, prompts_of, script_of
from callcenter.sms.inbound import Meaning
from callcenter.telephony.numbers import to_dial

log = structlog.get_logger(__name__)

NAME: Final = "voice_out"
"""The processor's name, and the channel of the hint that wakes it."""
GATEWAY: Final = "voice"
"""Answers by key stand among the texts that came in under this name."""
LEASE: Final = timedelta(seconds=30)
LAPSED_AT_ONCE: Final = 20
MEANS: Final[Mapping[str, Meaning]] = {"1": Meaning.YES, "2": Meaning.NO}
"""The same as in a text (`sms.inbound`)."""
HELP: Final = "2"
"""On a list of well-being calls. It is an alarm, whatever becomes of the list."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How this site rings by itself."""

    channels: Channels
    pauses: Pauses
    rings_for_s: int
    times: int
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Exchange:
    """What it needs of the exchange: its name, whether it is there, whether it has a prompt in a language, and who carries deeds out."""

    name: str
    is_there: Callable[[], bool]
    has: Callable[[str, str], bool]
    follow: Callable[[Sequence[Deed]], None]
    source: Source = Source.LIVE
    """Of the rows of its calls."""


class VoiceOut:
    """The processor. `heard`: an answer was written."""

    name = NAME
    interval_s = 0.5

    def __init__(
        self,
        connections: HeldConnections,
        announcer: Announcer,
        exchange: Exchange,
        manner: Manner,
        heard: Callable[[], None],
    ) -> None:
        self.connections = connections
        self._announcer = announcer
        self._exchange = exchange
        self._manner = manner
        self._heard = heard
        self._prompts_are_there = False
        self._said_missing = False

    async def run_once(self, now: datetime) -> int:
        """Write what has ended, keep what stands, begin what is due."""
        async with self.connections.use() as connection:
            written = await self._write(connection, now)
            await self._keep(connection)
            await self._lapse(connection, now)
            await self._withdraw(connection, now)
            begun = await self._claim(connection, now) if self._may_ring() else []
        for each in begun:
            self._exchange.follow(self._announcer.ring(each, now))
        return written + len(begun)

    # ---- what has ended

    async def _write(self, connection: asyncpg.Connection, now: datetime) -> int:
        """Each by itself; it stays in memory until it is written."""
        ended = list(self._announcer.ended.values())
        for one in ended:
            async with connection.transaction():
                answered = await self._settle(connection, one, now)
            self._announcer.ended.pop(one.announcement.leg)
            self._announcer.answered.pop(one.announcement.leg, None)
            if answered:
                self._heard()
        return len(ended)

    async def _settle(self, connection: asyncpg.Connection, one: Attempted, now: datetime) -> bool:
        """Whether somebody of the alarm process is to read it: an answer about an incident, or a key for help. A result that comes after its lease counts all the same."""
        own = one.announcement
        row = await connection.fetchrow(_LOCKED, own.voice_call)
        assert row is not None  # noqa: S101 - nobody deletes these rows
        following = again_at(
            self._manner.pauses, VoiceKind(row["kind"]), own.attempt, one.outcome, now, self._manner.zone
        )  # fmt: skip
        await connection.execute(
            _ATTEMPT_ENDED, own.voice_call, own.attempt, one.answered_at, one.ended_at, one.outcome, one.cause, one.pressed, following
        )  # fmt: skip
        if row["attempts"] == own.attempt and row["state"] in (VoiceState.DUE, VoiceState.RINGING):
            await self._after(connection, row, one.outcome, one.pressed, following, now)
        await connection.execute(
            _CALL, new_id(), self._exchange.name, own.leg, own.shown, row["region_id"], row["number"], row["contact_id"],
            row["incident_id"], one.rang_at, one.ended_at, one.cause, self._exchange.source.value,
        )  # fmt: skip
        if one.pressed == HELP and row["kind"] == VoiceKind.WELL_BEING:
            await connection.execute(_HELP, own.voice_call, row["call_item_id"], one.ended_at)
            return True
        if one.pressed is None or row["incident_id"] is None:
            return False
        key, said = f"{own.voice_call}:{own.attempt}", MEANS[one.pressed]
        await connection.execute(
            _ANSWER, new_id(), GATEWAY, key, row["number"], one.pressed, one.ended_at, row["incident_id"], said.value
        )  # fmt: skip
        return True

    async def _after(
        self,
        connection: asyncpg.Connection,
        row: Mapping[str, Any],
        outcome: Outcome,
        pressed: str | None,
        following: datetime | None,
        now: datetime,
    ) -> None:
        state = _ENDS.get(outcome, VoiceState.UNANSWERED if following is None else VoiceState.DUE)
        ended = None if state is VoiceState.DUE else now
        await connection.execute(
            _AFTER, row["id"], state.value, following or row["due_at"], outcome.value, pressed, ended
        )  # fmt: skip

    # ---- what stands

    async def _keep(self, connection: asyncpg.Connection) -> None:
        """We live; and what has been picked up is written."""
        standing = [one.announcement for one in self._announcer.standing.values()]
        if standing:
            await connection.execute(
                _RENEW, [one.voice_call for one in standing], [one.attempt for one in standing], LEASE
            )  # fmt: skip
        for leg, at in list(self._announcer.answered.items()):
            one = self._announcer.standing.get(leg)
            if one is not None:
                own = one.announcement
                await connection.execute(_ANSWERED, own.voice_call, own.attempt, at)
                self._announcer.answered.pop(leg, None)

    def _ours(self) -> list[UUID]:
        standing = [one.announcement for one in self._announcer.standing.values()]
        ended = [one.announcement for one in self._announcer.ended.values()]
        return [one.voice_call for one in (*standing, *ended)]

    async def _lapse(self, connection: asyncpg.Connection, now: datetime) -> None:
        """Of a server that died: nobody saw how it ended."""
        async with connection.transaction():
            for row in await connection.fetch(_LAPSED, self._ours(), LAPSED_AT_ONCE):
                kind, n = VoiceKind(row["kind"]), row["attempts"]
                following = again_at(
                    self._manner.pauses, kind, n, Outcome.LOST, now, self._manner.zone
                )
                lost = Outcome.LOST.value
                await connection.execute(
                    _ATTEMPT_ENDED, row["id"], n, None, now, lost, None, None, following
                )
                await self._after(connection, row, Outcome.LOST, None, following, now)

    async def _withdraw(self, connection: asyncpg.Connection, now: datetime) -> None:
        """Who has answered otherwise meanwhile, and whose incident is over, is not rung."""
        rows = await connection.fetch(_WITHDRAWN, now, self._ours())
        for row in rows:
            self._exchange.follow(self._announcer.withdraw(row["id"], now))

    # ---- what is due

    def _may_ring(self) -> bool:
        """A telephone at which nothing would be said is not rung."""
        if not self._exchange.is_there():
            return False
        if not self._prompts_are_there:
            missing = [
                (name, language)
                for name in RECORDED
                for language in LANGUAGES
                if not self._exchange.has(name, language)
            ]
            self._prompts_are_there = not missing
            self._say_missing(missing)
        return self._prompts_are_there

    def _say_missing(self, missing: Sequence[tuple[str, str]]) -> None:
        """Once, until they are there: they are made one by one, and it is looked twice a second."""
        if missing and not self._said_missing:
            log.warning("voice_prompts_missing", missing=len(missing), first=missing[0][0])
        self._said_missing = bool(missing)

    async def _claim(self, connection: asyncpg.Connection, now: datetime) -> Sequence[Announcement]:
        standing = self._announcer.standing.values()
        alarms = sum(one.announcement.is_alarm for one in standing)
        lists = len(standing) - alarms
        for_alarms, for_lists = self._manner.channels.free(alarms, lists)
        if self._manner.pauses.quiet.ends_after(now, self._manner.zone) != now:
            for_lists = 0
        if not for_alarms:
            return []
        rows = await connection.fetch(
            _CLAIM, now, for_alarms, for_lists, LEASE, [kind.value for kind in ALARMS], list(VoiceKind)
        )  # fmt: skip
        return [self._announcement(row) for row in rows]

    def _announcement(self, row: Mapping[str, Any]) -> Announcement:
        language = row["language"]
        script = script_of(VoiceKind(row["kind"]), row["params"], language, self._manner.zone)
        said = prompts_of(script, language, lambda name: self._exchange.has(name, language))
        return Announcement(
            voice_call=row["id"],
            is_alarm=VoiceKind(row["kind"]) in ALARMS,
            attempt=row["attempts"],
            number=to_dial(row["number"]),
            shown=row["shown"],
            language=language,
            said=said,
            thanks=script.thanks,
            times=self._manner.times,
            rings_for_s=self._manner.rings_for_s,
        )


_ENDS: Final = {Outcome.PRESSED: VoiceState.PRESSED, Outcome.WITHDRAWN: VoiceState.WITHDRAWN}

_LOCKED: Final = "SELECT * FROM voice_call WHERE id = $1 FOR UPDATE"

_ATTEMPT_ENDED: Final = """
UPDATE voice_attempt SET answered_at = coalesce($3, answered_at), ended_at = $4, outcome = $5, cause = $6, pressed = $7, again_at = $8
WHERE voice_call_id = $1 AND n = $2 AND (outcome IS NULL OR outcome = 'lost')
"""

_AFTER: Final = """
UPDATE voice_call SET state = $2, due_at = $3, outcome = $4, pressed = $5, ended_at = $6, lease_until = NULL, version = version + 1
WHERE id = $1
"""

_CALL: Final = """
INSERT INTO call (id, pbx, pbx_call, direction, kind, line, region_id, caller_raw, caller_e164, presentation, contact_id, incident_id,
                  state, offered_at, ended_at, cause, source)
VALUES ($1, $2, $3, 'automatic', 'office', $4, $5, $6, $6, 'shown', $7, $8, 'ended', $9, $10, $11, $12)
ON CONFLICT (pbx, pbx_call) DO NOTHING
"""
"""Under the exchange's name of it, by which its recording is found."""

_ANSWER: Final = """
INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at, about, said)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (gateway, provider_key) DO NOTHING
"""

_HELP: Final = """
INSERT INTO call_signal (id, item_id, home_id, resident_id, region_id, kind, text, created_at)
SELECT $1, item.id, item.home_id, item.resident_id, home.region_id, 'sos', list.name || ' · 按键求助 pressed the key for help', $3
FROM call_item AS item JOIN call_list AS list ON list.id = item.list_id JOIN home ON home.id = item.home_id WHERE item.id = $2
ON CONFLICT (id) DO NOTHING
"""

# Leases are between processes: they go by the database's clock.
_RENEW: Final = """
UPDATE voice_call SET lease_until = clock_timestamp() + $3::interval
FROM unnest($1::uuid[], $2::bigint[]) AS standing (id, attempt)
WHERE voice_call.id = standing.id AND attempts = standing.attempt AND state = 'ringing'
"""

_ANSWERED: Final = """
UPDATE voice_attempt SET answered_at = $3 WHERE voice_call_id = $1 AND n = $2 AND answered_at IS NULL
"""

_LAPSED: Final = """
SELECT * FROM voice_call
WHERE state = 'ringing' AND lease_until < clock_timestamp() AND NOT id = ANY($1::uuid[])
ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED
"""

_WITHDRAWN: Final = f"""
WITH needless AS (
    SELECT voice.id, voice.state FROM voice_call AS voice JOIN incident ON incident.id = voice.incident_id
    WHERE voice.state IN ('due', 'ringing') AND {NEEDLESS.format(number="voice.number", since="voice.asked_at")}
), withdrawn AS (
    UPDATE voice_call AS voice SET state = 'withdrawn', outcome = 'withdrawn', ended_at = $1, version = version + 1
    FROM needless WHERE voice.id = needless.id AND voice.state = 'due'
)
SELECT id FROM needless WHERE state = 'ringing' AND id = ANY($2::uuid[])
"""  # noqa: S608 constant parts

_CLAIM: Final = """
WITH alarms AS (
    SELECT id FROM voice_call WHERE state = 'due' AND due_at <= $1 AND kind = ANY($5::text[])
    ORDER BY priority, due_at LIMIT $2 FOR UPDATE SKIP LOCKED
), others AS (
    SELECT id FROM voice_call WHERE state = 'due' AND due_at <= $1 AND kind <> ALL($5::text[]) AND kind = ANY($6::text[])
    ORDER BY priority, due_at LIMIT greatest(0, least($3, $2 - (SELECT count(*) FROM alarms))) FOR UPDATE SKIP LOCKED
), chosen AS (
    SELECT id FROM alarms UNION ALL SELECT id FROM others
), claimed AS (
    UPDATE voice_call SET state = 'ringing', attempts = attempts + 1, lease_until = clock_timestamp() + $4::interval,
        version = version + 1
    FROM chosen WHERE voice_call.id = chosen.id RETURNING voice_call.*
), attempts AS (
    INSERT INTO voice_attempt (voice_call_id, n, rang_at, told)
    SELECT id, attempts, $1, incident_id IS NULL FROM claimed
)
SELECT claimed.*, coalesce((
    SELECT line.number FROM line
    WHERE line.is_open AND line.kind <> 'red' AND line.region_id = ANY(region.path)
    ORDER BY line.kind = 'hotline' DESC, line.id LIMIT 1
), '') AS shown
FROM claimed JOIN region ON region.id = claimed.region_id ORDER BY claimed.priority, claimed.due_at
"""
"""Never the number of a red line: whoever rings it back would raise an alarm."""
