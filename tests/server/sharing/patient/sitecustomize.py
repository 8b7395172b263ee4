"""Lets a server wait for Redis, and for the others' replies, as long as a busy machine may take for an answer.

Whether it is given up in time is for the tests of that alone; all others are about what comes of the answers.
"""

import sys

LONG_S = 60.0

if "serve" in sys.orig_argv:
    from catalog_tui.server.sharing import redis_bus, redis_link

    for module, name in (
        (redis_link, "PATIENCE_S"),
        (redis_link, "QUICK_S"),
        (redis_bus, "REPLY_S"),
        (redis_bus, "SILENT_S"),
    ):
        assert hasattr(module, name)
        setattr(module, name, LONG_S)
