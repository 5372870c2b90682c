"""The words the judgement knows, one file a language: `en.yaml` and its sisters.

What enters: a YAML file that maps each concept (`tip`, `launch`, `police`, ...) to a list of phrases. What leaves: a
`ConceptLexicon` that tells for a word of a text which concepts it carries by itself and which phrases it begins. What
it promises: the same concepts in every language, so that what the model learns of one language holds for all.

A phrase is a row of words. `word` is that word, `stem*` any word that begins so, `*ending` any word that ends so,
`a|b` either, and `~` stands for up to three words of any kind. Case, accents and vowel marks do not count, but those of
`=word` must be as given (French `=traite` is trafficking, `traité` is a treaty or treated). A line may be added or
taken out with a text editor; `tipwatch train` then lets the model weigh it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TypeVar

import yaml

from classifier.remembered import Remembered

__all__ = [
    "CONCEPTS",
    "FALSE_FRIENDS",
    "GAP_WORDS",
    "NOT_MEANT",
    "UNKNOWN",
    "ConceptLexicon",
    "LexiconError",
    "Phrase",
    "Word",
    "known_languages",
    "load_concepts",
    "normalise",
    "parse_concepts",
]

CONCEPTS: tuple[str, ...] = (
    # what trafficking in persons is, and what is often taken for it
    "tip",
    "tip_weak",
    "plight",
    "drugs",
    "goods",
    "road",
    "smuggling",
    "history",
    "culture",
    "not_meant",
    "migration",
    "violence",
    # what a new project is
    "project",
    "service",
    "launch",
    "fund",
    "sign",
    "new",
    "will",
    "span",
    # what is news of another kind
    "running",
    "ended",
    "event",
    "campaign",
    "document",
    "police",
    "court",
    "rescue",
    "call",
    "opinion",
    "output",
    # how the news is told
    "inception",
    "phase",
    "grant",
    "purpose",
    "carried",
    "line",
    "under",
    "since",
    "law",
    "person",
    "equipment",
    "handover",
    "raise",
    "story",
    "urge",
    # who acts
    "org",
    "donor",
    # parts of sums and times
    "million",
    "currency",
    "year_unit",
    "day_unit",
    "number_word",
)
"""Every lexicon file holds exactly these sections."""

FALSE_FRIENDS: tuple[str, ...] = ("drugs", "goods", "road", "smuggling", "history", "culture")
"""What is most often taken for trafficking in persons."""

NOT_MEANT = "not_meant"
"""The section of phrases whose words are no false friends though they look so: Côte d'Ivoire is no ivory, the Office on
Drugs and Crime no drugs."""

GAP_WORDS = 3
"""How many words `~` may stand for: enough for "trafficking in women and girls", too few to cross a clause."""

_WORDS_KEPT = 60_000
"""Words remembered by a lexicon: some megabytes, and more different words than a day's news holds."""

_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "ولل", "لل", "ال", "و", "ب", "ل", "ف", "ك")
"""Article, prepositions and conjunctions that Arabic writes onto the word, longest first."""


class LexiconError(ValueError):
    """A lexicon file cannot be used; `concept` and `phrase` (its number) say where, as far as that is known."""

    def __init__(self, message: str, concept: str | None = None, phrase: int | None = None) -> None:
        super().__init__(message)
        self.concept = concept
        self.phrase = phrase


