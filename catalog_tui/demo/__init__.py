"""The demo archive: a small, believable one of generated media, for trying the program and for pictures of it."""

from catalog_tui.demo.make import DemoSummary, make_demo

__all__ = ["DemoSummary", "make_demo"]
