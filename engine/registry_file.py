"""Reading `speakers.yaml`: every refusal names the file, the line and what is wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NoReturn, get_args

from engine.errors import RegistryError
from engine.identity import speaker_id
from engine.registry_entry import Entry, EntryKind, Gender, Office

if TYPE_CHECKING:
    from yaml import Node

_TEXT_FIELDS = {"name", "id", "kind", "gender", "nationality", "qid", "country"}
_LIST_FIELDS = {"aliases", "metonyms", "transliterations"}
_FIELDS = _TEXT_FIELDS | _LIST_FIELDS | {"offices"}
_OFFICE_FIELDS = {"title", "of", "from", "until"}


class _File:
    def __init__(self, name: str) -> None:
        self.name = name

    def refuse(self, node: Node, what: str) -> NoReturn:
        raise RegistryError(f"{self.name}, line {node.start_mark.line + 1}: {what}")

    def text(self, node: Node, what: str) -> str:
        from yaml import ScalarNode

        if not isinstance(node, ScalarNode) or not str(node.value).strip():
            self.refuse(node, f"{what} should be one non-empty text")
        return str(node.value).strip()

    def list_of(self, node: Node, what: str) -> list[Node]:
        from yaml import SequenceNode

        if not isinstance(node, SequenceNode):
            self.refuse(node, f"{what} should be a list")
        return list(node.value)

    def fields(self, node: Node, allowed: set[str], what: str) -> dict[str, Node]:
        from yaml import MappingNode

        if not isinstance(node, MappingNode):
            self.refuse(node, f"{what} should be fields like `name: Ana Ruiz`")
        found: dict[str, Node] = {}
        for key, value in node.value:
            word = self.text(key, "a field's name")
            if word not in allowed:
                self.refuse(key, f"unknown field `{word}`; known are {', '.join(sorted(allowed))}")
            if word in found:
                self.refuse(key, f"`{word}` twice in one entry")
            found[word] = value
        return found

    def day(self, node: Node | None, *, end: bool = False) -> date | None:
        """A day; a year or month alone means its first day (its last where it ends something)."""
        if node is None:
            return None
        text = self.text(node, "a date")
        parts = text.split("-")
        try:
            year, month, day = (int(p) for p in [*parts, *(["12", "31"] if end else ["1", "1"])[len(parts) - 1 :]])
            if end and len(parts) == 2:
                following = date(year + month // 12, month % 12 + 1, 1)
                return date.fromordinal(following.toordinal() - 1)
            return date(year, month, day)
        except (ValueError, TypeError):
            self.refuse(node, f"`{text}` is no date; write 2004-03-09, 2004-03 or 2004")


def read_registry(text: str, *, name: str) -> tuple[Entry, ...]:
    """The entries of a registry file. Raises RegistryError."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RegistryError(f"{name}, line {line}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise RegistryError(f"{name}, line 1: not YAML: {error}") from error
    if root is None:
        return ()
    file = _File(name)
    return tuple(_entry(file, node) for node in file.list_of(root, "the registry"))


def _entry(file: _File, node: Node) -> Entry:
    fields = file.fields(node, _FIELDS, "an entry")
    if "name" not in fields:
        file.refuse(node, "an entry without `name`")
    texts = {key: file.text(fields[key], f"`{key}`") for key in _TEXT_FIELDS & fields.keys()}
    lists = {
        key: tuple(file.text(n, f"each of `{key}`") for n in file.list_of(fields[key], f"`{key}`"))
        for key in _LIST_FIELDS & fields.keys()
    }
    _one_of(file, fields, "kind", get_args(EntryKind))
    _one_of(file, fields, "gender", get_args(Gender))
    qid = texts.get("qid")
    if qid and not (qid[0] == "Q" and qid[1:].isascii() and qid[1:].isdigit()):
        file.refuse(fields["qid"], f"`{qid}` is no Wikidata id like Q937")
    offices = file.list_of(fields["offices"], "`offices`") if "offices" in fields else []
    return Entry(
        id=texts.get("id") or speaker_id(texts["name"]),
        name=texts["name"],
        kind=texts.get("kind", "person"),  # type: ignore[arg-type] # checked by _one_of
        aliases=lists.get("aliases", ()) + lists.get("transliterations", ()),
        metonyms=lists.get("metonyms", ()),
        gender=texts.get("gender"),  # type: ignore[arg-type] # checked by _one_of
        nationality=texts.get("nationality") or texts.get("country"),
        qid=qid,
        offices=tuple(_office(file, office) for office in offices),
        line=node.start_mark.line + 1,
    )


def _one_of(file: _File, fields: dict[str, Node], key: str, allowed: tuple[str, ...]) -> None:
    if key in fields and (value := file.text(fields[key], f"`{key}`")) not in allowed:
        file.refuse(fields[key], f"`{key}: {value}`; it should be one of {', '.join(allowed)}")


def _office(file: _File, node: Node) -> Office:
    fields = file.fields(node, _OFFICE_FIELDS, "an office")
    if "title" not in fields:
        file.refuse(node, "an office without `title`")
    start, end = file.day(fields.get("from")), file.day(fields.get("until"), end=True)
    if start and end and end < start:
        file.refuse(node, f"an office that ends ({end}) before it starts ({start})")
    of = file.text(fields["of"], "`of`") if "of" in fields else None
    return Office(title=file.text(fields["title"], "`title`").lower(), of=of, start=start, end=end)
