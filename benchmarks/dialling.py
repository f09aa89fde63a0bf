"""What the diallers of `growth_data` say in DC-09, and what they are answered."""

from __future__ import annotations

from benchmarks.growth_data import identifier
from callcenter.devices.protocols.dc09.frame import wrap


def account(number: int) -> bytes:
    """Of the resident of this number, counted from 0."""
    return identifier(number).encode()


def sos(name: bytes, sequence: int) -> bytes:
    """Somebody pressed the button: Contact ID 101."""
    return wrap(b'"ADM-CID"%04dL0#%s[#%s|1101 00 001]' % (sequence, name, name))


def heartbeat(name: bytes, sequence: int) -> bytes:
    """The link test; as long for every account of six digits."""
    return wrap(b'"NULL"%04dL0#%s[]' % (sequence, name))


def is_acknowledged(answer: bytes) -> bool:
    return b'"ACK"' in answer
