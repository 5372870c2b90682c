"""Fills a register to a size by copying in SQL what the register itself wrote: minutes for a million, not hours.

A database that holds a block of registered articles goes in; it comes out with so many copies of the block that it
holds the wanted number. Each copy is articles, stories and projects of its own: ids are moved on, addresses, public
ids, near-copy bands and the keys of names are made its own, while general keys (a body in a country, a word, a sum)
stay, so that the lists behind them grow as they would.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from storage.database.engine import Database
from storage.register.blocking.key_index import hash_key
from storage.register.blocking.keys import list_blocking_keys
from storage.register.compare.read_claims import read_claims
from storage.tables.schema import (
    BANDS,
    article,
    article_text,
    decision,
    match_key,
    project,
    project_relation,
    signature,
    story,
)

__all__ = ["copy_blocks", "fill"]

FILL_CACHE_KIB = 512 * 1024

# Bands and keys are 32-bit hashes; a block's own are XORed with its number times this, so those of two blocks meet by
# chance only.
STEP = 0x1234_5677
WIDEST = 0x7FFF_FFFF
MADE_OWN = "({0} | CAST(:step AS INTEGER)) - ({0} & CAST(:step AS INTEGER))"

OF_ARTICLE, OF_STORY, OF_PROJECT = "{} + :articles", "{} + :stories", "{} + :projects"
# In the order foreign keys ask for: which column of which table becomes what in a copy; the others stay as they are.
COPIED: tuple[tuple[Table, str, dict[str, str]], ...] = (
    (story, "id <= :stories_all", {"id": OF_STORY}),
    (project, "id <= :projects_all", {"id": OF_PROJECT, "public_id": "{} || :mark", "merged_into_id": OF_PROJECT}),
    (
        article,
        "id <= :articles_all",
        {
            "id": OF_ARTICLE,
            "canonical_url": "{} || :mark",
            "url": "{} || :mark",
            "copy_of_id": OF_ARTICLE,
            "project_id": OF_PROJECT,
            "story_id": OF_STORY,
        },
    ),
    (article_text, "article_id <= :articles_all", {"article_id": OF_ARTICLE}),
    (
        signature,
        "article_id <= :articles_all",
        {"article_id": OF_ARTICLE, **dict.fromkeys(BANDS, MADE_OWN)},
    ),
    (
        match_key,
        "(owner > 0 AND owner <= :projects_all) OR owner <= :stories_all - 2147483648",
        {
            "key": f"CASE WHEN {{0}} IN ({{names}}) THEN {MADE_OWN} ELSE {{0}} END",
            "owner": "{0} + CASE WHEN {0} < 0 THEN :stories ELSE :projects END",
        },
    ),
    (
        decision,
        "id <= :decisions_all",
        {"id": "{} + :decisions", "article_id": OF_ARTICLE, "project_id": OF_PROJECT},
    ),
    (
        project_relation,
        "project_id <= :projects_all AND other_id <= :projects_all",
        {"project_id": OF_PROJECT, "other_id": OF_PROJECT},
    ),
)
NAMES = {
    "sqlite": "SELECT value FROM json_each(:names)",
    "postgresql": "SELECT CAST(value AS INTEGER) FROM json_array_elements_text(CAST(:names AS JSON))",
}
WITH_IDS = {"articles": article, "stories": story, "projects": project, "decisions": decision}
# SQLite's index takes its words from the tables: it keeps none that could be copied.
SEARCHED = {
    "sqlite": (
        "INSERT INTO article_search (rowid, title, words) SELECT a.id, a.title, t.text FROM article AS a "
        "JOIN article_text AS t ON t.article_id = a.id WHERE a.id > :articles AND a.id <= :articles + :articles_all",
        "INSERT INTO project_search (rowid, title, words) SELECT id, title, title FROM project "
        "WHERE id > :projects AND id <= :projects + :projects_all",
    ),
    "postgresql": (
        "INSERT INTO article_search (id, words) SELECT id + :articles, words FROM article_search "
        "WHERE id <= :articles_all",
        "INSERT INTO project_search (id, words) SELECT id + :projects, words FROM project_search "
        "WHERE id <= :projects_all",
    ),
}


def fill(url: str, size: int) -> None:
    """Copies what is stored until at least `size` articles are, in a process of its own: its memory is not measured."""
    subprocess.run([sys.executable, "-m", "benchmarks.register_fill", url, str(size)], check=True)


def copy_blocks(database: Database, size: int) -> None:
    """What `fill` does, in this process."""
    with database.reading() as connection:
        block = {name: _highest(connection, table) for name, table in WITH_IDS.items()}
        hashes = json.dumps(sorted(_hash_names(connection)))
    count = -(-size // block["articles"]) - 1
    if database.dialect == "sqlite":
        _copy_in_file(database, block, count, hashes)
        return
    for number in range(1, count + 1):
        with database.writing() as connection:
            for statement in _statements("postgresql"):
                connection.execute(text(statement), _parameters(statement, block, number, hashes))
    with database.writing() as connection:
        for name, table in WITH_IDS.items():
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, {max(1, block[name] * (count + 1))})"))


def _copy_in_file(database: Database, block: dict[str, int], count: int, hashes: str) -> None:
    with database.raw() as connection:
        # nothing here must survive a power cut, and half a gigabyte of pages spares most of the walking of indexes
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA cache_size = -{FILL_CACHE_KIB}")
        for number in range(1, count + 1):
            connection.execute("BEGIN IMMEDIATE")
            for statement in _statements("sqlite"):
                connection.execute(statement, _parameters(statement, block, number, hashes))
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _highest(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())


def _hash_names(connection: Connection) -> set[int]:
    """The hashes of the keys that projects have by their names: a copy has names of its own."""
    asked = select(signature.c.claims, article).join(article).where(signature.c.claims.is_not(None))
    found: set[int] = set()
    for row in connection.execute(asked):
        one: Any = row
        claims = read_claims(one, one.claims, frozenset(), None)
        found.update(hash_key(key) for key in list_blocking_keys(claims) if key.startswith("n:"))
    return found


def _statements(dialect: str) -> Iterator[str]:
    for table, where, changed in COPIED:
        names = [column.name for column in table.columns]
        values = [changed[name].format(name, names=NAMES[dialect]) if name in changed else name for name in names]
        copies = f"SELECT {', '.join(values)} FROM {table.name} WHERE {where}"
        yield f"INSERT INTO {table.name} ({', '.join(names)}) {copies}"
    yield from SEARCHED[dialect]


def _parameters(statement: str, block: dict[str, int], number: int, hashes: str) -> dict[str, object]:
    given: dict[str, object] = {name: highest * number for name, highest in block.items()}
    given |= {f"{name}_all": highest for name, highest in block.items()}
    given |= {"mark": f"-{number}", "step": number * STEP % WIDEST, "names": hashes}
    return {name: value for name, value in given.items() if re.search(rf":{name}\b", statement)}


if __name__ == "__main__":
    with Database.open(sys.argv[1]) as opened:
        copy_blocks(opened, int(sys.argv[2]))
