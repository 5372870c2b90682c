"""Text in the one form in which it is stored, shown and judged, however it was typed. Pure.

What enters is text from outside; what leaves reads the same to a person and holds no control characters, no invisible
marks that change how other text is shown or make equal words differ, joiners only where a script needs them, and
letters and figures in their plain form where they came full-width, in a mathematical alphabet, as ligatures or as the
presentation forms of Arabic and Hebrew. Line ends are line feeds. Normalising twice is normalising once.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")

# Control characters but for the line feed, halves of surrogate pairs, private use and what is no character at all.
_NO_TEXT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\ufff8\ufffe\uffff\U000f0000-\U0010ffff]"
)

_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x061C, 0x180E),  # soft hyphen, grapheme joiner, Arabic letter mark, Mongolian separator
        *(0x200B, 0x200E, 0x200F),  # zero-width space, direction marks
        *range(0x202A, 0x202F),  # embeddings and overrides of the direction
        *range(0x2060, 0x2070),  # word joiner, invisible operators, isolates of the direction
        *(0x3164, 0xFEFF, 0xFFA0),  # blank letters of Korean keyboards, byte order mark
        *range(0xFFF9, 0xFFFC),  # marks of interlinear notes
        *range(0xE0000, 0xE0080),  # tags
    ]
)

# Scripts whose spelling needs the zero-width joiner and non-joiner (Arabic, Persian and their kin, those of India and
# its neighbours, Mongolian, Rohingya, Adlam), and emoji, which are joined by it. Elsewhere they only part a word from
# its like.
_JOINING = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\u1a20-\u1aaf\ua840-\ua87f\ua8e0-\ua8ff\ufb50-\ufdff"
    "\ufe70-\ufefe\U00010d00-\U00010d3f\U00011000-\U00011fff\U0001e900-\U0001e95f"
    "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
)
_NEEDLESS_JOINERS = re.compile(f"[\u200c\u200d](?<![{_JOINING}].)(?![{_JOINING}])")

# Compatibility forms that stand for plain letters and figures. Not all that Unicode calls so: `m²`, `1º`, `½`, `™`, `№`
# and `…` are as their writers want them, and Thai and Armenian have letters among them.
_LETTER_FORMS = (
    "\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u212f-\u2131\u2133-\u2139"  # of mathematics
    "\u2160-\u217f"  # Roman figures
    "\u2f00-\u2fd5"  # radicals of Chinese letters, which PDF programs write for the letters
    "\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufb4f"  # ligatures: Latin, Armenian, Hebrew
    "\ufb50-\ufdcf\ufdf0-\ufdfb\ufe70-\ufefc"  # Arabic as it is shaped
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f\uffa1-\uffdc\uffe0-\uffe6"  # full-width and half-width
    "\U0001d400-\U0001d7ff\U0001ee00-\U0001eeff\U0001fbf0-\U0001fbf9"  # mathematical alphabets, segmented figures
)
_CHINESE_OR_ALIKE = "\u3001-\u30ff\u3400-\u9fff\uac00-\ud7af"
_COMPATIBILITY_FORMS = re.compile(
    f"[{_LETTER_FORMS}]+"
    "|[\u24b6-\u24e9]{2,}"  # letters in circles: one alone may be a copyright mark
    # full-width marks are the usual ones in Chinese, Japanese and Korean
    f"|(?<![{_CHINESE_OR_ALIKE}])[\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e](?![{_CHINESE_OR_ALIKE}])"
)


# Whatever one of the steps below may change.
_TO_DO = re.compile(
    f"[\r\v\f\x85\u2028\u2029\u200c\u200d{_LETTER_FORMS}\u24b6-\u24e9\uff01-\uff5e{''.join(map(chr, _INVISIBLE))}]"
    f"|{_NO_TEXT.pattern}"
)


def normalise_text(text: str) -> str:
    """`text` in that form."""
    if not _TO_DO.search("".join(set(text))):  # nearly every text; it has some dozens of different characters
        return text
    text = _LINE_END.sub("\n", text).translate(_INVISIBLE)
    text = _NEEDLESS_JOINERS.sub("", text)
    text = _COMPATIBILITY_FORMS.sub(_plain, text)
    return _NO_TEXT.sub(" ", text)


def _plain(forms: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", forms.group())
