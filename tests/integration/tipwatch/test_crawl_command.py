"""`tipwatch crawl` where the machine does not let it work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.commands import Run
from tests.support.daemon_bench import Site


@pytest.mark.slow
def test_a_machine_that_lets_no_worker_start_is_told_of_with_what_to_do(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site()
    (folder / "config.yaml").write_text(
        f"contact: ops@example.org\nsources: [{site.url}/herald.xml]\n"
        "crawler: {allow_addresses: [127.0.0.0/8], delay_seconds: 0}\n"
    )
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    try:
        said = run("crawl")
    finally:
        site.close()
    assert said.code == 2
    assert "a worker process cannot start: [Errno 2] No such file or directory: '/nowhere/python'" in said.err
    assert "read by the next crawl" in said.err
    assert "went wrong inside" not in said.err
