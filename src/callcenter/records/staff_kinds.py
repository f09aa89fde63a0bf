"""What somebody of the staff is, and as what they look after a home or a region. Pure."""

from __future__ import annotations

from enum import StrEnum


class StaffKind(StrEnum):
    """What somebody of the staff is; they may be several."""

    GRID_WORKER = "grid_worker"
    SOCIAL_WORKER = "social_worker"
    CAREGIVER = "caregiver"
    VOLUNTEER = "volunteer"
    DRIVER = "driver"
    DOCTOR = "doctor"
    NURSE = "nurse"
    TECHNICIAN = "technician"
    COOK = "cook"
    NEIGHBOUR = "neighbour"
    KEY_HOLDER = "key_holder"


class CareDuty(StrEnum):
    """As what somebody looks after a home or a region."""

    GRID_WORKER = "grid_worker"
    SOCIAL_WORKER = "social_worker"
    PAIRED_NEIGHBOUR = "paired_neighbour"
    KEY_HOLDER = "key_holder"
    DOCTOR = "doctor"
