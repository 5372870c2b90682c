"""What is read in languages without a lexicon: sums, times and countries by CLDR's words, names by the encoder."""

from __future__ import annotations

import pytest

from classifier.document import Document
from classifier.encoder.tags import NAME, ORGANISATION, TaggedSpan
from classifier.entities.countries import find_countries
from classifier.entities.organisations import find_organisations
from classifier.entities.tagged_names import tagged_places
from classifier.extraction.context import Context
from classifier.extraction.names.candidates import find_names
from classifier.languages import load_countries, load_lexicon
from classifier.text.parsed_text import parse_text
from classifier.text.sentences import split_sentences
from classifier.text.tokens import tokenise
from tests.support.fact_reading import countries_in, sums_in, times_in


@pytest.mark.parametrize(
    ("lang", "text", "amount", "currency"),
    [
        ("sv", "Myndigheten får 12,5 miljoner kronor i Sverige.", 12.5e6, "SEK"),
        ("da", "Puljen er på 30 mio. kr.", 30e6, "DKK"),
        ("no", "Departementet gir 4 millioner kroner.", 4e6, "NOK"),
        ("fi", "Hanke saa 1,2 miljoonaa euroa.", 1.2e6, "EUR"),
        ("cs", "Kraj dá 2,4 milionu korun.", 2.4e6, "CZK"),
        ("hu", "A program 850 millió forintból indul.", 850e6, "HUF"),
        ("el", "Το έργο έχει προϋπολογισμό 900.000 ευρώ.", 900_000, "EUR"),
        ("bg", "Общината отпуска 300 хил. лева.", 300_000, "BGN"),
        ("th", "งบประมาณ 5 ล้านบาท", 5e6, "THB"),
        ("vi", "Dự án có kinh phí 3,5 tỷ đồng.", 3.5e9, "VND"),
        ("ja", "予算は2億5000万円です。", 250e6, "JPY"),
        ("zh", "项目资金为1.2亿元。", 120e6, "CNY"),
        ("ko", "예산은 12억 원이다.", 1.2e9, "KRW"),
        ("hi", "सरकार ने 2 करोड़ रुपये दिए।", 20e6, "INR"),
        ("bn", "সরকার ৫ কোটি টাকা দেবে।", 50e6, "BDT"),
        ("he", "המשרד הקצה 4 מיליון שקל.", 4e6, "ILS"),
        ("sw", "Mradi utagharimu dola milioni 2.", 2e6, "USD"),
    ],
)
def test_a_sum_is_read_with_its_multiplier_and_currency(lang: str, text: str, amount: float, currency: str) -> None:
    assert sums_in(text, lang) == [(amount, currency)]


@pytest.mark.parametrize(
    ("lang", "text", "months"),
    [
        ("sv", "Satsningen pågår i tre år.", 36),
        ("fi", "Kolmivuotinen hanke alkaa.", 36),
        ("cs", "Projekt potrvá 18 měsíců.", 18),
        ("hu", "A hároméves program indul.", 36),
        ("el", "Διετές πρόγραμμα ξεκινά.", 24),
        ("th", "ระยะเวลา 3 ปี", 36),
        ("ja", "期間は18か月です。", 18),
        ("ko", "사업은 3년간 진행된다.", 36),
        ("hi", "यह परियोजना तीन वर्ष चलेगी।", 36),
        ("sw", "Mradi wa miaka mitatu.", 36),
    ],
)
def test_a_length_is_read_in_digits_and_in_words(lang: str, text: str, months: int) -> None:
    assert [length.months for length in times_in(text, lang).lengths] == [months]


@pytest.mark.parametrize(
    ("lang", "text", "date"),
    [
        ("sv", "Den 1 september 2026 börjar arbetet.", "2026-09-01"),
        ("fi", "Hanke alkaa tammikuussa. Se päättyy 31. joulukuuta 2027.", "2027-12-31"),
        ("ja", "2026年4月1日に始まる。", "2026-04-01"),
        ("ko", "2026년 4월에 시작한다.", "2026-04"),
        ("zh", "项目将于2027年结束。", "2027"),
        ("th", "เริ่ม 1 ตุลาคม 2569", "2026-10-01"),
        ("bn", "প্রকল্প ২০২৬ সালে শুরু হবে।", "2026"),
        ("hu", "A munka 2026. január 5-én indul.", "2026"),
    ],
)
def test_a_date_is_read_in_the_words_digits_and_calendar_of_the_language(lang: str, text: str, date: str) -> None:
    assert date in [moment.value for moment in times_in(text, lang).moments]


