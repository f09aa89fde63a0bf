"""What the virtual devices and the log-in page of the demo are told."""

import json
import stat

from callcenter.core.sealed import Seal
from callcenter.demo.community.handouts import describe_logins
from callcenter.demo.community.load import load
from callcenter.demo.community.moved_in import DEVICES_FILE
from tests.support.outbox import SHANGHAI


async def test_the_device_file_tells_each_virtual_device_who_it_is(database, clock, tmp_path):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    path = tmp_path / DEVICES_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = json.loads(path.read_bytes())
    first = content["devices"][0]
    assert (first["identifier"], first["resident"], first["resident_latin"]) == (
        "A101",
        "沈玉兰",
        "Shen Yulan",
    )
    assert (first["source"], first["key"], first["home"]) == ("dc09", None, "榆荫里7号楼2单元501室")
    assert {len(d["key"]) for d in content["devices"] if d["key"]} == {32, 48, 64}
    phones = [d for d in content["devices"] if d["source"] == "http"]
    assert len(phones) == 18
    assert all(p["secret"] == content["http"]["secret"] and p["key_id"] for p in phones)


def test_the_log_in_page_gets_names_in_both_languages_and_one_password():
    first, *others = describe_logins()["logins"]
    assert (first["login"], first["name"], first["name_en"]) == (
        "operator",
        "林晓雯",
        "Lin Xiaowen",
    )
    assert {each["password"] for each in others} == {first["password"]}
