"""Screens: they compose widgets and own no logic."""
