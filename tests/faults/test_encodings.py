"""Texts whose bytes are not what their label says: read as they were written, with no replacement mark in them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Route

pytestmark = pytest.mark.slow

FRENCH = "Le gouvernement lance un projet contre la traite des êtres humains, « Été sûr »"
ARABIC = "الحكومة تطلق مشروعا جديدا لمكافحة الاتجار بالبشر"
RUSSIAN = "Правительство начинает новый проект против торговли людьми"
JAPANESE = "政府は人身取引対策の新しいプロジェクトを開始した"
KOREAN = "정부가 인신매매 방지 프로젝트를 시작했다"
CHINESE = "政府启动打击人口贩运的新项目"
THAI = "รัฐบาลเริ่มโครงการใหม่ต่อต้านการค้ามนุษย์"
TURKISH = "Hükümet insan ticaretine karşı yeni proje başlattı"
EMOJI = "Safe harbour 🕊️ opens 👩‍👩‍👧 home"


def written(title: str, encoding: str, declared: str, header: str | None = None) -> Case:
    """A feed and its page in `encoding`, declared as `declared` inside and as `header` by the server."""

    def serve(place: Place) -> Mapping[str, Route]:
        charset = f"; charset={header}" if header else ""
        document = rss(
            item(1, title=title, link=place.url("/page/1"), description=f"{title}."),
            head=f'<?xml version="1.0" encoding="{declared}"?>',
        )
        page = f"<html><head><meta charset='{declared}'><title>{title}</title></head><body><article><h1>{title}</h1>"
        page += f"<p>{(title + '. ') * 12}</p>" * 3
        return {
            "/feed": Answer(body=document.encode(encoding), headers={"Content-Type": f"application/rss+xml{charset}"}),
            "/page/1": Answer(body=page.encode(encoding), headers={"Content-Type": f"text/html{charset}"}),
        }

    return Case(serve, title)


# The source's name: a text, the encoding of its bytes, the encoding declared in it, that of the header.
CASES: dict[str, Case] = {
    "bytes-as-declared": written(FRENCH, "utf-8", "utf-8", "utf-8"),
    "bytes-1252-as-utf-8": written(FRENCH, "cp1252", "utf-8", "utf-8"),
    "bytes-1252-as-latin-1": written(FRENCH, "cp1252", "iso-8859-1"),
    "bytes-utf-8-as-latin-1": written(FRENCH, "utf-8", "iso-8859-1", "iso-8859-1"),
    "bytes-latin-1-as-utf-8": written(FRENCH.replace("« Été sûr »", "Été sûr"), "iso-8859-1", "utf-8"),
    "bytes-1256": written(ARABIC, "cp1256", "windows-1256"),
    "bytes-1256-as-utf-8": written(ARABIC, "cp1256", "utf-8", "utf-8"),
    "bytes-utf-8-as-1256": written(ARABIC, "utf-8", "windows-1256"),
    "bytes-utf-16": written(ARABIC, "utf-16", "utf-16"),
    "bytes-utf-16-no-mark": written(RUSSIAN, "utf-16-le", "utf-16"),
    "bytes-1251-as-utf-8": written(RUSSIAN, "cp1251", "utf-8", "utf-8"),
    "bytes-koi8": written(RUSSIAN, "koi8-r", "koi8-r"),
    "bytes-shift-jis": written(JAPANESE, "shift_jis", "shift_jis"),
    "bytes-euc-kr": written(KOREAN, "euc-kr", "euc-kr"),
    "bytes-gb18030": written(CHINESE, "gb18030", "gb2312"),
    "bytes-gbk-as-utf-8": written(CHINESE, "gbk", "utf-8", "utf-8"),
    "bytes-iso-2022-jp": written(JAPANESE, "iso2022_jp", "iso-2022-jp"),
    "bytes-thai": written(THAI, "cp874", "windows-874"),
    "bytes-turkish": written(TURKISH, "cp1254", "iso-8859-9"),
    "bytes-utf-32": written(FRENCH, "utf-32", "utf-32"),
    "bytes-utf-16-be-no-mark": written(FRENCH, "utf-16-be", "utf-16"),
    "bytes-latin-9": written("Un projet à 5 € contre la traite", "iso8859-15", "iso-8859-15"),
    "bytes-macintosh": written(FRENCH, "mac_roman", "macintosh"),
    "bytes-emoji": written(EMOJI, "utf-8", "utf-8"),
    "bytes-unknown-label": written(FRENCH, "utf-8", "no-such-encoding", "nor-this"),
    "bytes-harmful-label": written(FRENCH, "utf-8", "rot13", "unicode_escape"),
    "bytes-undefined-label": written(FRENCH, "cp1252", "undefined", "undefined"),
    "bytes-name-label": written(FRENCH, "cp1252", "punycode", "idna"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_text_is_as_it_was_written(crawled: Crawled, name: str) -> None:
    left = crawled.left[name]
    assert crawled.health(name).error_kind is None
    assert left.titles == [CASES[name].expected]
    assert left.article.title == CASES[name].expected
    assert "\ufffd" not in f"{left.article.title}{left.article.text}{left.entries[0].summary}"
