"""A new language of the digest is a folder: the steps of docs/translate.md, followed in a copy."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STEPS = re.compile(r"`(?:mkdir -p build && )?pybabel ([^`]+ -l pt|extract [^`]+)`")

SPEAKING = """
from alerts.i18n.phrases import format_country
from alerts.i18n.translator import translator_for
from alerts.settings import SubscriptionSettings

asked = SubscriptionSettings.model_validate({"name": "manha", "recipients": ["ana@example.org"], "language": "pt"})
translator = translator_for(asked.language)
print(translator.gettext("New projects"), format_country(translator, "FR"), format_country(translator, "CD"), sep="|")
"""


@pytest.mark.slow
def test_a_language_added_as_the_page_says_is_known_and_spoken(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "alerts", tmp_path / "alerts")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "build").mkdir()
    locale = tmp_path / "alerts/i18n/locale"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q"]
    steps = STEPS.findall((ROOT / "docs/translate.md").read_text())
    assert len(steps) == 2
    for step in steps:
        subprocess.run([*babel, *step.split()], cwd=tmp_path, check=True, capture_output=True)
    catalogue = locale / "pt/LC_MESSAGES/digest.po"
    untranslated = 'msgid "New projects"\nmsgstr ""'
    assert untranslated in catalogue.read_text()
    catalogue.write_text(catalogue.read_text().replace(untranslated, 'msgid "New projects"\nmsgstr "Novos projetos"'))
    subprocess.run([*babel, "compile", "-D", "digest", "-d", str(locale)], cwd=tmp_path, check=True)
    shutil.copy(locale / "en/terms.yaml", locale / "pt")
    done = subprocess.run(
        [sys.executable, "-c", SPEAKING],
        capture_output=True, text=True, check=False, cwd=tmp_path, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
    )  # fmt: skip
    assert done.stdout == "Novos projetos|França|DR Congo\n", done.stderr
