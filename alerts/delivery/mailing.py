"""The messages of one digest, one for each recipient and channel, each put together when it is asked for.

Those by mail differ in a few lines of their heads. What they share, with the attached table up to seven megabytes, is
made and held once, however many recipients there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from alerts.render.message import Heading, RenderedDigest, add_content, make_channel_message, make_envelope
from alerts.settings import MailSettings, SubscriptionSettings
from storage.digests.outbox import FrozenDelivery


class Mailing(Collection[FrozenDelivery]):
    """What `alerts.render.message` makes for each recipient and each channel of a subscription, as bytes.

    Args:
        rendered: the digest.
        subscription: names the recipients, in whose order the messages come.
        mail: who sends.
        slot_key: of the digest.
        composed_at: the date of all messages.
    """

    def __init__(
        self,
        rendered: RenderedDigest,
        subscription: SubscriptionSettings,
        mail: MailSettings,
        slot_key: str,
        composed_at: datetime,
    ) -> None:
        self._rendered = rendered
        self._subscription = subscription
        self._heading = Heading(subscription.name, slot_key, mail.sender, composed_at, mail.unsubscribe_url)

    def __len__(self) -> int:
        return len(self._subscription.recipients) + len(self._subscription.channels)

    def __contains__(self, delivery: object) -> bool:
        return any(one == delivery for one in self)

    def __iter__(self) -> Iterator[FrozenDelivery]:
        rest: bytes | None = None  # from the first line of the content on
        for recipient in self._subscription.recipients:
            envelope = make_envelope(self._rendered, self._heading, recipient)
            head = envelope.as_bytes().removesuffix(b"\r\n")  # the line that would end it
            if rest is None:
                add_content(envelope, self._rendered, is_text_only=self._subscription.format == "text")
                rest = envelope.as_bytes().removeprefix(head)
            yield FrozenDelivery(recipient, envelope["Message-ID"], head + rest)
        for channel in self._subscription.channels:
            message = make_channel_message(self._rendered, self._heading, channel)
            yield FrozenDelivery(channel, message["Message-ID"], message.as_bytes())
