"""How two centres prove themselves to each other: the signature of the HTTP format, in both directions. Pure."""

from __future__ import annotations

from callcenter.devices.protocols.http_json.signing import signature, signature_matches

__all__ = ["signature", "signature_matches"]
