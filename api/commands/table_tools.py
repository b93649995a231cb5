"""Commands for those who keep an archive or improve the engine."""

from __future__ import annotations

import typer


def add_to(application: typer.Typer) -> None:
    """Hang the commands into the command line."""
    del application
