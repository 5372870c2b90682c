"""What of a configuration shows only when it is tried, asked before it is relied on: the model that it names, addresses
beyond ASCII (which not every server takes), and the urls of channels."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tipwatch.config.problems import problem_in
from tipwatch.errors import ConfigError, Problem

if TYPE_CHECKING:
    from tipwatch.config.load import Configuration


def check_own_model(configuration: Configuration) -> None:
    """Loads the model in a process of its own, so that its memory goes with it: half a second, none without one.

    Raises:
        ConfigError: it cannot be used; says why, and what to do.
    """
    model = configuration.classifier.model
    if model is None:
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        problem = process.submit(_problem_of, model).result()
    if problem is not None:
        raise ConfigError(configuration.file, [problem_in(configuration.file, ("classifier", "model"), *problem)])


def _problem_of(folder: Path) -> tuple[str, str] | None:
    """What is wrong with a model, and what to do."""
    from classifier.judge import Judge
    from classifier.model import ModelError

    try:
        Judge.load(model_folder=folder)
    except ModelError as error:
        return str(error), error.hint
    return None


def check_mail_server(configuration: Configuration) -> list[str]:
    """Asks the server where an address is beyond ASCII; gives what could not be found out, in sentences.

    Raises:
        ConfigError: it does not take such an address, or a channel's url is none; names each.
    """
    from alerts.delivery.addresses import bare_address, needs_smtputf8
    from alerts.delivery.transports.registry import make_transport

    problems = list(_unusable_channels(configuration))
    mail = configuration.mail
    addresses: dict[tuple[str | int, ...], str] = {("mail", "sender"): mail.sender}
    for index, subscription in enumerate(configuration.settings.subscriptions):
        for number, recipient in enumerate(subscription.recipients):
            addresses["subscriptions", index, "recipients", number] = recipient
    special = [path for path, address in addresses.items() if needs_smtputf8(bare_address(address))]
    is_offered = asyncio.run(make_transport(mail).takes_beyond_ascii()) if special else True
    server = f"{mail.host}:{mail.smtp_port}"
    if is_offered is False:
        message = f"{server} does not accept non-ASCII addresses (SMTPUTF8)"
        hint = "use an address with ASCII letters before the @, or send through another server"
        problems += [problem_in(configuration.file, path, message, hint) for path in special]
    if problems:
        raise ConfigError(configuration.file, problems)
    if is_offered is None:
        return [f"{server} could not be asked whether it accepts non-ASCII addresses (SMTPUTF8), such as those here"]
    return []


def _unusable_channels(configuration: Configuration) -> Iterator[Problem]:
    for index, channel in enumerate(configuration.settings.channels):
        from alerts.delivery.transports.channel.transport import load_service

        if load_service(channel.url.get_secret_value()) is None:
            hint = "write it as https://github.com/caronc/apprise/wiki says for the service"
            yield problem_in(configuration.file, ("channels", index, "url"), "not a URL that apprise knows", hint)
