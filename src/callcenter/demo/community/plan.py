"""The whole demo community as plain rows, ready to be written: deterministic for a given day.

Ids are positions in these lists; `load` turns them into database ids. Secrets are not planned: they are made at random
when the community is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from callcenter.demo.community.equipment import SPARE_LABEL, ListedDevice, equipment
from callcenter.demo.community.listed import NOTHING, Both
from callcenter.demo.community.people import Household, ListedContact, Person, households
from callcenter.demo.community.place import PlannedBuilding, building as building_of
from callcenter.demo.community.users import ListedUser, users
from callcenter.demo.community.wording import ACROSS_THE_LANDING, SAME_HOME, words
from callcenter.devices.models import DeviceKind
from callcenter.residents.identity import check_digit
from callcenter.residents.names import latin_name

ESTATE = "榆荫里"
DC09_SOURCE = "dc09"
HTTP_KIND = "http_json"
HTTP_SOURCE = "demo-phones"
HTTP_KEY_ID = "demo-phones"


@dataclass(frozen=True, slots=True)
class PlannedContact:
    rank: int
    name: str
    name_latin: str
    relation: str
    relation_en: str
    phone: str
    distance: Both
    far_away: bool
    has_key: bool
    reachable: Both


@dataclass(frozen=True, slots=True)
class PlannedResident:
    home: int
    person: Person
    birth_date: date
    identity_number: str
    phone: str
    note: Both
    medicines: Both
    hazards: tuple[Both, ...]
    allergy: Both
    hospital: Both
    dialect: Both
    talk: Both
    contacts: tuple[PlannedContact, ...]


@dataclass(frozen=True, slots=True)
class PlannedHome:
    household: Household
    building: PlannedBuilding
    address: Both
    lat: float
    lng: float
    access: Both
    key: Both


@dataclass(frozen=True, slots=True)
class PlannedDevice:
    """`home` None: in the cupboard of the station. `key_bytes` > 0: speaks AES with a key of that length."""

    source: str
    identifier: str
    kind: str
    model: str
    label: str
    home: int | None
    resident: int | None
    key_bytes: int = 0
    battery_low: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Community:
    homes: tuple[PlannedHome, ...]
    residents: tuple[PlannedResident, ...]
    devices: tuple[PlannedDevice, ...]
    users: tuple[ListedUser, ...] = field(default_factory=users)

    def resident_called(self, name: str) -> int:
        """Position of a resident by name."""
        return next(i for i, r in enumerate(self.residents) if r.person.name == name)


def community(today: date) -> Community:
    """Everything, with birth dates such that the ages are right today."""
    homes = tuple(_home(household) for household in households())
    residents = tuple(_residents(today))
    return Community(homes, residents, tuple(_devices(residents)))


# ---- homes and people


def _home(household: Household) -> PlannedHome:
    building = building_of(household.building)
    lng, lat = building.home_position(household.entrance, household.floor, household.door)
    where = f"{household.building}号楼{household.entrance}单元{household.door}室"
    where_en = (
        f"Building {household.building}, entrance {household.entrance}, door {household.door}"
    )
    return PlannedHome(
        household=household,
        building=building,
        address=Both(f"{ESTATE}{where}", f"Yuyinli, {where_en}"),
        lat=lat,
        lng=lng,
        access=household.access or _usual_access(household, building),
        key=household.key or _usual_key(household),
    )


def _usual_access(household: Household, building: PlannedBuilding) -> Both:
    if building.lift:
        return Both(
            f"门禁按{household.door}再按铃；电梯到{household.floor}层",
            f"dial {household.door} and the bell; lift to floor {household.floor}",
        )
    if household.floor == 1:
        return Both("一楼，单元门白天不锁", "ground floor, the entrance is open by day")
    return Both(
        f"单元门按{household.door}，步梯到{household.floor}楼",
        f"ring {household.door} at the entrance, stairs to floor {household.floor}",
    )


def _usual_key(household: Household) -> Both:
    contacts = [contact for person in household.people for contact in person.contacts]
    outside = next((each for each in contacts if each.key and each.distance != SAME_HOME), None)
    if outside is None:
        return Both("家里有人；无外人持钥匙", "somebody lives in; nobody outside has a key")
    name, relation = latin_name(outside.name).latin, words().relations[outside.relation]
    return Both(f"{outside.relation}{outside.name}有钥匙", f"{relation} {name} has a key")


def _residents(today: date) -> Iterator[PlannedResident]:
    phones: dict[str, str] = {}
    everyone = [(home, each) for home, listed in enumerate(households()) for each in listed.people]
    for number, (home, person) in enumerate(everyone, start=1):
        yield _resident(home, person, number, today, phones)


def _resident(
    home: int, person: Person, number: int, today: date, phones: dict[str, str]
) -> PlannedResident:
    """The `number`-th person; `phones` are the numbers given so far, by name."""
    said = words()
    born = _birth_date(person.age, number, today)
    conditions = [said.conditions[key] for key in person.conditions]
    return PlannedResident(
        home=home,
        person=person,
        birth_date=born,
        identity_number=_identity_number(born, number, person.sex),
        phone=phones.setdefault(person.name, f"+86139{1_000_000 + number * 137:08d}"),
        note=_joined([c.note for c in conditions]),
        medicines=_joined([c.medicine for c in conditions]),
        hazards=tuple(c.hazard for c in conditions if c.hazard != NOTHING),
        allergy=said.allergies[person.allergy] if person.allergy else NOTHING,
        hospital=said.hospitals[person.hospital],
        dialect=said.dialects[person.dialect],
        talk=person.talk or said.talking[number * 3 % len(said.talking)],
        contacts=tuple(_contacts(person, number, phones)),
    )


def _birth_date(age: int, number: int, today: date) -> date:
    """A birthday spread over the year, in the year that makes `age` true today."""
    month, day = number * 5 % 12 + 1, number * 11 % 28 + 1
    had_birthday = (month, day) <= (today.month, today.day)
    return date(today.year - age - (0 if had_birthday else 1), month, day)


def _identity_number(born: date, number: int, sex: str) -> str:
    """With area code 990000, which is given to no place: these numbers belong to nobody."""
    order = number * 2 + (1 if sex == "male" else 0)
    first17 = f"990000{born:%Y%m%d}{order:03d}"
    return first17 + check_digit(first17)


def _contacts(person: Person, number: int, phones: dict[str, str]) -> Iterator[PlannedContact]:
    for rank, contact in enumerate(person.contacts, start=1):
        phone = phones.setdefault(contact.name, f"+86139{9_100_000 + number * 211 + rank * 17:08d}")
        yield _contact(contact, rank, number, phone)


def _contact(contact: ListedContact, rank: int, number: int, phone: str) -> PlannedContact:
    said = words()
    distance = said.distances[contact.distance]
    always = rank == 1 or contact.distance in (ACROSS_THE_LANDING, SAME_HOME)
    return PlannedContact(
        rank=rank,
        name=contact.name,
        name_latin=latin_name(contact.name).latin,
        relation=contact.relation,
        relation_en=said.relations[contact.relation],
        phone=phone,
        distance=Both(distance.zh, distance.en),
        far_away=distance.far_away,
        has_key=contact.key,
        reachable=said.reachable[0 if always else (number + rank) % len(said.reachable)],
    )


def _joined(parts: list[Both]) -> Both:
    said = [part for part in parts if part != NOTHING]
    return Both("；".join(p.zh for p in said), "; ".join(p.en for p in said))


# ---- devices


def _devices(residents: tuple[PlannedResident, ...]) -> Iterator[PlannedDevice]:
    by_name = {resident.person.name: number for number, resident in enumerate(residents)}
    for device in equipment().devices:
        bearer = by_name[device.resident] if device.resident else None
        somebody = by_name[device.home_of] if device.home_of else bearer
        home = None if somebody is None else residents[somebody].home
        yield _device(device, home, bearer)


def _device(device: ListedDevice, home: int | None, bearer: int | None) -> PlannedDevice:
    kind = equipment().kinds[device.kind]
    return PlannedDevice(
        source=HTTP_SOURCE if device.kind == DeviceKind.ELDER_PHONE else DC09_SOURCE,
        identifier=device.identifier,
        kind=device.kind,
        model=kind.model,
        label=SPARE_LABEL if home is None else kind.label,
        home=home,
        resident=bearer,
        key_bytes=device.key_bytes,
        battery_low=device.battery_low,
        silent=device.silent,
    )
