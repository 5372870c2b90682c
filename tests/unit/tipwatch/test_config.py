"""The configuration: everything wrong is told at once, with its place and a hint; what is right is taken as meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipwatch.__main__ import main
from tipwatch.config.document import MAX_BYTES
from tipwatch.config.load import Configuration, load_config, read_config
from tipwatch.config.show import as_yaml, effective
from tipwatch.errors import ConfigError

FILE = Path("config.yaml")


def read(text: str, **environment: str) -> Configuration:
    return read_config(text.encode(), FILE, environment)


def problems(text: str, **environment: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text, **environment)
    return caught.value.as_lines()


def only_problem(text: str, **environment: str) -> str:
    (line,) = problems(text, **environment)
    return line


def test_all_problems_are_told_at_once_in_order_of_place() -> None:
    lines = problems(
        """contact: ops@example.org
sources:
  - https://example.org/feed.xml
  - https://example.org/feed.xml/
  - url: https://example.org/b
    intervall: 2h
  - url: ftp://example.org/c
  - {kind: lsting, url: 'https://example.org/d'}
subscriptions:
  - name: morning
    recipients: [a@example.org, nobody]
    timezone: Europe/Vienne
  - name: Morning
    recipients: []
crawlr: {}
log: {level: inf}
"""
    )
    assert [line.split(": ")[:2] for line in lines] == [
        ["config.yaml:4:5", "sources.1"],
        ["config.yaml:6:5", "sources.2.intervall"],
        ["config.yaml:7:10", "sources.3.url"],
        ["config.yaml:8:12", "sources.4.kind"],
        ["config.yaml:11:33", "subscriptions.0.recipients.1"],
        ["config.yaml:12:15", "subscriptions.0.timezone"],
        ["config.yaml:13:11", "subscriptions.1.name"],
        ["config.yaml:14:17", "subscriptions.1.recipients"],
        ["config.yaml:15:1", "crawlr"],
        ["config.yaml:16:14", "log.level"],
    ]


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("intervall", "did you mean 'interval'?"),
        ("evry", "did you mean 'interval'?"),
        ("languges", "did you mean 'languages'?"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest(key: str, hint: str) -> None:
    line = only_problem(f"contact: a@b.org\nsources:\n  - url: https://example.org/a\n    {key}: 2h\n")
    assert line == f"config.yaml:4:5: sources.0.{key}: unknown key; {hint}"


def test_an_unknown_kind_of_source_is_told_with_the_kinds_and_the_nearest() -> None:
    line = only_problem("contact: a@b.org\nsources:\n  - {url: 'https://example.org/a', kind: lsting}\n")
    assert line == (
        "config.yaml:3:42: sources.0.kind: must be feed, gdelt, listing, reliefweb or sitemap; did you mean 'listing'?"
    )


def test_a_missing_key_is_told_with_what_it_is_for() -> None:
    assert only_problem("data: x\n").startswith(
        "config.yaml:1:1: contact: missing; it is required; mail or web address"
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("", "config.yaml:1:1: the file is empty"),
        ("# only a comment\n", "config.yaml:1:1: the file is empty"),
        ("- a\n- b\n", "config.yaml:1:1: must be keys with values"),
        ("contact: a@b.org\ncrawler:\n\tevery: 1h\n", "config.yaml:3:1: a tab in the indentation"),
        ("contact: a@b.org\nmail: {port: [}\n", "config.yaml:2:15: not YAML"),
        ("contact: a@b.org\ndata: \x07\n", "config.yaml:2:7: character U+0007 is not allowed"),
        ("contact: a@b.org\n---\ncontact: c@d.org\n", "config.yaml:2:1: a second document begins here"),
        ("contact: a@b.org\ncontact: c@d.org\n", "config.yaml:2:1: contact: duplicate key; first given on line 1"),
        ("contact: !!python/name:os.system a@b.org\n", "config.yaml:1:10: contact: the tag"),
        ("contact: a@b.org\nmail: {<<: {port: 1}}\n", "config.yaml:2:8: mail.<<: merging"),
        ("contact: a@b.org\nsources: " + "[" * 30 + "]" * 30 + "\n", "config.yaml:2:11: sources.0: must be a mapping"),
    ],
)
def test_text_that_is_no_configuration_is_told_with_its_place(text: str, start: str) -> None:
    assert problems(text)[0].startswith(start)


def test_an_anchor_and_its_alias_are_refused_even_when_they_hold_themselves() -> None:
    lines = problems("contact: a@b.org\nsources: &all [*all]\n")
    assert [line.split(": ")[2].partition(";")[0] for line in lines] == [
        "the anchor &all is not allowed here",
        "the alias *all is not allowed here",
    ]


def test_bytes_that_are_not_utf8_are_told_with_their_place() -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(b"contact: a@b.org\ndata: caf\xe9\n", FILE, {})
    assert caught.value.as_lines() == ["config.yaml:2:10: the file is not UTF-8 text here; save it as UTF-8"]


def test_a_file_that_is_far_too_large_is_not_parsed() -> None:
    with pytest.raises(ConfigError, match="larger than 5 MB"):
        read_config(b"#" * (MAX_BYTES + 1), FILE, {})


def test_no_without_quotes_is_refused_where_text_is_wanted_and_false_where_a_switch_is() -> None:
    text = (
        "contact: a@b.org\nsubscriptions:\n  - {name: x, recipients: [a@b.org], countries: [BI, NO], send_empty: no}\n"
    )
    line = only_problem(text)
    assert line.startswith("config.yaml:3:54: subscriptions.0.countries.1: NO without quotes means false")
    assert '(Norway is "NO")' in line
    subscription = read(text.replace("NO]", '"NO"]')).settings.subscriptions[0]
    assert subscription.countries == ("BI", "NO")
    assert subscription.send_empty is False


def test_a_number_with_a_leading_zero_is_refused() -> None:
    assert "octal" in only_problem("contact: a@b.org\nmail: {port: 0587}\n")


def test_a_time_of_day_needs_no_quotes() -> None:
    config = read("contact: a@b.org\nsubscriptions:\n  - {name: x, recipients: [a@b.org], time: 12:30}\n")
    assert config.settings.subscriptions[0].time.isoformat() == "12:30:00"


def test_variables_are_put_in_after_parsing_so_that_a_value_cannot_be_yaml() -> None:
    evil = "x\ncontact: [1, 2]\n# ${HOME} *alias"
    config = read("contact: a@b.org\nmail: {username: u, password: '${SECRET}'}\n", SECRET=evil)
    assert config.mail.password is not None
    assert config.mail.password.get_secret_value() == evil


def test_a_variable_may_be_a_number_and_may_have_a_default() -> None:
    text = 'contact: a@b.org\ncrawler: {max_entries: "${ENTRIES:-12}", robots: "${ROBOTS:-true}"}\n'
    assert read(text).settings.crawler.max_entries == 12
    assert read(text, ENTRIES="77").settings.crawler.max_entries == 77
    assert read(text, ROBOTS="false").settings.crawler.robots is False


@pytest.mark.parametrize("environment", [{}, {"TIPWATCH_SMTP_PASSWORD": ""}])
def test_a_missing_secret_is_named(environment: dict[str, str]) -> None:
    text = "contact: a@b.org\nmail:\n  username: x\n  password: ${TIPWATCH_SMTP_PASSWORD}\n"
    line = only_problem(text, **environment)
    assert line.startswith("config.yaml:4:13: mail.password: environment variable TIPWATCH_SMTP_PASSWORD is")


def test_a_dollar_before_a_brace_can_be_written() -> None:
    config = read("contact: a@b.org\nmail: {username: u, password: 'a$${b}c'}\n")
    assert config.mail.password is not None
    assert config.mail.password.get_secret_value() == "a${b}c"


def test_a_reference_that_names_nothing_is_refused() -> None:
    assert "does not name a variable" in only_problem("contact: a@b.org\ndata: '${1x}'\n")


def test_paths_are_relative_to_the_files_folder(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "tipwatch.yaml"
    file.parent.mkdir()
    file.write_text("contact: a@b.org\ndata: ../var\nmail: {folder: out, ca_file: ca.pem}\n")
    config = load_config(file, {})
    assert config.data_folder.resolve() == tmp_path / "var"
    assert Path(config.database_url.removeprefix("sqlite:///")).resolve() == tmp_path / "var" / "tipwatch.sqlite3"
    assert Path(config.mail.folder).resolve() == tmp_path / "var" / "out"
    assert config.mail.ca_file == str(tmp_path / "etc" / "ca.pem")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///db/x.sqlite3", "sqlite:///{folder}/db/x.sqlite3"),
        ("sqlite:////srv/x.sqlite3", "sqlite:////srv/x.sqlite3"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
    ],
)
def test_a_relative_database_lies_beside_the_file(url: str, expected: str, tmp_path: Path) -> None:
    config = read_config(f"contact: a@b.org\nstorage: {{url: '{url}'}}\n".encode(), tmp_path / "c.yaml", {})
    assert config.database_url == expected.format(folder=tmp_path)


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tipwatch config init") as caught:
        load_config(tmp_path / "none.yaml", {})
    assert str(caught.value).startswith(f"{tmp_path / 'none.yaml'}: there is no such file")


def test_the_crawler_is_told_the_contact() -> None:
    assert "(+ops@example.org)" in read("contact: ops@example.org\n").crawler.user_agent


@pytest.mark.parametrize("contact", ["nobody", "a b@c.d", "ops@exämple.org", '"a@b.org\\r\\nX: y"'])
def test_a_contact_that_reaches_nobody_or_breaks_a_header_is_refused(contact: str) -> None:
    assert only_problem(f"contact: {contact}\n").startswith("config.yaml:1:10: contact: ")


def test_what_is_shown_holds_no_secret_and_reads_back() -> None:
    text = """contact: ops@example.org
