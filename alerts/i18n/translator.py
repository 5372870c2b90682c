"""The language a digest speaks: its catalogue of phrases and its CLDR locale, as one object handed to whoever speaks.

A `Voice` holds no state and may be shared between threads. English needs no catalogue: its phrases are the keys of the
others. Translators find theirs in `alerts/i18n/locale/` (see docs/translate.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Any

from babel import Locale

DOMAIN = "digest"
SOURCE_LANGUAGE = "en"
LANGUAGES = (SOURCE_LANGUAGE, "fr", "es")


@dataclass(frozen=True, slots=True)
class Voice:
    """One language of digests: `language` (ISO 639-1), CLDR's `locale`, and the phrases translated into it."""

    language: str
    locale: Locale
    translations: NullTranslations

    def gettext(self, message: str, /, **values: Any) -> str:
        """`message` in this language, its placeholders (`%(name)s`) filled; a `%` is written `%%`."""
        return self.translations.gettext(message) % values

    def ngettext(self, singular: str, plural: str, number: int, /, **values: Any) -> str:
        """The form that `number` asks for in this language, with `%(number)s` as this language writes it."""
        return self.translations.ngettext(singular, plural, number) % values


@cache
def speak(language: str) -> Voice:
    """The voice of `language`; English where digests do not speak it."""
    if language not in LANGUAGES:
        language = SOURCE_LANGUAGE
    if language == SOURCE_LANGUAGE:
        return Voice(language, Locale.parse(language), NullTranslations())
    catalogue = files(__package__) / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with catalogue.open("rb") as file:
        return Voice(language, Locale.parse(language), GNUTranslations(file))


def mark(message: str) -> str:
    """`message` itself: marks a phrase of a table for the catalogues, to be translated where it is said."""
    return message
