"""Lists of feeds from other readers come in, and ours go out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.registry import parse_source
from tipwatch.config.opml import OutlineFeed, new_sources, read_opml, write_opml
from tipwatch.errors import BadInput

NESTED = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>x</title></head><body>
<outline text="Donors"><outline text="UN" ><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/></outline>
<outline text="B" XMLURL=" https://b.example/feed
 "/></outline>
<outline xmlUrl="https://c.example/feed" category="/news/un,press" language="fr-FR"/>
<outline text="A again" xmlUrl="https://a.example/feed"/>
<outline text="empty folder"/>
</body></opml>"""


def test_folders_and_categories_become_tags_and_each_address_comes_once() -> None:
    assert read_opml(NESTED, "x.opml") == [
        OutlineFeed("https://a.example/feed", "A & B", ("Donors", "UN"), "https://a.example/"),
        OutlineFeed("https://b.example/feed", "B", ("Donors",)),
        OutlineFeed("https://c.example/feed", "", ("news/un", "press"), "", "fr-FR"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not XML"),
        (b"<opml", "not XML"),
        (b"<rss/>", "not OPML"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body>&a;</body></opml>', "declares XML entities"),
        (
            b'<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/hostname">]><opml><body>&a;</body></opml>',
            "declares XML entities",
        ),
        (b"<opml>" + b"<outline text='a'>" * 60 + b"</outline>" * 60 + b"</opml>", "more than 50 deep"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_list_of_feeds_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_opml(content, "x.opml")


feeds = st.builds(
    OutlineFeed,
    url=st.integers(0, 10_000).map(lambda n: f"https://example.org/feed?n={n}&x=<>"),
    name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
    tags=st.lists(
        st.text("abc é&<", min_size=1, max_size=8).filter(lambda t: t.strip() == t and "  " not in t),
        max_size=3,
        unique=True,
    ).map(tuple),
)


@given(st.lists(feeds, unique_by=lambda feed: feed.url, max_size=5))
def test_what_is_written_reads_back(written: list[OutlineFeed]) -> None:
    assert read_opml(write_opml(written, "a & b").encode(), "x.opml") == written


def test_only_feeds_not_watched_yet_become_sources_with_names_of_their_own() -> None:
    watched = [parse_source({"url": "https://a.example/feed/", "name": "B"})]
    fresh, refused = new_sources(
        [
            OutlineFeed("http://www.a.example/feed", "A"),
            OutlineFeed("https://b.example/feed", "B", ("x",)),
            OutlineFeed("ftp://c.example/feed", "C"),
            OutlineFeed("https://d.example/feed", ""),
        ],
        watched,
        extra_tags=["imported"],
    )
    assert fresh == [
        {"url": "https://b.example/feed", "name": "B 2", "tags": ["x", "imported"]},
        {"url": "https://d.example/feed", "tags": ["imported"]},
    ]
    assert [url for url, _ in refused] == ["ftp://c.example/feed"]


def test_a_file_name_is_told_in_errors() -> None:
    with pytest.raises(BadInput, match=r"list\.opml:1:"):
        read_opml(b"<a", str(Path("list.opml")))
