"""What a command needs to know, from memory alone: the registry, the open incident as it was shown, and whom this process has told of
it without the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.entries import Joined, Opened, Reply
from callcenter.alerts.handling.carrying_out import Order
from callcenter.alerts.handling.decision import Centre, Contact, Facts, Need, ToldContact
from callcenter.alerts.handling.heard import ANSWERS
from callcenter.alerts.handling.known_forwards import KnownForwards
from callcenter.alerts.incident import Incident
from callcenter.alerts.open_incidents import Held
from callcenter.devices.callers import Caller, Number, SourceRef
from callcenter.devices.registry import Registry
from callcenter.sms.inbound import Meaning


class Remembering:
    """`colleagues`: names of users by id."""

    def __init__(
        self,
        registry: Registry,
        keeping: Keeping,
        colleagues: Callable[[], Mapping[int, str]],
        forwards: KnownForwards | None = None,
    ) -> None:
        self._registry = registry
        self._keeping = keeping
        self._colleagues = colleagues
        self._forwards = forwards or KnownForwards()

    def facts(self, held: Held, order: Order, now: datetime) -> Facts:
        """Those that are known; of the others nothing."""
        known: dict[Need, Callable[[], Any]] = {
            Need.CALLER: lambda: self.caller(held.incident, now),
            Need.CONTACT: lambda: self._contact(held.incident, order.body.contact_id),
            Need.COLLEAGUE: lambda: self._colleagues().get(order.body.to_user),
            Need.STEPS: lambda: held.steps,
            Need.SUBJECT: lambda: held.subject,
            Need.TOLD: lambda: self._told(held.incident),
            Need.AWARE: lambda: _aware(held),
            Need.SENDER: lambda: self._sender(held.incident, order.body.sender),
            Need.ANSWERED: lambda: any(
                reply.inbound_id == order.body.inbound_id for reply in _replies(held)
            ),
            Need.SAID_BEFORE: lambda: self._said_before(held, order.body.sender),
            Need.COMING: lambda: self._coming(held, getattr(order.body, "sender", "")),
            Need.CENTRE: lambda: self._centre(held.incident, order),
            Need.GIVEN_TO: lambda: self._forwards.given_to(held),
            Need.ORIGIN: lambda: self._forwards.origin(held.incident),
        }
        found = {need.value: known[need]() for need in order.command.needs if need in known}
        return Facts(**found)

    def knows_whom_it_told(self, incident: Incident) -> bool:
        """Whether everybody who was told of it was told by this process, in this outage."""
        return incident.id in self._keeping.told

    def caller(self, incident: Incident, now: datetime) -> Caller:
        """The incident's home, else its device."""
        if incident.home_id is not None:
            found = self._registry.home_caller(incident.home_id, incident.resident_id, now)
            if found is not None:
                return found
        source = SourceRef(incident.source, "", incident.region_id)
        return self._registry.resolve(source, incident.identifier or "", now)

    def numbers(self, incident: Incident) -> Sequence[Number]:
        """Whom one can telephone about it."""
        home_id = incident.home_id
        return self._registry.numbers(home_id) if home_id is not None else ()

    def _centre(self, incident: Incident, order: Order) -> Centre | None:
        return self._forwards.centre(order.body.centre_id, incident.region_path)

    def _told(self, incident: Incident) -> Sequence[ToldContact]:
        """Each contact once. Who was told before the outage is told on when the database is back."""
        told = self._keeping.told.get(incident.id, ())
        found = {
            one.recipient: ToldContact(one.recipient, one.contact_id, one.language, one.params)
            for one in reversed(told)
        }
        return list(reversed(found.values()))

    def _contact(self, incident: Incident, contact_id: int | None) -> Contact | None:
        if contact_id is None:
            return None
        found = next((one for one in self.numbers(incident) if one.contact_id == contact_id), None)
        if found is None:
            return None
        return Contact(contact_id, found.name, found.relation, found.relation_en, found.rank)

    def _sender(self, incident: Incident, phone: str) -> Contact | None:
        found = next(
            (one for one in self.numbers(incident) if one.phone == phone and one.contact_id), None
        )
        return self._contact(incident, found.contact_id) if found is not None else None

    def _said_before(self, held: Held, phone: str) -> str | None:
        sender = self._sender(held.incident, phone)
        said = {reply.contact_id: reply.meaning for reply in _replies(held)}
        return said.get(sender.contact_id) if sender is not None else None

    def _coming(self, held: Held, phone: str) -> bool:
        """By the last word of each contact, but for the sender of the answer at hand."""
        sender = self._sender(held.incident, phone)
        last = {
            reply.contact_id: reply.meaning
            for reply in _replies(held)
            if reply.contact_id is not None and reply.meaning in ANSWERS
        }
        if sender is not None and sender.contact_id is not None:
            last.pop(sender.contact_id, None)
        return Meaning.YES in last.values()


def _replies(held: Held) -> Sequence[Reply]:
    """Answers by text that stand on its timeline, as far as that has passed through here."""
    return [entry.data for entry in held.entries if isinstance(entry.data, Reply)]


def _aware(held: Held) -> Sequence[int]:
    """Contacts who have called about it themselves."""
    called = [
        entry.data.called.get("contact_id")
        for entry in held.entries
        if isinstance(entry.data, Opened | Joined) and entry.data.called
    ]
    return [contact_id for contact_id in called if contact_id is not None]
