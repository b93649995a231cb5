"""Readers: whatever a newsroom has lying about, to articles.

`read_paths` and `read_bytes` yield `Article`s and, for what could not be read, `Skipped` with its reason. They never
raise for what a file holds.
"""

from engine.readers.article import ArticleDefaults
from engine.readers.files import read_bytes, read_paths

__all__ = ["ArticleDefaults", "read_bytes", "read_paths"]
