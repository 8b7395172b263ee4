"""How pictures can be drawn, by name: for the settings and for the command line, which may start without them."""

PREVIEWS = ("auto", "kitty", "iterm", "sixel", "blocks", "none")
"""The best way that the terminal has, one that it is trusted to have, or not at all."""
