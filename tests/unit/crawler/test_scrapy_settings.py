"""What Scrapy leaves open by default is closed."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings, default_settings

from crawler.scrapy.settings import scrapy_settings
from crawler.settings import CrawlerSettings


@pytest.fixture
def effective() -> Settings:
    return Settings(scrapy_settings(CrawlerSettings(contact="ops@example.org")))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REMOTE_CONTROL_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("HTTPCACHE_ENABLED", False),
        ("METAREFRESH_ENABLED", False),
        ("REFERER_ENABLED", False),
        ("MEMUSAGE_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("TWISTED_REACTOR_ENABLED", False),
        ("LOG_ENABLED", False),
    ],
)
def test_a_switch_stands_where_it_is_safe(effective: Settings, name: str, value: bool) -> None:
    assert effective.getbool(name) is value


def test_only_http_and_https_have_a_handler_and_it_is_our_clients(effective: Settings) -> None:
    handlers = {scheme: handler for scheme, handler in effective.getwithbase("DOWNLOAD_HANDLERS").items() if handler}
    assert handlers == dict.fromkeys(("http", "https"), "crawler.scrapy.handler.ClientHandler")


def test_the_size_of_a_body_is_bounded_to_the_configured(effective: Settings) -> None:
    assert effective.getint("DOWNLOAD_MAXSIZE") == CrawlerSettings().max_body_bytes
    assert effective.getfloat("DOWNLOAD_TIMEOUT") == CrawlerSettings().timeout_seconds
    assert effective.getint("REDIRECT_MAX_TIMES") == CrawlerSettings().max_redirects


def test_the_delay_is_never_nothing() -> None:
    settings = scrapy_settings(CrawlerSettings(delay_seconds=0.0))
    assert settings["DOWNLOAD_DELAY"] > 0


def names(effective: Settings, setting: str) -> list[str]:
    components = effective.get_component_priority_dict_with_base(setting)
    return [str(name) for name, order in components.items() if order is not None]


def test_no_middleware_or_extension_runs_that_is_not_named_here(effective: Settings) -> None:
    assert names(effective, "DOWNLOADER_MIDDLEWARES") == []
    assert names(effective, "SPIDER_MIDDLEWARES") == []
    assert names(effective, "EXTENSIONS") == ["scrapy.extensions.corestats.CoreStats"]


def test_the_user_agent_names_the_product_and_a_contact(effective: Settings) -> None:
    assert effective["USER_AGENT"].startswith("tipwatch/")
    assert "ops@example.org" in effective["USER_AGENT"]


LOOKED_AT = """
COMPRESSION_ENABLED COOKIES_ENABLED CRAWLSPIDER_FOLLOW_LINKS DNSCACHE_ENABLED DOWNLOADER_STATS
DOWNLOAD_FAIL_ON_DATALOSS FEED_STORE_EMPTY FTP_PASSIVE_MODE HTTPPROXY_ENABLED LOG_COLOR LOG_ENABLED LOG_FILE_APPEND
LOG_INSTALL_ROOT_HANDLER MEMUSAGE_ENABLED METAREFRESH_ENABLED RANDOMIZE_DOWNLOAD_DELAY REDIRECT_ENABLED REFERER_ENABLED
REMOTE_CONTROL_ENABLED RETRY_ENABLED STATS_DUMP TWISTED_REACTOR_ENABLED WARN_ON_GENERATOR_RETURN_VALUE
"""
"""Switches that Scrapy has on by default, each looked at: closed by us, or harmless here."""


def test_no_release_of_scrapy_switches_something_on_unseen() -> None:
    switched_on = {name for name in dir(default_settings) if name.isupper() and getattr(default_settings, name) is True}
    assert switched_on <= set(LOOKED_AT.split()), "look at what is new, close it or name it here"


def test_no_release_of_scrapy_brings_a_scheme_or_component_unseen(effective: Settings) -> None:
    assert set(default_settings.DOWNLOAD_HANDLERS_BASE) == {"http", "https", "file", "data", "ftp", "s3"}
    assert names(effective, "ITEM_PIPELINES") == []
    assert {name for name in dir(default_settings) if name.endswith("_BASE")} == {
        "DOWNLOADER_MIDDLEWARES_BASE",
        "DOWNLOAD_HANDLERS_BASE",
        "EXTENSIONS_BASE",
        "FEED_EXPORTERS_BASE",
        "FEED_STORAGES_BASE",
        "ITEM_PIPELINES_BASE",
        "SPIDER_CONTRACTS_BASE",
        "SPIDER_MIDDLEWARES_BASE",
    }


@pytest.mark.parametrize("name", ["FEEDS", "JOBDIR", "LOG_FILE", "ADDONS"])
def test_nothing_is_written_or_loaded_by_scrapy(effective: Settings, name: str) -> None:
    assert not effective[name]
