"""What Scrapy leaves open by default is closed."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from crawler.scrapy_settings import scrapy_settings
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


def test_only_http_and_https_have_a_handler_and_it_is_the_guarded_one(effective: Settings) -> None:
    handlers = {scheme: handler for scheme, handler in effective.getwithbase("DOWNLOAD_HANDLERS").items() if handler}
    assert handlers == dict.fromkeys(("http", "https"), "crawler.handler.GuardedHandler")


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
    ours = ["crawler.courtesy.RedirectMiddleware", "crawler.courtesy.CourtesyMiddleware"]
    assert names(effective, "DOWNLOADER_MIDDLEWARES") == ours
    assert names(effective, "SPIDER_MIDDLEWARES") == []
    assert names(effective, "EXTENSIONS") == ["scrapy.extensions.corestats.CoreStats"]


def test_the_user_agent_names_the_product_and_a_contact(effective: Settings) -> None:
    assert effective["USER_AGENT"].startswith("tipwatch/")
    assert "ops@example.org" in effective["USER_AGENT"]
