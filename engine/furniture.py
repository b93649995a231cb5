"""Page furniture told by its wording: what stands in a saved page and is not the article's own prose.

Each rule is a small pattern with a name. All of them are anchored and bounded in length, because the worst mistake is
to take speech for furniture: a sentence that merely begins like a share line ("Share this burden, the minister urged")
must stay prose. Rules know wordings in use on many sites, never one site.
"""

# ruff: noqa: E501  (word lists and patterns read better unbroken)
from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from engine.text import plain

Furniture = Literal[
    "rule",
    "category",
    "byline",
    "date",
    "share",
    "notice",
    "related",
    "related-label",
    "post",
    "post-head",
    "signature",
    "caption",
]

LONGEST_FURNITURE = 600
"""Characters. Nothing longer is furniture: captions with two credits stay below it, and patterns stay cheap."""

_I = re.IGNORECASE


def word_set(names: str) -> frozenset[str]:
    """The words of a list, for vocabularies that are read and changed as text."""
    return frozenset(names.split())


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
"""A day with its year, as pages print it."""

_CLOCK = r"(?:T?\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?)"
_ZONE = r"(?:\(?(?:[A-Z]{2,5}|Z|[+-]\d{2}:?\d{2})\)?)"
_DATE = re.compile(
    rf"^(?:(?:first\s+|last\s+)?(?:published|updated|posted|modified|created|issued|date|on)\s*:?\s*(?:on|at)?\s*)*"
    rf"{_WEEKDAY}{DAY}(?:[\s,|/-]*(?:at\s+)?{_CLOCK}(?:\s*{_ZONE})?)?(?:\s*\((?:updated|modified).{{0,40}}\))?\.?$",
    _I,
)
_AGO = re.compile(
    r"^(?:(?:published|updated|posted|last updated)\s*:?\s*)?(?:an?|\d+)\s+(?:min(?:ute)?|hour|day|week)s?\s+ago$", _I
)
_READING_TIME = re.compile(r"^(?:reading time\s*:?\s*)?\d+[\s-]*min(?:ute)?s?\.?(?:\s*read(?:ing)?(?:\s+time)?)?$", _I)

_RULE = re.compile(r"^(?:[\W_]{3,}|#|—|–|\*)$")
_CATEGORY = re.compile(
    r"^(?:(?:published|posted|filed|listed|tagged|categori[sz]ed|archived)\s+(?:in|under|as|with|on|by)\b:?\s+\S.{0,80}"
    r"|(?:tags?|tagged|categor(?:y|ies)|topics?|keywords?|labels?|section|filed under|rubri[ck])\s*:\s*\S.{0,150})$",
    _I,
)
_NAME = r"(?:[^\W\d_][\w'.-]*\.?)"
_BYLINE = re.compile(
    rf"^(?:by|words by|text by|story by|written by|reported by|author\s*:|byline\s*:)\s+{_NAME}(?:\s+{_NAME}){{1,5}}"
    rf"(?:\s*(?:,|/|\band\b|\bin\b|\bfor\b|&|-)\s*{_NAME}(?:\s+{_NAME}){{0,5}}){{0,4}}$",
    _I,
)
_CREDITS = re.compile(
    rf"^{_NAME}(?:\s+{_NAME}){{1,4}}(?:\s*,?\s+(?:in|and|from|at)\s+.{{1,120}})?\s+contributed\s+(?:to\s+this\s+(?:report|story|article)"
    rf"|reporting)\.?$|^\(?(?:(?:additional\s+)?(?:reporting|writing|editing)(?:\s+and\s+(?:reporting|writing|editing))?\s+by)\s+{_NAME}.{{0,250}}$",
    _I,
)
_NAME_AND_DAY = re.compile(
    rf"^{_NAME}(?:\s+{_NAME}){{1,3}}\s*(?:,|-|/|\bon\b)\s*{_WEEKDAY}{DAY}(?:[\s,at-]*{_CLOCK}(?:\s*{_ZONE})?)?$"
    rf"|^{DAY}[\s,at-]*(?:{_CLOCK})?\s*[,-]?\s*by\s+{_NAME}(?:\s+{_NAME}){{0,3}}$",
    _I,
)
_PARTICLE = {
    "and",
    "de",
    "van",
    "von",
    "der",
    "den",
    "la",
    "le",
    "el",
    "al",
    "bin",
    "ibn",
    "di",
    "da",
    "dos",
    "du",
    "of",
    "in",
    "for",
    "the",
}
_NOT_A_NAME = re.compile(rf"^by\s+(?:the|a|an|this|next|last|then|now|{_MONTH}|mon|tue|wed|thu|fri|sat|sun)\b", _I)

