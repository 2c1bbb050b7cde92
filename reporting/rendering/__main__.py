"""`python -m reporting.rendering LANGUAGE FORMAT`: reads a bundle or a snapshot, writes the rendition."""

import json
import sys

from reporting import rendering
from reporting.canonical import Malformed


def main(arguments: list[str]) -> int:
    """Runs in a process of its own, so that time and memory can be limited from outside."""
    langs = {lang: lang for lang in rendering.LANGUAGES}
    forms = {form: form for form in rendering.FORMATS}
    if len(arguments) != 2 or arguments[0] not in langs or arguments[1] not in forms:
        print(f"usage: python -m reporting.rendering {{{','.join(langs)}}} {{{','.join(forms)}}}", file=sys.stderr)
        return 2
    try:
        facts, previous = rendering.unbundle(json.load(sys.stdin.buffer))
    except (Malformed, json.JSONDecodeError) as error:
        print(f"not a snapshot: {error}", file=sys.stderr)
        return 2
    sys.stdout.buffer.write(rendering.render(facts, previous, lang=langs[arguments[0]], form=forms[arguments[1]]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