def normalise(word: str) -> str:
    """A word without case, accents, vowel marks and letter variants, so that it can be compared."""
    if word.isascii():
        return word.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return plain.replace("ı", "i").replace("ى", "ي").replace("ة", "ه").replace("ـ", "")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A concept's phrase of two words or more: `items` are the atoms of its further words, None a gap."""

    concept: int
    items: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """What a lexicon knows of one word: concepts it carries alone, phrases it begins, atoms it satisfies.

    `followed` are the phrases by the atom that must come next, `gapped` by the one that must come within a gap: nearly
    all are ruled out by one look at the next words (`leads_to` are the atoms of `followed`). `is_number` tells figures
    and words for numbers.
    """

    concepts: tuple[int, ...]
    phrases: tuple[Phrase, ...]
    atoms: frozenset[int]
    followed: Mapping[int, tuple[Phrase, ...]] = field(default_factory=dict)
    gapped: Mapping[int, tuple[Phrase, ...]] = field(default_factory=dict)
    is_number: bool = False
    is_silent: bool = field(init=False)
    leads_to: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Most words say nothing by themselves; a reader of sentences passes over them at one look."""
        object.__setattr__(self, "is_silent", not (self.concepts or self.phrases or self.is_number))
        object.__setattr__(self, "leads_to", frozenset(self.followed))


UNKNOWN = Word((), (), frozenset())
_FIGURE = Word((), (), frozenset(), is_number=True)
"""What most words and figures are to a lexicon; one of each for all of them."""


class ConceptLexicon:
    """The compiled lexicon of one language.

    Args:
        lang: ISO 639-1 code.
        sections: concept to phrases, as the YAML file has them.
        concepts: the sections there must be; a word's concepts are numbered in this order.

    Raises:
        LexiconError: a section is missing or unknown, or a phrase is empty or no text.
    """

    def __init__(self, lang: str, sections: object, concepts: Sequence[str] = CONCEPTS) -> None:
        self.lang = lang
        self._concepts = tuple(concepts)
        # Tuples take a quarter of the memory of sets, of which there would be twenty thousand in every process.
        self._accented: dict[str, tuple[int, ...]] = {}
        self._exact: dict[str, tuple[int, ...]] = {}
        self._stems: dict[str, tuple[int, ...]] = {}
        self._endings: dict[str, tuple[int, ...]] = {}
        self._atoms: dict[str, int] = {}
        self._single: dict[int, tuple[int, ...]] = {}
        self._begun: dict[int, list[Phrase]] = defaultdict(list)
        self._sections = self._checked(sections)
        for concept, phrases in self._sections:
            for phrase in phrases:
                self._add(self._concepts.index(concept), phrase)
        self._stem_lengths = sorted({len(s) for s in self._stems})
        self._ending_lengths = sorted({len(s) for s in self._endings})
        self.word = Remembered(self._word, _WORDS_KEPT).__getitem__

    def only(self, concepts: Sequence[str]) -> ConceptLexicon:
        """A smaller lexicon of some of the concepts, numbered in the order given."""
        return ConceptLexicon(self.lang, {c: p for c, p in self._sections if c in concepts}, concepts)

    @property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each concept and its phrases, as the file has them."""
        return tuple((concept, tuple(phrases)) for concept, phrases in self._sections)

    def _checked(self, sections: object) -> list[tuple[str, list[str]]]:
        if not isinstance(sections, dict) or set(sections) != set(self._concepts):
            named = set(sections) if isinstance(sections, dict) else set()
            wrong = sorted(map(str, named ^ set(self._concepts)))
            raise LexiconError(f"sections missing or unknown: {', '.join(wrong)}")
        for concept, phrases in sections.items():
            if not isinstance(phrases, list):
                raise LexiconError(f"{concept}: not a list of phrases", concept)
            for at, phrase in enumerate(phrases):
                if not isinstance(phrase, str) or not phrase.strip(" ~*|="):
                    hint = "(put it in quotation marks)"
                    raise LexiconError(f"{concept}: {phrase!r} is no phrase {hint}", concept, at)
        return list(sections.items())

    def _atom(self, item: str) -> int:
        atom = self._atoms.get(item)
        if atom is None:
            atom = self._atoms[item] = len(self._atoms)
            for word in item.split("|"):
                if word.startswith("="):
                    _put(self._accented, word[1:].casefold(), atom)
                elif word.startswith("*"):
                    _put(self._endings, normalise(word[1:]), atom)
                elif word.endswith("*"):
                    _put(self._stems, normalise(word[:-1]), atom)
                else:
                    _put(self._exact, normalise(word), atom)
        return atom

    def _add(self, concept: int, phrase: str) -> None:
        first, *rest = phrase.split()
        atom = self._atom(first)
        if rest:
            self._begun[atom].append(Phrase(concept, tuple(None if item == "~" else self._atom(item) for item in rest)))
        else:
            _put(self._single, atom, concept)

    def _word(self, word: str) -> Word:
        """What is known of a word as it stands in the text; remembered as `word`."""
        atoms = set(self._accented.get(unicodedata.normalize("NFC", word.casefold()), ()))
        for form in self._forms(normalise(word)):
            atoms.update(self._exact.get(form, ()))
            for length in self._stem_lengths:
                if length > len(form):
                    break
                atoms.update(self._stems.get(form[:length], ()))
            for length in self._ending_lengths:
                if length < len(form):
                    atoms.update(self._endings.get(form[-length:], ()))
        is_figure = word[0].isdigit()
        if not atoms:
            return _FIGURE if is_figure else UNKNOWN
        phrases = tuple(dict.fromkeys(p for a in sorted(atoms) for p in self._begun.get(a, ())))
        concepts = tuple(sorted({c for a in atoms for c in self._single.get(a, ())}))
        return Word(
            concepts=concepts,
            phrases=phrases,
            atoms=frozenset(atoms),
            followed=_by_atom((p.items[0], p) for p in phrases),
            gapped=_by_atom((p.items[1], p) for p in phrases if p.items[0] is None),
            is_number=is_figure or any(self._concepts[c] == "number_word" for c in concepts),
        )

    def _forms(self, word: str) -> list[str]:
        if self.lang != "ar":
            return [word]
        return [word, *(word[len(p) :] for p in _ARABIC_PREFIXES if word.startswith(p) and len(word) - len(p) >= 2)]


