"""Telephone lines: the exchange that they end at, the numbers that ring, who rang by what they signalled."""
