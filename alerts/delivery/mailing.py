"""The messages of one digest, one for each recipient and channel, each put together when it is asked for.

Those by mail differ in a few lines of their heads. What they share, with the attached table up to seven megabytes, is
made and held once, however many recipients there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import overload

from alerts.render.message import RenderedDigest, add_content, make_channel_message, make_envelope
from alerts.settings import MailSettings, SubscriptionSettings
from storage.digests.outbox import FrozenDelivery

__all__ = ["Mailing"]


class Mailing(Sequence[FrozenDelivery]):
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
        self._mail = mail
        self._slot_key = slot_key
        self._composed_at = composed_at
        self._rest: bytes | None = None  # from the first line of the content on

    def __len__(self) -> int:
        return len(self._subscription.recipients) + len(self._subscription.channels)

    @overload
    def __getitem__(self, index: int) -> FrozenDelivery: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[FrozenDelivery]: ...

    def __getitem__(self, index: int | slice) -> FrozenDelivery | Sequence[FrozenDelivery]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        recipient = (*self._subscription.recipients, *self._subscription.channels)[index]
        if recipient in self._subscription.channels:
            message = make_channel_message(
                self._rendered,
                subscription=self._subscription.name,
                slot_key=self._slot_key,
                sender=self._mail.sender,
                channel=recipient,
                composed_at=self._composed_at,
            )
            return FrozenDelivery(recipient, message["Message-ID"], message.as_bytes())
        envelope = make_envelope(
            self._rendered,
            subscription=self._subscription.name,
            slot_key=self._slot_key,
            sender=self._mail.sender,
            recipient=recipient,
            composed_at=self._composed_at,
            unsubscribe_url=self._mail.unsubscribe_url,
        )
        head = envelope.as_bytes().removesuffix(b"\r\n")  # the line that would end it
        if self._rest is None:
            add_content(envelope, self._rendered, is_text_only=self._subscription.format == "text")
            self._rest = envelope.as_bytes().removeprefix(head)
        return FrozenDelivery(recipient, envelope["Message-ID"], head + self._rest)
