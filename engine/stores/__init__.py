"""Where attributed articles are kept and found: one protocol, two stores."""
