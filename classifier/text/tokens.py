"""Words, numbers and signs of a text with their offsets, folded so that one spelling matches another.

In: text. Out: `Token`s in order. Folding takes away case, accents, Arabic vowel signs and letter variants, never length
of the original: offsets are always those of the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_LATIN_AND_ARABIC_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200c\u200d"
_FIRST_OTHER, _LAST_OTHER = 0x0590, 0x17FF  # Hebrew to Khmer: the scripts whose vowels are signs on letters
_MARKS = _LATIN_AND_ARABIC_MARKS + "".join(
    chr(code) for code in range(_FIRST_OTHER, _LAST_OTHER) if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Scripts that part no words, or not where names end: Thai, Lao, Burmese, Khmer, kana, Han, Hangul. Each letter is a
token of its own there, but for words of numbers and of time."""
_COUNTED = (
    "พันล้าน หมื่น แสน พัน ล้าน ปี เดือน สัปดาห์ วัน หนึ่ง สอง สาม สี่ ห้า หก ລ້ານ ພັນ ແສນ ເດືອນ ປີ "
    "ពាន់ ម៉ឺន សែន លាន ប៊ីលាន ខែ ឆ្នាំ មួយ ពីរ បី បួន ប្រាំ ထောင် သောင်း သိန်း သန်း ကုဋေ တစ် နှစ် သုံး လေး ငါး "
    "か月 カ月 ヶ月 ヵ月 箇月 年間 週間 カ年 か年 ヵ年 个月 個月 年期 百万 万亿 十二 개월 년간 백만 천만 십억"
)
_TOKEN = re.compile(
    # a number with its separators: groups of three may be parted by spaces, anything by . , ' and the Arabic signs
    r"(\d+(?:[.,'’٫٬]\d+|[ \u00a0\u202f\u2009]\d{3}(?!\d))*)"
    rf"|({'|'.join(_COUNTED.split())}|[{_UNSPACED}](?<=\w)[{_MARKS}]*"
    rf"|[^\W\d_{_UNSPACED}][^\W\d_{_MARKS}{_UNSPACED}]*(?:[{_MARKS}]+[^\W\d_{_MARKS}{_UNSPACED}]*)*)"
    r"|(\S)"
)
_SPACED = re.compile(f"[^{_UNSPACED}]")


def is_spaced(letter: str) -> bool:
    """Whether a letter's script parts words by spaces."""
    return _SPACED.match(letter) is not None


class Token(NamedTuple):
    """One word (`w`), number (`n`) or sign (`s`); `text` is as written, `folded` as compared."""

    folded: str
    start: int
    end: int
    kind: str
    text: str


_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": "", "ي": "ي", "ک": "ك", "ی": "ي"}
)
_LATIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ʼ": "", "ё": "е", "ґ": "г"}
)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """`word` in lower case, without accents; Cyrillic й and ї and Arabic letters keep what tells words apart."""
    lower = word.casefold()
    if lower.isascii():
        return lower
    first = lower[0]
    if "\u0600" <= first <= "\u06ff":
        return "".join(c for c in lower if not unicodedata.combining(c)).translate(_ARABIC)
    if "\u0400" <= first <= "\u04ff":
        return lower.translate(_LATIN)
    plain = unicodedata.normalize("NFKD", lower)
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LATIN) or lower


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of `text[start:end]`, with offsets into `text`; white space is left out."""
    make, tokens = tuple.__new__, []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word, (first, last), index = match.group(), match.span(), match.lastindex
        # the constructor of a named tuple would be half the time of this loop
        if index == 2:
            tokens.append(make(Token, (fold(word), first, last, "w", word)))
        else:
            folded = "'" if word == "’" else word  # of typesetters, in `Côte d’Ivoire` as in `Sheriff’s Office`
            tokens.append(make(Token, (folded, first, last, "n" if index == 1 else "s", word)))
    return tokens
