"""`tipwatch projects add`: from a page of a real server, and by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.article_lines import BURUNDI, CONFIG
from tests.support.daemon_bench import Site
from tipwatch.__main__ import main

Run = Callable[..., tuple[int, str, str]]


class Ministry(Site):
    """A page that announces a project, one that robots.txt keeps closed, and nothing else."""

    def answer(self, path: str) -> tuple[str, bytes]:
        paragraphs = "".join(f"<p>{part}</p>" for part in BURUNDI["text"].split("\n\n"))
        page = (
            f"<html lang=en><head><title>{BURUNDI['title']}</title></head><body><article><h1>{BURUNDI['title']}</h1>"
            f"{paragraphs}</article></body></html>"
        )
        pages = {"/robots.txt": ("text/plain", "User-agent: *\nDisallow: /closed"), "/closed": ("text/html", page)}
        kind, text = pages.get(path, ("text/html", page if path == "/news/burundi" else ""))
        return kind, text.encode()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Ministry()
    yield site
    site.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(f"{CONFIG}crawler: {{allow_addresses: [127.0.0.0/8], delay_seconds: 0}}\n")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_a_page_is_read_and_its_project_announced(run: Run, site: Site) -> None:
    code, said, _ = run("projects", "add", f"{site.url}/news/burundi", "--why", "a colleague")
    assert code == 0
    assert BURUNDI["title"] in said
    assert "USD 3,000,000" in said
    assert "the next digest announces it" in said
    [project] = json.loads(run("projects", "list", "--json")[1])
    assert project["facts"]["countries"] == ["BI"]
    assert "a colleague" in run("projects", "show", project["id"])[1]
    digest = run("digest", "--dry-run")[1]
    assert "a new project, confirmed by a person" in digest
    assert f"{site.url}/news/burundi" in digest


def test_an_addition_is_listed_and_taken_back(run: Run, site: Site) -> None:
    added = json.loads(run("projects", "add", f"{site.url}/news/burundi", "--json")[1])
    assert added["is_made"]
    assert added["new_project_probability"] > 0.5
    [decided] = json.loads(run("undo", "--json")[1])
    assert run("undo", str(decided["id"]))[0] == 0
    assert json.loads(run("projects", "list", "--json")[1]) == []
    assert BURUNDI["title"] not in run("digest", "--dry-run")[1]


def test_facts_given_stand_in_place_of_the_pages(run: Run, site: Site) -> None:
    said = run("projects", "add", f"{site.url}/news/burundi", "--fact", "amount=EUR 2500000", "--json")[1]
    facts = json.loads(said)["facts"]
    assert (facts["amount"], facts["currency"], facts["countries"]) == (2_500_000, "EUR", ["BI"])


def test_a_page_that_cannot_be_read_says_why_and_what_else_can_be_done(run: Run, site: Site) -> None:
    for path, reason in (("/missing", "nothing at this address"), ("/closed", "robots.txt")):
        code, said, told = run("projects", "add", site.url + path)
        assert (code, said) == (2, "")
        assert f"{site.url}{path} cannot be read: " in told
        assert reason in told
        assert "--text" in told
    assert run("projects", "add", "ftp://example.org/x")[0] == 2


def test_a_project_is_entered_by_hand(run: Run) -> None:
    facts = ("--fact", "name=Safe Roads", "--fact", "countries=bi; RW", "--fact", "amount=USD 90500")
    code, said, _ = run("projects", "add", *facts, "--why", "letter of the ministry")
    assert code == 0
    assert "Safe Roads" in said
    [project] = json.loads(run("projects", "list", "--json")[1])
    assert (project["facts"]["name"], project["facts"]["countries"]) == ("Safe Roads", ["BI", "RW"])
    digest = run("digest", "--dry-run")[1]
    assert "Safe Roads" in digest
    assert "import.invalid" not in digest
    assert "headline alone" not in digest
    shown, article = run("projects", "show", project["id"])[1], run("articles", "show", "1")[1]
    assert "without an address" in shown
    assert "entered by hand" in article
    assert "import.invalid" not in shown + article


def test_what_is_entered_by_hand_may_name_a_page_for_readers_that_is_not_fetched(run: Run, site: Site) -> None:
    facts = ("--fact", "name=Safe Roads", "--text", "Shelters for children who were trafficked along the lake.")
    assert run("projects", "add", f"{site.url}/closed", *facts)[0] == 0
    assert site.asked == []
    digest = run("digest", "--dry-run")[1]
    assert f"{site.url}/closed" in digest
    assert "“Shelters for children who were trafficked along the lake.”" in digest


def test_what_is_wrong_with_an_entry_is_said_and_nothing_is_stored(run: Run) -> None:
    for facts, told in (
        ((), "the project has no name"),
        (("--fact", "name=Safe Roads", "--fact", "countries=UK"), "Did you mean GB"),
        (("--fact", "name=Safe Roads", "--fact", "budget=3"), "there is no fact 'budget'"),
        (("--fact", "countries"), "has no value"),
        (("--fact", "name=Safe Roads", "--fact", "start=2027", "--fact", "end=2026-05"), "before the start"),
    ):
        code, _, err = run("projects", "add", *facts)
        assert code == 2
        assert told in err
    assert json.loads(run("projects", "list", "--json")[1]) == []
