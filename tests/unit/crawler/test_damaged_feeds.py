"""What is no feed is named; of a damaged one the sound part survives, its text as it was written."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.feeds.parse import parse_feed
from storage.records import ENDS_EARLY
from tests.support.feeds import RSS_091, SEEN_AT, URL, item, only, read, rss

# --- what is no feed -------------------------------------------------------------------------------------------------

CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
SITE = "<html><head><title>A site</title></head><body>" + "<p>News and more news.</p>" * 60 + "</body></html>"
CONSENT = (
    "<html><head><title>Herald</title></head><body><p>We use cookies. Before you continue to Herald, accept all cookies"
    "</p></body></html>"
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]><rss><channel><title>&lol9;</title></channel></rss>"
)
EXTERNAL = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (SITE, "not-a-feed", "A site"),
        (CHALLENGE, "blocked", "proof of a human reader"),
        (CONSENT, "blocked", "consent wall"),
        (BOMB, "entities", "entities"),
        (EXTERNAL, "entities", "entities"),
        (EXTERNAL.encode("utf-16"), "entities", "entities"),
        ("<urlset xmlns='x'><url><loc>https://a.example</loc></url></urlset>", "not-a-feed", "kind: sitemap"),
        ("<opml version='1.0'><body/></opml>", "not-a-feed", "OPML"),
        ("{}", "not-a-feed", "JSON"),
        ('{"items": [1, 2', "malformed", "JSON"),
        ("[" * 100_000, "malformed", "JSON"),
        ('{"items": ' + "9" * 10_000 + "}", "not-a-feed", "JSON"),
        ("just words", "not-a-feed", "just words"),
        ("<a>" * 200_000, "malformed", "nested"),
        ("   \n", "empty", "empty"),
        (b"\x00\x01\x02\xff\xfe", "not-a-feed", ""),
        ("\x1b[31mred", "malformed", ""),
    ],
)
def test_what_is_no_feed_is_named(body: str | bytes, kind: str, words: str) -> None:
    with pytest.raises(FeedError) as error:
        read(body, "text/xml")
    assert error.value.kind == kind
    assert words in error.value.text
    assert error.value.text.isprintable()


def test_a_quoted_entity_declaration_in_an_article_is_no_attack() -> None:
    entry = only(read(rss(item(1, description="<![CDATA[how to write <!ENTITY x 'y'> in XML]]>"))))
    assert "how to write" in entry.summary


def test_an_external_document_type_is_not_fetched() -> None:
    # the address would be refused by the closed network with an error; nothing is raised, so nothing was asked
    assert only(read(RSS_091.replace("my.netscape.com", "127.0.0.1:1"))).title == "Still here"


def test_a_body_that_is_the_path_of_a_file_is_not_opened() -> None:
    with pytest.raises(FeedError) as error:
        read("/etc/passwd")
    assert error.value.kind == "not-a-feed"


# --- damage ----------------------------------------------------------------------------------------------------------

WHOLE = rss(*(item(number) for number in range(1, 31)))


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (WHOLE[: len(WHOLE) * 2 // 3], 20),
        (WHOLE.replace("Headline 3<", "Headline&nbsp;3<"), 30),
        (WHOLE.replace("Headline 3<", "Headline A&B 3<"), 30),
        ("\n\n  " + WHOLE, 30),
        (WHOLE.replace("Headline 3<", "Headline \x0b 3<"), 30),
        (WHOLE.replace("<title>Headline 3<", "<media:title>x</media:title><title>Headline 3<"), 30),
        (WHOLE.replace("Summary 3.", "Summary<br>3."), 30),
        (WHOLE + "trailing rubbish", 30),
    ],
)
def test_a_damaged_feed_still_gives_its_entries(body: str, count: int) -> None:
    feed = read(body)
    assert len(feed.entries) == count
    assert len({entry.identity for entry in feed.entries}) == count


@pytest.mark.parametrize(
    ("body", "is_in_part"),
    [
        (WHOLE[: len(WHOLE) * 2 // 3], True),
        (WHOLE[: WHOLE.rindex("</")], True),
        (WHOLE.replace("Headline 3<", "Headline&nbsp;3<"), False),
        (WHOLE + "trailing rubbish", False),
        (WHOLE + "</body></html>", False),
        ("<br />\n<b>Warning</b>: no database\n" + WHOLE, False),
        (WHOLE, False),
    ],
)
def test_a_feed_that_ends_in_the_middle_is_told_from_one_that_is_damaged(body: str, is_in_part: bool) -> None:
    assert (ENDS_EARLY in (read(body).note or "")) is is_in_part


# --- encodings -------------------------------------------------------------------------------------------------------

FRENCH = "Un projet signé à Paris « contre la traite » – coût élevé"
ARABIC = "أعلنت المنظمة الدولية للهجرة عن مشروع جديد لمكافحة الاتجار بالبشر"


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "header"),
    [
        (FRENCH, "utf-8", "utf-8", "utf-8"),
        (FRENCH, "cp1252", "utf-8", ""),
        (FRENCH, "cp1252", "iso-8859-1", ""),
        (FRENCH, "utf-8", "iso-8859-1", "iso-8859-1"),
        (FRENCH, "utf-8", "utf-8", "iso-8859-1"),
        (FRENCH, "cp1252", "utf-8", "utf-8"),
        (ARABIC, "cp1256", "windows-1256", ""),
        (ARABIC, "cp1256", "windows-1256", "iso-8859-1"),
        (ARABIC, "cp1256", "utf-8", "utf-8"),
        (ARABIC, "utf-8", "windows-1256", ""),
        (ARABIC, "utf-16", "utf-16", ""),
        (ARABIC, "utf-16-le", "utf-16", ""),
        (ARABIC, "utf-16-be", "utf-16", ""),
        ("Полиция объявила о новом проекте", "cp1251", "windows-1251", ""),
        ("Полиция объявила о новом проекте", "koi8-r", "koi8-r", ""),
        ("Полиция объявила о новом проекте против торговли людьми", "cp1251", "utf-8", "utf-8"),
        ("人身取引対策の新しいプロジェクト", "shift_jis", "Shift_JIS", ""),
        ("人身取引対策の新しいプロジェクト", "iso2022_jp", "ISO-2022-JP", ""),
        ("反对人口贩运的新项目", "gb18030", "gb2312", ""),
    ],
)
def test_the_text_is_right_whatever_the_label_says(text: str, encoding: str, declared: str, header: str) -> None:
    body = rss(item(1, title=text), head=f'<?xml version="1.0" encoding="{declared}"?>').encode(encoding, "replace")
    feed = read(body, f"text/xml; charset={header}" if header else "text/xml")
    assert only(feed).title == text


def test_stray_bytes_in_utf8_leave_no_replacement_characters() -> None:
    body = rss(item(1, title=FRENCH), item(2, title="STRAY")).encode().replace(b"STRAY", b"l\x92accord")
    titles = [entry.title for entry in read(body, "text/xml; charset=utf-8").entries]
    assert titles == [FRENCH, "l’accord"]


# --- whatever comes --------------------------------------------------------------------------------------------------


def test_a_document_crosses_to_a_worker_process_and_what_is_read_of_it_or_its_error_back() -> None:
    good, bad = (FetchedDocument(body.encode(), "", URL, SEEN_AT) for body in (rss(item(1)), CHALLENGE))
    assert only(pickle.loads(pickle.dumps(parse_feed(pickle.loads(pickle.dumps(good)))))).title == "Headline 1"
    with pytest.raises(FeedError) as raised:
        parse_feed(bad)
    error = pickle.loads(pickle.dumps(raised.value))
    assert (error.kind, error.text) == ("blocked", raised.value.text)


PIECES = st.sampled_from(
    [
        *("<rss>", "</rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "<guid>", "<entry>"),
        *(
            "&amp;",
            "&x;",
            "<![CDATA[",
            "]]>",
            "<!--",
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "https://a.example/",
        ),
        *("\ud7ff", "é", "\0", "{", '"items":'),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_no_document_raises_anything_but_a_named_error(text: str, encoding: str) -> None:
    check(text.encode(encoding, "replace"))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_named_error(body: bytes) -> None:
    check(body)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_to_a_feed_raises_anything_but_a_named_error(data: st.DataObject) -> None:
    body = bytearray(rss(item(1), item(2)).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    check(bytes(body))


def check(body: bytes, **fields: Any) -> None:
    result: ParsedFeed | FeedError
    try:
        result = parse_feed(FetchedDocument(body, "text/xml", URL, SEEN_AT, **fields))
    except FeedError as error:
        result = error
    if isinstance(result, FeedError):
        assert result.text.isprintable()
        return
    for entry in result.entries:
        assert entry.url.startswith(("http://", "https://"))
        assert entry.title.isprintable()
        assert "\0" not in entry.summary + entry.identity + entry.url
        assert 0 < len(entry.identity) <= 200
        (entry.title + entry.summary + entry.identity + entry.canonical_url + entry.url).encode()
