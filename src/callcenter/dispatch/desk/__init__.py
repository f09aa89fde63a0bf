"""The dispatcher's desk: what wants their eyes, what they do about it, what they book, and who does what when somebody falls ill."""
