"""One account, however a panel, a spreadsheet or a person writes it."""

from __future__ import annotations

import pytest

from callcenter.devices.protocols.dc09.accounts import canonical_account


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("1234", "1234"),
        ("b1c1", "B1C1"),
        ("42", "0042"),
        ("0042", "0042"),
        ("00000042", "0042"),
        ("#0042", "0042"),
        ("L0#0042", "0042"),
        ("l12ab#b1c1", "B1C1"),
        ("  1234 ", "1234"),
        ("123456789", "123456789"),
        ("0", "0000"),
        ("", "0000"),
    ],
)
def test_the_one_name_of_an_account(written: str, account: str):
    assert canonical_account(written) == account
    assert canonical_account(account) == account
