"""Adding sources to a configuration keeps what its author wrote, and writes nothing that would be refused."""

from __future__ import annotations

import json
import shlex
import stat
from pathlib import Path

import pytest

from tipwatch.config.edit import add_sources, pause_source, remove_source, resume_source, undo_edit, with_items
from tipwatch.config.selection import read_catalogue
from tipwatch.errors import BadInput, ConfigError

WRITTEN = """# our watch
contact: ops@example.org   # the press desk

sources:
  # funders first
  - https://example.org/feed.xml
  - {url: "https://example.org/b", name: 'B side'}

mail:
  sender: "tipwatch <t@example.org>"  # keep
"""


def test_comments_order_and_quotes_stay(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    configuration = add_sources(file, ["https://example.org/new.xml", {"url": "https://example.org/c", "tags": ["x"]}])
    assert len(configuration.sources) == 4
    after = file.read_text()
    for line in WRITTEN.splitlines():
        assert line in after.splitlines()
    assert "  - https://example.org/new.xml\n" in after


def test_a_file_without_sources_gets_them() -> None:
    changed = with_items(b"contact: a@b.org\n", ("sources",), ["https://example.org/a"]).decode()
    assert changed == "contact: a@b.org\nsources:\n  - https://example.org/a\n"


@pytest.mark.parametrize("empty", ["sources: []", "sources:", "sources: null"])
def test_an_empty_list_grows_line_by_line(empty: str) -> None:
    changed = with_items(
        f"contact: a@b.org\n{empty}\n".encode(), ("sources",), ["https://example.org/a", "https://example.org/b"]
    ).decode()
    assert changed.endswith("sources:\n  - https://example.org/a\n  - https://example.org/b\n")


def test_a_source_that_is_there_already_is_refused_and_the_file_is_untouched(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    with pytest.raises(BadInput, match=r"https://www\.example\.org/feed\.xml/ is watched already, as "):
        add_sources(file, ["https://www.example.org/feed.xml/"])
    assert file.read_text() == WRITTEN


def test_a_paused_source_that_is_added_comes_with_the_command_that_resumes_it(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    name, _ = pause_source(file, "https://example.org/feed.xml")
    with pytest.raises(BadInput, match=r"is there already, as .* and paused") as refused:
        add_sources(file, [{"url": "https://example.org/feed.xml", "name": "Another name"}])
    assert refused.value.hint == f"to watch it again: tipwatch sources resume {shlex.quote(name)}"


def test_what_is_wrong_with_an_edit_is_told_without_lines_that_the_file_does_not_have(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    with pytest.raises(ConfigError) as caught:
        add_sources(file, [{"url": "https://example.org/c", "kind": "lsting"}])
    assert caught.value.as_lines() == [
        f"{file}: kind: must be feed, gdelt, listing, reliefweb or sitemap; did you mean 'listing'?"
    ]


def test_an_address_that_is_none_is_told_without_its_place_in_the_list(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    with pytest.raises(ConfigError) as caught:
        add_sources(file, ["example.org/c"])
    assert caught.value.as_lines() == [f"{file}: an address begins with http:// or https://"]


def test_a_file_that_is_wrong_already_is_told_and_untouched(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("contact: a@b.org\nsorces: []\n")
    with pytest.raises(ConfigError, match="did you mean 'sources'"):
        add_sources(file, ["https://example.org/a"])


def test_the_files_rights_stay(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    file.chmod(0o600)
    add_sources(file, ["https://example.org/new.xml"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "real.yaml"
    target.write_text(WRITTEN)
    link = tmp_path / "config.yaml"
    link.symlink_to(target)
    add_sources(link, ["https://example.org/new.xml"])
    assert link.is_symlink()
    assert "new.xml" in target.read_text()


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="config init"):
        add_sources(tmp_path / "none.yaml", ["https://example.org/a"])


def test_a_source_is_removed_with_its_lines_and_no_others(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    written = WRITTEN.replace(
        "- {url", "# theirs\n  - url: https://example.org/c  # daily\n    name: C\n  # last\n  - {url"
    )
    file.write_text(written)
    name, configuration = remove_source(file, "https://example.org/c/")
    assert (name, len(configuration.sources)) == ("C", 2)
    assert file.read_text() == written.replace("  - url: https://example.org/c  # daily\n    name: C\n", "")
    remove_source(file, "B side")
    _, configuration = remove_source(file, "example.org/feed.xml")
    assert configuration.sources == ()
    assert "sources: []\n  # funders first\n  # theirs\n  # last\n" in file.read_text()


def test_a_source_of_the_catalogue_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    chosen = read_catalogue()[0].name
    file.write_text(f"contact: a@b.org\ncatalogue:\n  names: [{json.dumps(chosen)}]  # one\n")
    _, configuration = remove_source(file, chosen)
    assert configuration.sources == ()
    assert "# one" in file.read_text()


def test_a_source_is_paused_and_resumed_and_the_file_is_as_before(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"{WRITTEN}\npaused:\n  - B side # they rebuild\n")
    before = file.read_text()
    name, configuration = pause_source(file, "https://example.org/feed.xml")
    assert (name, configuration.sources) == ("example.org/feed.xml", ())
    assert pause_source(file, name)[1].sources == ()  # again changes nothing
    _, configuration = resume_source(file, name)
    assert [source.label for source in configuration.sources] == [name]
    assert file.read_text() == before
    with pytest.raises(BadInput, match="no source is called 'C'"):
        pause_source(file, "C")


def test_the_last_edit_is_undone_and_made_again(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    file.chmod(0o600)
    with pytest.raises(BadInput, match="no command has edited"):
        undo_edit(file)
    remove_source(file, "B side")
    after = file.read_text()
    assert len(undo_edit(file).sources) == 2
    assert file.read_text() == WRITTEN
    undo_edit(file)
    assert file.read_text() == after
    assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()} == {0o600}
    file.write_text(after + "\n# by hand\n")
    with pytest.raises(BadInput, match="edited by hand since"):
        undo_edit(file)


def test_a_source_in_brackets_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("contact: a@b.org\nsources: [https://example.org/a]\n")
    with pytest.raises(BadInput, match="in brackets") as caught:
        remove_source(file, "https://example.org/a")
    assert "with a dash" in caught.value.hint
