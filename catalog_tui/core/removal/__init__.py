"""Removing duplicates so that no content is lost and everything can be undone; nothing here knows a screen.

In reading order: keep_rules and planning make a Plan, executor carries it out (verify, trash, journal), undo puts back,
purge frees. Where the system gives descriptors of folders all acts go through them (system.py).
"""
