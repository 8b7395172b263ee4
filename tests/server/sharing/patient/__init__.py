"""What a server that is to be patient is started with."""
