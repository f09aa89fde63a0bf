"""Storms: many technical alarms of a kind in one region are one line, and are worked by one order."""
