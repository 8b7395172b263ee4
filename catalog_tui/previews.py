"""How pictures can be drawn, by name: known to the settings and to the command line, which starts without the former."""

PREVIEWS = ("auto", "kitty", "iterm", "sixel", "blocks", "none")
"""The best way that the terminal has, one that it is trusted to have, or not at all."""
