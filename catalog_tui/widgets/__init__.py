"""Widgets: each owns its state and knows no screen."""
