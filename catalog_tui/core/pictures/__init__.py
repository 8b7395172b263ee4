"""Behind `core.media` and `core.thumbnails`: decoding in worker processes, and the store of what was made."""