_SHARE = re.compile(
    r"^(?:share|tweet|pin it|e-?mail|print|save|comment|like|copy)\s*:?(?:\s+(?:this|the|on|via|with|it|article|story|page|post"
    r"|news|facebook|twitter|x|whatsapp|linkedin|telegram|reddit|pinterest|friends?|your|e-?mail|now|to|a|by|link|and|or|for"
    r"|later|comment|print|tweet|share|save|options?|version|friendly|url|,|\|))*[\s:!.|]*$",
    _I,
)
_OUTREACH = re.compile(
    r"^(?:please\s+)?(?:sign up|signup|subscribe|register|join|follow|get|receive|download|like us|support|donate|click here|"
    r"stay (?:up to date|informed|tuned|connected)|never miss|don't miss|want more|enter your)\b.{0,160}?"
    r"\b(?:newsletters?|e-?mails?|inbox|rss|feeds?|alerts?|our app|the app|channel|telegram|twitter|facebook|whatsapp|"
    r"instagram|youtube|google news|subscribers?|account|mailing list|for free|our (?:journalism|coverage|reporting)"
    r"|membership|push notifications)\b",
    _I,
)
_OUTREACH_SHORT = re.compile(
    r"^(?:sign up|sign in|log ?in|subscribe|register|follow us|join us|donate|newsletters?|subscribe now|sign up (?:now|here|today|free)"
    r"|subscribe (?:now|here|today)|become a (?:member|subscriber)|support us)(?:\s+(?:to|for|on)\s+\w+(?:\s+\w+){0,3})?[\s!.:|]*$",
    _I,
)
_WRITE_TO_US = re.compile(
    r"^(?:[^\"]{0,120}[.?!] )?(?:(?:please )?(?:write|e-?mail|contact|reach|send|get in touch|do you)\b)[^\"]{0,120}\S+@\S+\.\w{2,}\.?$"
    r"|^thank(?:s| you) for reading\b[^\"]{0,80}\b(?:share|subscri\w+)\b[^\"]{0,60}$|^\S+@\S+\.\w{2,}$",
    _I,
)
_CONTACT = re.compile(r"^(?:tel(?:ephone)?|phone|mobile|fax|e-?mail|press office)\s*:\s*[\w+()@.\s/-]{5,80}$", _I)
_NOTICE = re.compile(
    r"^(?:advertise?ments?|ads?|advert|sponsored(?: content)?|promoted|skip (?:ad|advert|to|past)\b.{0,60}|(?:story|article) continues.{0,40}"
    r"|continue reading.{0,40}|loading.{0,20}|show (?:more|less|all)|load more.{0,20}|back to (?:top|home).{0,20}|(?:previous|next) (?:article|post|story).{0,80}"
    r"|comments?(?:\s*\(?\d+\)?)?|\d+\s+comments?|no comments(?: yet)?|leave a (?:comment|reply).{0,40}|view (?:all )?comments.{0,20}"
    r"|(?:post|add) a comment|text size.{0,20}|listen to (?:this )?(?:article|story).{0,40}|home|menu|search|close|e-?paper"
    r"|(?:we|this (?:web)?site|our (?:web)?site) uses? cookies.{0,300}|accept (?:all )?cookies.{0,40}|reject all.{0,20}|cookie (?:settings|policy).{0,40}"
    r"|(?:©|\(c\)|copyright\b).{0,200}|terms (?:of use|and conditions).{0,60}|privacy policy.{0,40}"
    r"|report (?:a typo|an error).{0,60}|read full (?:article|story).{0,20}|source link|permalink|\(?ends?\)?|-30-|enable javascript.{0,80})[.!]?$",
    _I,
)
_RIGHTS = re.compile(r"^.{0,120}\ball rights reserved\b.{0,120}[.!]?$", _I)
_RELATED_WORDS = (
    r"(?:read\s+(?:more|also|next|too|on)|also\s+read|see\s+also|must\s+read|related(?:\s+(?:articles?|stories|story|posts?|coverage|content"
    r"|news|topics?|links?|reading))?|more\s+(?:on\s+this(?:\s+(?:story|topic))?|from\s+.{2,30}|stories|news|coverage|like this)"
    r"|you\s+(?:may|might)\s+(?:also\s+)?(?:like|be interested in)|recommended(?:\s+(?:for you|reading|stories|articles))?|don't\s+miss|trending(?:\s+now)?"
    r"|most\s+(?:read|popular|viewed|shared)|top\s+stories|latest\s+(?:news|stories)|up\s+next|in\s+other\s+news|editors?'?s?\s+(?:pick|choice)s?"
    r"|further\s+reading|explore\s+more|from\s+the\s+archives?|watch(?:\s+(?:more|also|now))?|listen|video|in\s+pictures"
    r"|lire\s+aussi|[àa]\s+lire|lea\s+tambi[ée]n|lee\s+tambi[ée]n|le[ei]a\s+(?:tamb[ée]m|mais)|lesen\s+sie\s+auch|mehr\s+zum\s+thema|leggi\s+anche"
    r"|lees\s+ook|czytaj\s+(?:te[żz]|tak[żz]e)|читайте\s+также|читать\s+также|читайте\s+ещ[её]|читайте\s+також|اقرأ\s+أيضا?ً?)"
)
_RELATED_LABEL = re.compile(rf"^{_RELATED_WORDS}\s*(?:[:»>|-]|…|\.\.\.)*$", _I)
_RELATED = re.compile(rf"^{_RELATED_WORDS}\s*(?::|\||»|>+|-\s|—)\s*\S.{{0,300}}$", _I)
_RELATED_BARE = re.compile(
    r"^(?:READ MORE|READ ALSO|SEE ALSO|ALSO READ|RELATED|Read more|Read also|See also|Also read|Read More|Read Also|See Also|Also Read)\s+[\"'A-Z0-9].{0,250}[^.]$"
)

