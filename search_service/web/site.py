"""A site's own: its name, logo, colours, names of fields and values, and what it shows of a document.

`site_file` reads it from a file; a service without one has `Site()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from index_config.schema import FIELD_PATTERN, NAME_PATTERN
from search_service.messages.labels import (
    FIELDS,
    LANGUAGE_FIELDS,
    LANGUAGES,
    Label,
    field_label,
    index_label,
    value_label,
)
from search_service.messages.rendering import Language
from search_service.web.colors import DARK, LIGHT, dark_accent, palette, style_sheet, unreadable

MAX_LABEL = 200
"""Code points of a name."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Names(_Model):
    ar: str = Field(default="", max_length=MAX_LABEL)
    en: str = Field(default="", max_length=MAX_LABEL)


def _label(value: Any) -> Any:
    """Return the names of a table, or one name for both languages; a language without a name has the other's."""
    names = _Names(ar=value, en=value) if isinstance(value, str) else _Names.model_validate(value)
    if not (names.ar.strip() or names.en.strip()):
        raise ValueError("has no name; write a text, or a table with ar and en")
    return Label(names.ar or names.en, names.en or names.ar)


Name = Annotated[Label, BeforeValidator(_label)]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
FieldName = Annotated[str, Field(pattern=rf"^{FIELD_PATTERN.pattern}$")]
Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$")]
IndexKey = Annotated[str, Field(pattern=rf"^{NAME_PATTERN.pattern}$")]


class Scheme(_Model):
    """The colours of light or dark pages that differ from those of the product."""

    ground: Color | None = None
    surface: Color | None = None
    ink: Color | None = None
    muted: Color | None = None
    accent: Color | None = None
    mark: Color | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """The colours by name."""
        return self.model_dump(exclude_none=True)


class Colors(_Model):
    """The colours of light and of dark pages; the accent of dark pages follows from that of light ones."""

    light: Scheme = Scheme()
    dark: Scheme = Scheme()

    @cached_property
    def palettes(self) -> tuple[dict[str, str], dict[str, str]]:
        """Every colour of light and of dark pages."""
        light, dark = self.light.chosen, self.dark.chosen
        if "accent" in light and "accent" not in dark:
            dark["accent"] = dark_accent(light["accent"], dark)
        return palette(light, LIGHT), palette(dark, DARK)

    @model_validator(mode="after")
    def _readable(self) -> Colors:
        for name, colors in zip(("light", "dark"), self.palettes, strict=True):
            for ink, ground, ratio in unreadable(colors):
                raise ValueError(
                    f"{name}: {ink} {colors[ink]} on {ground} {colors[ground]} has a contrast of {ratio:.2f}:1; "
                    "at least 4.5:1 is needed to read it"
                )
        return self


class FieldNames(_Model):
    """The name of a field, and those of its values."""

    name: Name | None = None
    values: Mapping[str, Name] = Field(default_factory=dict)


class IndexDisplay(_Model):
    """The name of an index, and which of its fields have a role on the page; by default the schema decides.

    Attributes:
        name: its name.
        facets: the fields beside the results, in order.
        title: the field with the title of a document.
        source: the fields under the title, in order.
        tags: the fields under the text, in order.
        image: the field with the address of an image.
        image_alt: the field that says what the image shows.
        group_by: the keyword facet whose values make documents one result, such as the reports of one story.
    """

    name: Name | None = None
    facets: tuple[FieldName, ...] | None = None
    title: FieldName | None = None
    source: tuple[FieldName, ...] | None = None
    tags: tuple[FieldName, ...] | None = None
    group_by: FieldName | None = None
    image: FieldName | None = None
    image_alt: FieldName | None = None


class Site(_Model):
    """What a site decides.

    Attributes:
        name: its name; by default that of the index.
        logo: the file of its logo, beside the file of the site.
        language: the language of readers whose browser asks for neither.
        country: the country whose names of months and digits are used, whatever the browser says.
        digits: `latn` for 123, `arab` for ١٢٣.
        hijri: whether days are also shown by the Umm al-Qura calendar.
        image_origins: the origins beside its own from which its pages load images.
        colors: its colours.
        fields: names of fields and values, in all of its indexes.
        indexes: names of indexes, and which fields they show.
    """

    name: Name | None = None
    logo: str = ""
    language: Literal["ar", "en"] = "ar"
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    digits: Literal["latn", "arab"] | None = None
    hijri: bool | None = None
    image_origins: tuple[Origin, ...] = ()
    colors: Colors | None = None
    fields: Mapping[FieldName, FieldNames] = Field(default_factory=dict)
    indexes: Mapping[IndexKey, IndexDisplay] = Field(default_factory=dict)

    def field_name(self, name: str) -> Label:
        """Return the names of a field."""
        named = self.fields.get(name)
        return (named and named.name) or field_label(name)

    def value_name(self, field: str, value: str) -> Label | None:
        """Return the names of a value, or None if it is shown as it is."""
        named = self.fields.get(field)
        return (named and named.values.get(value)) or value_label(field, value)

    def names(self, language: Language) -> dict[str, dict[str, Any]]:
        """Return what readers of a language call fields and values: common ones, and those of the site.

        The members are `fields`, each name by that of the field, and `values`, the same of the values of a field.
        """

        def said(label: Label | None) -> str:
            return str(getattr(label, language.value))

        fields = {name: said(self.field_name(name)) for name in (*FIELDS, *self.fields)}
        values = {name: [*named.values] for name, named in self.fields.items()}
        for name in LANGUAGE_FIELDS:
            values[name] = [*LANGUAGES, *values.get(name, ())]
        named = {
            name: {value: said(self.value_name(name, value)) for value in some} for name, some in values.items() if some
        }
        return {"fields": fields, "values": named}

    def index_name(self, name: str) -> Label:
        """Return the names of an index."""
        return self.display(name).name or index_label(name)

    def display(self, index: str) -> IndexDisplay:
        """Return what an index shows."""
        return self.indexes.get(index) or IndexDisplay()

    @property
    def style_sheet(self) -> str:
        """The style sheet with its colours; empty without any."""
        return style_sheet(*self.colors.palettes) if self.colors else ""