storage: {url: "postgresql://tipwatch:${DB}@db/tipwatch"}
sources:
  - url: https://example.org/a
    credentials: {username: u, password: "${FEED}"}
  - {url: "https://example.org/b", credentials: {header: X-Key, value: written-key}}
mail: {transport: smtp, host: h, username: u, password: "${SMTP:-fallback-word}"}
"""
    config = read(text, DB="db-word", FEED="feed-word")
    shown = as_yaml(effective(config))
    for secret in ("db-word", "feed-word", "written-key", "fallback-word"):
        assert secret not in shown
        assert secret in config.all_secrets or secret == "fallback-word"
    assert "${FEED}" in shown
    again = read(shown.replace("(hidden)", "x"), DB="db-word", FEED="feed-word")
    assert again.settings.mail.host == "h"
    assert [source.label for source in again.settings.sources] == [source.label for source in config.settings.sources]


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    with pytest.raises(ConfigError):
        read_config(content, FILE, {})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["contact", "sources", "url", "kind", "mail", "crawler", "subscriptions", "name", "catalogue", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_shape_of_data_does_more_than_be_refused(data: object) -> None:
    import yaml

    content = yaml.safe_dump({"contact": "a@b.org", "extra": data}, allow_unicode=True).encode()
    with pytest.raises(ConfigError) as caught:
        read_config(content, FILE, {})
    assert all(line.startswith("config.yaml:") for line in caught.value.as_lines())


def test_a_channel_that_is_not_described_is_named_with_the_nearest() -> None:
    [line] = problems(
        """contact: ops@example.org
