"""What the configuration may say of the `smtp` transport."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, SecretStr, model_validator

Security = Literal["starttls", "tls", "none"]
DEFAULT_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314, RFC 5321


class SmtpSettings(BaseModel):
    """Keys of `mail:` that only an SMTP server needs."""

    host: str | None = Field(default=None, description="SMTP server.")
    port: int | None = Field(
        default=None, ge=1, le=65535, description="Its port; by default 587, 465 or 25 by `security`."
    )
    security: Security = Field(
        default="starttls", description="`starttls` (required, not merely tried), `tls` from the first byte, or `none`."
    )
    username: str | None = Field(default=None, description="User name for AUTH.")
    password: SecretStr | None = Field(default=None, description="Password for AUTH; write ${TIPWATCH_SMTP_PASSWORD}.")
    ca_file: str | None = Field(default=None, description="Certificates of your own certificate authority (PEM file).")
    timeout_seconds: float = Field(
        default=30.0,
        gt=0,
        le=300,
        # RFC 5321 allows minutes; an office relay answers in seconds, and a lease must outlast a whole conversation
        description="Time limit for one reply of the SMTP server; sending a message may take ten times as long.",
    )

    @property
    def smtp_port(self) -> int:
        return self.port or DEFAULT_PORTS[self.security]

    @model_validator(mode="after")
    def check_login(self) -> SmtpSettings:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together")
        if self.username is not None and self.security == "none":
            raise ValueError("a password is not sent over an unencrypted connection: choose security starttls or tls")
        return self
