"""Browse, clean and share a downloaded-media archive from the terminal."""

__version__ = "0.1.0"
