"""A new transport is a folder and an entry: the walk-through of docs/extend/transport.md, followed in a copy."""

from __future__ import annotations

import mailbox
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^   ```(\w+)\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)
FOLDER = "alerts/delivery/transports/maildir"

DELIVERING = """
import asyncio, sys
from alerts.delivery.sending import transfer
from alerts.delivery.transports.registry import make_transport
from alerts.settings import MailSettings
from tipwatch.reference import configuration_page

mail = MailSettings.model_validate({"transport": "maildir", "maildir": sys.argv[1]})
message = b"Subject: News\\r\\n\\r\\nLetter\\r\\n"
print(asyncio.run(transfer(make_transport(mail), message, recipient="ana@example.org", message_id="<1@example.org>")))
print([line for line in configuration_page().splitlines() if "maildir" in line])
try:
    MailSettings.model_validate({"transport": "maildir"})
except ValueError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of alerts, with all that the page says done to it."""
    copy = tmp_path_factory.mktemp("walk")
    shutil.copytree(ROOT / "alerts", copy / "alerts")
    blocks = [
        (kind, textwrap.dedent(re.sub(r"^   ", "", text, flags=re.MULTILINE)))
        for kind, text in BLOCK.findall((ROOT / "docs/extend/transport.md").read_text())
    ]
    (copy / FOLDER).mkdir()
    settings, code = (text for kind, text in blocks if kind == "python")
    (copy / FOLDER / "__init__.py").touch()
    (copy / FOLDER / "settings.py").write_text(settings)
    (copy / FOLDER / "transport.py").write_text(code)
    registry = copy / "alerts/delivery/transports/registry.py"
    for _, text in (each for each in blocks if each[0] == "diff"):
        lines = text.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        content = registry.read_text()
        assert content.count(before) == 1, before
        registry.write_text(content.replace(before, after))
    return copy


@pytest.mark.slow
def test_a_transport_added_as_the_page_says_is_configured_described_and_sends(followed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DELIVERING, str(tmp_path / "mail")],
        capture_output=True, text=True, check=False, cwd=followed, env={"PYTHONPATH": f"{followed}:{ROOT}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    sent, described, refused = done.stdout.splitlines()[:3]
    assert sent == "Attempt(result='sent', error=None, is_ambiguous=False)"
    assert "`maildir` puts mail into the Maildir of that name" in described
    assert "| `maildir` | text |  | Folder of the `maildir` transport. |" in described
    assert "validation error" in refused
    assert "transport maildir needs a maildir" in done.stdout
    assert [message["Subject"] for message in mailbox.Maildir(tmp_path / "mail")] == ["News"]
