"""Words that a plain-language question is made of, which no passage has to hold.

Matching is on folded words (`engine.text.words`). Negations ("not", "no", "never")
are not here: they carry the meaning.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words("""
a an the this that these those some any it its he him his she her hers they them their theirs we us our ours i
me my you your yours of in on at to for from by with about against into over under between among as than then
so if or and but is are was were be been being am has have had having do does did doing will would shall
should can could may might must there here such very just also too more most other own same s t d m re ve ll
nt regarding concerning whether because while during upon out up down off again once both each all
""")
"""Closed-class English words; the letters are what an apostrophe leaves behind ("what's", "they'd")."""

QUESTION_WORDS = _words("who whom whose what which when where why how")

QUESTION_OPENERS = QUESTION_WORDS | _words("""
did does do has have had is are was were will would can could should anyone anybody find show list everything
all statements quotes quotations
""")
"""A query that begins with one of these is read as a question about who said what."""

ALWAYS_ATTRIBUTION = _words("said says saying")
"""What a reporter writes around a statement and hardly ever inside it: optional in every query."""

ATTRIBUTION_WORDS = ALWAYS_ATTRIBUTION | _words("""
say tell tells told telling speak speaks spoke spoken talk talks talked call calls called calling describe
describes described state states stated claim claims claimed comment comments commented remark remarks
remarked announce announced argue argues argued think thinks thought quote quotes quoted quotations mention
mentions mentioned statement statements words word ask asks asked answer answered deny denies denied accuse
accuses accused people person anyone anybody someone somebody everyone everybody ever find show list
everything
""")
"""Optional in a question: "who called it barbaric" looks for barbaric, and prefers passages with the rest."""

NEGATIONS = _words("not no never nor none neither without nobody nothing cannot nt dont")
