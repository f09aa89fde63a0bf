"""The way out of the demo and of a site that has no gateway yet."""
