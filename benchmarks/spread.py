"""How measured times are summed up."""

from __future__ import annotations

from collections.abc import Sequence

SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}


def spread_ms(seconds: Sequence[float]) -> dict[str, float]:
    """Percentiles by name in ms, -1 where nothing was measured."""
    ordered = sorted(seconds)
    return {name: at(ordered, share) * 1000 if ordered else -1.0 for name, share in SHARES.items()}


def at(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of a sorted, non-empty sequence lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
