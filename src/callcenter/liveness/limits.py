"""The thresholds of the checks, from what is set. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.liveness.checks import Check, Measure, Threshold, Thresholds


@dataclass(frozen=True, slots=True)
class Limits:
    """Two each: when it is worth a look, and when it is bad. The settings [liveness] have the same names."""

    watchdog_silent_s: tuple[float, float] = (150.0, 300.0)
    listener_quiet_h: tuple[float, float] = (26.0, 72.0)
    clock_off_s: tuple[float, float] = (1.0, 10.0)
    certificate_d: tuple[float, float] = (30.0, 7.0)
    disk_free_percent: tuple[float, float] = (15.0, 5.0)
    wal_gib: tuple[float, float] = (4.0, 16.0)
    backup_h: tuple[float, float] = (26.0, 50.0)
    chain_behind_s: tuple[float, float] = (60.0, 600.0)
    proof_d: tuple[float, float] = (8.0, 32.0)


def thresholds_of(limits: Limits) -> Thresholds:
    """One for each check."""
    quiet = limits.listener_quiet_h
    holds = Threshold(Measure.HOLDS, None, 0.0, falls=True)
    return {
        Check.WATCHDOG: Threshold(Measure.SECONDS, *limits.watchdog_silent_s),
        Check.CIRCLE: holds,
        Check.DATABASE: holds,
        Check.OFFICE: holds,
        Check.PROCESSORS: Threshold(Measure.COUNT, None, 1.0),
        Check.LISTENER: Threshold(Measure.SECONDS, 3_600 * quiet[0], 3_600 * quiet[1]),
        Check.SOURCE: Threshold(Measure.SECONDS, 3_600 * quiet[0], 3_600 * quiet[1]),
        Check.ALARMS_TOLD: holds,
        Check.TEXTS_LEAVE: holds,
        Check.GATEWAY: holds,
        Check.CLOCK_NTP: Threshold(Measure.SECONDS, *limits.clock_off_s),
        Check.CLOCK_DATABASE: Threshold(Measure.SECONDS, *limits.clock_off_s),
        Check.CLOCK_WATCHDOG: Threshold(Measure.SECONDS, *limits.clock_off_s),
        Check.CERTIFICATE: Threshold(Measure.DAYS, *limits.certificate_d, falls=True),
        Check.DISK: Threshold(Measure.PERCENT, *limits.disk_free_percent, falls=True),
        Check.SPOOL_DISK: Threshold(Measure.PERCENT, *limits.disk_free_percent, falls=True),
        Check.RESERVE: holds,
        Check.WAL: Threshold(Measure.GIB, *limits.wal_gib),
        Check.DATABASE_SIZE: Threshold(Measure.GIB, None, None),
        Check.BACKUP: Threshold(
            Measure.SECONDS, 3_600 * limits.backup_h[0], 3_600 * limits.backup_h[1]
        ),
        Check.CHAIN: Threshold(Measure.SECONDS, *limits.chain_behind_s),
        Check.PROOF: Threshold(Measure.DAYS, *limits.proof_d),
    }
