"""What the configuration says of channels: chat services and webhooks that a subscription may name."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr


class ChannelSettings(BaseModel, frozen=True, extra="forbid"):
    """A place for short messages. Its address is a secret: whoever knows it may write there."""

    # without an @, so that the outbox can tell a channel from a mail address
    name: str = Field(
        min_length=1, max_length=60, pattern=r"^[\w .-]+$", description="Name of the channel, for subscriptions."
    )
    url: SecretStr = Field(
        min_length=1,
        description="Address in the form of apprise, such as slack://…, msteams://…, tgram://… or json://…; since it "
        "holds the service's token, write ${TIPWATCH_CHANNEL_URL}.",
    )
