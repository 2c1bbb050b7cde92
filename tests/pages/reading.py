"""What a page says, apart from how its template is laid out."""

from __future__ import annotations

import html
import re
from typing import Any

INLINE = "a|b|bdi|code|del|em|i|ins|span|strong|time"
# White space shows between what stands in a line; beside other tags and at an element's edges it is the layout's.
AROUND_TAGS = re.compile(rf" ?(</?(?!(?:{INLINE})\b)[a-z][^>]*>) ?")
AT_EDGES = re.compile(rf"(<(?:{INLINE})\b[^>]*>) | (</(?:{INLINE})>)")
WHITE = re.compile(r"[ \t\n]+")  # a space that does not break is a sign like others
TYPED = re.compile(r"(?<=>)[^<]*(?=</textarea>)")


def markup(answer: Any) -> str:
    """The page of an answer without the white space that no browser shows; what is typed in a text area stays."""
    page: str = answer.content.decode()
    typed = iter(TYPED.findall(page))
    shown = WHITE.sub(" ", TYPED.sub("\0", page)).replace(" >", ">")
    shown = AT_EDGES.sub(r"\1\2", AROUND_TAGS.sub(r"\1", shown))
    return re.sub("\0", lambda _: next(typed), shown)


def words(answer: Any) -> str:
    """What the main part of a page says: each tag a bar, every space a plain one, without the seams of words."""
    page = html.unescape(markup(answer).split("<main", 1)[1].split(">", 1)[1].split("</main>")[0])
    plain = page.replace("\u00ad", "").replace("\xa0", " ").replace("\u202f", " ").replace("\u2060", "")
    return re.sub(r"[ |]*\|[ |]*", "|", re.sub(r"<[^>]+>", "|", plain))
