"""Files of articles and archives of crawls, imported by the command."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.article_lines import BURUNDI, CONFIG, PERU
from tipwatch.__main__ import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def projects(run: Run) -> list[Any]:
    return sorted(json.loads(run("projects", "list", "--json")[1]), key=lambda one: str(one["title"]))


def warc(*pages: tuple[str, str, str]) -> bytes:
    """The archive of a crawl: a head, then each page (address, content type, body) with its answer's headers."""
    records = [b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"]
    for url, content_type, body in pages:
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n{body}".encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2019-03-06T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        records.append(head.encode() + answer + b"\r\n\r\n")
    return b"".join(gzip.compress(record) for record in records)


def page_of(article: dict[str, str]) -> str:
    paragraphs = "".join(f"<p>{part}</p>" for part in article["text"].split("\n\n"))
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{article['title']}</title>"
        f'<meta property="article:published_time" content="{article["published"]}T08:00:00Z"></head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{article['title']}</h1>{paragraphs}</article></body></html>"
    )


def test_a_bad_line_is_reported_with_its_number_and_the_rest_goes_on(run: Run, tmp_path: Path) -> None:
    lines = [json.dumps(BURUNDI), "{oops", "[1]", json.dumps({"title": 5}), json.dumps(PERU)]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines))
    code, out, err = run("import", "articles.jsonl")
    assert code == 1
    assert "2 articles imported: 2 of new projects. 3 lines left out." in out
    for number in (2, 3, 4):
        assert f"articles.jsonl:{number}: " in err
    assert len(projects(run)) == 2


def test_unknown_keys_and_unreadable_dates_are_said_and_the_article_is_taken(run: Run, tmp_path: Path) -> None:
    rows = [{**BURUNDI, "publishd": "2019"}, {**PERU, "publishd": "x", "published": "11 April"}]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code, out, err = run("import", "articles.jsonl")
    assert (code, "2 articles imported" in out) == (0, True)
    assert err.count("publishd") == 1
    assert "articles.jsonl:1: unknown key `publishd`, ignored; did you mean 'published'?" in err
    assert "articles.jsonl:2: `published` is not a date: '11 April'" in err


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_is_read_by_the_names_of_its_columns(run: Run, tmp_path: Path, separator: str) -> None:
    header = ["Title", "url", "text", "published"]
    rows = [[BURUNDI[name.lower()] for name in header], ["one", "two", "three", "2019", "five"], ["", "", "x\udcff"]]
    rows.append([PERU[name.lower()] for name in header])
    quoted = [separator.join(f'"{cell}"' for cell in row) for row in [header, *rows]]
    (tmp_path / "articles.csv").write_bytes("\r\n".join(quoted).encode("utf-8", "surrogateescape"))
    code, out, err = run("import", "articles.csv")
    assert code == 1
    assert "2 articles imported: 2 of new projects. 2 lines left out." in out
    assert "articles.csv:5: 5 cells for 4 columns" in err  # Burundi's text is three lines
    assert "articles.csv:6: not UTF-8 text" in err
    assert projects(run)[0]["sources"][0]["published_at"].startswith("2019-03-05")


def test_a_csv_file_without_known_columns_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text("a,b\n1,2\n")
    code, _, err = run("import", "articles.csv")
    assert code == 2
    assert "names neither `title` nor `text`" in err


def test_the_pages_of_a_crawls_archive_are_read_as_the_crawler_reads_them(run: Run, tmp_path: Path) -> None:
    pages = [
        ("https://outlet.example/burundi", "text/html; charset=utf-8", page_of(BURUNDI)),
        ("https://outlet.example/style.css", "text/css", "body {}"),
        ("https://outlet.example/empty", "text/html", "<html><title>Nothing</title></html>"),
        ("nowhere", "text/html", page_of(PERU)),
    ]
    (tmp_path / "crawl.warc.gz").write_bytes(warc(*pages))
    code, out, err = run("import", "crawl.warc.gz")
    assert code == 1
    assert "1 article imported: 1 of new projects. 1 line left out." in out
    assert "crawl.warc.gz: record 4: https://outlet.example/empty: " in err
    assert "crawl.warc.gz: record 5: nowhere: " in err
    [burundi] = projects(run)
    [source] = burundi["sources"]
    assert (source["title"], source["published_at"][:10]) == (BURUNDI["title"], "2019-03-05")
    assert burundi["facts"]["countries"] == ["BI"]


