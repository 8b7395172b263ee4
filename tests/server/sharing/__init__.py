"""Tests of what several workers and servers share; by a real Redis."""
