"""What can be set, and how a mistake is told: file, key, reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from callcenter.core.errors import Misconfigured
from callcenter.devices.codec import Habits
from callcenter.devices.protocols.dc09 import Dc09Options
from callcenter.devices.signals import Datum
from callcenter.runtime.alarm import habits_of
from callcenter.settings import ListenerSettings, Section, Settings, example, load

LISTENER = "[[listeners]]\nformat = 'dc09'\ntransport = 'tcp'\n"
EXAMPLE = Path(__file__).parents[1] / "docs/operating/callcenter.toml"


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "callcenter.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_nothing_needs_to_be_set():
    settings = load(environ={})
    assert (settings.host, settings.port, settings.timezone) == (
        "127.0.0.1",
        8000,
        "Asia/Shanghai",
    )
    assert [gateway.kind for gateway in settings.sms.gateways] == ["sandbox"]
    assert settings.database_url is None
    assert not settings.demo


def test_the_environment_goes_before_the_file(file):
    path = file("port = 9000\n[alarm]\ntaker_gone_s = 90\nsweep_every_s = 3\n")
    environ = {"CALLCENTER_ALARM__SWEEP_EVERY_S": "1", "CALLCENTER_LANGUAGE": "en"}
    settings = load(path, environ=environ)
    assert (settings.port, settings.alarm.taker_gone_s, settings.alarm.sweep_every_s) == (
        9000,
        90,
        1,
    )
    assert settings.language == "en"


def test_devices_are_listened_to_on_two_ports_unless_told_otherwise(file):
    default = load(environ={}).listeners
    assert [(each.format, each.transport, each.port) for each in default] == [
        ("dc09", "tcp", 8002),
        ("dc09", "udp", 8002),
    ]
    assert load(file("listeners = []"), environ={}).listeners == ()
    environ = {"CALLCENTER_LISTENERS": '[{"format": "dc09", "transport": "udp", "port": 0}]'}
    [only] = load(environ=environ).listeners
    assert (only.transport, only.port, only.host) == ("udp", 0, "127.0.0.1")


def test_a_listener_takes_the_options_of_its_format(file):
    text = f"{LISTENER}port = 1\nregion = 'b'\nclock_ahead_s = 5\naccept_wrong_clock = true"
    [one] = load(file(text), environ={}).listeners
    assert one.options == Dc09Options(clock_ahead_s=5, accept_wrong_clock=True)
    assert one.region == "b"


def test_the_command_line_goes_before_both(file):
    settings = load(
        file("port = 9000"), environ={"CALLCENTER_PORT": "9001"}, overrides={"port": 9002}
    )
    assert settings.port == 9002


def test_the_file_may_be_named_by_the_environment(file):
    assert load(environ={"CALLCENTER_CONFIG": str(file("port = 9000"))}).port == 9000


def test_a_list_in_the_environment_is_json():
    environ = {"CALLCENTER_PUBLIC_ORIGINS": '["https://centre.example"]'}
    assert "https://centre.example" in load(environ=environ).origins


@pytest.mark.parametrize(
    ("text", "environ", "told"),
    [
        ("prot = 9000", {}, r"callcenter\.toml: prot: unknown key"),
        ("[sms]\ngatewy = 'kannel'", {}, r"callcenter\.toml: sms\.gatewy: unknown key"),
        ("[[sms.gateways]]\nkind = 'pigeon'", {}, r"callcenter\.toml: sms\.gateways: .*pigeon"),
        ("[[sms.gateways]]\nname = 'x'", {}, r"callcenter\.toml: sms\.gateways: .*'kind'"),
        ("[sms]\ngateways = []", {}, r"callcenter\.toml: sms\.gateways: .*at least 1"),
        (
            "[[sms.gateways]]\nkind = 'kannel'\nurll = ''",
            {},
            r"callcenter\.toml: sms\.gateways\.0\.kannel\.urll: unknown key",
        ),
        ("port = 'many'", {}, r"callcenter\.toml: port: .*integer"),
        ("port = 70000", {}, r"callcenter\.toml: port: .*65535"),
        ("port = ", {}, r"callcenter\.toml: cannot be read"),
        ("timezone = 'Asia/Nowhere'", {}, r"timezone: there is no time zone 'Asia/Nowhere'"),
        ("public_origins = ['centre']", {}, r"public_origins: 'centre' is not an origin"),
        ("database_url = 'sqlite:///x'", {}, r"database_url: must begin with postgresql"),
        ("listeners = 5", {}, r"callcenter\.toml: listeners: .*tuple"),
        (f"{LISTENER}port = 'x'", {}, r"callcenter\.toml: listeners\.0\.port: .*integer"),
        (f"{LISTENER}", {}, r"callcenter\.toml: listeners\.0\.port: Field required"),
        (f"{LISTENER}port = 1\nclok = 5", {}, r"callcenter\.toml: listeners\.0\.clok: unknown key"),
        (f"{LISTENER}port = 1\nclock_ahead_s = 0", {}, r"listeners\.0\.clock_ahead_s: .*greater"),
        ("[[listeners]]\nformat = 'morse'", {}, r"listeners\.0\.format: there is no 'morse'.*dc09"),
        (
            "",
            {"CALLCENTER_LISTENERS": '[{"format": "dc09"}]'},
            r"LISTENERS\.0\.port: Field required",
        ),
        ("", {"CALLCENTER_PROT": "1"}, r"environment: CALLCENTER_PROT: unknown key"),
        (
            "",
            {"CALLCENTER_SMS__GATEWAYS": '[{"kind": "kannel"}]'},
            r"environment: CALLCENTER_SMS__GATEWAYS\.0\.kannel\.url: Field required",
        ),
        ("", {"CALLCENTER_PUBLIC_ORIGINS": "[1"}, r"CALLCENTER_PUBLIC_ORIGINS: not a JSON list"),
        ("alarm = 5", {"CALLCENTER_ALARM__TAKER_GONE_S": "1"}, r"alarm"),
        ("[alarm]\ntaker_gone_s = 0", {}, r"alarm\.taker_gone_s: .*greater than 0"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_reason(file, text, environ, told):
    with pytest.raises(Misconfigured, match=told):
        load(file(text), environ=environ)


def test_all_mistakes_are_told_at_once(file):
    with pytest.raises(Misconfigured) as caught:
        load(file("prot = 1\nlanguage = 'fr'"), environ={})
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_file_is_told():
    with pytest.raises(Misconfigured, match=r"elsewhere\.toml: cannot be read"):
        load(Path("elsewhere.toml"), environ={})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "centre.example"])  # noqa: S104
def test_without_tls_nobody_outside_is_served(host: str):
    with pytest.raises(Misconfigured, match="tls_certificate and tls_key are needed"):
        load(environ={}, overrides={"host": host})
    tls = {"tls_certificate": "server.pem", "tls_key": "server-key.pem"}
    assert load(environ={}, overrides={"host": host, **tls}).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_is_served_without_tls(host: str):
    assert load(environ={}, overrides={"host": host}).host == host


def test_a_certificate_without_its_key_is_refused():
    with pytest.raises(Misconfigured, match="belong together"):
        load(environ={}, overrides={"tls_certificate": "server.pem"})


TLS = {"tls_certificate": "outside.pem", "tls_key": "outside-key.pem"}


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ({"listen": "0.0.0.0:8010"}, "can be reached from outside"),
        ({"listen": "10.7.0.2:8010"}, "field.trusted_proxies"),
        ({"listen": "8010"}, "no address such as"),
        ({"listen": "127.0.0.1:65536"}, "no address such as"),
        ({"listen": "127.0.0.1:-1"}, "no address such as"),
        ({"public_url": "http://c.example.cn"}, "must begin with https"),
        ({"public_url": "https://c.example.cn/f"}, "is not an origin"),
        ({"tls_certificate": "outside.pem"}, "belong together"),
    ],
)
def test_a_second_listener_that_strangers_could_listen_in_on_is_refused(field, told):
    with pytest.raises(Misconfigured, match=told):
        load(environ={}, overrides={"field": field})


@pytest.mark.parametrize(
    "field",
    [
        {"listen": "127.0.0.1:8010", "public_url": "https://c.example.cn"},
        {"listen": "[::1]:8010"},
        {"listen": "0.0.0.0:8443", **TLS},
        {"listen": "10.7.0.2:8010", "trusted_proxies": ["10.7.0.1"]},
        {"public_url": "http://127.0.0.1:8010"},
    ],
)
def test_by_a_tunnel_a_certificate_or_one_peer_alone_it_is_safe(field):
    found = load(environ={}, overrides={"field": field}).field
    assert found.listen is None or found.address[1] in (8010, 8443)


def test_the_demo_is_not_opened_to_the_world_by_its_second_listener():
    listen = {"listen": "0.0.0.0:8443", **TLS}
    with pytest.raises(Misconfigured, match="for this machine only"):
        load(environ={}, overrides={"field": listen, "demo": True})


KANNEL = {
    "kind": "kannel",
    "url": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "user": "care",
    "password": "secret",
    "callback_url": "http://127.0.0.1:8000",
}


def test_the_demo_never_sends_to_a_real_gateway():
    for gateways in ([KANNEL], [{"kind": "sandbox"}, KANNEL]):
        assert load(environ={}, overrides={"sms": {"gateways": gateways}})
        with pytest.raises(Misconfigured, match="the demo sends to the sandbox only"):
            load(environ={}, overrides={"sms": {"gateways": gateways}, "demo": True})


def test_several_gateways_stand_in_order_of_preference():
    second = KANNEL | {"name": "second", "window": 4}
    text = orjson.dumps([KANNEL, second]).decode()
    found = load(environ={"CALLCENTER_SMS__GATEWAYS": text}).sms.gateways
    assert [gateway.name for gateway in found] == ["kannel", "second"]
    with pytest.raises(Misconfigured, match="two gateways have the name kannel"):
        load(environ={}, overrides={"sms": {"gateways": [KANNEL, KANNEL]}})


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"host": "0.0.0.0", "tls_certificate": "a", "tls_key": "b"}, "everybody knows"),  # noqa: S104
        ({"database_url": "postgresql://db/care"}, "private database"),
    ],
)
def test_the_demo_keeps_to_this_machine_and_its_own_database(overrides, told):
    assert load(environ={}, overrides=overrides)
    with pytest.raises(Misconfigured, match=told):
        load(environ={}, overrides={**overrides, "demo": True})


@pytest.mark.parametrize("name", ["", "A", "a b", "a/b", "../x", "x" * 40])
def test_the_name_of_a_gateway_fits_into_an_address(name: str):
    with pytest.raises(Misconfigured, match=r"sms\.gateways"):
        load(environ={}, overrides={"sms": {"gateways": [KANNEL | {"name": name}]}})


def test_kannel_needs_its_address_and_log_in():
    with pytest.raises(Misconfigured) as caught:
        load(environ={}, overrides={"sms": {"gateways": [{"kind": "kannel"}]}})
    for key in ("url", "user", "password", "callback_url"):
        assert f"kannel.{key}: Field required" in str(caught.value)


def test_secrets_are_told_nowhere(file):
    path = file(
        "database_url = 'mysql://care:hunter2@db'\n"
        "[[sms.gateways]]\nkind = 'kannel'\npassword = 'hunter3'\nx = 1"
    )
    with pytest.raises(Misconfigured) as caught:
        load(path, environ={})
    assert "hunter" not in str(caught.value)
    good = load(
        file("database_url = 'postgresql://care:hunter2@db/care'"),
        environ={},
        overrides={"sms": {"gateways": [KANNEL | {"password": "hunter3"}]}},
    )
    assert "hunter" not in repr(good)


EXCHANGE = {"password": "only-in-tests"}


@pytest.mark.parametrize(
    ("telephony", "told"),
    [
        ({}, "telephony.password: Field required"),
        ({**EXCHANGE, "password": "a;b"}, "semicolon"),
        ({**EXCHANGE, "emergency_numbers": ["110"]}, "never be left out"),
        ({**EXCHANGE, "duty_phones": ["120"]}, "120 is an emergency number"),
        ({**EXCHANGE, "stands_for": {"120": "119"}}, "119 is an emergency number"),
        ({**EXCHANGE, "server_within_s": 3}, "queue.pick_up_s"),
        ({**EXCHANGE, "rtp": [20000, 20000]}, "rtp"),
        ({**EXCHANGE, "http": "127.0.0.1:99999"}, "there is no port 99999"),
        ({**EXCHANGE, "sip_port": 8000}, "8000 is port already"),
        ({**EXCHANGE, "http": "127.0.0.1:8002"}, "8002 is listeners.0.port already"),
        ({**EXCHANGE, "rtp": [8001, 8100]}, "is listeners.0.port already"),
        ({**EXCHANGE, "desk_phones": [{"name": "seat-1", "password": "x"}]}, "of consoles"),
        (
            {**EXCHANGE, "desk_phones": [{"name": "desk", "password": "x"}] * 2},
            "two trunks or desk phones",
        ),
        (
            {**EXCHANGE, "trunks": [{"name": "t", "host": "t", "addresses": ["127.0.0.1"]}]},
            "consoles speak as well",
        ),
    ],
)
def test_an_exchange_that_could_not_ring_or_could_ring_the_wrong_ones_is_refused(telephony, told):
    with pytest.raises(Misconfigured, match=told):
        load(environ={}, overrides={"telephony": telephony})


@pytest.mark.parametrize("trial", ["demo", "exercise"])
def test_no_trial_dials_an_emergency_number(trial: str):
    given = {"telephony": EXCHANGE | {"in_service": True}}
    assert load(environ={}, overrides=given).telephony
    with pytest.raises(Misconfigured, match="never dials an emergency number"):
        load(environ={}, overrides=given | {trial: True})


def test_the_example_of_an_exchange_can_be_used(file):
    """As the file has it, without the leading comment."""
    table = example().partition("#   [telephony]")[2]
    lines = [
        "[telephony]",
        *(line.removeprefix("#   ") for line in table.splitlines() if line.startswith("#   ")),
    ]
    found = load(file("\n".join(lines)), environ={}).telephony
    assert found is not None
    assert [each.name for each in (*found.trunks, *found.desk_phones)] == ["provider", "desk-1"]


def test_the_example_in_the_handbook_is_that_of_the_code():
    assert EXAMPLE.read_text("utf-8") == example(), "run: callcenter check-config --example"


def test_the_example_names_every_setting_with_its_default(file):
    text = re.sub(r"^# (\w+ = )", r"\1", example(), flags=re.MULTILINE)
    named = tomllib.loads(text)
    expected = {name for name in Settings.model_fields if name not in ("demo", "exercise")}
    assert set(named) == expected
    options = type(Settings().listeners[0].options).model_fields
    assert set(named["listeners"][0]) == {*ListenerSettings.model_fields, *options}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, Section):
            assert set(named[name]) == set(type(field.default).model_fields)
    again, default = load(file(example()), environ={}), load(environ={})
    assert again.model_copy(update={"listeners": default.listeners}) == default
    assert [each.options for each in again.listeners] == [
        each.options for each in default.listeners
    ]


def test_the_example_of_a_gateway_can_be_used(file):
    lines = [
        line.removeprefix("#   ") for line in example().splitlines() if line.startswith("#   ")
    ]
    [gateway] = load(file("\n".join(lines)), environ={}).sms.gateways
    assert gateway.kind == "kannel"
    assert all(field.description for field in type(gateway).model_fields.values())


def test_every_setting_is_described():
    for field in Settings.model_fields.values():
        inner = (
            type(field.default).model_fields.values()
            if isinstance(field.default, Section)
            else [field]
        )
        assert all(one.description for one in inner)


def test_a_browser_on_this_machine_may_use_any_of_its_names():
    assert set(load(environ={}).origins) == {"http://127.0.0.1:8000", "http://localhost:8000"}


def test_a_source_without_a_zone_of_its_own_has_the_site_s():
    given = {"sources": [{"name": "phones", "timezone": "UTC", "datum": "gcj02"}]}
    settings = Settings.model_validate(given)
    assert habits_of(settings, "phones") == Habits(ZoneInfo("UTC"), Datum.GCJ02)
    assert habits_of(settings, "others") == Habits(ZoneInfo("Asia/Shanghai"), Datum.WGS84)
    with pytest.raises(ValueError, match="time zone"):
        Settings.model_validate({"sources": [{"name": "phones", "timezone": "Mars"}]})
