"""Every figure that is told about 榆荫里 is true of the plan."""

from collections import Counter
from datetime import date

import phonenumbers
import pytest
from hypothesis import given, strategies as st

from callcenter.demo.community.place import ground
from callcenter.demo.community.plan import community
from callcenter.residents.identity import parse_identity

TODAY = date(2026, 8, 1)


@pytest.fixture(scope="module")
def planned():
    return community(TODAY)


def test_60_residents_live_in_52_homes_of_20_buildings(planned):
    assert (len(planned.residents), len(planned.homes), len(ground().buildings)) == (60, 52, 20)
    assert len({r.person.name for r in planned.residents}) == 60
    assert len({(h.lat, h.lng) for h in planned.homes}) == 52, "a dot hides another"


def test_every_home_lies_inside_its_building_and_below_its_roof(planned):
    for home in planned.homes:
        ring = home.building.ring
        assert min(p[0] for p in ring) < home.lng < max(p[0] for p in ring)
        assert min(p[1] for p in ring) < home.lat < max(p[1] for p in ring)
        assert 1 <= home.household.floor <= home.building.floors
        assert home.household.entrance <= home.building.entrances


def test_homes_by_how_people_live(planned):
    assert Counter(h.household.living for h in planned.homes) == {
        "alone": 34,
        "couple": 8,
        "alone_by_day": 7,
        "with_carer": 3,
    }


def test_ages(planned):
    decades = Counter(min(r.person.age // 10, 9) for r in planned.residents)
    assert decades == {6: 8, 7: 22, 8: 23, 9: 7}


def test_welfare_and_ability(planned):
    welfare = Counter(w for r in planned.residents for w in r.person.welfare)
    assert {
        k: welfare[k]
        for k in ("extreme_poverty", "minimum_allowance", "no_family", "lost_only_child")
    } == {
        "extreme_poverty": 2,
        "minimum_allowance": 6,
        "no_family": 3,
        "lost_only_child": 2,
    }
    assert Counter(r.person.ability for r in planned.residents) == {
        "intact": 22,
        "mild": 20,
        "moderate": 12,
        "severe": 5,
        "total": 1,
    }


def test_contacts(planned):
    assert Counter(min(len(r.contacts), 3) for r in planned.residents) == {
        0: 4,
        1: 12,
        2: 28,
        3: 16,
    }
    assert sum(c.far_away for r in planned.residents for c in r.contacts) == 20


def test_devices(planned):
    assert Counter(d.kind for d in planned.devices) == {
        "bedside_button": 30,
        "pendant": 24,
        "elder_phone": 18,
        "fall_detector": 6,
        "smoke_detector": 4,
        "hub": 2,
    }
    assert sum(d.battery_low for d in planned.devices) == 3
    assert sum(d.silent for d in planned.devices) == 2
    assert sum(d.home is None for d in planned.devices) == 1
    assert len({(d.source, d.identifier) for d in planned.devices}) == 84
    assert {d.key_bytes for d in planned.devices} == {0, 16, 24, 32}


def test_account_numbers_of_dc09_are_four_to_eight_hex_digits(planned):
    for device in planned.devices:
        if device.source == "dc09":
            assert 4 <= len(device.identifier) <= 8
            int(device.identifier, 16)


def test_every_home_can_call(planned):
    assert {d.home for d in planned.devices} - {None} == set(range(52))


def test_the_first_device_is_the_pendant_of_shen_yulan_whose_daughter_is_asked_first(planned):
    first, shen = planned.devices[0], planned.residents[0]
    assert (first.kind, first.resident, shen.person.name, shen.person.age) == (
        "pendant",
        0,
        "沈玉兰",
        83,
    )
    home = planned.homes[0]
    assert home.address.zh == "榆荫里7号楼2单元501室"
    assert "抗凝" in shen.hazards[0].zh
    assert shen.allergy.en == "penicillin"
    assert (shen.contacts[0].relation_en, shen.contacts[0].far_away) == ("daughter", False)
    assert shen.contacts[1].has_key
    assert shen.contacts[1].relation_en == "neighbour"


def test_people_worth_meeting_are_there_with_what_makes_them_worth_it(planned):
    by_name = {r.person.name: r for r in planned.residents}
    assert "oxygen" in by_name["贺长林"].hazards[0].en
    assert "deaf" in by_name["梁淑贞"].hazards[0].en
    assert by_name["梁淑贞"].contacts[0].relation_en == "neighbour"
    assert by_name["乔文斌"].home == by_name["陆美云"].home
    assert "Knock code" in by_name["费德海"].talk.en
    assert (by_name["闻秀珍"].person.ability, by_name["闻秀珍"].contacts) == ("total", ())


@given(st.dates(date(2025, 1, 1), date(2035, 12, 31)))
def test_ages_are_right_on_the_day_of_loading_and_identity_numbers_agree(today):
    for resident in community(today).residents:
        born = resident.birth_date
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        assert age == resident.person.age
        identity = parse_identity(resident.identity_number, today)
        assert (identity.birth_date, identity.sex) == (born, resident.person.sex)


def test_phone_numbers_are_well_formed_and_belong_to_one_person_each(planned):
    owners: dict[str, set[str]] = {}
    for resident in planned.residents:
        owners.setdefault(resident.phone, set()).add(resident.person.name)
        for contact in resident.contacts:
            owners.setdefault(contact.phone, set()).add(contact.name)
    assert all(len(names) == 1 for names in owners.values())
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in owners)


def test_every_note_exists_in_both_languages(planned):
    for resident in planned.residents:
        for both in (
            resident.note,
            resident.talk,
            resident.hospital,
            resident.dialect,
            *resident.hazards,
        ):
            assert both.zh
            assert both.en
    for home in planned.homes:
        assert home.access.zh
        assert home.access.en
        assert home.key.zh
        assert home.key.en
