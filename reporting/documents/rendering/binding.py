"""What stays on one line on paper: a number with its unit, a day with its value, a letter with its group.

The joiner lets no line end where it stands and leaves every character as it was typed; `pdf` takes it out of what is
read aloud and copied.
"""

import re

JOINER = "\u2060"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# After each of these no line ends.
TIGHT = re.compile(
    r"(?<=\d) (?=\d{3}\b)"  # 2 300
    r"|(?<=\d) (?=(?:%|€|°C|kk|pv|km|kg|kpl|st\.|t|m|h|ha|MWh|GWh|kWh|milj\.|mn|mån\.|dgr)(?!\w))"  # 2 300 t, 5 %
    r"|(?<=€) (?=\d|million)"
    r"|(?<=\d{4}:) (?=\S)"  # 31.12.2023: 640
    r"|(?<=klo) (?=\d)|(?<=kl\.) (?=\d)|(?<=§) (?=\d)"
    rf"|(?<=\d) (?=(?:{MONTHS})\b)"  # 31 December
    r"|(?<=\w{3}) (?=\w$)"  # Valtuustoryhmä B
    r"|(?<=,) (?=\S{1,4}$)"  # behind a name: its unit
    r"|(?<=\d{4}) (?=§[ \u00a0]\d)"  # 28.8.2023 § 905
)
SHORT = re.compile(r"(?<!\S)[^\s/]{1,6}(?:/[^\s/]{1,6})+(?!\S)")  # kWh/m³
RANGE = re.compile(r"(?<=\d[–-])(?=\d)|(?<=\d\.[–-])(?=\w)")  # 2021–2025, 8.–9.-luokkalaiset
DAY = re.compile(rf"(\d[ \u00a0]{JOINER}?(?:{MONTHS})) (?=\d{{4}}\b)")  # 31 December 2023


def bound(text: str) -> str:
    """The text with joiners where it may not be parted."""
    if " " in text:
        text = DAY.sub(rf"\1 {JOINER}", TIGHT.sub(f" {JOINER}", text))
    text = RANGE.sub(JOINER, text)
    return SHORT.sub(lambda word: word[0].replace("/", f"{JOINER}/{JOINER}"), text) if "/" in text else text
