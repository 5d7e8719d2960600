"""Types of the schemas of indexes, as requests and answers have them.

`index_config.schema` checks them; the types here describe the same for the OpenAPI document.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from index_config.schema import MAX_WEIGHT, NAME_PATTERN

Kind = Literal["text", "keyword", "date", "integer", "float", "boolean", "url", "stored"]
Weight = Annotated[float, Field(ge=0, le=MAX_WEIGHT)]


@with_config(ConfigDict(extra="forbid"))
class FieldDefinition(TypedDict):
    """A field of a schema."""

    kind: Annotated[Kind, Field(description="What its values are.")]
    source: NotRequired[
        Annotated[str, Field(description="The key of its values in documents, where that is another name.")]
    ]
    description: NotRequired[Annotated[str, Field(description="One line.")]]
    weight: NotRequired[
        Annotated[Weight, Field(description="How much a match counts; for text 1, for other kinds 0: not searched.")]
    ]
    multi: NotRequired[Annotated[bool, Field(description="Whether a document may have several values.")]]
    required: NotRequired[Annotated[bool, Field(description="Whether a document without it is rejected.")]]
    facet: NotRequired[Annotated[bool, Field(description="Whether its values can be counted and filtered by.")]]
    sort: NotRequired[Annotated[bool, Field(description="Whether results can be sorted by it.")]]
    suggest: NotRequired[Annotated[bool, Field(description="Whether its values complete what is typed.")]]
    verbatim: NotRequired[
        Annotated[bool, Field(description="Whether values that differ in spelling only are different values.")]
    ]
    earliest: NotRequired[
        Annotated[int, Field(ge=1, le=9_999, description="Of a date: the first year that is not doubtful.")]
    ]
    aliases: NotRequired[
        Annotated[list[str], Field(description="Further names of the field in queries, single words.")]
    ]


@with_config(ConfigDict(extra="forbid"))
class SchemaDefinition(TypedDict):
    """The schema of an index: what a schema file has, as JSON."""

    name: Annotated[str, Field(pattern=f"^{NAME_PATTERN.pattern}$", description="Its name.")]
    fields: Annotated[dict[str, FieldDefinition], Field(description="The fields by name; one of them is searched.")]
    description: NotRequired[Annotated[str, Field(description="One line.")]]
    default_sort: NotRequired[
        Annotated[str, Field(description="The order without a query: a sortable field, `-` before it for descending.")]
    ]
    date: NotRequired[Annotated[str, Field(description="The field that `date_from` and `date_to` filter.")]]
    freshness: NotRequired[Annotated[Weight, Field(description="The score that a recent document gains by that date.")]]
    lead: NotRequired[Annotated[Weight, Field(description="How much the first words of a text count.")]]
    id_from: NotRequired[
        Annotated[
            str,
            Field(description="The key of the id of documents without `id`; `content` for a hash of each document."),
        ]
    ]
    understanding: NotRequired[
        Annotated[
            list[Literal["names", "expansions", "compounds", "spelling"]] | None,
            Field(description="The steps in which queries are understood; all of them without it."),
        ]
    ]


@with_config(ConfigDict(extra="forbid"))
class JobDefinition(TypedDict):
    """What a job is to do."""

    kind: Annotated[
        Literal["reindex", "doctor"],
        Field(description="`reindex`: build the index anew from its documents; `doctor`: check it."),
    ]
    schema: NotRequired[
        Annotated[
            str | SchemaDefinition,
            Field(description="Of `reindex`: the name of a packaged schema, or a schema; else that of the index."),
        ]
    ]
    keep: NotRequired[
        Annotated[
            int, Field(ge=0, le=100, description="Of `reindex`: how many earlier generations are kept for a rollback.")
        ]
    ]
    ignore_unknown: NotRequired[
        Annotated[bool, Field(description="Of `reindex`: drop fields that the schema does not have.")]
    ]
    dry_run: NotRequired[
        Annotated[
            bool, Field(description="Of `reindex`: only count the documents that fit the schema; change nothing.")
        ]
    ]


@with_config(ConfigDict(extra="forbid"))
class IndexDefinition(TypedDict):
    """What an index is created with."""

    schema: Annotated[
        str | SchemaDefinition, Field(description="The name of a packaged schema, such as `news`, or a schema.")
    ]
