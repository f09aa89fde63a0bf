"""Copies of a site: taken beside its work, encrypted, restored, and tried before they are needed."""
