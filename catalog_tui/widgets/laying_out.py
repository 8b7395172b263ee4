"""Lays a screen out at once, so that a key in the same packet finds everything where it will stand.

Textual lays out with its next frame: until then a list still has the size it had among other panes, and a row down or a
page means something else. Made for the version of Textual that the project pins: these are its inner parts.
"""

from textual.screen import Screen
from textual.widget import Widget


def lay_out(screen: Screen[None]) -> None:
    """Give every widget of `screen` the place and size that the styles of this moment say; painted it is later."""
    for widget in screen.walk_children(Widget, with_self=True):
        widget._clear_arrangement_cache()
    with screen.app.batch_update():
        screen._refresh_layout()
