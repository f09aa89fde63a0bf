"""The configuration of an Asterisk, from the settings of a site. Pure: settings in, texts of files out.

What must not depend on this server stands in the dialplan: that a recording begins with the first ring, that a call is answered by
somebody where no server answers, and which numbers can be dialled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib import resources
from typing import Final

from callcenter.telephony.emergency import spellings
from callcenter.telephony.pbxs.asterisk.section import OUTSIDE, AsteriskSection, DeskPhone, Trunk
from callcenter.telephony.pbxs.asterisk.wire import ALONE, APP, LINE

AS_THEY_ARE: Final = (
    "cel.conf",
    "cel_custom.conf",
    "indications.conf",
    "logger.conf",
    "modules.conf",
    "sorcery.conf",
)
WITH_WORDS: Final = ("ari.conf", "asterisk.conf", "http.conf", "musiconhold.conf", "rtp.conf")
EMPTY: Final = (
    "acl", "ccss", "cdr", "cli_aliases", "codecs", "features", "manager", "pjproject", "stasis", "udptl", "websocket_client",
)  # fmt: skip
"""Asterisk complains of each that is not there."""
FOLDERS: Final = (
    "data/moh", "data/sounds", "db", "etc", "lib/agi-bin", "lib/keys", "log/cel-custom", "run", "spool/monitor", "spool/recording",
)  # fmt: skip
"""Below the folder of the exchange. Without `spool/recording` nothing is recorded, and nobody is told."""
ROUND_TRIP_MS: Final = 125
GIVEN_UP_AFTER_MS: Final = 64 * ROUND_TRIP_MS
"""Timers T1 and B of SIP (RFC 3261, 17.1.1.1), a quarter of what is usual: a caller who gave up while the answer crossed it and says no word
more is let go after twice that, 16 s instead of 64, and a trunk from which nothing comes gives way to the next after 8 s instead of 32.
"""
LONGEST_RING_S: Final = 60
RECORDED_S: Final = 180
"""The longest message that somebody leaves where nobody answers."""
STAY: Final = "cc-stay-on-line"
NUMBER: Final = "_[+0-9*#]."
_MOBILE: Final = '${IF($["${EXTEN:3:1}" = "1" & ${LEN(${EXTEN})} = 14]?${EXTEN:3}:0${EXTEN:3})}'
_NATIONAL: Final = f'${{IF($["${{EXTEN:0:3}}" = "+86"]?{_MOBILE}:${{EXTEN}})}}'
"""A mobile number without its country, a landline with the 0 before its area; others as they are."""


def files(section: AsteriskSection) -> Mapping[str, str]:
    """By name, everything that belongs into the folder `etc` of the exchange. The passwords of the site stand in them."""
    written = {name: _template(name) for name in AS_THEY_ARE}
    words = _words(section)
    written |= {name: _filled(_template(name), words) for name in WITH_WORDS}
    written |= {f"{name}.conf": "" for name in EMPTY}
    written["pjsip.conf"] = "\n".join(_pjsip(section))
    written["extensions.conf"] = "\n".join(_dialplan(section))
    return written


def _template(name: str) -> str:
    return (resources.files(__package__) / "conf" / name).read_text("utf-8")


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text


def _words(section: AsteriskSection) -> Mapping[str, str]:
    host, port = section.http.rsplit(":", 1)
    six = sha256(section.name.encode()).digest()[:5]
    return {
        "FOLDER": str(section.folder),
        "MODULES": str(section.modules),
        "NAME": section.name,
        "ENTITY": ":".join(f"{each:02x}" for each in (2, *six)),
        "HTTP_HOST": host,
        "HTTP_PORT": port,
        "ARI_USER": section.user,
        "ARI_PASSWORD": section.password.get_secret_value(),
        "RTP_FIRST": str(section.rtp[0]),
        "RTP_LAST": str(section.rtp[1]),
    }


# ---- who may speak with it


def _pjsip(section: AsteriskSection) -> Iterator[str]:
    http = section.http.rsplit(":", 1)[0]
    yield from (
        "[system]",
        "type = system",
        f"timer_t1 = {ROUND_TRIP_MS}",
        f"timer_b = {GIVEN_UP_AFTER_MS}",
        "",
        "[global]",
        "type = global",
        "user_agent = callcenter",
        "endpoint_identifier_order = ip,username",
        "",
    )
    for protocol in ("udp", "tcp"):
        yield from (f"[{protocol}]", "type = transport", f"protocol = {protocol}",
                    f"bind = {section.sip_address}:{section.sip_port}", "")  # fmt: skip
    yield from ("[ws]", "type = transport", "protocol = ws", f"bind = {http}", "")
    for trunk in section.trunks:
        yield from _trunk(trunk)
    for phone in section.desk_phones:
        yield from _desk_phone(phone)
    if section.outside_password is not None:
        yield from _page_outside(section.outside_password.get_secret_value())


def _trunk(trunk: Trunk) -> Iterator[str]:
    own = trunk.name
    where = _address(trunk)
    yield from (f"[{own}]", "type = endpoint", f"transport = {trunk.transport}", "context = from-outside",
                "disallow = all", "allow = alaw,ulaw", f"aors = {own}", "direct_media = no", "trust_id_inbound = yes", "send_connected_line = no",
                "send_pai = yes")  # fmt: skip
    if trunk.user:
        yield from (f"from_user = {trunk.user}", f"outbound_auth = {own}")
    yield from ("", f"[{own}]", "type = aor", f"contact = {where}", "qualify_frequency = 30", "",
                f"[{own}]", "type = identify", f"endpoint = {own}")  # fmt: skip
    yield from (f"match = {address}" for address in trunk.addresses)
    yield ""
    if trunk.user and trunk.password:
        yield from _registered(trunk, where, trunk.password.get_secret_value())


def _address(trunk: Trunk, user: str = "") -> str:
    """`user` with its @."""
    transport = ";transport=tcp" if trunk.transport == "tcp" else ""
    return f"sip:{user}{trunk.host}:{trunk.port}{transport}"


def _registered(trunk: Trunk, where: str, password: str) -> Iterator[str]:
    own = trunk.name
    yield from (f"[{own}]", "type = auth", "auth_type = userpass", f"username = {trunk.user}", f"password = {password}", "",
                f"[{own}]", "type = registration", f"transport = {trunk.transport}", f"outbound_auth = {own}", f"server_uri = {where}",
                f"client_uri = sip:{trunk.user}@{trunk.host}:{trunk.port}", f"contact_user = {trunk.user}", "retry_interval = 30", "")  # fmt: skip


def _desk_phone(phone: DeskPhone) -> Iterator[str]:
    own = phone.name
    yield from (f"[{own}]", "type = endpoint", "transport = udp", "context = from-seat", "disallow = all", "allow = alaw,ulaw",
                f"aors = {own}", f"auth = {own}", "direct_media = no", "rtp_symmetric = yes", "force_rport = yes", "rewrite_contact = yes", "",
                f"[{own}]", "type = aor", "max_contacts = 1", "remove_existing = yes", "qualify_frequency = 30", "",
                f"[{own}]", "type = auth", "auth_type = userpass", f"username = {own}", f"password = {phone.password.get_secret_value()}", "")  # fmt: skip


def _page_outside(password: str) -> Iterator[str]:
    """By WebSocket, encrypted, one page at a time."""
    own = OUTSIDE
    yield from (f"[{own}]", "type = endpoint", "webrtc = yes", "context = from-page", "disallow = all", "allow = opus,alaw,ulaw",
                f"aors = {own}", f"auth = {own}", "direct_media = no", "rtp_timeout = 15", "rtp_timeout_hold = 15", "",
                f"[{own}]", "type = aor", "max_contacts = 1", "remove_existing = yes", "",
                f"[{own}]", "type = auth", "auth_type = userpass", f"username = {own}", f"password = {password}", "")  # fmt: skip


# ---- what becomes of a call


def _dialplan(section: AsteriskSection) -> Iterator[str]:
    yield from _arriving(section)
    yield from _alone(section)
    yield from _dialling(section)


def _arriving(section: AsteriskSection) -> Iterator[str]:
    """The inner call is answered by the server or ends after some seconds, whatever has become of the server."""
    recording = f"{section.folder}/spool/recording/${{UNIQUEID}}"
    yield from (
        "[from-outside]",
        f"exten => {NUMBER},1,Set(__CC_LINE=${{EXTEN}})",
        " same => n,Set(__CC_CALL=${UNIQUEID})",
        " same => n,Set(__CC_SHOWN=${CALLERID(pres)})",
        f" same => n,MixMonitor({recording}.wav,Sr({recording}-rx.wav)t({recording}-tx.wav))",
        f" same => n,Dial(Local/${{EXTEN}}@to-server/n,{section.server_within_s},r)",
        ' same => n,GotoIf($["${DIALSTATUS}" = "ANSWER"]?done)',
        f" same => n,Goto({ALONE},s,1)",
        " same => n(done),Hangup()",
        "",
        "[to-server]",
        f"exten => {NUMBER},1,Stasis({APP},{LINE},${{CC_LINE}},${{CC_CALL}},${{CC_SHOWN}})",
        " same => n,Hangup()",
        "",
        "[from-seat]",
        f"exten => {NUMBER},1,Stasis({APP},seat,${{EXTEN}},${{CHANNEL(endpoint)}})",
        " same => n,Goto(by-hand,${EXTEN},1)",
        "",
    )


def _alone(section: AsteriskSection) -> Iterator[str]:
    """Nobody of ours: the duty phones, one after the other, and a message where nobody answers. Whoever rang is told to stay before each, and
    hears it ring; a telephone that is not there would be silence. The recording goes on meanwhile.
    """
    phones = [
        *(f"PJSIP/{each.name},20" for each in section.desk_phones),
        *(f"Local/{each}@automatic/n,25" for each in section.duty_phones),
    ]
    yield from (
        f"[{ALONE}]",
        "exten => s,1,Answer()",
        f" same => n,Set(CHANNEL(language)={section.language})",
    )
    for each in phones:
        yield from (
            f" same => n,Playback({STAY})",
            f" same => n,Dial({each},r)",
            " same => n,StopPlayTones()",  # it rang on beneath what is said next
        )
    yield from (
        " same => n,Playback(cc-leave-message)",
        " same => n,PlayTones(1000/400)",
        " same => n,Wait(0.6)",
        " same => n,StopPlayTones()",
        f" same => n,Wait({RECORDED_S})",
        " same => n,Hangup()",
        "",
    )


def _dialling(section: AsteriskSection) -> Iterator[str]:
    """An extension that is written out goes before every pattern, so nothing that begins alike can pass in its stead."""
    blocked = sorted(_pattern(each) for each in spellings(section.emergency_numbers))
    for context, may in (("by-hand", section.in_service), ("automatic", False)):
        yield f"[{context}]"
        for number in blocked:
            yield from _emergency(number, section, may=may)
        yield from (f"exten => {NUMBER},1,Goto(out,${{EXTEN}},1)", "")
    yield from ("[out]", *_out(section), "")
    if section.outside_password is not None:
        yield from _as_whom_it_says()


def _pattern(spelling: str) -> str:
    return f"_{spelling}" if "X" in spelling else spelling


def _emergency(number: str, section: AsteriskSection, *, may: bool) -> Iterator[str]:
    stands_for = section.stands_for.get(number)
    if stands_for is not None and stands_for not in section.emergency_numbers:
        yield f"exten => {number},1,Goto(out,{stands_for},1)"
    elif may and number in section.emergency_numbers:
        yield f"exten => {number},1,Goto(out,${{EXTEN}},1)"
    else:
        yield f"exten => {number},1,Hangup(21)"


def _out(section: AsteriskSection) -> Iterator[str]:
    """Through the first trunk that takes it: the next is tried where one is full or does not answer.

    A trunk that has not answered OPTIONS is not asked at all (cause 3). Many never do, and none has right after the start: where no other took
    the call, they are asked by their address.
    """
    recording = f"{section.folder}/spool/recording/${{CC_RECORD}}"
    yield f'exten => {NUMBER},1,GotoIf($["${{CC_RECORD}}" = ""]?dial)'
    yield f" same => n,MixMonitor({recording}.wav,Sr({recording}-rx.wav)t({recording}-tx.wav))"
    yield " same => n(dial),NoOp()"
    if section.outside_password is not None:
        yield f" same => n,Dial(PJSIP/{OUTSIDE},{LONGEST_RING_S},b(called^s^1(${{EXTEN}})))"
    for trunk in section.trunks:
        yield from _through(trunk, f"${{CC_DIALLED}}@{trunk.name}", f"after-{trunk.name}")
        yield f' same => n(after-{trunk.name}),Set(CC_UNASKED_{trunk.name}=$["${{DIALSTATUS}}/${{HANGUPCAUSE}}" = "CHANUNAVAIL/3"])'
    for trunk in section.trunks:
        yield f' same => n,GotoIf($["${{CC_UNASKED_{trunk.name}}}" != "1"]?past-{trunk.name})'
        where = _address(trunk, "${CC_DIALLED}@").replace(";", "\\;")
        yield from _through(trunk, f"{trunk.name}/{where}", f"past-{trunk.name}")
        yield f" same => n(past-{trunk.name}),NoOp()"
    yield " same => n(over),Hangup(${HANGUPCAUSE})"


def _through(trunk: Trunk, whom: str, otherwise: str) -> Iterator[str]:
    if trunk.shows:
        yield f" same => n,Set(CALLERID(num)={trunk.shows})"
    yield f" same => n,Set(CC_DIALLED={_NATIONAL if trunk.dials == 'national' else '${EXTEN}'})"
    yield f" same => n,Dial(PJSIP/{whom},{LONGEST_RING_S})"
    yield f' same => n,GotoIf($["${{DIALSTATUS}}" = "CHANUNAVAIL" | "${{DIALSTATUS}}" = "CONGESTION"]?{otherwise}:over)'


def _as_whom_it_says() -> Iterator[str]:
    """The page that is everybody outside is told by a header whose number is rung, and says by one from whose it rings."""
    yield from (
        "[called]",
        "exten => s,1,Set(PJSIP_HEADER(add,X-Called)=${ARG1})",
        " same => n,Return()",
        "",
        "[from-page]",
        f"exten => {NUMBER},1,Set(CALLERID(num)=${{PJSIP_HEADER(read,X-Elder)}})",
        " same => n,Goto(from-outside,${EXTEN},1)",
        "",
    )
