"""The printed page over HTTP."""

from __future__ import annotations

import pytest

from tests.alerts.conftest import Centre


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "沈玉兰"), ("en", "Shen Yulan")])
async def test_the_printed_page_in_both_languages(
    centre: Centre, incident: str, lang: str, word: str
):
    await centre.wang.done(incident, "take")
    await centre.wang.done(incident, "note", text="<script>alert(1)</script>")
    answer = await centre.wang.client.get(
        f"/api/v1/incidents/{incident}/print", params={"lang": lang}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert f'lang="{lang}"' in answer.text
    assert word in answer.text
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text
