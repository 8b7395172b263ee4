"""Tests of `catalog_tui.core.pictures`."""
