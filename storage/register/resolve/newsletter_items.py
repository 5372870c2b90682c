"""Several pieces at one address: an imported newsletter's items are told apart by what they say.

Readings go in; they come out with `#2`, `#3`, … behind the address of every further piece. The crawl fetches an address
once, so only imports bring such pieces. A fragment is in no canonical URL otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from classifier.document import Verdict
from storage.database.statements import in_chunks
from storage.records import ArticleReading
from storage.register.compare.near_copy import estimate_similarity, read_signature, sign_text
from storage.tables.schema import article, signature

__all__ = ["settle_pieces"]

# Two texts under one address are one piece from this likeness.
SAME_PIECE = 0.3
MAX_PIECES = 50


def settle_pieces(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]]
) -> list[tuple[ArticleReading, Verdict]]:
    """Tells apart imported pieces that share an address (a newsletter's items): the second becomes `…#2`, and so on.

    The crawl fetches an address once, so only imports bring such pieces. A fragment is in no canonical URL otherwise.
    """
    imports = {reading.canonical_url for reading, _ in batch if reading.read_from == "import"}
    if not imports:
        return list(batch)
    known = _load_pieces(connection, imports)
    settled = []
    for reading, verdict in batch:
        number = 1
        if reading.read_from == "import":
            number = _piece_number(known.setdefault(reading.canonical_url, []), reading)
        url = reading.canonical_url if number == 1 else f"{reading.canonical_url}#{number}"
        settled.append((replace(reading, canonical_url=url), verdict))
    return settled


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    title: str
    minhash: bytes


def _load_pieces(connection: Connection, urls: Collection[str]) -> dict[str, list[_Piece]]:
    found: dict[str, list[_Piece]] = {}
    asked = select(article.c.canonical_url, article.c.title, signature.c.minhash).outerjoin(
        signature, signature.c.article_id == article.c.id
    )
    for chunk in in_chunks(sorted(urls)):
        rows = connection.execute(asked.where(article.c.canonical_url.in_(chunk))).all()
        for url, title, minhash in rows:
            found[url] = [_Piece(1, title, minhash or b"")]
        if rows:
            further = [f"{row.canonical_url}#{number}" for row in rows for number in range(2, MAX_PIECES + 1)]
            for part in in_chunks(further):
                for url, title, minhash in connection.execute(asked.where(article.c.canonical_url.in_(part))):
                    base, _, number = url.rpartition("#")
                    found[base].append(_Piece(int(number), title, minhash or b""))
    return found


def _piece_number(pieces: list[_Piece], reading: ArticleReading) -> int:
    signed = sign_text(f"{reading.title}\n{reading.text}")
    for piece in pieces:
        is_alike = (
            bool(piece.minhash)
            and signed is not None
            and estimate_similarity(read_signature(piece.minhash), signed) >= SAME_PIECE
        )
        if piece.title == reading.title or is_alike or len(pieces) >= MAX_PIECES:
            return piece.number
    number = max((piece.number for piece in pieces), default=0) + 1
    pieces.append(_Piece(number, reading.title, b"" if signed is None else signed.tobytes()))
    return number
