"""The encoder reads any text, knows where it read what, and says of each part what it adds."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.document import ROLE_LETTERS, TOPICS
from classifier.encoder.encoder import Encoder
from classifier.encoder.files import WORDS_FILE, load_words, pack_words, take_words, unpack_words
from classifier.encoder.passage import MOST_PIECES, encode_passage
from classifier.encoder.scores import RecordScores, read_scores, write_scores
from classifier.judge import Judge
from classifier.model import MODEL_FOLDER
from classifier.schema import KINDS
from tests.support.judged_articles import NEW_PROJECT, TRIAL

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)


@pytest.fixture(scope="module")
def encoder(judge: Judge) -> Encoder:
    return judge.load_encoder()


@given(text=ANY_TEXT)
@settings(max_examples=200)
def test_pieces_lie_in_order_within_the_text(encoder: Encoder, text: str) -> None:
    found = encoder.pieces.encode(text)
    assert len(found.ids) == len(encoder.pieces.encode_ids(text))
    assert (found.starts <= found.ends).all()
    assert (np.diff(found.starts) >= 0).all()
    assert not len(found.ids) or (found.starts[0] >= 0 and found.ends[-1] <= len(text))


@pytest.mark.parametrize(
    "text", ["The U.S. “TIP Office”", "ﬁne Ｆｕｌｌ", "人身売買 مكافحة الاتجار", "Ž\u030cÅ ngström"]
)
def test_pieces_together_cover_all_words(encoder: Encoder, text: str) -> None:
    found = encoder.pieces.encode(text)
    covered = {at for a, b in zip(found.starts, found.ends, strict=True) for at in range(a, b)}
    assert {at for at, sign in enumerate(text) if sign.isalnum()} <= covered


def test_a_passage_knows_which_pieces_a_span_is(encoder: Encoder) -> None:
    title, text = "Shelter opens", "Caritas runs it in Kyiv."
    passage = encode_passage(title, text, encoder.pieces)
    joined = f"{title}\n{text}"
    at = joined.index("Caritas")
    (first, after), nothing = passage.pieces_of([(at, at + 7), (5_000, 5_010)])
    assert joined[passage.starts[first] : passage.ends[after - 1]].strip() == "Caritas"
    assert nothing[0] == nothing[1]


@given(title=ANY_TEXT, text=ANY_TEXT, cut=st.integers(0, 400), length=st.integers(0, 50))
@settings(max_examples=100)
def test_any_span_of_any_document_is_looked_for(encoder: Encoder, title: str, text: str, cut: int, length: int) -> None:
    passage = encode_passage(title, text, encoder.pieces)
    ((first, after),) = passage.pieces_of([(cut, cut + length)])
    assert 0 <= first <= after <= len(passage.ids)


def test_a_long_text_is_read_as_far_as_a_passage_goes(encoder: Encoder) -> None:
    reading = encoder.read("Title", "A sentence about trafficking in persons. " * 500)
    assert len(reading.passage.ids) == MOST_PIECES
    far = reading.score_candidates([[(15_000, 15_010)], [(0, 5)]])
    assert far.shape == (2, len(KINDS))
    assert np.isnan(far[0]).all()
    assert not np.isnan(far[1]).any()


def test_there_is_a_score_for_every_topic_role_and_kind(encoder: Encoder) -> None:
    reading = encoder.read(NEW_PROJECT.title, NEW_PROJECT.text)
    assert (reading.verdicts.shape, reading.topics.shape) == ((2,), (len(TOPICS),))
    roles = reading.score_sentences([(0, 20), (9_000, 9_001)])
    assert roles.shape == (2, len(ROLE_LETTERS))
    assert roles.sum(1) == pytest.approx([1, 0])
    assert reading.score_candidates([]).shape == (0, len(KINDS))


@pytest.mark.parametrize("article", [NEW_PROJECT, TRIAL], ids=["project", "trial"])
def test_the_parts_of_a_text_add_up_to_its_score_but_for_the_first_piece(encoder: Encoder, article: object) -> None:
    """The heads are linear: what the pieces add, what the first one adds by itself, and the constants are the score."""
    reading = encoder.read(article.title, article.text)  # type: ignore[attr-defined]
    heads, width = encoder.heads, 384
    whole = len(article.title) + 1 + len(article.text)  # type: ignore[attr-defined]
    ((first, after),) = reading.passage.pieces_of([(0, whole)])
    of_text = reading.share_of([(0, whole)])[0]
    first_piece = heads["verdict_head.weight"][:, 3 * width : 4 * width] @ reading.pooled[3 * width : 4 * width]
    rest = reading.verdicts - heads["verdict_head.bias"] - first_piece - of_text
    marks = 1 - (after - first) / len(reading.passage.ids)
    assert np.abs(rest).max() < 1 + 10 * marks  # what the prefix and the marks add


@given(
    rows=st.lists(st.lists(st.floats(-4, 4, width=32), min_size=64, max_size=64), min_size=1, max_size=4),
)
def test_embeddings_come_back_from_four_bits_within_a_step(rows: list[list[float]]) -> None:
    table = np.array(rows, np.float32)
    back = unpack_words(pack_words(table))
    step = np.abs(table.reshape(len(rows), -1, 32)).max(-1, keepdims=True) / 8
    assert (np.abs(back - table).reshape(step.shape[0], step.shape[1], 32) <= step * 1.02 + 1e-4).all()
    assert unpack_words(pack_words(back)) == pytest.approx(back, abs=1e-6)


def test_a_table_of_scores_comes_back_as_it_was_written(tmp_path) -> None:  # type: ignore[no-untyped-def]
    row = np.arange(len(KINDS), dtype=np.float32)
    scores = {
        "b": RecordScores(np.array([1, -2], np.float32), np.zeros(len(TOPICS), np.float32), {((1, 5), (7, 9)): row}),
        "a": RecordScores(np.array([0, 4], np.float32), np.ones(len(TOPICS), np.float32), {}),
    }
    write_scores(tmp_path / "scores.npz", scores)
    back = read_scores(tmp_path / "scores.npz")
    assert list(back) == ["a", "b"]
    found = back["b"].score_candidates([[(1, 5), (7, 9)], [(1, 5)]])
    assert (found[0] == row).all()
    assert np.isnan(found[1]).all()
    assert back["a"].score_candidates([]).shape == (0, len(KINDS))
    assert read_scores(tmp_path / "none.npz") == {}


def test_rows_of_the_table_are_looked_up_without_keeping_its_file_in_memory() -> None:
    table = load_words(MODEL_FOLDER / "encoder" / WORDS_FILE)
    rows = np.arange(0, len(table), 50, dtype=np.int32)  # some on every page
    before = file_bytes()
    found = take_words(table, rows)
    assert (found == unpack_words(np.array(table[rows]))).all()
    take_words(table, rows)
    assert file_bytes() - before < table.nbytes / 4


def file_bytes() -> int:
    """Of this process's memory, what are pages of files."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[2]) * resource.getpagesize()
