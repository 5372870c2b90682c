"""What the phrase around a candidate for a project's name says of it: that something is part of it, or is called so.

In: the tokens of a sentence and a candidate's place. Out: named features. Pure.
"""

from __future__ import annotations

from classifier.entities.name_words import currency_words, load_name_words
from classifier.extraction.context import Context
from classifier.text.parsed_text import Sentence

_MARKS = frozenset("\"'«»“”„’‘")


def setting_features(sentence: Sentence, first: int, last: int, context: Context) -> list[str]:
    """Features of a candidate's place in its sentence."""
    features = _within(sentence, first, context)
    if _is_called_so(sentence, last, context):
        features.append("called-so")
    return features


def _within(sentence: Sentence, first: int, context: Context) -> list[str]:
    """Whether something is part of a candidate, or paid under it: grants are given under a donor's programme."""
    cues = context.cues(sentence)
    if not any("parent" in cue.value and 0 <= first - cue.last <= _ARTICLE_AND_MARK for cue in cues):
        return []
    money = currency_words()
    has_sum = any(token.text in "$€£" or token.folded in money for token in sentence.tokens[:first])
    has_funds = any("funds" in cue.value or "receives" in cue.value for cue in cues)
    return ["within", *(["within&sum"] if has_sum else []), *(["within&funds"] if has_funds else [])]


_ARTICLE_AND_MARK = 3  # tokens between the cue and a name: an article, a word for it, a quotation mark


def _is_called_so(sentence: Sentence, last: int, context: Context) -> bool:
    """Whether words between commas say that something is called so: `AMANI, as the programme is called, …`."""
    tokens = sentence.tokens
    comma = last + 1 if last < len(tokens) and tokens[last].text in _MARKS else last
    if (
        comma + 2 >= len(tokens)
        or tokens[comma].text != ","
        or tokens[comma + 1].folded not in load_name_words().as_words
    ):
        return False
    end = next((at for at in range(comma + 1, min(comma + _LONGEST_ASIDE, len(tokens))) if tokens[at].text in ",.;"), 0)
    return any("named" in cue.value and comma < cue.first and cue.last <= end for cue in context.cues(sentence))


_LONGEST_ASIDE = 12  # tokens between the commas
