"""The lexicon files of the judgement, and what their phrases match."""

from __future__ import annotations

import pytest

from classifier.concepts import (
    CONCEPTS,
    FALSE_FRIENDS,
    ConceptLexicon,
    LexiconError,
    known_languages,
    load_concepts,
    parse_concepts,
)
from classifier.features import TAGS, read_text
from classifier.relevance import glance, glance_names

LANGUAGES = ("ar", "de", "en", "es", "fr", "id", "it", "nl", "pt", "ro", "ru", "tr", "uk")


def lexicon_of(**phrases: list[str]) -> ConceptLexicon:
    return ConceptLexicon("en", {concept: phrases.get(concept, []) for concept in CONCEPTS})


def tags_in(text: str, lexicon: ConceptLexicon | None) -> set[str]:
    return {TAGS[hit.tag] for hit in read_text("", text, lexicon).hits}


def test_thirteen_languages_have_a_lexicon() -> None:
    assert known_languages() == LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_file_holds_every_concept(lang: str) -> None:
    lexicon = load_concepts(lang)
    assert lexicon is not None
    assert all(phrases for _, phrases in lexicon.sections), "an empty section says nothing"


def test_an_unknown_language_has_none() -> None:
    assert load_concepts("xx") is None


@pytest.mark.parametrize(
    ("phrase", "text", "is_there"),
    [
        ("shelter", "The Shelter opened", True),
        ("shelter", "Shelters opened", False),
        ("shelter*", "Shelters opened", True),
        ("*house", "a safehouse", True),
        ("safe house|home", "a safe home", True),
        ("safe house", "a safe big house", False),
        ("safe ~ house", "a safe, big, old house", True),
        ("safe ~ house", "safe in a very big old house", False),
        ("safe house", "It is safe. House prices rise.", False),
        ("cafe", "the café", True),
        ("=café", "the cafe", False),
        ("=café", "the CAFÉ", True),
    ],
)
def test_phrases_match_as_the_format_says(phrase: str, text: str, is_there: bool) -> None:
    assert ("service" in tags_in(text, lexicon_of(service=[phrase]))) is is_there


@pytest.mark.parametrize(
    ("lang", "harmless", "meant"),
    [
        ("fr", "Un projet débute en Côte d'Ivoire.", "Du trafic d'ivoire."),
        ("es", "Un proyecto empieza en Costa de Marfil.", "El tráfico de marfil."),
        ("pt", "Um projeto começa na Costa do Marfim.", "O tráfico de marfim."),
        ("en", "The UN Office on Drugs and Crime leads the project.", "Police seized drugs."),
        ("fr", "L'Office des Nations unies contre la drogue et le crime (ONUDC).", "La police saisit de la drogue."),
        ("en", "The Rotary Club and other non-profit groups.", "The club sold its striker."),
        ("uk", "Голова громади подякував.", "Забив гол у матчі."),
        ("ar", "ساعدت المنظمة الضحايا عن طريق المشروع.", "ازدحام على طريق المطار."),
    ],
)
def test_words_of_names_and_phrases_are_no_false_friends(lang: str, harmless: str, meant: str) -> None:
    friends = set(FALSE_FRIENDS)
    assert tags_in(harmless, load_concepts(lang)).isdisjoint(friends)
    assert not tags_in(meant, load_concepts(lang)).isdisjoint(friends)


def test_a_first_look_counts_no_false_friend_that_is_not_meant() -> None:
    count = [f"count:{name}" for name in FALSE_FRIENDS]
    seen = glance("Projet contre la traite en Côte d'Ivoire", "Avec l'ONUDC, en Côte d'Ivoire.", "fr")
    assert seen is not None
    assert all(seen[glance_names().index(name)] == 0 for name in count)
    seen = glance("", "Du trafic d'ivoire.", "fr")
    assert seen is not None
    assert seen[glance_names().index("count:goods")] > 0


def test_arabic_prefixes_do_not_hide_a_word() -> None:
    assert "project" in tags_in("وأعلنت الوزارة عن المشروع وبالمشروع", load_concepts("ar"))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "victims of human trafficking"),
        ("fr", "la lutte contre la traite des êtres humains"),
        ("es", "víctimas de trata de personas"),
        ("pt", "combate ao tráfico de seres humanos"),
        ("it", "vittime della tratta di esseri umani"),
        ("de", "Opfer von Menschenhandel"),
        ("nl", "slachtoffers van mensenhandel"),
        ("ro", "victimele traficului de persoane"),
        ("ru", "жертвы торговли людьми"),
        ("uk", "постраждалі від торгівлі людьми"),
        ("tr", "insan ticareti mağdurları"),
        ("id", "korban perdagangan orang"),
        ("ar", "ضحايا الاتجار بالبشر"),
    ],
)
def test_each_language_knows_the_subject(lang: str, text: str) -> None:
    assert "tip" in tags_in(text, load_concepts(lang))


@pytest.mark.parametrize(
    ("lang", "text"),
    [("fr", "le traité de commerce"), ("fr", "il traite ses employés mal"), ("en", "traffic on the bridge")],
)
def test_look_alikes_are_not_the_subject(lang: str, text: str) -> None:
    assert not tags_in(text, load_concepts(lang)) & {"tip", "tip_weak"}


def test_figures_are_told_apart_without_a_lexicon() -> None:
    assert tags_in("They trained 300 people in 2019 for €4", None) == {"number", "year", "money"}


