"""Fills a register to a size by copying in SQL what the register itself wrote: minutes for a million, not hours.

A database that holds a block of registered articles goes in; it comes out with so many copies of the block that it
holds the wanted number. Each copy is articles, stories and projects of its own: ids are moved on, addresses and public
ids made its own, and what articles are compared and found by is drawn anew (`strangers`).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from benchmarks.strangers import Strangers
from storage.database.engine import Database
from storage.database.statements import add_rows
from storage.tables.schema import (
    article,
    article_text,
    decision,
    match_key,
    project,
    project_relation,
    signature,
    story,
)

FILL_CACHE_KIB = 512 * 1024
SEED = 7

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
        strangers = Strangers(connection, SEED)
    count = -(-size // block["articles"]) - 1
    if database.dialect == "sqlite":
        with database.raw() as raw:
            # nothing here must survive a power cut, and half a gigabyte of pages spares most of the walking of indexes
            raw.execute("PRAGMA synchronous = OFF")
            raw.execute(f"PRAGMA cache_size = -{FILL_CACHE_KIB}")
    for number in range(1, count + 1):
        with database.writing() as connection:
            for statement in _statements(database.dialect):
                connection.execute(text(statement), _parameters(statement, block, number))
            signatures, keys = strangers.draw()
            moved = {False: block["projects"] * number, True: block["stories"] * number}
            _add(connection, signature, [(id_ + block["articles"] * number, *rest) for id_, *rest in signatures])
            _add(connection, match_key, sorted((key, owner + moved[owner < 0]) for key, owner in keys))
    if database.dialect == "postgresql":
        with database.writing() as connection:
            for name, table in WITH_IDS.items():
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                connection.execute(text(f"SELECT setval({sequence}, {max(1, block[name] * (count + 1))})"))


def _highest(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())


def _add(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        add_rows(connection, table, rows)
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} FROM STDIN") as copied:
        for row in rows:
            copied.write_row(row)


def _statements(dialect: str) -> Iterator[str]:
    for table, where, changed in COPIED:
        names = [column.name for column in table.columns]
        values = [changed[name].format(name) if name in changed else name for name in names]
        copies = f"SELECT {', '.join(values)} FROM {table.name} WHERE {where}"
        yield f"INSERT INTO {table.name} ({', '.join(names)}) {copies}"
    yield from SEARCHED[dialect]


def _parameters(statement: str, block: dict[str, int], number: int) -> dict[str, object]:
    given: dict[str, object] = {name: highest * number for name, highest in block.items()}
    given |= {f"{name}_all": highest for name, highest in block.items()}
    given["mark"] = f"-{number}"
    return {name: value for name, value in given.items() if re.search(rf":{name}\b", statement)}


if __name__ == "__main__":
    with Database.open(sys.argv[1]) as opened:
        copy_blocks(opened, int(sys.argv[2]))
