from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import alerts
from alerts.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from alerts.i18n.translator import translator_for

PACKAGE = Path(alerts.__file__).parent
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


def read_catalogue(file: Path, language: str | None = None) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=language, abort_invalid=True)


def catalogue_of(language: str) -> Catalog:
    return read_catalogue(PACKAGE / "i18n" / "locale" / language / "LC_MESSAGES" / "digest.po", language)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the sources say now, extracted as `make phrases` does."""
    template = tmp_path_factory.mktemp("phrases") / "digest.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml", "-k", "N_"]
    subprocess.run([*command, "-o", str(template), "alerts"], cwd=PACKAGE.parent, check=True)
    return read_catalogue(template)


def test_the_sources_hold_phrases_of_python_and_of_templates(sources: Catalog) -> None:
    ids = {message.id for message in sources if message.id}
    assert "Runs it" in ids
    assert "Also in the news" in ids
    assert ("%(number)s year", "%(number)s years") in ids


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_exactly_the_phrases_of_the_sources(language: str, sources: Catalog) -> None:
    said = {message.id for message in sources if message.id}
    known = {message.id for message in catalogue_of(language) if message.id}
    assert said - known == set(), "not in the catalogue: run `make phrases` and translate them"
    assert known - said == set(), "no longer said: run `make phrases`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_phrase_is_translated_in_all_its_forms(language: str) -> None:
    catalogue = catalogue_of(language)
    for message in catalogue:
        if message.id:
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(forms), message.id
            assert len(forms) == (catalogue.num_plurals if message.pluralizable else 1)
            assert not message.fuzzy


def test_french_keeps_its_signs_on_the_line_of_their_words_and_has_one_apostrophe() -> None:
    for message in catalogue_of("fr"):
        forms: Any = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in forms if message.id else ():
            assert not re.search(r"[ \u202f][:;?!»]|«[ \u202f]|'", form), form


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_agree(language: str) -> None:
    for message in catalogue_of(language):
        ids: Any = message.id if isinstance(message.id, tuple) else (message.id,)
        forms: Any = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            wanted = {frozenset(PLACEHOLDER.findall(one)) for one in ids}
            assert {frozenset(PLACEHOLDER.findall(one)) for one in forms} == wanted, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue_of(language))
    committed = (PACKAGE / "i18n" / "locale" / language / "LC_MESSAGES" / "digest.mo").read_bytes()
    assert committed == compiled.getvalue(), "run `make phrases`"


def test_numbers_take_the_form_of_their_language() -> None:
    said = {
        language: [
            translator_for(language).ngettext("%(number)s year", "%(number)s years", number, number=number)
            for number in (0, 1, 2)
        ]
        for language in LANGUAGES
    }
    assert said == {
        "en": ["0 years", "1 year", "2 years"],
        "fr": ["0 an", "1 an", "2 ans"],
        "es": ["0 años", "1 año", "2 años"],
    }


def test_a_language_that_no_digest_speaks_is_answered_in_english() -> None:
    assert translator_for("xx").language == "en"
