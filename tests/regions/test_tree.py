"""What a region inherits."""

from datetime import UTC, datetime

from callcenter.regions.duty_shifts import DutyPhone, Shift
from callcenter.regions.tree import RegionRow, resolve_settings, settings_along


def tree(*rows: RegionRow):
    return {row.id: row for row in rows}


def region(region_id: int, path: tuple[int, ...], **settings) -> RegionRow:
    return RegionRow(
        region_id, path[-2] if len(path) > 1 else None, path, "grid", "x", "x", **settings
    )


def test_the_nearest_region_upwards_decides():
    regions = tree(
        region(1, (1,), hotline="0100-1", sms_signature="根", duty_numbers=("+8613900009001",)),
        region(2, (1, 2), hotline="0200-2", ambulance_number="0999-120"),
        region(3, (1, 2, 3), sms_policy="after_confirmation"),
    )
    settings = resolve_settings(regions, 3)
    assert (settings.hotline, settings.sms_signature, settings.ambulance_number) == (
        "0200-2",
        "根",
        "0999-120",
    )
    assert (settings.sms_policy, settings.duty_numbers) == (
        "after_confirmation",
        ("+8613900009001",),
    )


def test_what_nobody_says_has_a_default():
    settings = resolve_settings(tree(region(1, (1,))), 1)
    assert (settings.ambulance_number, settings.fire_number, settings.police_number) == (
        "120",
        "119",
        "110",
    )
    assert (settings.sms_policy, settings.duty_numbers) == ("at_once", ())


def test_no_duty_number_of_its_own_means_those_of_the_parent():
    regions = tree(
        region(1, (1,), duty_numbers=("+8613900009001",)), region(2, (1, 2), duty_numbers=())
    )
    assert resolve_settings(regions, 2).duty_numbers == ("+8613900009001",)


def test_shifts_are_those_of_the_region_that_has_the_list():
    night = DutyPhone("夜班", "UTC", (Shift(begins="20:00", ends="08:00"),))
    above = region(1, (1,), duty_numbers=("+861",), duty_shifts={"+861": night})
    below = region(2, (1, 2), duty_numbers=("+861", "+862"))
    evening = datetime(2026, 3, 14, 21, tzinfo=UTC)
    assert settings_along([above]).on_duty(evening)[0].name == "夜班"
    assert settings_along([above]).duty_at(evening) == ("+861",)
    assert settings_along([above, below]).on_duty(evening)[0].name == ""
    silent = region(3, (1, 3), duty_shifts={"+861": DutyPhone()})
    assert settings_along([above, silent]).on_duty(evening)[0].name == "夜班"


def test_never_is_said_too_and_is_no_silence():
    regions = tree(
        region(1, (1,), next_contact_s=300, contact_policy="all_at_once"),
        region(2, (1, 2), next_contact_s=0),
    )
    assert resolve_settings(regions, 1).next_contact_s == 300
    settings = resolve_settings(regions, 2)
    assert (settings.next_contact_s, settings.contact_policy) == (0, "all_at_once")
    assert resolve_settings(tree(region(1, (1,))), 1).next_contact_s == 180
    assert resolve_settings(tree(region(1, (1,))), 1).service_due_s == 600
    own = tree(region(1, (1,), service_due_s=300), region(2, (1, 2)))
    assert resolve_settings(own, 2).service_due_s == 300


def test_when_alarms_are_a_storm_is_inherited_and_never_is_said_too():
    regions = tree(region(1, (1,), storm_alarms=30), region(2, (1, 2), storm_alarms=0))
    assert [resolve_settings(regions, one).storm_alarms for one in (1, 2)] == [30, 0]
    assert resolve_settings(tree(region(1, (1,))), 1).storm_alarms == 10
