"""`onrecord check`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from api import wiring
from api.cli import DONE, SOME_FAILED
from api.terminal import out, print_json, printable, tell
from api.verdicts import LOUD_FLAGS, flag_words
from api.wording import counted, day
from engine.errors import InputError
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.attribution import Attributor
    from engine.check_answer import CheckAnswer, CheckedQuotation
    from engine.drafts import Draft
    from engine.ports import Embedder
    from engine.stores.base import Store

STYLES = {
    "verbatim": "green", "altered": "red", "joined": "red", "paraphrase": "cyan", "other_speaker": "red",
    "not_found": "yellow", "not_checked": "dim",
}  # fmt: skip


class _Checker:
    """All that a check needs, opened once."""

    def __init__(self, settings: Settings) -> None:
        self.embedder: Embedder = wiring.load_embedder(settings)
        self.store: Store = wiring.open_store(settings, identity=self.embedder.identity)
        self.attributor: Attributor = wiring.load_attributor(settings, registry=wiring.load_registry(settings))[0]

    def check(self, draft: Draft) -> CheckAnswer:
        from engine.check import check_draft

        return check_draft(draft, store=self.store, embedder=self.embedder, attributor=self.attributor)


def _bytes(path: str) -> bytes:
    try:
        if path == "-":
            return sys.stdin.buffer.read()
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def run_check(path: str, *, settings: Settings, as_json: bool) -> None:
    from engine.check_answer import check_record
    from engine.drafts import read_draft

    draft = read_draft(_bytes(path), name=path)
    answer = _Checker(settings).check(draft)
    if as_json:
        print_json(check_record(answer))
    else:
        show_verdicts(answer)


def run_check_lines(path: str, *, settings: Settings) -> int:
    """One answer a line with the draft's id; a line that is no draft is named, and the rest goes on."""
    from engine.check_answer import check_record
    from engine.drafts import Draft

    checker = _Checker(settings)
    code = DONE
    for number, line in enumerate(_bytes(path).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not (isinstance(record, dict) and isinstance(record.get("text"), str)):
                raise InputError("not a draft with id and text")
        except (ValueError, InputError, RecursionError) as error:
            tell(f"skipped {path}, line {number}: {error}")
            code = SOME_FAILED
            continue
        print_json({"id": record.get("id")} | check_record(checker.check(Draft(record["text"]))))
    return code


def show_verdicts(answer: CheckAnswer) -> None:
    console = out()
    for note in answer.notes:
        tell(f"note: {note}")
    for quotation in answer.quotations:
        _show(quotation)
    scope = answer.scope
    dates = f", {scope.first} to {scope.last}" if scope.first else ""
    console.print(
        f"{counted(len(answer.quotations), 'quotation')} looked up in {counted(scope.articles, 'article')} of "
        f"{counted(scope.outlets, 'outlet')}{dates}",
        style="dim",
    )


def _show(quotation: CheckedQuotation) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console = out()
    head = Text(quotation.verdict.replace("_", " ").upper(), style=f"bold {STYLES[quotation.verdict]}")
    if quotation.attributed_to:
        head.append(f"  draft: {printable(quotation.attributed_to)}", style="not bold default")
    console.print(head)
    console.print(Padding(Text(f"“{printable(quotation.text)}”"), (0, 2)))
    for change in quotation.changes:
        told = {"dropped": f"dropped: {change.source}", "added": f"added: {change.draft}",
                "replaced": f"{change.source} → {change.draft}"}[change.kind]  # fmt: skip
        console.print(Text(printable(f"    {told}"), style="red"))
    for flag in quotation.flags:
        console.print(Text(f"    ! {flag_words(flag)}", style="bold red" if flag in LOUD_FLAGS else "yellow"))
    for match in quotation.matches[:3]:
        speaker = match.speaker.name if match.speaker else "no speaker known"
        facts = (
            speaker,
            match.article.outlet or "outlet unknown",
            day(match.article.published),
            match.article.title or "",
        )
        console.print(Text(printable("    in: " + " · ".join(filter(None, facts))), style="dim"))
        if quotation.verdict != "verbatim":
            console.print(Padding(Text(f"“{printable(match.text)}”", style="dim"), (0, 6)))
    console.print()