_POST_HEAD = re.compile(r"^(?:[^()]{1,60}\(@\w{1,30}\)|@\w{2,30})(?:\s*[·•|-]\s*.{1,30})?$")
_REFERENCE = re.compile(rf"^[\"'].{{5,250}}[\"']\s*-{{1,2}}\s*[^\"]{{2,60}},\s*{DAY}$", _I)
_POST = re.compile(
    r"(?:RT\s+)?@\w{2,30}(?:\b|$)|view (?:this|the) post on \w+|a post shared by\b|embedded (?:post|tweet|video)"
    r"|(?:tweet|post) by @?\w+|show this thread$",
    _I,
)
_POST_LINK = re.compile(r"\bpic\.(?:twitter|x)\.com/|https?://t\.co/", _I)
_SIGNATURE = re.compile(
    rf"^-{{1,2}}\s?.{{1,60}}\(@\w{{1,30}}\)(?:\s+.{{0,40}})?$|^.{{1,60}}\(@\w{{1,30}}\)\s+{DAY}$", _I
)
_AGENCY = r"(?:reuters|afp|a\.?p\.?|epa|getty(?: images)?|tass|xinhua|dpa|ansa|upi|sputnik|ria novosti|zuma|shutterstock|istock|alamy|handout|pool|file)"
_CAPTION_LEAD = re.compile(
    r"^(?:(?:file|stock|archive|handout|undated)?\s*(?:photos?|photographs?|images?|pictures?|pic|video|graphic|map|illustration|infographic|screenshot|foto|figure|caption|credit)"
    r"(?:\s+(?:credit|caption|by|courtesy(?: of)?|published for|source)\b|\s*[:©/])|file (?:photo|picture|image)\b|photo\s*\()",
    _I,
)
_CAPTION_TAIL = re.compile(
    rf"(?:(?:©|\(c\))\s*[^.!?\"]{{1,60}}|[(\[][^()\[\]]{{0,60}}(?:photos?|images?|pictures?)\b[^()\[\]]{{0,60}}[)\]]|(?:photo(?:graph)?s?|images?|pictures?|credits?)\s*(?:by|:|credit:?)\s*[^.!?\"]{{1,60}}"
    rf"|courtesy(?: of)?\s+[^.!?\"]{{1,40}}|getty images[^.!?\"]{{0,30}}|[^\s.!?\"]+(?:\s[^\s.!?\"]+)?\s?/\s?{_AGENCY}[^.!?\"]{{0,30}}|[(\[](?:file|archive|handout|pictured)[)\]]|\(file photo\))[)\].]*$",
    _I,
)
_CAPTION_SIGNS = ("photo", "image", "picture", "credit", "courtesy", "getty", "©", "(c)", "/",
                  "(file", "[file", "(archive", "[archive", "(handout", "[handout")  # fmt: skip