channels: [{name: newsroom, url: "json://127.0.0.1/x"}]
subscriptions: [{name: morning, channels: [newsrom]}]
"""
    )
    assert line.startswith("config.yaml:3:44: subscriptions.0.channels.0: there is no channel 'newsrom'")
    assert "did you mean 'newsroom'?" in line


def test_a_digest_that_nobody_gets_is_refused() -> None:
    [line] = problems("contact: ops@example.org\nsubscriptions: [{name: morning}]\n")
    assert "nobody gets it" in line
    assert "name recipients or channels" in line


def test_two_channels_of_one_name_are_refused() -> None:
    [line] = problems(
        """contact: ops@example.org
channels:
  - {name: newsroom, url: "json://127.0.0.1/x"}
  - {name: Newsroom, url: "json://127.0.0.1/y"}
"""
    )
    assert "the name of the channel on line 3" in line


def test_a_channel_whose_url_no_service_has_is_found_by_a_check_without_repeating_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text('contact: ops@example.org\nchannels: [{name: newsroom, url: "nonsense://s3cret"}]\n')
    assert main(["--config", str(file), "config", "check"]) == 2
    shown = capsys.readouterr()
    assert "channels.0.url: not a URL that apprise knows" in shown.out + shown.err
    assert "s3cret" not in shown.out + shown.err
