"""Finding duplicates: walk, index, hashing, groups; nothing here knows a screen.

Import the modules themselves: a helper process that only hashes must not pay for SQLite and the rest.
"""
