"""Cleans an article's text line by line of what is not the article's.

In: text as extracted, and the headline. Out: paragraphs parted by a blank line. Promises: but for
`normalise_text` nothing is rewritten, lines are kept or dropped whole; a long paragraph is only dropped where it
repeats. Words are looked for at the start of short lines only, so that an article that speaks of cookies or newsletters
keeps its sentences.
"""

from __future__ import annotations

import re

from classifier.text.normalisation import normalise_text

SHORT_CHARACTERS = 160
"""A line longer than this is a paragraph; labels, teasers and buttons are shorter."""

_RELATED_HEADING = re.compile(
    r"^(related( (stories|articles|news|content|posts|topics|links|reading))?|(more|other|latest|recent"
    r"|top) (news|stories|articles|posts)"
    r"|more (on|from|in) .{1,40}|most (read|viewed|popular)|read (next|also|more)|you (may|might) also like"
    r"|recommended( for you)?"
    r"|up next|trending( now)?|editor.s picks|don.t miss|see also|also read|keep reading|in other news|further reading"
    r"|[àa] lire (aussi|[ée]galement)|lire aussi|sur le m[êe]me (sujet|th[èe]me)|articles (li[ée]s|similaires"
    r"|r[ée]cents)"
    r"|dans la m[êe]me (rubrique|cat[ée]gorie)|les plus lus|noticias relacionadas|art[íi]culos relacionados"
    r"|te puede interesar"
    r"|lea tambi[ée]n|m[áa]s (noticias|le[íi]das|le[íi]do)|tambi[ée]n le puede interesar|leia (tamb[ée]m|mais)"
    r"|veja (tamb[ée]m|mais)"
    r"|not[íi]cias relacionadas|artigos relacionados|mais lidas|mehr zum thema|lesen sie auch"
    r"|das k[öo]nnte sie auch interessieren"
    r"|مواضيع ذات صلة|أخبار ذات صلة|اقرأ (أيضا|أيضاً|المزيد)|الأكثر قراءة|قد يعجبك)\s*[:：.»>]*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(read (also|more|next)\s*[:：–-]|related\s*[:：–-]|(see|watch|listen) also\b|also read\b|[àa] lire aussi\b"
    r"|lire aussi\b"
    r"|lea tambi[ée]n\b|leia tamb[ée]m\b|veja tamb[ée]m\b|lesen sie auch\b|اقرأ أيضا"
    r"|(sign up|subscribe) (for|to) (our|the|my)\b|subscribe (now|today)\b|(get|receive) (the"
    r"|our) .{0,40}(newsletter|in your inbox)"
    r"|inscrivez-vous [àa]|abonnez-vous\b|suscr[íi]b(ete|ase)\b|assine (a|nossa|o)\b|اشترك في"
    r"|follow us\b|like us on|join (us on|our)|share (this|on|via)\b|share:?$|tweet$|print( this)?( page)?$"
    r"|email( this)?$|copy link"
    r"|suivez-nous|partage[rz]\b.{0,40}$|s[íi]gu(e|a)nos|compart(e|ir|ilhar?)\b.{0,30}$|siga-nos|تابعنا|شارك"
    r"|advertisement$|advertising$|publicit[ée]$|publicidad(e)?$|werbung$|anzeige$|sponsored( content)?$|إعلان$"
    r"|(this (site|website)|we) uses? cookies|by (clicking|continuing|using)\b.{0,60}(cookies|privacy|terms)"
    r"|accept( all)?( cookies)?$"
    r"|nous utilisons des cookies|ce site utilise|utilizamos cookies|este sit[ie]o? (web )?(utiliza|usa) cookies"
    r"|نستخدم ملفات"
    r"|copyright\b|©|\(c\) ?\d{4}|all rights reserved|tous droits r[ée]serv[ée]s|todos los derechos"
    r"|todos os direitos|جميع الحقوق"
    r"|leave a (reply|comment)|\d+ comments?$|comments?$|post a comment|log in to|loading|skip to|back to top"
    r"|click here"
    r"|tags?\s*[:：]|filed under\b|topics?\s*[:：]|cat[ée]gor(y|ie|ies|[íi]as?|ias)\s*[:：])",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"""[.!?…؟۔。]["'”’»)\]]*$""")


TEASER_CHARACTERS = 80
"""A line of at least this that ends as a sentence does is the article going on after a box of teasers."""


def clean_article(text: str, title: str) -> str:
    """The text, normalised, without labels, teasers of other stories, repeated lines and its own headline."""
    raw_lines = normalise_text(text).split("\n")
    lines = [line for raw in raw_lines if (line := " ".join(raw.split()).removeprefix("- ").strip("|•· "))]
    last_paragraph = max((index for index, line in enumerate(lines) if len(line) >= SHORT_CHARACTERS), default=-1)
    kept: list[str] = []
    seen: set[str] = set()
    is_among_teasers = False
    for index, line in enumerate(lines):
        if line in seen:
            continue
        seen.add(line)
        is_short = len(line) < SHORT_CHARACTERS
        if is_short and _RELATED_HEADING.match(line):
            if index > last_paragraph and kept:  # what follows is a list of other stories to the end
                break
            is_among_teasers = True
            continue
        if is_among_teasers and (len(line) < TEASER_CHARACTERS or not _SENTENCE_END.search(line)):
            continue
        is_among_teasers = False
        if (is_short and _LABEL.match(line)) or (not kept and line == title):
            continue
        kept.append(line)
    return "\n\n".join(_without_trailing_scraps(kept))


def _without_trailing_scraps(lines: list[str]) -> list[str]:
    """Without the run of short lines that are no sentences at the end: names of sections, buttons, tags."""
    end = len(lines)
    while end > 1 and len(lines[end - 1]) < 60 and not _SENTENCE_END.search(lines[end - 1]):
        end -= 1
    return lines[:end] if len(lines) - end >= SCRAPS else lines


SCRAPS = 3
"""Fewer such lines may be a list or a signature that belongs to the article."""
