"""Addresses of who and what stands around residents."""
