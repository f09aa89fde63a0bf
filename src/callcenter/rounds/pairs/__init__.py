"""Neighbours who look after each other, and what they say of it."""
