"""What is ruled out at a glance, in any language."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judge import Judge
from classifier.model import Model
from classifier.prefilter.prefilter import Prefilter
from classifier.prefilter.terms import SubjectTerms, load_terms, read_terms

SENTENCES = {
    "en": "Police freed twelve victims of human trafficking.",
    "es": "La trata de personas no cesa en la frontera.",
    "pt": "Fiscais resgatam homens do TRABALHO ESCRAVO em fazenda.",
    "de": "Das Landeskriminalamt ermittelt wegen Menschenhandels.",
    "sv": "Polisen utreder människohandel i Malmö.",
    "pl": "Sąd skazał dwie osoby za handel ludźmi.",
    "fi": "Ihmiskaupan uhrien auttamisjärjestelmä kasvaa.",
    "hu": "Emberkereskedelem miatt emeltek vádat.",
    "cs": "Policie odhalila obchod s lidmi.",
    "el": "Νέα υπόθεση εμπορίας ανθρώπων στην Αθήνα.",
    "ru": "Суд вынес приговор за торговлю людьми.",
    "uk": "Протидія торгівлі людьми стала темою зустрічі.",
    "tr": "İnsan ticareti davasında karar çıktı.",
    "ar": "ناقش المجلس مكافحة الاتّجار بالأشخاص أمس.",
    "fa": "قاچاق انسان موضوع نشست بود.",
    "th": "ตำรวจจับกุมขบวนการค้ามนุษย์ที่ระนอง",
    "zh": "警方破获一宗人口贩卖案件",
    "ja": "人身取引の被害者を支援する",
    "ko": "경찰이 인신매매 조직을 검거했다",
    "hi": "पुलिस ने मानव तस्करी के गिरोह को पकड़ा।",
    "vi": "Công an triệt phá đường dây mua bán người.",
    "id": "Kasus perdagangan orang meningkat.",
    "sw": "Vita dhidi ya usafirishaji haramu wa binadamu.",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_set_term_is_found_in_each_language(lang: str) -> None:
    assert load_terms().count(SENTENCES[lang]) > 0


def test_terms_are_found_without_accents_in_capitals_and_across_lines() -> None:
    terms = SubjectTerms(["tráfico de pessoas", "människohand*", "*zwangsarbeit*"])
    assert terms.count("TRAFICO\nDE PESSOAS") == 1
    assert terms.count("manniskohandeln") == 1
    assert terms.count("Opfer von Zwangsarbeitern") == 1
    assert terms.count("tráfico de drogas e pessoas") == 0


@pytest.mark.parametrize(
    "text",
    [
        "A home for girls who got away from trafficking in children",
        "El convenio para frenar la trata de menores",
        "Un numero verde per fermare la tratta di donne",
    ],
)
def test_terms_name_whom_the_trade_is_in(text: str) -> None:
    assert load_terms().count(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The bakery won a prize.",
        "Drug trafficking at the port",
        "traffic jam",
        "ارتفاع الأسعار",
        "Se trata de menores de edad.",
        "Si tratta di donne di paese.",
    ],
)
def test_other_texts_have_no_term(text: str) -> None:
    assert load_terms().count(text) == 0


@given(text=st.text(st.characters(codec=None), max_size=400))
def test_terms_are_looked_for_in_any_text(text: str) -> None:
    assert load_terms().count(text) >= 0


def test_the_table_names_eighty_languages_and_a_source_for_each_term() -> None:
    terms = read_terms()
    assert len({term.lang for term in terms}) >= 80
    assert all(term.source and term.text == term.text.strip() for term in terms)
    assert len({(term.lang, term.text) for term in terms}) == len(terms)


def test_a_line_without_a_source_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "terms.tsv"
    file.write_text("lang\tterm\tsource\nen\thuman trafficking\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"terms\.tsv:2"):
        read_terms(file)


@pytest.fixture(scope="module")
def prefilter(judge: Judge) -> Prefilter:
    return Model.load().load_prefilter()


def test_an_article_between_menus_and_other_news_passes_as_it_does_alone(prefilter: Prefilter) -> None:
    article = "Three women who had been sold to a bar were brought home. " * 12
    others = "The football club signed a striker. Weather stays mild and dry. Share. Newsletter. " * 40
    alone = prefilter.score("Women brought home", article)
    assert prefilter.score("Women brought home", others + article + others) >= alone - 2


def test_weights_come_back_as_they_were_saved(prefilter: Prefilter, tmp_path: Path) -> None:
    prefilter.weights.save(tmp_path / "prefilter.npz")
    back = type(prefilter.weights).load(tmp_path / "prefilter.npz")
    assert (back.weights == prefilter.weights.weights).all()
    assert (back.constant, back.least_score) == (prefilter.weights.constant, prefilter.weights.least_score)
