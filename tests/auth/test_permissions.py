"""The table of roles, and how a grant reaches down the tree of regions."""

from __future__ import annotations

import pytest

from callcenter.auth.permissions import (
    ACTIONS_OF,
    Action,
    HeldGrant,
    Role,
    actions_of,
    allowed,
    allowed_in_emergency,
    roles_with,
    visible_regions,
)

ROOT, CITY, DISTRICT, OTHER_DISTRICT, COMMUNITY = 1, 2, 3, 4, 5
IN_THE_COMMUNITY = (ROOT, CITY, DISTRICT, COMMUNITY)


def test_every_role_stands_in_the_table_and_every_action_belongs_to_somebody():
    assert set(ACTIONS_OF) == set(Role)
    assert frozenset().union(*ACTIONS_OF.values()) == set(Action)


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.CAREGIVER, Role.VOLUNTEER, Role.PROVIDER])
def test_who_is_sent_somewhere_sees_nothing_of_the_centre(role):
    assert ACTIONS_OF[role] == frozenset()


def test_an_official_sees_figures_and_an_auditor_the_trail_and_nothing_else():
    assert ACTIONS_OF[Role.OFFICIAL] == {Action.SEE_FIGURES}
    assert ACTIONS_OF[Role.AUDITOR] == {
        Action.READ_AUDIT,
        Action.PROVE,
        Action.HEAR_RECORDINGS,
        Action.KEEP_RECORDINGS,
    }


def test_only_administrators_manage_users_and_they_neither_work_alarms_nor_read_the_trail():
    managers = [role for role, actions in ACTIONS_OF.items() if Action.MANAGE_USERS in actions]
    assert managers == [Role.ADMINISTRATOR]
    theirs = ACTIONS_OF[Role.ADMINISTRATOR]
    assert not theirs & {Action.WORK_INCIDENTS, Action.READ_AUDIT}


def test_supervisors_and_administrators_say_who_is_called_when():
    callers = {role for role, actions in ACTIONS_OF.items() if Action.MANAGE_ESCALATION in actions}
    assert callers == {Role.SUPERVISOR, Role.ADMINISTRATOR}


def test_the_roles_of_an_action_are_named_for_sql():
    assert set(roles_with(Action.READ_AUDIT)) == {"auditor"}
    assert "operator" in roles_with(Action.WORK_INCIDENTS)
    assert "official" not in roles_with(Action.WORK_INCIDENTS)


def test_who_works_incidents_also_sees_them():
    for actions in ACTIONS_OF.values():
        assert Action.WORK_INCIDENTS not in actions or Action.SEE_INCIDENTS in actions


@pytest.mark.parametrize(
    ("granted_in", "reaches"),
    [(ROOT, True), (DISTRICT, True), (COMMUNITY, True), (OTHER_DISTRICT, False)],
)
def test_a_grant_reaches_down_from_its_region_and_not_sideways(granted_in, reaches):
    grants = [HeldGrant(Role.OPERATOR, granted_in)]
    assert allowed(grants, Action.WORK_INCIDENTS, IN_THE_COMMUNITY) is reaches


def test_a_grant_in_a_community_does_not_reach_up_to_its_district():
    grants = [HeldGrant(Role.OPERATOR, COMMUNITY)]
    assert not allowed(grants, Action.SEE_INCIDENTS, (ROOT, CITY, DISTRICT))


def test_the_role_of_one_region_lends_nothing_to_the_role_of_another():
    grants = [HeldGrant(Role.OFFICIAL, DISTRICT), HeldGrant(Role.OPERATOR, OTHER_DISTRICT)]
    assert not allowed(grants, Action.SEE_PROFILES, IN_THE_COMMUNITY)
    assert visible_regions(grants, Action.SEE_PROFILES) == {OTHER_DISTRICT}
    assert actions_of(grants) >= {Action.SEE_FIGURES, Action.WORK_INCIDENTS}


def test_without_grants_nothing_is_allowed():
    assert not any(allowed([], action, IN_THE_COMMUNITY) for action in Action)
    assert visible_regions([], Action.SEE_INCIDENTS) == frozenset()


@pytest.mark.parametrize("action", Action)
def test_g8_what_is_opened_with_a_reason_allows_to_look_and_to_help_and_nothing_else(
    action: Action,
):
    opened = frozenset({"home:5"})
    helps = action in {Action.SEE_INCIDENTS, Action.WORK_INCIDENTS, Action.SEE_PROFILES}
    assert allowed_in_emergency(opened, action, ["incident:1", "home:5"]) is helps
    assert not allowed_in_emergency(opened, action, ["home:6"])
    assert not allowed_in_emergency(opened, action, [])


def test_who_may_open_it_and_who_watches():
    may = {role for role, actions in ACTIONS_OF.items() if Action.BREAK_GLASS in actions}
    assert may == {Role.OPERATOR, Role.SUPERVISOR}
    watch = {role for role, actions in ACTIONS_OF.items() if Action.WATCH_ACCESS in actions}
    assert watch == {Role.SUPERVISOR}
