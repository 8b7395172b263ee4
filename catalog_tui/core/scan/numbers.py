"""Numbers of 64 bits without a sign, as SQLite holds them: mergerfs gives out inodes that need the highest bit."""


def signed(number: int) -> int:
    """The number as a signed one of the same 64 bits."""
    return number - (1 << 64) if number >> 63 else number


def unsigned(number: int) -> int:
    """What `signed` was given."""
    return number + (1 << 64) if number < 0 else number
