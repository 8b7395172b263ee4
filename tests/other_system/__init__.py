"""A folder for PYTHONPATH: Python processes started with it find of the system only what every system has."""
