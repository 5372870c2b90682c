"""What tells the entries of a feed apart, and which of them have a page of their own."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from storage.articles.made_address import is_made
from tests.support.feeds import URL, item, only, read, rss


def test_without_guid_the_link_identifies_and_without_both_the_content() -> None:
    feed = read(rss(item(1, guid=""), item(2, guid="", link=""), item(3, guid="", link="", title="")))
    first, second, third = feed.entries
    assert first.identity == "https://herald.example/news/1"
    assert second.identity.startswith("content:")
    assert third.identity.startswith("content:")
    assert third.title == "Summary 3."
    assert "without a page of their own" in (feed.note or "")


def test_one_guid_for_all_entries_identifies_none_of_them() -> None:
    feed = read(rss(*(item(number, guid="same") for number in (1, 2, 3))))
    assert {entry.identity for entry in feed.entries} == {f"https://herald.example/news/{n}" for n in (1, 2, 3)}


FRONT = "https://herald.example/"


def as_rss(*links: str) -> str:
    return rss(*(item(n, link=link, guid=f"id-{n}") for n, link in enumerate(links)))


def as_damaged_rss(*links: str) -> str:
    return as_rss(*links).replace("<channel>", "<channel><br>")


def as_atom(*links: str) -> str:
    entries = "".join(
        f"<entry><id>{n}</id><title>Headline {n}</title><summary>Summary {n}.</summary><link href='{link}'/></entry>"
        for n, link in enumerate(links)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{entries}</feed>"


def as_json_feed(*links: str) -> str:
    items = [
        {"id": f"id-{n}", "url": link, "title": f"Headline {n}", "content_text": f"Summary {n}."}
        for n, link in enumerate(links)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items})


@pytest.mark.parametrize("kind", [as_rss, as_damaged_rss, as_atom, as_json_feed])
@pytest.mark.parametrize(
    "links",
    [
        ("", ""),
        ("mailto:a@b.example", "javascript:void(0)"),
        (FRONT, FRONT),
        (f"{FRONT}live", "http://herald.example/live"),
        (f"{FRONT}news#one", f"{FRONT}news#two"),
        (f"{FRONT}#!/news/1", f"{FRONT}#!/news/2"),
        (URL, f"{URL}#2"),
    ],
    ids=["none", "refused", "all-the-same", "scheme-apart", "fragment-apart", "hashbang-apart", "the-feed-itself"],
)
def test_an_entry_without_a_page_of_its_own_is_an_article_of_its_own(
    kind: Callable[..., str], links: tuple[str, str]
) -> None:
    feed = read(kind(*links))
    assert [entry.title for entry in feed.entries] == ["Headline 0", "Headline 1"]
    assert len({entry.canonical_url for entry in feed.entries}) == 2
    assert all(is_made(entry.canonical_url) for entry in feed.entries)
    assert [entry.url for entry in feed.entries] == [link if link.startswith("http") else URL for link in links]
    assert "2 entries without a page of their own" in (feed.note or "")


def test_the_sites_own_address_is_no_entrys_page() -> None:
    channel = f"<title>Herald</title><link>{FRONT}</link>"
    entry = only(read(rss(item(1, link="https://herald.example", guid=""), channel=channel)))
    assert is_made(entry.canonical_url)
    later = only(read(rss(item(2, link="https://herald.example", guid=""), channel=channel)))
    assert later.identity != entry.identity


def test_one_link_on_entries_that_say_the_same_leads_to_their_page() -> None:
    same = {"title": "Story", "description": "Text.", "link": f"{FRONT}story"}
    feed = read(rss(item(1, **same), item(2, **same)))
    assert {entry.canonical_url for entry in feed.entries} == {f"{FRONT}story"}


def test_a_guid_that_is_an_address_is_a_link() -> None:
    feed = read(rss(*(item(n, link="") for n in range(3))))
    assert {entry.url for entry in feed.entries} == {f"https://herald.example/?p={n}" for n in range(3)}
    assert not any(is_made(entry.canonical_url) for entry in feed.entries)


def test_two_feeds_of_one_site_do_not_share_the_addresses_of_their_entries() -> None:
    bodies = [rss(item(n, guid="1", link=""), channel="<title>T</title>") for n in (1, 2)]
    addresses = {only(read(body, url=f"{URL}{n}")).canonical_url for n, body in enumerate(bodies)}
    assert len(addresses) == 2


def test_one_guid_link_and_title_for_all_entries_falls_back_to_the_content() -> None:
    same = {"guid": "same", "link": "https://herald.example/", "title": "News"}
    feed = read(rss(*(item(number, **same) for number in (1, 2, 3))))
    assert len({entry.identity for entry in feed.entries}) == 3
    assert all(entry.identity.startswith("content:") for entry in feed.entries)


def test_an_entry_that_stands_twice_is_one() -> None:
    feed = read(rss(item(1), item(1), item(2)))
    assert [entry.title for entry in feed.entries] == ["Headline 1", "Headline 2"]
    assert "appear in it twice" in (feed.note or "")


def test_a_long_identity_is_shortened_the_same_way_every_time() -> None:
    first, second = (only(read(rss(item(1, guid="x" * 5_000)))).identity for _ in range(2))
    assert first == second
    assert len(first) <= 200


def test_an_empty_entry_is_left_out_and_the_rest_survives() -> None:
    feed = read(rss("<item></item>", item(1), '<item><guid isPermaLink="false">only-a-guid</guid></item>'))
    assert [entry.title for entry in feed.entries] == ["Headline 1"]
    assert "left out" in (feed.note or "")


def test_entries_without_link_get_addresses_that_keep_them_apart() -> None:
    feed = read(rss(item(1, link="", guid="a"), item(2, link="", guid="b")))
    urls = {entry.canonical_url for entry in feed.entries}
    assert len(urls) == 2
    assert all(entry.host == "herald.example" for entry in feed.entries)


def test_a_guid_is_the_same_in_a_damaged_feed() -> None:
    guids = [{entry.identity for entry in read(kind("", FRONT)).entries} for kind in (as_rss, as_damaged_rss)]
    assert guids == [{"id-0", "id-1"}] * 2