def test_a_file_that_is_no_yaml_is_named_with_the_line() -> None:
    with pytest.raises(LexiconError, match=r"concepts/en\.yaml:3"):
        parse_concepts("en", "tip: [a]\ntip_weak: [b\nplight: c]: [\n")


def test_a_phrase_that_is_no_text_is_named_with_file_and_line() -> None:
    text = "".join(f"{concept}: [word]\n" for concept in CONCEPTS).replace("plight: [word]", "plight: [word, 24]")
    line = 1 + CONCEPTS.index("plight")
    with pytest.raises(LexiconError, match=rf"concepts/en\.yaml:{line}: plight: 24 is no phrase"):
        parse_concepts("en", text)


def test_a_missing_section_is_named() -> None:
    with pytest.raises(LexiconError, match="sections missing or unknown: tip_weak"):
        parse_concepts("en", "".join(f"{concept}: [word]\n" for concept in CONCEPTS if concept != "tip_weak"))


@pytest.mark.parametrize(
    ("lang", "word", "concept"),
    [
        ("en", "March", "event"),  # the month, no walk
        ("en", "investigators", "fund"),
        ("en", "dialogue", "line"),
        ("ar", "وزارة", "running"),  # a ministry, no visit
        ("ar", "سياسة", "will"),  # policy, nothing that will be
        ("ar", "الاجتماعي", "event"),  # social, no meeting
        ("ar", "طالبي", "urge"),  # seekers (of asylum), no demand
        ("ar", "فرق", "tip_weak"),  # teams, no slavery
        ("es", "donde", "handover"),
        ("es", "son", "story"),
        ("it", "donne", "handover"),
        ("pt", "reunião", "court"),
        ("de", "fördert", "urge"),
        ("fr", "marché", "event"),
        ("uk", "Данія", "document"),  # Denmark, no data
        ("tr", "verilecek", "document"),  # will be given, no data
        ("en", "Costa", "fund"),  # Rica, no costs
        ("es", "Salvador", "rescue"),
        ("es", "abril", "launch"),
        ("es", "donde", "fund"),
        ("pt", "crianças", "launch"),
        ("pt", "crime", "launch"),
        ("pt", "investigação", "fund"),  # no investment
        ("pt", "relatório", "story"),  # a report, nobody's tale
        ("it", "particolare", "launch"),
        ("fr", "acteurs", "culture"),  # those who act, on no stage
        ("fr", "Libéria", "rescue"),
        ("de", "verlangt", "phase"),  # demands, prolongs nothing
        ("ro", "primăria", "new"),  # a town hall, no first one
        ("ru", "работа", "plight"),  # work, no slavery
        ("tr", "kurtarıldı", "launch"),  # rescued
        ("ar", "ممثلون", "culture"),  # who stands for somebody
    ],
)
def test_words_that_only_begin_like_a_telling_one_tell_nothing(lang: str, word: str, concept: str) -> None:
    lexicon = load_concepts(lang)
    assert lexicon is not None
    assert CONCEPTS.index(concept) not in lexicon.word(word).concepts


@pytest.mark.parametrize(
    ("text", "is_law"),
    [
        ("Eight groups funded to act on forced labour", False),
        ("Companies must act now", False),
        ("The Trafficking in Persons Act was amended", True),
        ("The Modern Slavery Act", True),
        ("The Act requires companies to report", True),
    ],
)
def test_to_act_is_no_law_and_an_act_is_one(text: str, is_law: bool) -> None:
    assert ("law" in tags_in(text, load_concepts("en"))) is is_law


@pytest.mark.parametrize(
    ("lang", "text", "concept"),
    [
        ("en", "Officers of law enforcement agencies", "law"),
        ("en", "A fund to end modern slavery", "ended"),
        ("en", "The charity will run a shelter", "campaign"),
        ("en", "They were promised a good job", "call"),
        ("en", "Pupils will learn how to spot it", "event"),
        ("en", "The steering committee met", "law"),
        ("en", "It would help", "will"),
        ("en", "It trains officers", "road"),
        ("en", "The signs of trafficking", "sign"),
        ("es", "El proyecto que atiende a víctimas", "opinion"),
        ("es", "La puesta en marcha del refugio", "event"),
        ("es", "Las ONG suman fuerzas", "ended"),
        ("pt", "Actua como parceiro", "opinion"),
        ("it", "Lavora come partner", "opinion"),
        ("fr", "Le comité de pilotage", "law"),
        ("fr", "Un réseau d'associations", "police"),
        ("pt", "Uma rede de abrigos", "police"),
        ("es", "La comisión abrirá un refugio", "law"),
        ("uk", "Відкрили притулок", "migration"),  # a shelter, no asylum
        ("id", "Kini korban mendapat bantuan", "inception"),
    ],
)
def test_a_word_of_two_senses_does_not_tell_the_rarer_one(lang: str, text: str, concept: str) -> None:
    assert concept not in tags_in(text, load_concepts(lang))


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Parliament adopted a law", "law"),
        ("The project came to an end", "ended"),
        ("A charity run for survivors", "campaign"),
        ("Ghana signs a memorandum", "sign"),
    ],
)
def test_a_word_of_two_senses_tells_the_one_its_neighbours_show(text: str, concept: str) -> None:
    assert concept in tags_in(text, load_concepts("en"))
