"""What keeps generated files in step with the source: run from a checkout, no part of the installed program."""