def test_a_file_that_is_no_archive_is_refused_by_its_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "crawl.warc").write_text("not an archive\n")
    code, _, err = run("import", "crawl.warc")
    assert code == 2
    assert "crawl.warc" in err


def test_a_pipe_is_read_as_json_lines(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "articles.jsonl").write_text(json.dumps(PERU))
    with (tmp_path / "articles.jsonl").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        code, out, _ = run("import", "-")
    assert (code, out) == (0, "1 article imported: 1 of new projects.\n")


def test_what_takes_long_says_how_far_it_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tipwatch.cli.progress.LINE_EVERY_SECONDS", 0.0)
    (tmp_path / "articles.jsonl").write_text(json.dumps(PERU))
    assert "1 article read, 100% of the file" in run("import", "articles.jsonl")[2]


def test_what_is_imported_is_announced_only_when_asked(run: Run, tmp_path: Path) -> None:
    for name, article, options in (("history", BURUNDI, ()), ("news", PERU, ("--announce",))):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(article))
        assert run("import", f"{name}.jsonl", *options)[0] == 0
    said = run("digest", "--dry-run")[1]
    assert "Peru" in said
    assert "Burundi" not in said
    assert len(projects(run)) == 2


def test_a_data_package_is_written_into_a_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(json.dumps(PERU))
    run("import", "articles.jsonl")
    assert run("projects", "export", "--format", "datapackage")[0] == 2
    assert run("projects", "export", "--format", "datapackage", "--out", "data-of-peru")[0] == 0
    assert {file.name for file in (tmp_path / "data-of-peru").iterdir()} == {
        "projects.csv",
        "facts.csv",
        "datapackage.json",
    }
    assert "<iati-activities" in run("projects", "export", "--format", "iati")[1]


def activity(iati_id: str, title: str, *further: str) -> str:
    return (
        f"<iati-activity default-currency='USD'><iati-identifier>{iati_id}</iati-identifier>"
        f"<title><narrative>{title}</narrative></title>{''.join(further)}</iati-activity>"
    )


def activities(*each: str) -> str:
    return f"<?xml version='1.0'?>\n<iati-activities version='2.03'>\n{chr(10).join(each)}\n</iati-activities>\n"


BURUNDI_ACTIVITY = (
    "<description><narrative>Counter-trafficking in Burundi, with the Government of Burundi.</narrative></description>",
    "<participating-org role='1'><narrative>Kingdom of the Netherlands</narrative></participating-org>",
    "<participating-org role='4'><narrative>International Organization for Migration</narrative></participating-org>",
    "<activity-date type='2' iso-date='2019-03-01'/><activity-date type='3' iso-date='2022-02-28'/>",
    "<recipient-country code='BI'/>",
    "<transaction><transaction-type code='11'/><value value-date='2019-03-01'>3000000</value></transaction>",
)


@pytest.fixture
def burundi(run: Run, tmp_path: Path) -> str:
    (tmp_path / "articles.jsonl").write_text(f"{json.dumps(BURUNDI)}\n{json.dumps(PERU)}\n")
    assert run("import", "articles.jsonl")[0] == 0
    return str(projects(run)[0]["id"])


