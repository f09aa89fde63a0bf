"""The whole demo community as plain rows, ready to be written: deterministic for a given day. Pure.

Ids are positions in these lists; `load` turns them into database ids. Secrets are not planned: they are made at random
when the community is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from callcenter.demo_community.people import HOUSEHOLDS, Household, Person
from callcenter.demo_community.place import BUILDINGS, GRIDS, PlannedBuilding
from callcenter.demo_community.wording import (
    ALLERGIES,
    CONDITIONS,
    DIALECTS,
    DISTANCES,
    FAR_AWAY,
    HOSPITALS,
    NOTHING,
    REACHABLE,
    RELATIONS,
    TALKING,
    Both,
)
from callcenter.residents.identity import check_digit
from callcenter.residents.names import latin_name

ESTATE = "榆荫里"
DC09_SOURCE = "dc09"
"""Name and wire format of its listeners' source."""
HTTP_KIND = "http_json"
HTTP_SOURCE = "demo-phones"
HTTP_KEY_ID = "demo-phones"
PASSWORD = "yuyinli-demo"  # noqa: S105 - printed at the start of every demo, refused by nobody, used nowhere else


@dataclass(frozen=True, slots=True)
class PlannedUser:
    """A demo log-in; `region` is the code of the region its grant covers, None the root."""

    login: str
    name: str
    name_en: str
    role: str
    language: str = "zh-CN"
    region: str | None = None


USERS: tuple[PlannedUser, ...] = (
    PlannedUser("operator", "林晓雯", "Lin Xiaowen", "operator"),
    PlannedUser("operator2", "赵一鸣", "Zhao Yiming", "operator", "en"),
    PlannedUser("supervisor", "唐立群", "Tang Liqun", "supervisor"),
    PlannedUser("admin", "韦国强", "Wei Guoqiang", "administrator"),
    PlannedUser("official", "孟庆和", "Meng Qinghe", "official"),
)


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
    grid: str
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
    users: tuple[PlannedUser, ...] = field(default=USERS)

    def resident_called(self, name: str) -> int:
        """Position of a resident by name."""
        return next(i for i, r in enumerate(self.residents) if r.person.name == name)


def community(today: date) -> Community:
    """Everything, with birth dates such that the ages are right today."""
    homes = tuple(_home(household) for household in HOUSEHOLDS)
    residents = tuple(_residents(today))
    return Community(homes, residents, tuple(_devices(residents)))


# ---- homes and people


