"""Codes of countries (ISO 3166-1) and languages (ISO 639) as people enter them: what is none is refused, with the code
that may have been meant.

Names are CLDR's, by way of Babel, which is loaded when the first code is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache


class UnknownCode(ValueError):  # noqa: N818  what it is about, as its family in storage.database.errors
    """What was entered is no such code; `hint` names the one that may have been meant."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes of two letters that CLDR has for something else: unions, a region, pseudo-locales, the unknown."""
_ALIASES = {"UK": "GB", "EL": "GR"}
"""What the European Union and the United Kingdom write; CLDR has the first, not the second."""


def read_country(text: str) -> str:
    """The ISO 3166-1 code of a country, given as a code in letters of any case.

    Raises:
        UnknownCode: it is none.
    """
    from babel.core import get_global

    code = text.strip().upper()
    names = country_names()
    if code in names:
        return code
    meant = _ALIASES.get(code) or next(iter(get_global("territory_aliases").get(code, ())), None)
    meant = meant if meant in names else _code_called(text, names)
    hint = f"did you mean {meant} ({names[meant]})?" if meant else "two letters of ISO 3166, such as KE"
    raise UnknownCode(f"{text!r} is not the code of a country", hint)


def read_language(text: str) -> str:
    """The ISO 639 code of a language, given as a code in letters of any case.

    Raises:
        UnknownCode: it is none.
    """
    code = text.strip().lower()
    names = _languages()
    if code in names:
        return code
    meant = _code_called(text, names)
    hint = f"did you mean {meant} ({names[meant]})?" if meant else "two or three letters of ISO 639, such as fr"
    raise UnknownCode(f"{text!r} is not a language code", hint)


def _code_called(text: str, names: Mapping[str, str]) -> str | None:
    called = text.strip().casefold()
    return next((code for code, name in names.items() if name.casefold() == called), None)


@cache
def country_names() -> dict[str, str]:
    """Every code of a country with its name in English."""
    from babel.core import Locale

    names = Locale("en").territories
    return {code: name for code, name in names.items() if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRIES}


@cache
def _languages() -> dict[str, str]:
    from babel.core import Locale

    return {code: name for code, name in Locale("en").languages.items() if re.fullmatch("[a-z]{2,3}", code)}
