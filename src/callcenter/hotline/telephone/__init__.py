"""The operator's telephone: the page's or the one on the desk, and what they order of calls."""
