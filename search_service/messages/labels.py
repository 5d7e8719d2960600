"""Names of common fields and indexes in both languages, for readers of the search page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Label(NamedTuple):
    """A name in both languages."""

    ar: str
    en: str


FIELDS: Mapping[str, Label] = {
    "about": Label("نبذة", "About"),
    "abstract": Label("الملخص", "Abstract"),
    "author": Label("الكاتب", "Author"),
    "authors": Label("المؤلفون", "Authors"),
    "available": Label("متوفر", "Available"),
    "body": Label("النص", "Text"),
    "book": Label("الكتاب", "Book"),
    "brand": Label("العلامة التجارية", "Brand"),
    "categories": Label("الأقسام", "Categories"),
    "category": Label("القسم", "Category"),
    "chapter": Label("الفصل", "Chapter"),
    "city": Label("المدينة", "City"),
    "collection": Label("المجموعة", "Collection"),
    "color": Label("اللون", "Colour"),
    "content": Label("النص", "Text"),
    "country": Label("البلد", "Country"),
    "cover": Label("الغلاف", "Cover"),
    "created": Label("تاريخ الإنشاء", "Created"),
    "created_at": Label("تاريخ الإنشاء", "Created"),
    "date": Label("التاريخ", "Date"),
    "department": Label("الإدارة", "Department"),
    "description": Label("الوصف", "Description"),
    "editor": Label("المحرر", "Editor"),
    "edition": Label("الطبعة", "Edition"),
    "email": Label("البريد الإلكتروني", "Email"),
    "format": Label("الصيغة", "Format"),
    "genre": Label("النوع", "Genre"),
    "image": Label("الصورة", "Image"),
    "isbn": Label("الردمك", "ISBN"),
    "issued": Label("تاريخ الصدور", "Issued"),
    "journal": Label("المجلة", "Journal"),
    "keywords": Label("الكلمات المفتاحية", "Keywords"),
    "language": Label("اللغة", "Language"),
    "languages": Label("اللغات", "Languages"),
    "link": Label("الرابط", "Link"),
    "location": Label("الموقع", "Location"),
    "modified": Label("تاريخ التعديل", "Modified"),
    "name": Label("الاسم", "Name"),
    "narrator": Label("الراوي", "Narrator"),
    "note": Label("ملاحظة", "Note"),
    "notes": Label("ملاحظات", "Notes"),
    "number": Label("الرقم", "Number"),
    "page": Label("الصفحة", "Page"),
    "pages": Label("عدد الصفحات", "Pages"),
    "phone": Label("الهاتف", "Phone"),
    "place": Label("المكان", "Place"),
    "price": Label("السعر", "Price"),
    "published": Label("تاريخ النشر", "Published"),
    "published_at": Label("تاريخ النشر", "Published"),
    "publisher": Label("الناشر", "Publisher"),
    "quantity": Label("الكمية", "Quantity"),
    "rating": Label("التقييم", "Rating"),
    "section": Label("القسم", "Section"),
    "series": Label("السلسلة", "Series"),
    "source": Label("المصدر", "Source"),
    "status": Label("الحالة", "Status"),
    "story": Label("القصة", "Story"),
    "subject": Label("الموضوع", "Subject"),
    "subjects": Label("الموضوعات", "Subjects"),
    "subtitle": Label("العنوان الفرعي", "Subtitle"),
    "summary": Label("الملخص", "Summary"),
    "tags": Label("الوسوم", "Tags"),
    "text": Label("النص", "Text"),
    "title": Label("العنوان", "Title"),
    "topic": Label("الموضوع", "Topic"),
    "translator": Label("المترجم", "Translator"),
    "type": Label("النوع", "Type"),
    "updated": Label("تاريخ التحديث", "Updated"),
    "updated_at": Label("تاريخ التحديث", "Updated"),
    "url": Label("الرابط", "Link"),
    "volume": Label("المجلد", "Volume"),
    "volumes": Label("عدد المجلدات", "Volumes"),
    "written": Label("تاريخ التأليف", "Written"),
    "year": Label("السنة", "Year"),
}

INDEXES: Mapping[str, Label] = {
    "archive": Label("الأرشيف", "Archive"),
    "articles": Label("المقالات", "Articles"),
    "books": Label("الكتب", "Books"),
    "documents": Label("الوثائق", "Documents"),
    "hadith": Label("الحديث", "Hadith"),
    "library": Label("المكتبة", "Library"),
    "news": Label("الأخبار", "News"),
    "products": Label("المنتجات", "Products"),
    "quran": Label("القرآن الكريم", "Quran"),
}


LANGUAGES: Mapping[str, Label] = {
    "ar": Label("العربية", "Arabic"),
    "de": Label("الألمانية", "German"),
    "en": Label("الإنجليزية", "English"),
    "es": Label("الإسبانية", "Spanish"),
    "fa": Label("الفارسية", "Persian"),
    "fr": Label("الفرنسية", "French"),
    "tr": Label("التركية", "Turkish"),
    "ur": Label("الأردية", "Urdu"),
}
"""Values of a field that says in which language a document is."""

LANGUAGE_FIELDS = ("language", "languages", "lang")
"""The names of such a field."""


def value_label(field: str, value: str) -> Label | None:
    """Return the names of a value that stands for a common thing, or None.

    >>> value_label("language", "ar").en
    'Arabic'
    """
    return LANGUAGES.get(value) if field in LANGUAGE_FIELDS else None


def written(name: str) -> str:
    """Return a name in an index or schema as words.

    >>> written("shelf_mark"), written("city-library")
    ('shelf mark', 'city library')
    """
    return name.replace("_", " ").replace("-", " ")


def field_label(name: str) -> Label:
    """Return the names of a field: of a common one in both languages, of any other as it is written.

    >>> field_label("category"), field_label("shelf_mark").ar
    (Label(ar='القسم', en='Category'), 'shelf mark')
    """
    return FIELDS.get(name) or Label(written(name), written(name))


def index_label(name: str) -> Label:
    """Return the names of an index, as `field_label` does.

    >>> index_label("books").en, index_label("city_archive").en
    ('Books', 'city archive')
    """
    return INDEXES.get(name) or Label(written(name), written(name))
