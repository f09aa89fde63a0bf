"""The page that a link in a text opens: how the call of one's relative stands, and a word back."""
