"""A language is one folder: with one more there is a language more, with one less that language is read without."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from classifier.document import Document
from classifier.judge import Judge
from classifier.languages import LANGUAGES

ROOT = Path(__file__).parents[3]
WALK_THROUGH = ROOT / "docs" / "extend" / "add-a-language.md"
BISLAMA = (
    "Gavman i givim tri milian vatu long Dutch-sponsored projek ia. Projek ia bae i wok long Solomon Aelan. "
    "Hem bae i stat long 3 Maj 2027 mo i finis long Disemba 2029."
)
READ_BISLAMA = f"""
import json
from classifier.document import Document
from classifier.encoder.encoder import Encoder
from classifier.extraction import read_facts
from classifier.model import MODEL_FOLDER
from classifier.text.language_detection import language_of
title, text = "Niu projek long Solomon Aelan", {BISLAMA!r}
encoder = Encoder(MODEL_FOLDER / "encoder")
document = Document(title, text, "bi", "2027-01-15")
facts = read_facts(document, language_of(document), scorer=encoder.read(title, text))
print(json.dumps([facts.amount, facts.currency, facts.start, facts.countries]))
"""
POLISH = (
    "Nowy projekt przeciw handlowi ludźmi",
    "Fundacja Jasny Brzeg rozpoczyna projekt w Czechach, który pomoże ofiarom handlu ludźmi. Ruszy 1 marca 2027 roku, "
    "potrwa 24 miesiące i będzie kosztował 2 miliony euro.",
)
ENGLISH = (
    "New project against trafficking in persons",
    "Bright Shore Foundation launches a project in Ghana to help victims of human trafficking. It starts on 1 March "
    "2027, lasts 24 months and will cost 2 million euros.",
)
JUDGE = f"""
import dataclasses, json
from classifier.document import Document
from classifier.judge import Judge
judge = Judge.load()
verdicts = [judge.judge(Document(*text, lang)) for text, lang in (({POLISH!r}, "pl"), ({ENGLISH!r}, "en"))]
print(json.dumps([dataclasses.asdict(verdict) for verdict in verdicts]))
"""


@pytest.fixture
def languages(tmp_path: Path) -> Path:
    """The folder of languages of a copy of the package, of links to its files."""
    shutil.copytree(ROOT / "classifier", tmp_path / "classifier", copy_function=os.symlink)
    return tmp_path / "classifier" / "languages"


def run(code: str, languages: Path) -> Any:
    """What a program prints that imports the copy."""
    copy = languages.parents[1]
    path = os.pathsep.join([str(copy), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def follow_walk_through(languages: Path) -> None:
    """Writes the files that the walk-through shows, each under the path named before it."""
    shown = re.findall(r"`classifier/languages/(bi/\w+\.yaml)`[^`]*```yaml\n(.*?)```", WALK_THROUGH.read_text(), re.S)
    assert [name for name, _ in shown] == ["bi/lexicon.yaml", "bi/countries.yaml"]
    (languages / "bi").mkdir()
    for name, content in shown:
        (languages / name).write_text(content)


@pytest.mark.slow
def test_a_folder_made_as_the_walk_through_says_is_a_language_whose_sums_dates_and_countries_are_read(
    languages: Path,
) -> None:
    *stated, countries = run(READ_BISLAMA, languages)
    assert stated == [None, None, "2027"]  # what digits alone say
    assert "SB" not in countries
    follow_walk_through(languages)
    assert run(READ_BISLAMA, languages) == [3e6, "VUV", "2027-03-03", ["SB"]]


@pytest.mark.slow
@pytest.mark.parametrize("removed", [["pl"], sorted({*LANGUAGES} - {"en"})], ids=["one", "all-but-english"])
def test_without_its_folder_a_language_is_read_as_one_without_a_lexicon_and_others_as_before(
    removed: list[str], languages: Path, judge: Judge
) -> None:
    for lang in removed:
        shutil.rmtree(languages / lang)
    polish, english = run(JUDGE, languages)
    assert english == json.loads(json.dumps(asdict(judge.judge(Document(*ENGLISH, "en")))))
    assert (english["is_language_known"], polish["is_language_known"]) == (True, False)
    facts = polish["facts"]
    assert (facts["amount"], facts["currency"], facts["start"]) == (2e6, "EUR", "2027-03-01")
    assert facts["countries"][0] == "CZ"
