"""A project in the terminal goes by the names that the digest uses, and says how it is corrected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.register.merge.values import Claim
from tests.support.project_examples import project, source
from tipwatch.cli.project_views import print_corrections, print_project, table_row

IOM = Claim("@IOM", "Organisation internationale pour les migrations", (1,), ())


def test_organisations_go_by_the_names_that_the_digest_gives_them(capsys: pytest.CaptureFixture[str]) -> None:
    found = project(source(1, "Courrier", "fr"), implementers=(IOM,))
    print_project(found)
    name = "International Organization for Migration (IOM)"
    assert f"run by      {name}  (article 1)" in capsys.readouterr().out
    assert name in table_row(found)


def test_a_project_goes_by_the_name_that_the_digest_gives_it(capsys: pytest.CaptureFixture[str]) -> None:
    names = (Claim("a", "بداية عادلة", (1,), ()), Claim("b", "Fair Start", (2,), ()))
    found = project(source(1, "المشرق", "ar"), source(2, "Monitor"), name=names)
    print_project(found)
    assert capsys.readouterr().out.startswith("P-7K2M4Q Fair Start\n")
    assert table_row(found)[-1] == "Fair Start"


def test_a_project_without_articles_says_why_it_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    print_project(replace(project(), sources=()))
    assert "No article announces it any more" in capsys.readouterr().out


def test_the_commands_that_correct_a_project_follow_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_corrections(project())
    assert "  tipwatch projects fix P-7K2M4Q FACT VALUE\n" in capsys.readouterr().out
