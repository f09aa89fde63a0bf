"""Connections of the second listener: so many at once, from whom they may come, and never a socket."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from typing import Any

from callcenter.api.serving import ApiProtocol
from callcenter.listeners.places import Places, peer_of


class OutsideProtocol(ApiProtocol):
    """One connection. `peers`: addresses and networks that alone may call, where nothing is encrypted; none: anybody."""

    def __init__(
        self, *args: Any, places: Places, peers: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._places = places
        self._peers = [ipaddress.ip_network(each) for each in peers]
        self._peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type] # it is one over TCP
        self._peer = peer_of(transport)
        if not self._may_call():
            self.transport.abort()
            return
        self._places.take(self, self._peer)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        self._places.heard(self, self._peer)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._places.leave(self, self._peer)
        super().connection_lost(exc)

    def _may_call(self) -> bool:
        if not self._peers:
            return True
        try:
            peer = ipaddress.ip_address(self._peer)
        except ValueError:
            return False
        return any(peer in network for network in self._peers)

    def _should_upgrade(self) -> bool:
        """Whoever asks for a socket asks for a page."""
        return False

    # ---- called by the places

    @property
    def may_be_given_up(self) -> bool:
        """Nothing is being answered on it."""
        return self.waits_for_its_client

    @property
    def is_gone(self) -> bool:
        """It has ended."""
        return self.transport.is_closing()

    def give_up(self) -> None:
        """Close it now: its place is needed."""
        self.transport.abort()
