"""One module a command, imported by name only when its command is called."""
