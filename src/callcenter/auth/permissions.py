"""Who may do what where. Pure: a grant is a role in the subtree of a region, an action is allowed by a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    OPERATOR = "operator"  # 接线员
    SUPERVISOR = "supervisor"  # 班长
    DISPATCHER = "dispatcher"  # 信息分配员
    GRID_WORKER = "grid_worker"  # 网格员
    COMMUNITY_WORKER = "community_worker"  # 社区工作者
    RESPONDER = "responder"  # 上门人员
    CAREGIVER = "caregiver"  # 护理员
    VOLUNTEER = "volunteer"  # 志愿者
    PROVIDER = "provider"
    OFFICIAL = "official"  # figures only
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    WATCHDOG = "watchdog"  # a program on another machine, no person


class Action(StrEnum):
    """What a route asks for; the names are part of the API (`GET /api/v1/me` lists them)."""

    SEE_INCIDENTS = "see_incidents"
    WORK_INCIDENTS = "work_incidents"
    SEE_PROFILES = "see_profiles"
    EDIT_RESIDENTS = "edit_residents"
    IMPORT_RESIDENTS = "import_residents"
    EXPORT_RESIDENTS = "export_residents"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_USERS = "manage_users"
    MANAGE_ESCALATION = "manage_escalation"
    READ_AUDIT = "read_audit"
    SEE_FIGURES = "see_figures"
    MANAGE_CALLS = "manage_calls"
    EDIT_PLANS = "edit_plans"
    ANNOUNCE = "announce"
    BREAK_GLASS = "break_glass"
    WATCH_ACCESS = "watch_access"
    MANAGE_WALLS = "manage_walls"
    RUN_DRILLS = "run_drills"
    HANDLE_STORMS = "handle_storms"
    DRAW_MAP = "draw_map"
    PROVE = "prove"
    EXPORT_INCIDENTS = "export_incidents"
    SEE_LIVENESS = "see_liveness"
    WATCH = "watch"
    SEE_FIELD = "see_field"
    """Tasks, who is on duty, and where they are."""
    DISPATCH = "dispatch"
    """To offer, give and call off tasks; duty and roster of others."""
    BOOK_TASKS = "book_tasks"
    """To enter a visit, a ride or an errand for somebody."""
    ANSWER_CALLS = "answer_calls"
    """To take, place and file telephone calls."""
    LISTEN_IN = "listen_in"
    """To hear a call that somebody else speaks in, and to speak to them."""
    MANAGE_LINES = "manage_lines"
    """Numbers that are called, how callers are read, prompts, what calls are about."""
    HEAR_RECORDINGS = "hear_recordings"
    """To play a recording, with a reason."""
    KEEP_RECORDINGS = "keep_recordings"
    """To keep one from expiring while something is disputed."""


class WallShows(StrEnum):
    """What a screen across the room says of a home: whoever walks in reads it."""

    BUILDING = "building"
    ADDRESS = "address"
    NAMES = "names"


_WORKING_ALARMS = frozenset({Action.SEE_INCIDENTS, Action.WORK_INCIDENTS, Action.SEE_PROFILES})
_IN_THE_FIELD = frozenset({Action.SEE_FIELD, Action.DISPATCH, Action.BOOK_TASKS})
_ON_THE_TELEPHONE = frozenset({Action.ANSWER_CALLS, Action.HEAR_RECORDINGS})
_IN_THE_COMMUNITY = frozenset({Action.SEE_INCIDENTS, Action.SEE_PROFILES, Action.EDIT_RESIDENTS})

ACTIONS_OF: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.OPERATOR: _WORKING_ALARMS
        | _ON_THE_TELEPHONE
        | {Action.BREAK_GLASS, Action.SEE_FIELD, Action.BOOK_TASKS},
        Role.SUPERVISOR: _WORKING_ALARMS
        | {
            Action.EDIT_RESIDENTS,
            Action.MANAGE_DEVICES,
            Action.MANAGE_ESCALATION,
            Action.SEE_FIGURES,
            Action.MANAGE_CALLS,
            Action.EDIT_PLANS,
            Action.ANNOUNCE,
            Action.BREAK_GLASS,
            Action.WATCH_ACCESS,
            Action.MANAGE_WALLS,
            Action.RUN_DRILLS,
            Action.HANDLE_STORMS,
            Action.PROVE,
            Action.EXPORT_INCIDENTS,
            Action.SEE_LIVENESS,
            Action.LISTEN_IN,
            Action.KEEP_RECORDINGS,
            *_ON_THE_TELEPHONE,
            *_IN_THE_FIELD,
        },
        Role.DISPATCHER: _WORKING_ALARMS | _IN_THE_FIELD | _ON_THE_TELEPHONE,
        Role.GRID_WORKER: _IN_THE_COMMUNITY | {Action.BOOK_TASKS},
        Role.COMMUNITY_WORKER: _IN_THE_COMMUNITY
        | {Action.BOOK_TASKS}
        | {Action.IMPORT_RESIDENTS, Action.MANAGE_DEVICES, Action.DRAW_MAP},
        # People who are sent somewhere see their own tasks only; nothing of the centre.
        Role.RESPONDER: frozenset(),
        Role.CAREGIVER: frozenset(),
        Role.VOLUNTEER: frozenset(),
        Role.PROVIDER: frozenset(),
        Role.OFFICIAL: frozenset({Action.SEE_FIGURES}),
        # Keeps the records in order but works no alarms; the auditor watches the administrator.
        Role.ADMINISTRATOR: frozenset(
            {
                Action.SEE_PROFILES,
                Action.EDIT_RESIDENTS,
                Action.IMPORT_RESIDENTS,
                Action.EXPORT_RESIDENTS,
                Action.MANAGE_DEVICES,
                Action.MANAGE_USERS,
                Action.MANAGE_ESCALATION,
                Action.SEE_FIGURES,
                Action.EDIT_PLANS,
                Action.MANAGE_WALLS,
                Action.RUN_DRILLS,
                Action.DRAW_MAP,
                Action.SEE_LIVENESS,
                Action.MANAGE_LINES,
            }
        ),
        Role.AUDITOR: frozenset(
            {
                Action.READ_AUDIT,
                Action.PROVE,
                Action.HEAR_RECORDINGS,
                Action.KEEP_RECORDINGS,
            }
        ),
        # Its seat sees what it presses itself and nothing else (seats/seat.py).
        Role.WATCHDOG: frozenset({Action.WATCH}),
    }
)


IN_EMERGENCY = frozenset({Action.SEE_INCIDENTS, Action.WORK_INCIDENTS, Action.SEE_PROFILES})
"""What one opens with a reason, for one subject: to look and to help; never its records, lists or exports."""


@dataclass(frozen=True, slots=True, order=True)
class HeldGrant:
    """A role held in a region and everything below it."""

    role: Role
    region_id: int


def allowed(grants: Iterable[HeldGrant], action: Action, region_path: Iterable[int]) -> bool:
    """Whether one of the grants allows the action for a row whose region path (root first) is
    given.
    """
    path = frozenset(region_path)
    return any(grant.region_id in path and action in ACTIONS_OF[grant.role] for grant in grants)


def allowed_in_emergency(opened: frozenset[str], action: Action, subjects: Iterable[str]) -> bool:
    """Whether the action is one that opening a subject with a reason allows, and one of these is open: `home:12`, or
    `incident:<id>`.
    """
    return action in IN_EMERGENCY and not opened.isdisjoint(subjects)


def visible_regions(grants: Iterable[HeldGrant], action: Action) -> frozenset[int]:
    """Regions in which the action is granted; a row is visible if any id of its region path is
    among them.
    """
    return frozenset(grant.region_id for grant in grants if action in ACTIONS_OF[grant.role])


def actions_of(grants: Iterable[HeldGrant]) -> frozenset[Action]:
    """Everything that is granted anywhere."""
    return frozenset(action for grant in grants for action in ACTIONS_OF[grant.role])


def roles_with(action: Action) -> Sequence[str]:
    """Those that are allowed it, for SQL."""
    return [role.value for role, actions in ACTIONS_OF.items() if action in actions]
