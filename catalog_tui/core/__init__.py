"""Everything that is true without a screen: reading the archive, finding duplicates, settings, words."""
