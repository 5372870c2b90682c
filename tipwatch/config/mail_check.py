"""Whether the mail server takes the addresses that a configuration names: asked before it is relied on.

Addresses in ASCII are taken by every server, and nothing is asked about them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from alerts.delivery.addresses import bare_address, needs_smtputf8
from alerts.delivery.transports.registry import make_transport
from tipwatch.config.problems import problem_in
from tipwatch.errors import ConfigError

if TYPE_CHECKING:
    from tipwatch.config.load import Configuration

__all__ = ["check_mail_server"]


def check_mail_server(configuration: Configuration) -> list[str]:
    """Asks the server where an address is beyond ASCII; gives what could not be found out, in sentences.

    Raises:
        ConfigError: it does not take such an address; names each.
    """
    mail = configuration.mail
    addresses: dict[tuple[str | int, ...], str] = {("mail", "sender"): mail.sender}
    for index, subscription in enumerate(configuration.settings.subscriptions):
        for number, recipient in enumerate(subscription.recipients):
            addresses["subscriptions", index, "recipients", number] = recipient
    special = [path for path, address in addresses.items() if needs_smtputf8(bare_address(address))]
    if not special:
        return []
    server = f"{mail.host}:{mail.smtp_port}"
    is_offered = asyncio.run(make_transport(mail).takes_beyond_ascii())
    if is_offered is None:
        return [f"{server} could not be asked whether it takes addresses beyond ASCII (SMTPUTF8), such as those here"]
    if not is_offered:
        message = f"{server} does not take addresses beyond ASCII (SMTPUTF8)"
        hint = "write an address of ASCII letters before the @, or send through another server"
        raise ConfigError(configuration.file, [problem_in(configuration.file, path, message, hint) for path in special])
    return []
