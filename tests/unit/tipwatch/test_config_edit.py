"""Adding sources to a configuration keeps what its author wrote, and writes nothing that would be refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tipwatch.config.edit import add_sources, with_sources
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
    changed = with_sources(b"contact: a@b.org\n", ["https://example.org/a"]).decode()
    assert changed == "contact: a@b.org\nsources:\n  - https://example.org/a\n"


@pytest.mark.parametrize("empty", ["sources: []", "sources:", "sources: null"])
def test_an_empty_list_grows_line_by_line(empty: str) -> None:
    changed = with_sources(
        f"contact: a@b.org\n{empty}\n".encode(), ["https://example.org/a", "https://example.org/b"]
    ).decode()
    assert changed.endswith("sources:\n  - https://example.org/a\n  - https://example.org/b\n")


def test_a_source_that_is_there_already_is_refused_and_the_file_is_untouched(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(WRITTEN)
    with pytest.raises(ConfigError, match="the same source as in line 6"):
        add_sources(file, ["https://www.example.org/feed.xml/"])
    assert file.read_text() == WRITTEN


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
    with pytest.raises(BadInput) as caught:
        add_sources(tmp_path / "none.yaml", ["https://example.org/a"])
    assert "config init" in caught.value.hint
