"""Many days of a hotline, invented by a seed: what figures, lists and their pages are tried with."""
