"""The fifty states and the District of Columbia: name, census region, residents at the 2020 Census (P.L. 94-171)."""

TABLE = """
AL Alabama South 5024279|AK Alaska West 733391|AZ Arizona West 7151502|AR Arkansas South 3011524
CA California West 39538223|CO Colorado West 5773714|CT Connecticut Northeast 3605944|DE Delaware South 989948
DC District of Columbia South 689545|FL Florida South 21538187|GA Georgia South 10711908|HI Hawaii West 1455271
ID Idaho West 1839106|IL Illinois Midwest 12812508|IN Indiana Midwest 6785528|IA Iowa Midwest 3190369
KS Kansas Midwest 2937880|KY Kentucky South 4505836|LA Louisiana South 4657757|ME Maine Northeast 1362359
MD Maryland South 6177224|MA Massachusetts Northeast 7029917|MI Michigan Midwest 10077331|MN Minnesota Midwest 5706494
MS Mississippi South 2961279|MO Missouri Midwest 6154913|MT Montana West 1084225|NE Nebraska Midwest 1961504
NV Nevada West 3104614|NH New Hampshire Northeast 1377529|NJ New Jersey Northeast 9288994|NM New Mexico West 2117522
NY New York Northeast 20201249|NC North Carolina South 10439388|ND North Dakota Midwest 779094|OH Ohio Midwest 11799448
OK Oklahoma South 3959353|OR Oregon West 4237256|PA Pennsylvania Northeast 13002700|RI Rhode Island Northeast 1097379
SC South Carolina South 5118425|SD South Dakota Midwest 886667|TN Tennessee South 6910840|TX Texas South 29145505
UT Utah West 3271616|VT Vermont Northeast 643077|VA Virginia South 8631393|WA Washington West 7705281
WV West Virginia South 1793716|WI Wisconsin Midwest 5893718|WY Wyoming West 576851
"""


def read_states() -> dict[str, tuple[str, str, int]]:
    """Code -> (name, region, residents)."""
    states = {}
    for entry in TABLE.strip().replace("\n", "|").split("|"):
        code, *name, region, residents = entry.split(" ")
        states[code] = (" ".join(name), region, int(residents))
    if len(states) != 51 or sum(state[2] for state in states.values()) != 331449281:
        raise SystemExit("the state populations do not sum to the 2020 Census")
    return states