@pytest.mark.parametrize(
    ("lang", "text", "codes"),
    [
        ("sv", "Arbetet görs i Sverige och Thailand.", ["SE", "TH"]),
        ("fi", "Hanke toimii Virossa.", ["EE"]),
        ("cs", "Projekt běží na Slovensku a v Německu.", ["SK", "DE"]),
        ("ja", "日本とベトナムで行う。", ["JP", "VN"]),
        ("th", "โครงการในกัมพูชา", ["KH"]),
        ("el", "Δράσεις στην Ελλάδα.", ["GR"]),
    ],
)
def test_a_country_is_known_by_its_name_and_in_its_cases(lang: str, text: str, codes: list[str]) -> None:
    assert countries_in(text, lang) == codes


def test_a_language_that_nobody_knows_has_no_words() -> None:
    lexicon = load_lexicon("xx")
    assert not lexicon.is_known
    assert [lexicon.months, lexicon.multipliers, lexicon.currencies, load_countries("xx")] == [{}, {}, {}, {}]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("予算は円。次の文！終わり", ["予算は円。", "次の文！", "終わり"]),
        ("पहला वाक्य। दूसरा वाक्य।", ["पहला वाक्य।", "दूसरा वाक्य।"]),
        ("የመጀመሪያ። ሁለተኛ።", ["የመጀመሪያ።", "ሁለተኛ።"]),
    ],
)
def test_a_sentence_ends_at_the_stop_of_its_script(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text, "hi")] == sentences


def test_words_keep_the_vowels_and_joiners_of_their_script_and_letters_stand_alone_where_no_words_are_parted() -> None:
    assert [token.text for token in tokenise("करोड़ रुपये सه‌ساله".replace("स", ""))] == ["करोड़", "रुपये", "ه\u200cساله"]
    assert [token.text for token in tokenise("5 ล้านบาท")] == ["5", "ล้าน", "บ", "า", "ท"]


def span(text: str, part: str, kind: int) -> TaggedSpan:
    """What the encoder says of a part of a text that has no headline."""
    start = text.index(part) + 1
    return TaggedSpan(start, start + len(part), kind, 0.9)


TEXT = "มูลนิธิทางกลับบ้านเปิดโครงการแสงเหนือในกัมพูชา"


def test_a_body_that_only_the_encoder_finds_is_a_mention() -> None:
    reading = parse_text(Document("", TEXT, "th"), "th")
    tags = [span(TEXT, "มูลนิธิทางกลับบ้าน", ORGANISATION)]
    found = find_organisations(reading, find_countries(reading), (), tags)
    assert "มูลนิธิทางกลับบ้าน" in [mention.name for mention in found]


def test_a_name_that_only_the_encoder_finds_is_a_candidate() -> None:
    reading = parse_text(Document("", TEXT, "th"), "th")
    found = find_names(reading, Context(reading), [], [span(TEXT, "แสงเหนือ", NAME)])
    assert "แสงเหนือ" in [str(one.value) for one in found]


def test_where_rules_find_a_body_theirs_stands() -> None:
    text = "The International Organization for Migration (IOM) opened a shelter in Kigali."
    reading = parse_text(Document("", text, "en"), "en")
    tags = [span(text, "Organization for Migration (IOM)", ORGANISATION)]
    with_tags, without = (find_organisations(reading, find_countries(reading), (), some) for some in (tags, []))
    assert [mention.name for mention in with_tags] == [mention.name for mention in without]


def test_a_tagged_name_is_cut_of_the_signs_around_it_and_kept_to_one_sentence() -> None:
    text = "Nonprofit “Open Door”, it said. It works."
    reading = parse_text(Document("", text, "xx"), "xx")
    whole = TaggedSpan(text.index("“") + 1, text.index("it said") + 1, NAME, 0.9)
    across = TaggedSpan(text.index("said") + 1, len(text) + 1, NAME, 0.9)
    ((sentence, first, last),) = tagged_places(reading, [whole, across], NAME)
    assert reading.raw(sentence, first, last) == "Open Door"
