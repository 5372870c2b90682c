"""What projects and stories are found by: each kind apart, of a common key the newest, moved and forgotten whole."""

from __future__ import annotations

from storage.database.engine import Database
from storage.register.blocking.key_index import (
    OWNERS_A_KEY,
    RARE_OWNERS,
    add_keys,
    find_by_keys,
    forget_keys,
    move_keys,
)

OURS, SHARED, OTHERS = "d:#34083", "o:@UNODC:RS", "n:žena"


def test_projects_and_stories_are_found_each_by_their_keys(database: Database) -> None:
    with database.writing() as connection:
        add_keys(connection, "project", [(7, OURS), (7, SHARED), (8, SHARED), (8, SHARED)])
        add_keys(connection, "story", [(7, SHARED), (9, OTHERS)])
        add_keys(connection, "story", [(9, OTHERS)])
        asked = [OURS, SHARED, OTHERS, "w:nobody"]
        assert find_by_keys(connection, "project", asked) == {OURS: [7], SHARED: [8, 7]}
        assert find_by_keys(connection, "story", asked) == {SHARED: [7], OTHERS: [9]}
        assert find_by_keys(connection, "story", []) == {}


def test_of_a_common_key_the_newest_owners_are_found(database: Database) -> None:
    with database.writing() as connection:
        for kind in ("project", "story"):
            add_keys(connection, kind, [(id_, SHARED) for id_ in range(1, 1001)])
            assert find_by_keys(connection, kind, [SHARED]) == {SHARED: list(range(1000, 1000 - OWNERS_A_KEY, -1))}


def test_of_a_rare_key_all_owners_are_found_however_many_have_come_since(database: Database) -> None:
    owners = range(100_000, 0, -200_000 // RARE_OWNERS)
    with database.writing() as connection:
        for kind in ("project", "story"):
            add_keys(connection, kind, [(id_, OURS) for id_ in owners])
            add_keys(connection, kind, [(id_, SHARED) for id_ in range(99_000, 100_001)])
            assert find_by_keys(connection, kind, [OURS, SHARED])[OURS] == list(owners)


def test_keys_go_over_to_another_owner_and_are_forgotten(database: Database) -> None:
    with database.writing() as connection:
        add_keys(connection, "story", [(1, OURS), (1, SHARED), (2, SHARED)])
        add_keys(connection, "project", [(1, SHARED)])
        move_keys(connection, ("story", 1), ("project", 1))
        assert find_by_keys(connection, "project", [OURS, SHARED]) == {OURS: [1], SHARED: [1]}
        assert find_by_keys(connection, "story", [OURS, SHARED]) == {SHARED: [2]}
        forget_keys(connection, "project", [1, 5])
        assert find_by_keys(connection, "project", [OURS, SHARED]) == {}
