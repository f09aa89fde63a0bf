"""Alarms to other centres: an outbox, rules, the ways, and what was acknowledged by a machine and by a person."""

from typing import Final

WRITTEN: Final = "forwardings"
"""The hint that there is something to forward, from the alarm process to the office."""
ANSWERED: Final = "forwarded"
"""The hint that something has become of it, back."""
