"""Conditional requests and ranges by RFC 9110 sections 13 and 14, against any server that has the test file.

`python -m tests.server.conformance NAME=URL ...` prints a column for each; the file at URL must be CONTENT.
"""
