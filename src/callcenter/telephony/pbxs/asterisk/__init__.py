"""Asterisk 22 through its REST interface (ARI): everything that only an adapter to it knows."""
