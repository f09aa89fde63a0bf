"""The gateways that the settings ask for."""

from callcenter.runtime.texting import gateway_of
from callcenter.sms.gateways.sandbox.settings import SandboxSettings
from tests.support.kannel import settings_for


async def test_gateways_stand_in_the_order_of_the_settings():
    sections = [
        settings_for("http://127.0.0.1:9/a", callback_url="http://127.0.0.1:8000/"),
        SandboxSettings(),
        settings_for("http://127.0.0.1:9/b", name="second", window=3),
    ]
    gateways = [gateway_of(section, "s3cret") for section in sections]
    assert [gateway.name for gateway in gateways] == ["kannel", "sandbox", "second"]
    assert [gateway.window for gateway in gateways] == [16, 200, 3]
    assert gateways[0]._hook_url == "http://127.0.0.1:8000/hooks/kannel/s3cret"
    for gateway in gateways:
        await gateway.close()
