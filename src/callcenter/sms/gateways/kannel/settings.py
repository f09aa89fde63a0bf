"""What can be set about one Kannel."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from callcenter.sms.gateway import GatewayName, GatewaySection


class KannelSettings(GatewaySection):
    """Kannel 1.4.5, which speaks SMPP to an operator or AT commands to a modem."""

    kind: Literal["kannel"] = Field("kannel", description="Kannel's smsbox over HTTP.")
    name: GatewayName = Field(
        "kannel", description="Needed where there are two: small letters, digits, - and _."
    )
    url: str = Field(
        description="Its sendsms address. The password goes over it in clear: keep it on this machine.",
        examples=["http://127.0.0.1:13013/cgi-bin/sendsms"],
    )
    user: str = Field(description="sendsms-user of Kannel.", examples=["care"])
    password: SecretStr = Field(description="Its password.", examples=["change me"])
    callback_url: str = Field(
        description="How Kannel reaches this server, for receipts and answers.",
        examples=["http://127.0.0.1:8000"],
    )
    smsc: str = Field("", description="smsc-id to send through; none: Kannel decides.")
    sender: str = Field("", description="Sender number to ask for, where the operator allows it.")
    window: Annotated[int, Field(ge=1, le=200)] = Field(
        16, description="Texts handed over at once, at most; half of them are kept for emergencies."
    )
    timeout_s: Annotated[float, Field(gt=0, le=20)] = Field(
        10.0, description="Wait for its answer, in seconds; after that the result is unknown."
    )
