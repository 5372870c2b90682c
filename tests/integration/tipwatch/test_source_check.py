"""`tipwatch sources check` against a real server, as people and scripts call it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon_bench import Site
from tipwatch.__main__ import main
from tipwatch.config.load import load_config


class NewsPage(Site):
    """A site without a feed."""

    def answer(self, path: str) -> tuple[str, bytes]:
        links = "".join(
            f'<li><h2><a href="/news/2026/{n}-shelter-opens">A shelter opens {n}</a></h2>' for n in range(9)
        )
        page = f"<html><head><title>News</title></head><body><main><ul>{links}</ul></main></body></html>"
        return ("text/html", page.encode()) if path == "/news" else ("text/plain", b"")


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(
        "contact: ops@example.org\ncrawler: {allow_addresses: [127.0.0.0/8], delay_seconds: 0}\n"
    )
    return tmp_path


def test_a_feed_is_described_with_the_line_that_watches_it(
    folder: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "check", f"{site.url}/herald.xml"]) == 0
    said = capsys.readouterr().out
    assert "feed" in said
    assert "herald news 3" in said
    assert f"- {site.url}/herald.xml" in said


def test_what_is_watched_already_is_said_instead_of_how_to_add_it(
    folder: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "add", f"{site.url}/herald.xml", "--name", "Herald"]) == 0
    capsys.readouterr()
    assert main(["sources", "check", f"{site.url}/herald.xml"]) == 0
    said = capsys.readouterr().out
    assert "It is in config.yaml already, as 'Herald'." in said
    assert "sources add" not in said
    main(["sources", "check", f"{site.url}/herald.xml", "--json"])
    assert json.loads(capsys.readouterr().out)["known_as"] == "Herald"


def test_what_a_page_of_links_needs_can_be_pasted_as_it_is_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = NewsPage()
    try:
        assert main(["sources", "check", f"{site.url}/news"]) == 0
    finally:
        site.close()
    said = capsys.readouterr().out
    printed = said.partition("For `sources:` in config.yaml:\n")[2].partition("Or: ")
    config = folder / "config.yaml"
    config.write_text(f"{config.read_text()}sources:{printed[0]}")
    pasted, *_ = load_config(config).sources
    assert (pasted.url, pasted.kind) == (f"{site.url}/news", "listing")
    config.write_text("contact: ops@example.org\n")
    assert main(shlex.split(printed[2])[1:]) == 0
    assert load_config(config).sources[0].kind == "listing"


def test_scripts_read_the_report_as_json(folder: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "check", f"{site.url}/herald.xml", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["kind"], report["entries"], len(report["latest"])) == ("feed", 4, 4)


def test_an_address_with_nothing_to_watch_needs_a_person(
    folder: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "check", f"{site.url}/nothing"]) == 1
    assert "There is nothing to watch" in capsys.readouterr().out


def test_without_a_configuration_the_private_network_stays_closed(
    folder: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.yaml").unlink()
    assert main(["sources", "check", f"{site.url}/herald.xml"]) == 1
    assert "never contacted" in capsys.readouterr().out
    assert site.asked == []


def test_what_is_no_web_address_is_bad_input(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "check", "ftp://example.org/feed"]) == 2
    assert "http://" in capsys.readouterr().err
