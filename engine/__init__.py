"""The engine of On Record: reading, attributing, storing and finding who said what."""
