"""The composition root: a parent with two children, each a list of parts; adapters are picked here. It loads nothing by itself:
who is called while the server starts waits in its sockets, and for no more than the alarms need.
"""
