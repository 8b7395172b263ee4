"""What the workers of one server, and several servers over one archive, share: ready bytes, words to each other."""