"""One of these stands in whatever `_CAPTION_TAIL` finds; looking for them is fifty times as fast as the pattern."""

_BULLET = re.compile(r"^[\s•*·▪◦‣●■\-–—|>»+]+")
_PARTS = re.compile(r"\s*[|•·]\s*|\s+[/-]\s+(?=\S)")


def unbulleted(line: str) -> str:
    """The line without its bullet."""
    return _BULLET.sub("", line, count=1) or line


def _is_byline(line: str) -> bool:
    if not _BYLINE.match(line) or _NOT_A_NAME.match(line) or len(line) > 160:
        return False
    names = re.split(r"\s+", line, maxsplit=30)[1:]
    named = [n for n in names if n.lower().strip(",&-") not in _PARTICLE and n[:1].isalpha()]
    capitals = sum(n[0].isupper() or not n[0].islower() for n in named)
    # "By land and sea" is prose: nearly every word of a byline is a name or a job title in capitals.
    return len(named) >= 2 and named[0][0].isupper() and capitals * 5 >= len(named) * 3


def _is_date(line: str) -> bool:
    return bool(_DATE.match(line) or _AGO.match(line) or _READING_TIME.match(line))


def _is_post(line: str) -> bool:
    return bool(_POST.match(line)) or (
        ("pic." in line.lower() or "t.co/" in line.lower()) and bool(_POST_LINK.search(line))
    )


def _is_caption(line: str) -> bool:
    if _CAPTION_LEAD.match(line):
        return True
    lowered = line.lower()
    return any(sign in lowered for sign in _CAPTION_SIGNS) and bool(_CAPTION_TAIL.search(line))


def _chrome_of(line: str) -> Furniture | None:
    if _is_date(line):
        return "date"
    if _is_byline(line) or _CREDITS.match(line) or _NAME_AND_DAY.match(line):
        return "byline"
    if _CATEGORY.match(line) and not line.endswith((".", "?", '"')):
        return "category"
    if _SHARE.match(line) or _OUTREACH_SHORT.match(line):
        return "share"
    if _OUTREACH.match(line) and '"' not in line and len(line.split()) <= 30:
        return "share"
    if _CONTACT.match(line) or _WRITE_TO_US.match(line):
        return "notice"
    reserved = "rights reserved" in line.lower() and _RIGHTS.match(line)
    return "notice" if reserved or _NOTICE.match(line) else None


def _combined(line: str) -> Furniture | None:
    """A line of several furniture pieces ("By Ana Ruiz | 3 March 2024 | 4 min read")."""
    if not any(sign in line for sign in "|•·/-"):
        return None
    parts = [p for p in _PARTS.split(line) if p]
    if not 2 <= len(parts) <= 8:
        return None
    kinds = [_chrome_of(p) for p in parts]
    known = [k for k in kinds if k]
    # One part of three may be something else (the site's name, a place).
    if len(known) * 3 < len(parts) * 2 and not (len(parts) == 2 and known and known[0] in ("byline", "date")):
        return None
    if any(k is None and len(p.split()) > 4 for k, p in zip(kinds, parts, strict=True)):
        return None
    return "byline" if "byline" in known else known[0]


def _is_menu(line: str) -> bool:
    if not any(sign in line for sign in "|•·›"):
        return False
    parts = [p for p in re.split(r"\s*[|•·›]\s*", line) if p]
    return len(parts) >= 3 and all(len(p.split()) <= 3 and len(p) <= 30 for p in parts)


def furniture_of(line: str) -> Furniture | None:
    """What piece of page furniture the line is by its wording, or None: then it may be the article's own text."""
    return None if len(line) > LONGEST_FURNITURE else _furniture_of(line)


@lru_cache(maxsize=16_384)
def _furniture_of(line: str) -> Furniture | None:
    line = plain(line).strip()
    if _RULE.match(line) and not any(c.isalnum() for c in line):
        return "rule"
    line = unbulleted(line) if not _SIGNATURE.match(line) else line
    if _SIGNATURE.match(line):
        return "signature"
    if _POST_HEAD.match(line):
        return "post-head"
    if _is_post(line):
        return "post"
    if _REFERENCE.match(line):
        return "related"
    if _RELATED_LABEL.match(line):
        return "related-label"
    if _RELATED.match(line) or _RELATED_BARE.match(line):
        return "related"
    chrome = _chrome_of(line) or _combined(line)
    if chrome:
        return chrome
    if _is_menu(line):
        return "notice"
    return "caption" if _is_caption(line) else None
