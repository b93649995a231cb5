"""The embedded store's file: one SQLite database, made to be opened in any SQLite tool as well.

Text to be searched stands twice: as it is in `articles` and `passages`, and folded (`engine.text.index_text`) in
`search_words`, over which two FTS5 indexes lie: one stemmed, for words, one not, for phrases and prefixes.
"""

from __future__ import annotations

import sqlite3
from secrets import token_hex

from engine.errors import StoreError, StoreVersionError

APPLICATION_ID = 0x4F6E5265
"""'OnRe': told by `file` and checked at opening."""
SCHEMA_VERSION = 1
ANALYSIS_VERSION = "1"
"""Raise it when `engine.text.words` or `stem` change: stored words and asked words would no longer meet."""

TABLES = """
CREATE TABLE store (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, url TEXT, outlet TEXT, published TEXT, day TEXT,
    language TEXT, input TEXT, text TEXT NOT NULL, layout TEXT NOT NULL, fingerprint TEXT NOT NULL
);
CREATE INDEX articles_by_day ON articles (day);

CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article INTEGER NOT NULL REFERENCES articles (number),
    type TEXT NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL, spans TEXT NOT NULL, place_start INTEGER NOT NULL,
    place_end INTEGER NOT NULL, generation INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_generation ON passages (generation);

CREATE TABLE statements (
    passage INTEGER PRIMARY KEY REFERENCES passages (number), position INTEGER NOT NULL, kind TEXT NOT NULL,
    act TEXT NOT NULL, form TEXT NOT NULL, confidence REAL NOT NULL, cue TEXT, source TEXT, record TEXT NOT NULL
);
CREATE TABLE speakers (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, generation INTEGER NOT NULL
);
CREATE INDEX speakers_by_generation ON speakers (generation);
CREATE TABLE statement_speakers (
    passage INTEGER NOT NULL REFERENCES statements (passage),
    part TEXT NOT NULL CHECK (part IN ('speaker', 'via', 'affiliation')), position INTEGER NOT NULL,
    speaker INTEGER NOT NULL REFERENCES speakers (number), PRIMARY KEY (passage, part, position)
) WITHOUT ROWID;
CREATE INDEX statements_by_speaker ON statement_speakers (speaker);
CREATE TABLE statement_paragraphs (
    statement INTEGER NOT NULL REFERENCES statements (passage), paragraph INTEGER NOT NULL REFERENCES passages (number),
    PRIMARY KEY (statement, paragraph)
) WITHOUT ROWID;

CREATE TABLE removed_passages (passage INTEGER NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX removed_by_generation ON removed_passages (generation);

CREATE TABLE search_words (
    passage INTEGER PRIMARY KEY, text TEXT NOT NULL, title TEXT NOT NULL, speaker TEXT NOT NULL, context TEXT NOT NULL
);
CREATE VIRTUAL TABLE search_stems USING fts5 (
    text, title, speaker, context, content = 'search_words', content_rowid = 'passage', tokenize = 'porter ascii'
);
CREATE VIRTUAL TABLE search_exact USING fts5 (
    text, title, speaker, context, content = 'search_words', content_rowid = 'passage', tokenize = 'ascii'
);
"""
# The key's columns come first in a table WITHOUT ROWID: SQLite 3.40's integrity_check is wrong about other orders.
# The `ascii` tokenizer takes every letter beyond ASCII as part of a word, so what `index_text` joined by spaces comes
# out as it went in, whatever Unicode version SQLite was built with.

COUNTERS = ("generation", "last_article", "last_passage", "last_speaker")
"""Kept in `store`: numbers are never used again, so a reader can tell a new passage from a removed one. Beside them
stands `made`, a name of this very file: a rebuilt one has other numbers."""

CLOSED = "closed"
"""This key stands in `store` while the file is about to give its place to a rebuilt one: nobody may write into it."""


def create_or_check(connection: sqlite3.Connection, path: str, *, any_version: bool = False) -> None:
    """Make the tables in an empty database; refuse one that is not ours or of another version.

    With `any_version` an older one will do: for `onrecord migrate`, which reads articles and statements alone.
    """
    if _version(connection, path, older=any_version) is not None:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection, path) is None:  # another process may have been first
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            rows = [*((counter, "0") for counter in COUNTERS), ("analysis", ANALYSIS_VERSION), ("made", token_hex(8))]
            connection.executemany("INSERT INTO store VALUES (?, ?)", rows)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: str, *, older: bool = False) -> int | None:
    """The version of our tables; None in an empty database."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables or application:
            raise StoreError(f"{path} is a SQLite file, but not a store of On Record; name another file")
        return None
    if version > SCHEMA_VERSION:
        raise StoreVersionError(
            f"{path} was made by a newer On Record (version {version} of the file, this one knows {SCHEMA_VERSION}); "
            "upgrade On Record, or export there and index here"
        )
    if older:
        return int(version)
    if version < SCHEMA_VERSION:
        raise StoreVersionError(f"{path} was made by an older On Record; rebuild it: onrecord migrate")
    (analysis,) = connection.execute("SELECT value FROM store WHERE key = 'analysis'").fetchone()
    if analysis != ANALYSIS_VERSION:
        raise StoreVersionError(f"{path} holds words cut by another version's rules; rebuild it: onrecord migrate")
    return int(version)
