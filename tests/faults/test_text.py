"""Text is stored and judged in one form, however it was typed, and runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.normalisation import normalise_text
from crawler.pages.read import judge_passed, read
from crawler.pages.records import FetchedPage, PageReading, PassedPage
from storage.database.engine import Database
from storage.projects.export import export_projects
from storage.projects.listing import list_projects
from storage.records import EntrySeen
from tests.support.feeds import item, only, rss
from tests.support.feeds import read as read_feed
from tests.support.newsroom_pages import NOW, PARAGRAPHS, URL, WordJudge, newsroom_page, pending
from tests.support.register_world import launch, tell
from tipwatch.records import read_records

# As typed, and as stored.
FORMS = {
    "full-width": ("Ｎｅｗ ｐｒｏｊｅｃｔ： ＵＳＤ ５，０００，０００", "New project: USD 5,000,000"),
    "mathematical": ("𝐡𝐮𝐦𝐚𝐧 𝓽𝓻𝓪𝓯𝓯𝓲𝓬𝓴𝓲𝓷𝓰 𝟮𝟬𝟮𝟲", "human trafficking 2026"),
    "in circles": ("Ⓗⓤⓜⓐⓝ trafficking", "Human trafficking"),
    "ligatures": ("Traﬃcking oﬃce ﬁned", "Trafficking office fined"),
    "Arabic as shaped": ("ﻣﻜﺎﻓﺤﺔ ﺍﻻﺗﺠﺎﺭ ﺑﺎﻟﺒﺸﺮ", "مكافحة الاتجار بالبشر"),
    "half-width": ("ﾊﾞﾝｺｸ で ﾌﾟﾛｼﾞｪｸﾄ", "バンコク で プロジェクト"),
    "radicals": ("⼈⾝取引", "人身取引"),
    "Roman figures": ("Phase Ⅱ begins", "Phase II begins"),
    "joined Latin": ("Traf\u200dfick\u200cing", "Trafficking"),
    "joined Cyrillic": ("Торгов\u200dля людь\u200cми", "Торговля людьми"),
    "parted by nothing": ("Traf\u200bfick\u2060ing \u202eof\u202c wo\u00admen\u3164", "Trafficking of women"),
    "tags": ("Safe\U000e0041\U000e0042 house", "Safe house"),
}
# What is as its writer wants it.
KEPT = {
    "Persian": "پروژه‌ای برای مبارزه می‌شود",
    "Persian and Latin": "فایل PDF‌ها",
    "Devanagari": "क्‍ष और र्‍य",
    "Sinhala": "ශ්‍රී ලංකාව",
    "emoji": "Family 👩‍👩‍👧 and 🏳️‍🌈",
    "marks of Japanese": "約５,000人（うち女性）、支援：国連｜報告。".replace("５", "5"),
    "signs": "m² 1º ½ ™ № … ⓒ 2026",
    "Thai and Armenian": "น้ำ և",
    "accents": "Curaçao – l’Œuvre, Łódź",
}


def entry_titled(title: str) -> EntrySeen:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J"}
    entry = {"id": "1", "url": URL, "title": title, "content_text": f"First.\n\n{title}"}
    return only(read_feed(json.dumps(feed | {"items": [entry]}), "application/json"))


def page_that_says(text: str) -> tuple[PageReading, WordJudge]:
    judge = WordJudge()
    html = newsroom_page(title=f"Human trafficking: {text}", paragraphs=(f"{PARAGRAPHS[0]} {text}", *PARAGRAPHS[1:]))
    raw = FetchedPage(
        pending(title="Human trafficking"), URL, html.encode(), NOW, content_type="text/html; charset=utf-8"
    )
    found = read(raw, judge)
    assert isinstance(found, PassedPage)
    return judge_passed(found, judge), judge


@pytest.mark.parametrize("name", sorted(FORMS))
def test_what_stands_for_plain_letters_is_stored_and_judged_as_them(name: str, tmp_path: Path) -> None:
    typed, plain = FORMS[name]
    entry = entry_titled(typed)
    assert (entry.title, entry.summary) == (plain, f"First.\n\n{plain}")
    page, judge = page_that_says(typed)
    assert page.reading.title == f"Human trafficking: {plain}"
    assert page.reading.text.startswith(f"{PARAGRAPHS[0]} {plain}\n")
    assert (judge.judged[0].title, judge.judged[0].text) == (page.reading.title, page.reading.text)
    file = tmp_path / "article.txt"
    file.write_text(f"{typed}\n{typed}\n")
    (record,) = read_records(file, io.BytesIO())
    assert (record.document.title, record.document.text) == (plain, plain)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_what_a_script_needs_stays(name: str) -> None:
    text = KEPT[name]
    assert normalise_text(text) == text
    assert entry_titled(text).title == text
    assert page_that_says(text)[0].reading.title == f"Human trafficking: {text}"


CONTROLS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cc" and chr(code) != "\n"]


@pytest.mark.parametrize("character", CONTROLS, ids=ascii)
def test_control_characters_leave_stored_text(character: str) -> None:
    entry = entry_titled(f"Shelter{character}opened")
    assert entry.title in ("Shelter opened", "Shelteropened")
    assert character not in entry.summary
    page, _ = page_that_says(f"Shelter{character}opened, with {character}.")
    assert character not in page.reading.title + page.reading.text + (page.reading.outlet or "")


@given(st.text())
def test_any_text_is_normalised_once_for_all_and_holds_nothing_that_paints(text: str) -> None:
    normal = normalise_text(text)
    assert normalise_text(normal) == normal
    assert not {unicodedata.category(character) for character in normal if character != "\n"} & {"Cc", "Cs", "Co"}
    normal.encode()


FORMULAS = [f"{sign}SUM(1)" for sign in "=＝﹦＋－﹣＠"] + [f"{before}＝SUM(1)" for before in " \t\n\u200b\u3000\ufeff"]


@pytest.mark.parametrize("formula", FORMULAS, ids=ascii)
def test_a_cell_that_a_spreadsheet_would_run_is_text_however_its_sign_is_typed(tmp_path: Path, formula: str) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'tipwatch.sqlite3'}") as database:
        tell(database, launch(title=formula, stated={"name": formula}))
        with database.reading() as connection:
            table = export_projects(list_projects(connection), "csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert cells.count(f"'{formula}") == 2


def test_a_feed_whose_title_is_full_width_is_no_longer_another_headline() -> None:
    plain, wide = (
        only(read_feed(rss(item(1, title=title)))) for title in ("Safe House opens", "Ｓａｆｅ Ｈｏｕｓｅ ｏｐｅｎｓ")
    )
    assert plain.title == wide.title
