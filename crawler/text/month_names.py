"""Month names of many languages, kept in `month_names.json`, and how that file is made of the CLDR by way of Babel.

The file is kept, rather than made in each worker process: Babel's locales take 55 MB and most of a second, for what is
thirty kilobytes in the end. A test holds that it is what Babel would give; `python -m crawler.text.month_names` renews
it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("month_names.json")

# The locales whose month names are read: the languages we judge, and for Arabic the names used in each region.
LOCALES = (
    "en fr es pt ar ar_SY ar_MA ar_DZ it de ro uk ru tr nl id pl cs sq sr sr_Latn bg el hu sv da nb fi fa vi "
    "th ms fil sw bn hi ur hr mk sk sl lt lv et ka hy az kk uz ne si my km lo am so"
)


@cache
def month_names() -> dict[str, int]:
    """The number of each month by its names, in lower case."""
    names: dict[str, int] = json.loads(FILE.read_text("utf-8"))
    return names


def collect_month_names() -> dict[str, int]:
    """Month names, long and short, of all locales; a name that means different months in two of them is left out."""
    from babel import Locale

    found: dict[str, int] = {"sept": 9}
    clashing: set[str] = set()
    for name in LOCALES.split():
        months = Locale.parse(name).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, word in months[context][width].items():
                    key = word.lower().rstrip(".")
                    if key.isdigit() or len(key) < 3:
                        continue
                    if found.setdefault(key, number) != number:
                        clashing.add(key)
    return {word: number for word, number in sorted(found.items()) if word not in clashing}


if __name__ == "__main__":
    FILE.write_text(json.dumps(collect_month_names(), ensure_ascii=False, indent=0) + "\n", "utf-8")
