"""Pictures in a terminal: what it can draw, and pictures made into what it draws."""
