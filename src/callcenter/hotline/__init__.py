"""Calls: who waits on which line, who speaks with them, what it was about, and what is rung by ourselves."""