_Key = TypeVar("_Key", str, int)


def _put(table: dict[_Key, tuple[int, ...]], key: _Key, number: int) -> None:
    known: tuple[int, ...] = table.get(key, ())
    if number not in known:
        table[key] = (*known, number)


def _by_atom(phrases: Iterable[tuple[int | None, Phrase]]) -> dict[int, tuple[Phrase, ...]]:
    found: dict[int, tuple[Phrase, ...]] = {}
    for atom, phrase in phrases:
        if atom is not None:
            found[atom] = (*found.get(atom, ()), phrase)
    return found


@cache
def known_languages() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages with a lexicon, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


@cache
def load_concepts(lang: str) -> ConceptLexicon | None:
    """The lexicon of a language, read once a process; None where there is none.

    Raises:
        LexiconError: the file is no YAML or misses sections.
    """
    if lang not in known_languages():
        return None
    return parse_concepts(lang, resources.files(__name__).joinpath(f"{lang}.yaml").read_text(encoding="utf-8"))


def parse_concepts(lang: str, text: str) -> ConceptLexicon:
    """The lexicon that a file's text describes.

    Raises:
        LexiconError: the text is no YAML or breaks the format; the message names file and, where there is one, line.
    """
    try:
        return ConceptLexicon(lang, yaml.load(text, _LOADER))  # noqa: S506  (both are safe loaders)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"concepts/{lang}.yaml" + (f":{mark.line + 1}" if mark else "")
        raise LexiconError(f"{place}: {getattr(error, 'problem', None) or error}") from error
    except LexiconError as error:
        line = _line_of(text, error)
        place = f"concepts/{lang}.yaml" + (f":{line}" if line else "")
        raise LexiconError(f"{place}: {error}", error.concept, error.phrase) from error


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml is ten times as fast, and not in every build."""


def _line_of(text: str, error: LexiconError) -> int | None:
    """The line that an error is about, counted from 1; the text is read again, since plain data have no lines."""
    root = yaml.compose(text, _LOADER)
    assert root is not None, "what has a wrong section has sections"
    for key, value in root.value if error.concept else ():
        if key.value == error.concept:
            node = key if error.phrase is None else value.value[error.phrase]
            return int(node.start_mark.line) + 1
    return None
