"""The command `onrecord`. Commands live in `api/commands`, each imported only when it is called."""

from __future__ import annotations

import os
import sys

from engine.errors import OnRecordError, UsageError

DONE, SOME_FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes of the contract; 130 is the shell's own for a command that was stopped by Ctrl-C."""


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        # Articles are in every script, whatever the terminal's locale says.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    sys.exit(run())


def run() -> int:
    from api.commands.table import application

    try:
        application(prog_name="onrecord")
    except SystemExit as end:
        # typer and rich turn a pipe that broke into an exit of their own.
        if isinstance(end.__context__, BrokenPipeError):
            return _reader_left()
        code = end.code if isinstance(end.code, int) else SOME_FAILED if end.code else DONE
        return _flushed(code)
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        print("stopped; what was counted is kept", file=sys.stderr)
        return INTERRUPTED
    except OnRecordError as error:
        print(f"onrecord: {error}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else SOME_FAILED
    return DONE


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    return code


def _reader_left() -> int:
    """`onrecord export | head` is no failure of ours."""
    from api.terminal import silence_stdout

    silence_stdout()
    return DONE


if __name__ == "__main__":
    main()
