"""Open alarm receiving centre and call centre for older people who live at home."""

__version__ = "0.1.0"
