"""The HTTP server: the archive from anywhere, by a JSON API, media with ranges, and a page. Starlette on Granian."""