def test_an_activity_gives_its_identifier_to_the_project_that_it_is(run: Run, tmp_path: Path, burundi: str) -> None:
    file = tmp_path / "publisher.xml"
    water = activity("XM-DAC-7-PPR-9", "Rural water supply", "<recipient-country code='VN'/>")
    same = activity("XM-DAC-47066-CT.1", "Burundi Counter-Trafficking 2019-2022", *BURUNDI_ACTIVITY)
    file.write_text(activities(water, same))
    code, out, _ = run("import", "publisher.xml")
    assert code == 0
    assert f"publisher.xml:4: XM-DAC-47066-CT.1 is {burundi}, which now has this identifier (" in out
    assert "2 activities read: 1 now known by their identifiers, 1 of no project in the register." in out
    assert [one["iati_id"] for one in projects(run)] == ["XM-DAC-47066-CT.1", None]
    assert "1 known before, 1 of no project in the register" in run("import", "publisher.xml")[1]
    file.write_text(activities(same.replace("CT.1", "CT.2")))
    code, out, _ = run("import", "publisher.xml")
    assert (code, f"{burundi}, which keeps its identifier XM-DAC-47066-CT.1" in out) == (1, True)


def test_an_identifier_that_was_given_can_be_undone(run: Run, tmp_path: Path, burundi: str) -> None:
    same = activity("XM-DAC-47066-CT.1", "Burundi Counter-Trafficking 2019-2022", *BURUNDI_ACTIVITY)
    (tmp_path / "publisher.xml").write_text(activities(same))
    run("import", "publisher.xml")
    [decided] = json.loads(run("undo", "--json")[1])
    assert decided["about"] == f"{burundi} iati_id"
    assert "publisher.xml:3" in decided["why"]
    assert run("undo", str(decided["id"]))[0] == 0
    assert projects(run)[0]["iati_id"] is None


@pytest.mark.parametrize(("content", "said"), [("<a>", "not XML"), ("<a/>", "no IATI activities"), ("", "not XML")])
def test_a_file_that_holds_no_activities_is_refused(run: Run, tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "publisher.xml").write_text(content)
    code, _, err = run("import", "publisher.xml")
    assert (code, said in err) == (2, True)


def test_a_file_of_another_kind_is_refused_in_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "register.xlsx").write_bytes(b"PK\x03\x04\n\n\xff\n" * 20)
    code, out, err = run("import", "register.xlsx")
    assert (code, out, err.count("\n")) == (2, "", 2)
    assert "register.xlsx: files that end in .xlsx cannot be imported" in err


def test_what_may_be_the_same_comes_with_the_whole_command_that_says_so(run: Run, tmp_path: Path, burundi: str) -> None:
    further = [
        one.replace("Kingdom of the Netherlands", "Japan").replace("2022-02", "2023-02") for one in BURUNDI_ACTIVITY
    ]
    (tmp_path / "publisher.xml").write_text(activities(activity("XM-DAC-1-X", "Support to survivors", *further[1:])))
    out = run("import", "publisher.xml")[1]
    assert f"may be {burundi}; if it is: tipwatch projects fix {burundi} iati_id XM-DAC-1-X (" in out


def test_an_export_into_an_xml_file_is_iati(run: Run, tmp_path: Path, burundi: str) -> None:
    code, _, err = run("projects", "export", "--out", "register.xml")
    assert (code, burundi in (tmp_path / "register.xml").read_text()) == (0, True)
    assert "2 projects exported." in err


def test_our_own_export_gives_no_identifiers(run: Run, burundi: str) -> None:
    run("projects", "export", "--out", "register.xml")
    code, out, _ = run("import", "register.xml")
    assert (code, out) == (0, "2 activities read: 2 without a publisher's identifier.\n")
    assert [one["iati_id"] for one in projects(run)] == [None, None]


def test_an_archive_whose_record_is_none_is_refused(run: Run) -> None:
    Path("crawl.warc").write_bytes(b"WARC/1.0\r\nbroken")
    code, _, err = run("import", "crawl.warc")
    assert code == 2
    assert "crawl.warc: record 1: it has no type" in err
