"""The languages of digests: for each a catalogue of phrases, its CLDR locale and its terms, in a folder of `locale/`.

A `Translator` holds no state and may be shared between threads. English needs no catalogue: its phrases are the keys of
the others. How to add a language: docs/translate.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Any

import yaml
from babel import Locale
from babel.numbers import format_decimal

from alerts.i18n.languages import LANGUAGES, LOCALE_FOLDER, SOURCE_LANGUAGE

DOMAIN = "digest"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a language's `terms.yaml` adds to CLDR and to the catalogue.

    `has_billions`: large sums are counted in thousands of millions by a word of their own. `first_of_month` is how the
    first day of a month is written, "1" as any other or "1er". `countries` (ISO 3166-1) are
    called so where CLDR's name is not what news calls the place, `organisations` (the register's keys) where the
    organisation has a name in this language.
    """

    has_billions: bool
    first_of_month: str
    countries: dict[str, str]
    organisations: dict[str, str]


@dataclass(frozen=True, slots=True)
class Translator:
    """One language of digests: `language` (ISO 639-1), CLDR's `locale`, the phrases translated into it, its terms."""

    language: str
    locale: Locale
    translations: NullTranslations
    terms: Terms

    def gettext(self, message: str, /, **values: Any) -> str:
        """`message` in this language, its placeholders (`%(name)s`) filled; a `%` is written `%%`."""
        return self.translations.gettext(message) % values

    def ngettext(self, singular: str, plural: str, number: int, /, **values: Any) -> str:
        """The form that `number` asks for in this language; `%(number)s` in it is the number as this language writes
        it, unless given."""
        return self.translations.ngettext(singular, plural, number) % {"number": self.number(number), **values}

    def number(self, number: float) -> str:
        """A number with its thousands and decimals marked as the language does, at most two decimals."""
        return str(format_decimal(round(number, 2), format="#,##0.##", locale=self.locale))


@cache
def translator_for(language: str) -> Translator:
    """The translator of `language`; English where digests do not speak it."""
    if language not in LANGUAGES:
        language = SOURCE_LANGUAGE
    folder = LOCALE_FOLDER / language
    terms = Terms(**yaml.safe_load((folder / "terms.yaml").read_text(encoding="utf-8")))
    translations = NullTranslations()
    if language != SOURCE_LANGUAGE:
        with (folder / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            translations = GNUTranslations(file)
    return Translator(language, Locale.parse(language), translations, terms)


def N_(message: str) -> str:  # noqa: N802  gettext's name for it
    """`message` itself: marks a phrase of a table for the catalogues, to be translated where it is said."""
    return message
