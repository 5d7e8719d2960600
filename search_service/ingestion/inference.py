"""Infers the schema of documents for which nobody has written one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from index_config.errors import ConfigError
from index_config.field_kinds import MAX_KEYWORD_BYTES, FieldKind
from index_config.schema import (
    ALIAS_PATTERN,
    CONTENT,
    FIELD_PATTERN,
    MAX_FIELDS,
    RESERVED_FIELDS,
    TOO_MANY_FIELDS,
    Field,
    Schema,
)
from search_service.core.message import Message, message
from search_service.ingestion.field_stats import FieldStats, collect_stats
from search_service.ingestion.validation import FOREIGN_ID, MAX_ID_BYTES

FEW_VALUES = 50
"""Different values of a field that is a facet in any case: a page of filters that a person can read through."""

FEW_VALUES_SHARE = 0.2
"""Share of different values among all up to which a field with more than `FEW_VALUES` is a facet, such as authors."""

KEYWORD_WORDS = 4
"""Mean number of words up to which values that occur again and again are names of something and not texts."""

KEYWORD_BYTES = 200
"""Bytes of the longest value of a keyword: 100 Arabic letters."""

TITLE_WORDS = 25
"""Mean number of words of the longest text that can be a title."""

TITLE_WEIGHT = 3.0
"""As in the packaged schema."""

NAMES: Mapping[str, str] = {
    arabic: name
    for name, columns in {
        "title": "العنوان عنوان",
        "name": "الاسم اسم",
        "text": "النص نص",
        "content_text": "المحتوى",
        "description": "الوصف وصف",
        "abstract": "الملخص",
        "author": "المؤلف مؤلف الكاتب كاتب",
        "date": "التاريخ تاريخ",
        "category": "القسم قسم التصنيف تصنيف الفئة",
        "type": "النوع",
        "source_name": "المصدر",
        "url": "الرابط رابط",
        "price": "السعر سعر",
        "quantity": "الكمية",
        "brand": "الماركة العلامة",
        "city": "المدينة مدينة",
        "country": "الدولة البلد",
        "tags": "الوسوم",
        "year": "السنة سنة",
        "number": "رقم الرقم",
        "code": "الكود",
        "language": "اللغة",
        "image": "الصورة",
        "subject": "الموضوع",
    }.items()
    for arabic in columns.split()
}
"""Names of fields for frequent Arabic names of columns."""

TITLES = ("title", "headline", "name", "subject")
DATES = ("date", "published", "created", "time", "updated")
"""Words in the names of fields by which a title and the date of a document are recognised, likeliest first."""


@dataclass(frozen=True, slots=True)
class InferredSchema:
    """A schema that was made from documents.

    Attributes:
        schema: it has every key of the documents.
        comments: a line about the values of each field.
        documents: how many it was made from.
        made_ids: how documents without an id get one; None if all have one.
    """

    schema: Schema
    comments: Mapping[str, str]
    documents: int
    made_ids: Message | None = None


def infer_schema(name: str, documents: Sequence[tuple[Mapping[str, Any], bool]], id_from: str = "") -> InferredSchema:
    """Return a schema for documents.

    Args:
        name: of the schema.
        documents: a sample of them, each with whether all of its values are texts (a row of CSV).
        id_from: the key of the id of documents without one, or `CONTENT`; empty to choose one.

    Raises:
        ConfigError: the documents have more different keys than a schema may have fields.

    >>> documents = [({"sku": f"A{n}", "اسم": f"قميص قطني رقم {n}", "price": 9.5}, False) for n in range(9)]
    >>> inferred = infer_schema("shop", documents)
    >>> [(field.name, field.kind.name, field.source) for field in inferred.schema.fields], inferred.schema.id_from
    ([('sku', 'keyword', ''), ('name', 'text', 'اسم'), ('price', 'float', '')], 'sku')
    """
    stats = collect_stats(documents)
    ids = [stats.pop(key) for key in ("id", FOREIGN_ID) if key in stats]
    if len(stats) > MAX_FIELDS:
        problem = f"{len(documents):,} documents have {len(stats):,} different fields, such as {min(stats)!r}"
        raise ConfigError("inferred schema", "fields", problem, TOO_MANY_FIELDS)
    names = _names(list(stats))
    fields = [_field(names[key], one, len(documents)) for key, one in stats.items()]
    fields = _with_title(fields, [one.mean_words for one in stats.values()])
    if not any(field.is_searched for field in fields):
        fields = [replace(field, weight=1.0) if field.kind.searchable else field for field in fields]
    has_ids = any(one.documents == len(documents) for one in ids)
    if not has_ids and not id_from:
        id_from = _id_from(stats, len(documents))
    date = _date_of(fields)
    comments = {names[key]: _comment(one, len(documents)) for key, one in stats.items()}
    schema = Schema(
        name,
        f"Made from {len(documents):,} documents.",
        tuple(fields),
        default_sort=f"-{date}" if date else "",
        date=date,
        id_from=id_from,
    )
    return InferredSchema(schema, comments, len(documents), None if has_ids else _made_ids(id_from))


def _made_ids(id_from: str) -> Message:
    return message("ids-of-content") if id_from == CONTENT else message("ids-from", key=id_from)


def _id_from(stats: Mapping[str, FieldStats], documents: int) -> str:
    """Return the first key whose values identify the documents: a code or an address, and never a text."""
    for key, one in stats.items():
        if one.is_unique and not one.has_more and one.documents == documents and _can_be_id(one):
            return key
    return CONTENT


def _can_be_id(stats: FieldStats) -> bool:
    if stats.types["integer"] == stats.values or (stats.is_from_rows and stats.all_readable("integer")):
        return not _ID_NAMES.isdisjoint(_BETWEEN_WORDS.split(stats.key.strip())) or stats.key.lower() in _ID_NAMES
    if stats.types["string"] != stats.values or stats.longest > MAX_ID_BYTES:
        return False
    is_value = stats.all_readable("date") or stats.all_readable("number")
    return not is_value and stats.mean_words <= 1 and all(map(_CODE.search, stats.distinct))


_ID_NAMES = {
    "id",
    "Id",
    "ID",
    "code",
    "Code",
    "number",
    "Number",
    "sku",
    "isbn",
    "issn",
    "رقم",
    "الرقم",
    "معرف",
    "المعرف",
    "كود",
}
"""Words in the names of numbers that identify something and count nothing."""

_BETWEEN_WORDS = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])")
"""What separates the words of a name: `productId`, `product_id`, `رقم المنتج`."""

_CODE = re.compile(r"[\d@]|://")
"""What a code, a mail address or an address of a page has, and a word has not."""


def _names(keys: Sequence[str]) -> dict[str, str]:
    """Return a valid and unique name for each key of the documents."""
    names: dict[str, str] = {}
    taken = {key for key in keys if _is_name(key)}
    for number, key in enumerate(keys, start=1):
        name = key if _is_name(key) else _name(key, number)
        while name != key and name in taken:
            name = f"{name[:60]}_2" if not name.endswith("_2") else f"field_{number}"
        taken.add(name)
        names[key] = name
    return names


def _is_name(key: str) -> bool:
    return bool(FIELD_PATTERN.fullmatch(key)) and key not in RESERVED_FIELDS


def _name(key: str, number: int) -> str:
    if key.strip() in NAMES:
        return NAMES[key.strip()]
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", key).strip("_").lower()[:63].strip("_")
    return apart if _is_name(apart) else f"field_{number}"


def _field(name: str, stats: FieldStats, documents: int) -> Field:
    kind, multi = _kind(stats)
    few = _has_few_values(stats)
    has_words = kind is FieldKind.KEYWORD and few and any(map(str.isalpha, "".join(stats.distinct)))
    return Field(
        name,
        kind,
        weight=1.0 if kind is FieldKind.TEXT or has_words else 0.0,
        multi=multi,
        facet=kind.facet and (few or kind is FieldKind.DATE or kind is FieldKind.BOOLEAN) and documents > 1,
        sort=kind.sort and not multi and kind is not FieldKind.KEYWORD,
        aliases=_aliases(stats.key, name),
        source=stats.key if stats.key != name else "",
    )


def _aliases(key: str, name: str) -> tuple[str, ...]:
    """Return the key in the documents as an alias, if queries can name it."""
    return (key,) if key != name and ALIAS_PATTERN.fullmatch(key) else ()


def _kind(stats: FieldStats) -> tuple[FieldKind, bool]:
    """Return the kind of a field, and whether documents have several values of it."""
    multi = bool(stats.lists)
    types = {name for name, count in stats.types.items() if count}
    if types <= {"boolean"} and types:
        return FieldKind.BOOLEAN, multi
    if types <= {"integer"} and types:
        return FieldKind.INTEGER, multi
    if types <= {"integer", "number"} and types:
        return FieldKind.FLOAT, multi
    if types - {"string"}:
        return FieldKind.STORED, False
    return _kind_of_texts(stats, multi)


def _kind_of_texts(stats: FieldStats, multi: bool) -> tuple[FieldKind, bool]:
    readable = _OF_ROWS if stats.is_from_rows else _OF_TEXTS
    for name, kind in readable.items():
        if stats.all_readable(name) and stats.longest <= MAX_KEYWORD_BYTES:
            return kind, multi
    is_short = stats.longest <= KEYWORD_BYTES and stats.mean_words <= KEYWORD_WORDS
    if stats.separated and is_short:
        return FieldKind.KEYWORD, True
    if stats.values and is_short and (stats.mean_words <= 1 or _repeats(stats) or multi):
        return FieldKind.KEYWORD, multi
    return FieldKind.TEXT, multi


_OF_TEXTS: Mapping[str, FieldKind] = {"date": FieldKind.DATE, "url": FieldKind.URL}
_OF_ROWS: Mapping[str, FieldKind] = {
    **_OF_TEXTS,
    "boolean": FieldKind.BOOLEAN,
    "integer": FieldKind.INTEGER,
    "number": FieldKind.FLOAT,
}
"""The kinds that texts are read as, of JSON and of CSV; the first that fits all values."""


def _repeats(stats: FieldStats) -> bool:
    """Whether values occur again and again: two of three are repetitions."""
    return not stats.has_more and len(stats.distinct) * 3 <= stats.values


def _has_few_values(stats: FieldStats) -> bool:
    different = len(stats.distinct)
    if stats.has_more or (stats.is_unique and stats.documents > FEW_VALUES // 10):
        return False
    return different <= max(FEW_VALUES, FEW_VALUES_SHARE * stats.values)


def _with_title(fields: list[Field], mean_words: Sequence[float]) -> list[Field]:
    """Return the fields, of which the title weighs more and completes what is typed."""
    texts = [
        (_rank(field.name, TITLES), words, place)
        for place, (field, words) in enumerate(zip(fields, mean_words, strict=True))
        if field.kind is FieldKind.TEXT and not field.multi and 0 < words <= TITLE_WORDS
    ]
    if texts:
        _, _, place = min(texts)
        fields[place] = replace(fields[place], weight=TITLE_WEIGHT, suggest=True)
    return fields


def _date_of(fields: Sequence[Field]) -> str:
    dates = [
        (_rank(field.name, DATES), place)
        for place, field in enumerate(fields)
        if field.kind is FieldKind.DATE and not field.multi
    ]
    return fields[min(dates)[1]].name if dates else ""


def _rank(name: str, words: Sequence[str]) -> int:
    """Return how likely a name is by its words, 0 for the likeliest; a part of a word (`pubdate`) is less likely."""
    parts = name.split("_")
    ranks = [rank for rank, word in enumerate(words) if word in parts]
    ranks += [len(words) + rank for rank, word in enumerate(words) if word in name]
    return min(ranks, default=2 * len(words))


def _comment(stats: FieldStats, documents: int) -> str:
    """Return a line about the values of a field."""
    share = f"{stats.documents:,} of {documents:,} documents"
    if not stats.values:
        return f"{share}: no value, so its kind is a guess"
    if stats.types["object"]:
        return f"{share}; objects, or values of several types"
    different = f"over {len(stats.distinct):,}" if stats.has_more else f"{len(stats.distinct):,}"
    words = f"; {stats.mean_words:,.0f} words on average" if stats.mean_words > 1 else ""
    return f"{share}; {different} different values{words}"


def unknown_keys(schema: Schema, documents: Sequence[tuple[Mapping[str, Any], bool]]) -> AbstractSet[str]:
    """Return the keys of documents that a schema does not have."""
    known = {key for field in schema.fields for key in (field.name, field.source)} | {"id", FOREIGN_ID}
    return {key for content, _ in documents for key in content if key not in known}
