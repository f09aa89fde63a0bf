"""What a family reads while nobody can look up its link: of no incident, no person and no number, since those would have to be looked up."""

from __future__ import annotations

from typing import Final

AWAY_PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow"><title>求助中心</title></head>
<body><main>
<h1>求助正在处理中</h1>
<p>页面暂时打不开，但求助照常处理。请拨打短信里的电话，或回复短信 1（能去）或 2（不能去）。</p>
<p>请过一分钟再打开本页。</p>
<section lang="en"><h2>The call for help is being handled</h2>
<p>This page cannot be shown just now; the call is handled all the same. Please ring the number in the text, or answer the text with
1 (I can go) or 2 (I cannot).</p>
<p>Please open this page again in a minute.</p></section>
</main></body></html>
""".encode()
