"""The family page as HTML: forms and links, no script, nothing to load; for any browser, in large type. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from hashlib import sha256
from html import escape
from typing import Final

from callcenter.families.course import ENDS, Course, Goer, Stage
from callcenter.families.notices import LONGEST_NOTE, Outcome
from callcenter.families.wording import CHINESE, ENGLISH, Words, kind_in_words, spoken, words
from callcenter.residents.names import latin_name, split_surname
from callcenter.sms.inbound import Meaning

STYLE: Final = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#f4f6f8;color:#14202b;font:1.25rem/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:38rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.3;margin:.5rem 0 1rem}h2{font-size:1.3rem;margin:0 0 .5rem}
section,.state{background:#fff;border:1px solid #c3ccd5;border-radius:.6rem;padding:1rem;margin:0 0 1rem}
.state{border:3px solid #0b5cad;font-size:1.45rem;font-weight:700}.state p{margin:0 0 .25rem;line-height:1.35}.state.safe{border-color:#1a6b35}
.state small,.as-of{font-size:1.1rem;font-weight:400}
.notice{background:#fff4d6;border:3px solid #8a5a00;border-radius:.6rem;padding:1rem;margin:0 0 1rem;font-weight:700}
a{color:#0b4a8f}p{margin:.25rem 0 .75rem}ol{list-style:none;margin:0;padding:0}
li{padding:.35rem 0 .35rem 1rem;border-left:.35rem solid #c3ccd5;margin:.15rem 0}
li.is_done{border-color:#1a6b35}li.is_now{border-color:#0b5cad;font-weight:700}li span{color:#3d4b58;font-weight:400}
.button,button{display:block;width:100%;min-height:3.5rem;padding:.7rem 1rem;margin:.5rem 0;border:2px solid #0b4a8f;border-radius:.5rem;
background:#fff;color:#0b4a8f;font:inherit;font-weight:700;text-align:center;text-decoration:none;cursor:pointer}
.main{background:#0b4a8f;color:#fff}.call{background:#1a6b35;border-color:#1a6b35;color:#fff}
:focus-visible{outline:4px solid #b35900;outline-offset:2px}
textarea{width:100%;min-height:6rem;padding:.6rem;border:2px solid #56646f;border-radius:.5rem;font:inherit}
label{font-weight:700}blockquote{margin:0 0 .5rem;padding:.25rem .75rem;border-left:.35rem solid #56646f;white-space:pre-wrap}
.language{text-align:right;margin:0}.language a{display:inline-block;padding:.6rem}
"""
POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + b64encode(sha256(STYLE.encode()).digest()).decode()
    + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Words that they left; `seen`: they stand on the timeline."""

    text: str
    at: datetime
    seen: bool


@dataclass(frozen=True, slots=True)
class View:
    """All that a page shows. `issued` and `proof` go into its forms; `said` is their last answer and when it came."""

    language: str
    person: Mapping[str, str]
    hotline: str
    course: Course
    now: datetime
    zone: tzinfo
    issued: int = 0
    proof: str = ""
    said: tuple[Meaning, datetime] | None = None
    notes: Sequence[Note] = ()
    notice: Outcome = Outcome.NOTED
    typed: str = field(default="", repr=False)
    """Of a note that could not be sent: nobody types it twice."""


def family_page(view: View) -> str:
    """The page of an incident."""
    say = words(view.language)
    course = view.course
    person = _person(view, say)
    parts = [_state(view, say)]
    if view.notice is not Outcome.NOTED:
        parts.insert(0, f'<p class="notice" role="alert">{say[view.notice.value]}</p>')
    if course.is_open:
        parts += [_answer(view, say), _call(view.hotline, say), _steps(course, say)]
        parts.append(_note(view, say))
    elif course.stage is not Stage.OVER:
        parts += [_call(view.hotline, say), _steps(course, say)]
    else:
        parts.append(_call(view.hotline, say))
    parts.append(f"<p>{say['privacy']}</p>")
    heading = say["heading"].format(person=person)
    return _document(view.language, say["title"], heading, parts, switch=True)


def plain_page(language: str, title: str, sentence: str, hotline: str) -> str:
    """A page of no incident: a wrong link, a database that is away. `title` and `sentence` are keys of the words."""
    say = words(language)
    parts = [f'<div class="state"><p>{say[sentence]}</p></div>', _call(hotline, say)]
    return _document(language, say[title], say[title], parts, switch=True)


def _document(
    language: str, title: str, heading: str, parts: Sequence[str], *, switch: bool
) -> str:
    own = spoken(language)
    other = CHINESE if own == ENGLISH else ENGLISH
    link = (
        f'<p class="language"><a href="?lang={other}" lang="{other}" hreflang="{other}">'
        f"{words(language)['other_language']}</a></p>"
        if switch
        else ""
    )
    return (
        f'<!doctype html><html lang="{own}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow"><meta name="format-detection" content="telephone=no">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{link}<h1>{escape(heading)}</h1>{''.join(parts)}</main></body></html>"
    )


def _person(view: View, say: Words) -> str:
    english = spoken(view.language) == ENGLISH
    fields = ("salutation_en", "name_latin") if english else ("salutation", "name")
    return next((view.person[name] for name in fields if view.person.get(name)), say["nameless"])


def _state(view: View, say: Words) -> str:
    course = view.course
    who = _who(course.goer, view.language, say)
    lines = [f"<p>{escape(say[course.stage.value].format(who=who))}</p>"]
    goer = course.goer
    if (
        goer is not None
        and goer.eta is not None
        and course.stage in (Stage.ASKED, Stage.ON_THE_WAY)
    ):
        late = "eta_past" if goer.eta < view.now else "eta"
        lines.append(f"<p>{say[late].format(time=_time(goer.eta, view))}</p>")
    if course.ended_at is not None:
        lines.append(f"<p>{say['ended_at'].format(time=_time(course.ended_at, view))}</p>")
    lines.append(f"<p><small>{say['as_of'].format(time=_time(view.now, view))}</small></p>")
    own = spoken(view.language)
    safe = " safe" if course.stage is Stage.SAFE else ""
    again = f'<a class="button" href="?lang={own}" data-test="reload">{say["reload"]}</a>'
    return f'<div class="state{safe}" data-test="state">{"".join(lines)}{again}</div>'


def _who(goer: Goer | None, language: str, say: Words) -> str:
    """Given name and what they are: whoever waits for them opens the door to them."""
    if goer is None or not goer.name.strip():
        return say["somebody"]
    kind = kind_in_words(goer.kind, language)
    name = _given(goer.name.strip(), language)
    return say["who"].format(name=name, kind=kind) if kind else name


def _given(name: str, language: str) -> str:
    is_han = name[:1] >= "\u3400" and "·" not in name
    if spoken(language) == ENGLISH:
        latin = latin_name(name).latin.split() or [name]
        return latin[-1] if is_han else latin[0]
    return (is_han and split_surname(name)[1]) or name.replace("·", " ").split()[0]


_STEPS: Final = (Stage.RECEIVED, Stage.OPERATOR, Stage.ON_THE_WAY, Stage.ARRIVED)
_REACHED: Final = {
    Stage.RECEIVED: 0,
    Stage.OPERATOR: 1,
    Stage.ASKED: 2,
    Stage.ON_THE_WAY: 2,
    Stage.ARRIVED: 3,
}


def _steps(course: Course, say: Words) -> str:
    """Where it stands among the steps, in words beside each."""
    ended = course.stage in ENDS
    at = 1 if ended else _REACHED[course.stage]
    names = [f"step_{stage.value}" for stage in _STEPS] + ["step_end"]
    if ended:  # how it went in between is not told any more
        names = ["step_received", "step_end"]
    rows = [_step(say, name, number, at, ended=ended) for number, name in enumerate(names)]
    return f"<section><h2>{say['progress']}</h2><ol>{''.join(rows)}</ol></section>"


def _step(say: Words, name: str, number: int, at: int, *, ended: bool) -> str:
    there = "is_now" if number == at else "is_to_come"
    mark = "is_done" if number < at or ended else there
    current = ' aria-current="step"' if mark == "is_now" else ""
    return f'<li class="{mark}"{current}>{say[name]} <span>· {say[mark]}</span></li>'


def _call(hotline: str, say: Words) -> str:
    number = "".join(c for c in hotline if c.isdigit() or c == "+")
    if not number:
        return f"<section><h2>{say['ring']}</h2><p>{say['ring_text']}</p></section>"
    said = escape(say["ring_number"].format(number=hotline))
    return (
        f"<section><h2>{say['ring']}</h2>"
        f'<a class="button call" href="tel:{number}" data-test="call">{said}</a></section>'
    )


def _hidden(view: View) -> str:
    given = {"issued": str(view.issued), "proof": view.proof, "lang": spoken(view.language)}
    return "".join(
        f'<input type="hidden" name="{name}" value="{value}">' for name, value in given.items()
    )


def _answer(view: View, say: Words) -> str:
    meaning = view.said[0] if view.said else None
    before = ""
    if view.said is not None:
        sentence = say["said_yes" if meaning is Meaning.YES else "said_no"]
        before = f'<p data-test="said">{sentence.format(time=_time(view.said[1], view))}</p>'
    yes, no = ("yes", "no") if meaning is None else ("yes_after_all", "no_after_all")
    buttons = []
    if meaning is not Meaning.YES:
        buttons.append(f'<button class="main" name="say" value="yes">{say[yes]}</button>')
    if meaning is not Meaning.NO:
        buttons.append(f'<button name="say" value="no">{say[no]}</button>')
    return f'<section><h2>{say["answer"]}</h2>{before}<form method="post">{_hidden(view)}{"".join(buttons)}</form></section>'


def _note(view: View, say: Words) -> str:
    left = "".join(_left(note, view, say) for note in view.notes)
    hint = say["note_hint"].format(most=LONGEST_NOTE)
    return (
        f'<section>{left}<form method="post">{_hidden(view)}<label for="note">{say["note"]}</label><p id="hint">{hint}</p>'
        f'<textarea id="note" name="note" maxlength="{LONGEST_NOTE}" aria-describedby="hint">{escape(view.typed)}</textarea>'
        f'<button name="say" value="note">{say["note_send"]}</button></form></section>'
    )


def _left(note: Note, view: View, say: Words) -> str:
    seen = say["note_seen" if note.seen else "note_waits"]
    return (
        f"<p>{say['note_sent'].format(time=_time(note.at, view))}</p>"
        f'<blockquote data-test="note">{escape(note.text)}</blockquote><p>{seen}</p>'
    )


def _time(at: datetime, view: View) -> str:
    """By the clock of the site; with the day where it is another."""
    here, today = at.astimezone(view.zone), view.now.astimezone(view.zone).date()
    return here.strftime("%H:%M" if here.date() == today else "%m-%d %H:%M")
