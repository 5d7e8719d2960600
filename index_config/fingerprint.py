"""The fingerprint of the configuration that an index was built with; opening an index compares it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def fingerprint(parts: Mapping[str, Any]) -> str:
    """Return 16 hexadecimal digits that change with any part (JSON values; sets count in sorted order).

    >>> fingerprint({"b": 1, "a": {"y", "x"}}) == fingerprint({"a": {"x", "y"}, "b": 1})
    True
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=sorted)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
