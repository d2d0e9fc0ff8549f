"""What comes in over HTTP: the tap page with its files, the taps, the time, and the door."""
