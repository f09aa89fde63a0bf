"""The listed people name only what is listed elsewhere."""

from callcenter.demo.community.people import households
from callcenter.demo.community.wording import words

PEOPLE = [person for household in households() for person in household.people]
CONTACTS = [contact for person in PEOPLE for contact in person.contacts]


def test_every_key_that_a_person_names_has_its_words():
    assert {key for person in PEOPLE for key in person.conditions} <= set(words().conditions)
    assert {person.dialect for person in PEOPLE} <= set(words().dialects)
    assert {person.hospital for person in PEOPLE} <= set(words().hospitals)
    assert {person.allergy for person in PEOPLE} - {None} <= set(words().allergies)


def test_every_contact_stands_in_a_known_relation_at_a_known_distance():
    assert {contact.relation for contact in CONTACTS} <= set(words().relations)
    assert {contact.distance for contact in CONTACTS} <= set(words().distances)


def test_the_floor_is_told_by_the_door():
    by_door = {household.door: household.floor for household in households()}
    assert (by_door["501"], by_door["1602"]) == (5, 16)
