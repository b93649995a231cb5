"""HTTP routes: each reads its parameters, asks the engine, and writes the public JSON or a page."""
