"""Options that several commands share, and the settings they give."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from engine.settings import Settings, load_settings

StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="sqlite:PATH or http(s)://HOST:PORT (Elastic).  [ONRECORD_STORE]"),
]  # fmt: skip
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text for people.")]
AttributionOption = Annotated[
    str | None,
    typer.Option("--attribution", metavar="MEANS", help="accurate, fast or rules.  [ONRECORD_ATTRIBUTION]"),
]
PathsArgument = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for stdin.")]
OptionalPaths = Annotated[
    list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for stdin.")
]
OutletOption = Annotated[str | None, typer.Option(help="Outlet of articles that do not say theirs.")]
PublishedOption = Annotated[str | None, typer.Option(help="Date (ISO 8601) of articles that do not say theirs.")]
UrlOption = Annotated[str | None, typer.Option(help="Url of an article that does not say its own.")]
LanguageOption = Annotated[str | None, typer.Option(help="Language (en) of articles that do not say theirs.")]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to a file, not to stdout.")]


RerankerOption = Annotated[
    str | None,
    typer.Option("--reranker", metavar="MODEL", help="A cross-encoder, by hub name or folder, that orders the first "
                 "hits anew; '': none.  [ONRECORD_RERANKER]"),
]  # fmt: skip


def settings_with(*, store: str | None = None, attribution: str | None = None, reranker: str | None = None) -> Settings:
    """The environment's settings, with what was given by hand put over them. Raises SettingsError."""
    settings = load_settings(os.environ)
    return replace(
        settings,
        store=store or settings.store,
        attribution=attribution or settings.attribution,
        reranker=settings.reranker if reranker is None else reranker.strip() or None,
    )