def _home(household: Household) -> PlannedHome:
    building = BUILDINGS[household.building - 1]
    lng, lat = building.home_position(household.entrance, household.floor, household.door)
    where = f"{household.building}号楼{household.entrance}单元{household.door}室"
    where_en = (
        f"Building {household.building}, entrance {household.entrance}, door {household.door}"
    )
    return PlannedHome(
        household=household,
        building=building,
        grid=GRIDS[building.grid - 1],
        address=Both(f"{ESTATE}{where}", f"Yuyinli, {where_en}"),
        lat=lat,
        lng=lng,
        access=household.access or _usual_access(household, building),
        key=household.key if household.key != NOTHING else _usual_key(household),
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
    with_key = [
        line.split()
        for person in household.people
        for line in person.contacts
        if line.endswith(" key")
    ]
    outside = next((words for words in with_key if words[2] != "同住"), None)
    if outside is None:
        return Both("家里有人；无外人持钥匙", "somebody lives in; nobody outside has a key")
    name = latin_name(outside[1]).latin
    return Both(f"{outside[0]}{outside[1]}有钥匙", f"{RELATIONS[outside[0]]} {name} has a key")


def _residents(today: date) -> Iterator[PlannedResident]:
    phones: dict[str, str] = {}
    number = 0
    for home, household in enumerate(HOUSEHOLDS):
        for person in household.people:
            number += 1
            born = _birth_date(person.age, number, today)
            conditions = [CONDITIONS[key] for key in person.conditions.split()]
            yield PlannedResident(
                home=home,
                person=person,
                birth_date=born,
                identity_number=_identity_number(born, number, person.sex),
                phone=phones.setdefault(person.name, f"+86139{1_000_000 + number * 137:08d}"),
                note=_joined([c.note for c in conditions]),
                medicines=_joined([c.medicine for c in conditions]),
                hazards=tuple(c.hazard for c in conditions if c.hazard != NOTHING),
                allergy=ALLERGIES[person.allergy],
                hospital=HOSPITALS[person.hospital],
                dialect=DIALECTS[person.dialect],
                talk=person.talk or TALKING[(number * 3) % 5],
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
    for rank, line in enumerate(person.contacts, start=1):
        relation, name, distance, *key = line.split()
        phone = phones.setdefault(name, f"+86139{9_100_000 + number * 211 + rank * 17:08d}")
        always = rank == 1 or distance in ("对门", "同住")
        yield PlannedContact(
            rank=rank,
            name=name,
            name_latin=latin_name(name).latin,
            relation=relation,
            relation_en=RELATIONS[relation],
            phone=phone,
            distance=DISTANCES[distance],
            far_away=distance in FAR_AWAY,
            has_key=bool(key),
            reachable=REACHABLE[0 if always else (number + rank) % len(REACHABLE)],
        )


def _joined(parts: list[Both]) -> Both:
    said = [part for part in parts if part != NOTHING]
    return Both("；".join(p.zh for p in said), "; ".join(p.en for p in said))


# ---- devices

_PENDANTS, _BUTTONS, _PHONES = 24, 30, 18
_FALLS_OF = ("沈玉兰", "费德海", "傅淑兰", "解玉珍", "鲁淑清", "秦月仙")
_SMOKE_AT = ("贺长林", "乔文斌", "解玉珍", "裴春山")
_HUBS_AT = ("凌秋霞", "安世荣")
_MODELS: Mapping[str, str] = MappingProxyType(
    {
        "pendant": "YL-P2",
        "bedside_button": "YL-B1",
        "elder_phone": "YL-E5",
        "fall_detector": "YL-F3",
        "smoke_detector": "YL-S1",
        "hub": "YL-H4",
    }
)
_BATTERY_LOW = frozenset({"A106", "B2012", "FA110004"})
_SILENT = frozenset({"A119", "B2008"})


def _devices(residents: tuple[PlannedResident, ...]) -> Iterator[PlannedDevice]:
    """Pendants go to those at risk first, phones to the able, a button stands where neither is."""
    everyone = list(range(len(residents)))
    by_risk = sorted(
        everyone, key=lambda i: (["high", "medium", "low"].index(residents[i].person.risk), i)
    )
    pendants = by_risk[: _PENDANTS - 1]
    able = [i for i in everyone if i not in pendants and residents[i].person.ability == "intact"]
    others = [i for i in everyone if i not in pendants and i not in able]
    phones = sorted((able + others)[:_PHONES])
    for number, resident in enumerate(pendants, start=1):
        yield _device("pendant", f"A1{number:02d}", residents, resident, 16 * (number % 3 == 2))
    yield _device("pendant", f"A1{_PENDANTS:02d}", residents, None)
    for number, resident in enumerate(_button_places(residents, pendants, phones), start=1):
        yield _device(
            "bedside_button", f"B2{number:03d}", residents, resident, 24 * (number % 5 == 4)
        )
    for number, resident in enumerate(phones, start=1):
        yield _device("elder_phone", f"EP-{number:04d}", residents, resident)
    names = [resident.person.name for resident in residents]
    for number, name in enumerate(_FALLS_OF, start=1):
        falls = names.index(name)
        yield _device("fall_detector", f"FA11{number:04d}", residents, falls, 32 * (number % 2))
    for number, name in enumerate(_SMOKE_AT, start=1):
        yield _device("smoke_detector", f"5E0C{number:02d}", residents, names.index(name))
    for number, name in enumerate(_HUBS_AT, start=1):
        yield _device("hub", f"C0DE{number:02d}", residents, names.index(name))


def _button_places(
    residents: tuple[PlannedResident, ...], pendants: list[int], phones: list[int]
) -> list[int]:
    """One resident each for the homes that get a button: first where somebody has nothing else, then by list order."""
    with_something = {*pendants, *phones}
    bare = [i for i in range(len(residents)) if i not in with_something]
    order = [*bare, *pendants, *phones]
    first_of_home: dict[int, int] = {}
    for resident in order:
        first_of_home.setdefault(residents[resident].home, resident)
    return sorted(list(first_of_home.values())[:_BUTTONS])


def _device(
    kind: str,
    identifier: str,
    residents: tuple[PlannedResident, ...],
    resident: int | None,
    key_bytes: int = 0,
) -> PlannedDevice:
    """Detectors, hubs and buttons in a home of two serve the home, everything else its bearer."""
    home = None if resident is None else residents[resident].home
    shared = home is not None and sum(r.home == home for r in residents) > 1
    of_home = kind in ("smoke_detector", "hub") or (kind == "bedside_button" and shared)
    return PlannedDevice(
        source=HTTP_SOURCE if kind == "elder_phone" else DC09_SOURCE,
        identifier=identifier,
        kind=kind,
        model=_MODELS[kind],
        label=_LABELS[kind] if resident is not None else "服务站备用",
        home=home,
        resident=None if of_home else resident,
        key_bytes=key_bytes,
        battery_low=identifier in _BATTERY_LOW,
        silent=identifier in _SILENT,
    )


_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "pendant": "随身",
        "bedside_button": "卧室床头",
        "elder_phone": "手机",
        "fall_detector": "腰带",
        "smoke_detector": "厨房",
        "hub": "客厅",
    }
)
