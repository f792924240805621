"""Lists written by hand: streets, street types, e-mail domains, advertisers and the words of campaign names."""

# The twenty commonest street names with their counts (US Census Bureau, 1993, as published by the National League of Cities).
COUNTED_STREETS = """
Second 10866,Third 10131,First 9898,Fourth 9190,Park 8926,Fifth 8186,Main 7644,Sixth 7283,Oak 6946,Seventh 6377
Pine 6170,Maple 6103,Cedar 5644,Eighth 5524,Elm 5233,View 5202,Washington 4974,Ninth 4908,Lake 4901,Hill 4877
"""
# The rest in falling order of how common they are; their weights follow rank^-1 from the last count on.
STREETS = """
Walnut,Spring,North,Ridge,Lincoln,Church,Willow,Mill,Sunset,Railroad,Jackson,Cherry,West,South,Center,Highland,Johnson
Forest,Jefferson,Hickory,Wilson,River,Meadow,Valley,Smith,East,Chestnut,Franklin,Adams,Spruce,Laurel,Davis,Birch
Williams,Lee,Dogwood,Green,Poplar,Locust,Woodland,Taylor,Ash,Madison,Hillcrest,Sycamore,Broadway,Miller,Lakeview
College,Central,Park View,Cottonwood,Tenth,Eleventh,Twelfth,Thirteenth,Fourteenth,Fifteenth,Sixteenth,Clark,Union
Magnolia,Canyon,Juniper,Grant,School,Airport,Prospect,Monroe,Harrison,Holly,Aspen,Country Club,Hillside,Mountain View
Cypress,Fairview,Summit,Rose,Garden,Sunrise,Mulberry,King,Beech,Court,Bridge,Grove,Liberty,Pleasant,Pearl,Water,Market
State,Front,High,Court House,Academy,Depot,Elizabeth,Charles,George,William,James,John,Henry,Edward,Mary,Ann,Martin
Anderson,Thomas,Moore,White,Brown,Jones,Harris,Lewis,Robinson,Walker,Young,Allen,Wright,Scott,Hall,Baker,Nelson
Carter,Mitchell,Roberts,Turner,Phillips,Campbell,Parker,Evans,Edwards,Collins,Stewart,Morris,Rogers,Reed,Cook,Morgan
Bell,Murphy,Bailey,Cooper,Richardson,Cox,Howard,Ward,Peterson,Gray,Ramsey,Watson,Brooks,Kelly,Sanders,Price,Bennett
Wood,Barnes,Ross,Henderson,Coleman,Jenkins,Perry,Powell,Long,Patterson,Hughes,Flores,Butler,Simmons,Foster,Bryant
Alexander,Russell,Griffin,Hayes,Myers,Ford,Hamilton,Graham,Sullivan,Wallace,Woods,Cole,Jordan,Owens,Reynolds,Fisher
Ellis,Gibson,Mason,Hunt,Black,Palmer,Rice,Knight,Stone,Fox,Hawk,Eagle,Deer,Bear,Wolf,Quail,Pheasant,Robin,Cardinal
Mockingbird,Meadowlark,Falcon,Heron,Swan,Elk,Antelope,Buffalo,Mustang,Colt,Saddle,Ranch,Prairie,Desert,Mesa,Canal
Harbor,Bay,Ocean,Beach,Shore,Island,Cove,Creek,Brook,Pond,Falls,Rapids,Lagoon,Seaview,Bayview,Riverside,Lakeshore
Lakeside,Brookside,Creekside,Woodside,Oakwood,Pinewood,Maplewood,Cedarwood,Elmwood,Birchwood,Driftwood,Redwood
Sequoia,Palm,Olive,Orange,Lemon,Peach,Apple,Plum,Pear,Almond,Pecan,Hazel,Linden,Alder,Hemlock,Fir,Larch,Tamarack
Mesquite,Sage,Yucca,Cactus,Ivy,Fern,Clover,Daisy,Lilac,Iris,Violet,Jasmine,Azalea,Camellia,Primrose,Heather,Lavender
Marigold,Honeysuckle,Wisteria,Bluebonnet,Columbine,Buttercup,Goldenrod,Thistle,Briar,Bramble,Orchard,Vineyard,Harvest
Farm,Barn,Mill Creek,Stone Creek,Rock Creek,Clear Creek,Deer Creek,Cedar Creek,Fox Run,Deer Run,Turkey Run,Quail Hollow
Sleepy Hollow,Cherry Hill,Chestnut Hill,Forest Hill,Spring Valley,Pleasant Valley,Pleasant View,Valley View,Ocean View
River Oaks,Twin Oaks,Lone Oak,Live Oak,White Oak,Red Oak,Burr Oak,Silver Maple,Sugar Maple,Blue Spruce,Lone Pine
Kings,Queens,Prince,Duke,Windsor,Oxford,Cambridge,Essex,Sussex,Kent,York,Lancaster,Chester,Devon,Bristol,Durham,Stratford
Canterbury,Wellington,Nottingham,Sherwood,Arlington,Lexington,Concord,Princeton,Harvard,Yale,Cornell,Stanford,Dartmouth
Vermont,Virginia,Georgia,Carolina,Delaware,Pennsylvania,Michigan,Ohio,Indiana,Illinois,Dakota,Colorado,Texas,California
Independence,Constitution,Heritage,Pioneer,Frontier,Colonial,Homestead,Tower,Castle,Mission,Monument,Eastwood
Westwood,Northwood,Southwood,Westview,Eastview,Northview,Southview,Westfield,Springfield,Fairfield,Greenfield,Brookfield
"""

# Street types with the abbreviations of USPS Publication 28; weights approximate their shares of US street segments.
STREET_TYPES = """
Street St 3300,Avenue Ave 1750,Drive Dr 1550,Road Rd 1350,Lane Ln 720,Court Ct 640,Circle Cir 270,Boulevard Blvd 260
Place Pl 260,Way Way 260,Trail Trl 120,Highway Hwy 110,Parkway Pkwy 70,Terrace Ter 70,Loop Loop 60,Cove Cv 30,Pike Pike 24
Run Run 22,Square Sq 18,Path Path 14,Ridge Rdg 12,Point Pt 12,Crossing Xing 10,Alley Aly 10,Row Row 6,Pass Pass 6,Bend Bnd 5
"""

# Providers of our own invention under the domains that RFC 2606 reserves: mail to them can reach nobody.
EMAIL_DOMAINS = """
mail.example.com 4200,post.example.com 1500,inbox.example.com 900,letters.example.net 700,home.example.com 420
cable.example.net 380,fiber.example.net 300,webmail.example.org 260,mobile.example.com 220,office.example.com 200
swift.example.com 160,orbit.example.com 140,lantern.example.com 120,harbor.example.net 110,summit.example.com 100
campus.example.org 90,alumni.example.org 80,prairie.example.net 70,valley.example.net 60,coast.example.net 55
metro.example.com 50,studio.example.com 45,guild.example.org 35,private.example.net 30
"""

# Invented advertisers by industry.
ADVERTISERS = """
Retail: Quillbrook,Tamarind & Vale,Orrin Lane,Fennmarket,Coppergate Goods,Larkhollow,Dovetail Row,Mintvale,Bramwick,Halyard & Sons
Grocery: Furrow & Thyme,Pantrelle,Oatmere,Greenlarder,Basil Row Market,Millstone Pantry,Crumbwell,Sunpatch Foods
Apparel: Velloria,Northloom,Thistledown & Co,Ravelmark,Indigo Fathom,Stitchmere,Wexcombe,Harrowknit
Automotive: Torvane,Axlebrook,Merivane,Calloway Torque,Volentra,Roadwick,Ferrovale
Electronics: Lumenoak,Pixelharrow,Quantorel Labs,Brightferry,Circuitvale,Nimbelle,Ohmwick,Zephyrine
Travel: Wanderharrow,Skyharrow,Tidewater Trails,Farlantern,Portmeridian,Cloudferry,Nomadelle
Finance: Ledgerwell,Harborstone Trust,Pennymoor,Vaultmere,Silverfen,Keelbank,Oakledger,Suretide
Insurance: Shieldmoor,Evermoor Mutual,Lanternguard,Covermere,Steadwick
Telecom: Signalmere,Wavelark,Fibrelle,Relaymoor,Chordline
Health: Wellhollow,Curavane,Vitamere,Balmwick,Pulsebrook,Meadowcare
Home: Hearthlume,Nestharrow,Cedarmoor Living,Plover & Pine,Roomelle,Gablecrest,Loftmere
Entertainment: Reelhaven,Starferry,Playmoor,Echolume Studios,Gigglewick,Encoremere
Dining: Emberfork,Saffron Junction,Brothwell,Tacolume,Griddlemoor,Noodlewick
Beauty: Rosmerelle,Lumivelle,Petalmoor,Silkbrook,Auralis Vane
Sports: Stridemoor,Peakharrow,Trailvane,Kineticrest,Paddlewick
Education: Brightquill,Learnmere,Scholarwick,Mindferry
"""
# How much each industry advertises, relative to the others.
INDUSTRY_WEIGHTS = {
    "Retail": 10, "Grocery": 8, "Apparel": 6, "Automotive": 8, "Electronics": 7, "Travel": 6, "Finance": 7, "Insurance": 5,
    "Telecom": 6, "Health": 6, "Home": 5, "Entertainment": 6, "Dining": 6, "Beauty": 5, "Sports": 4, "Education": 3,
}

# A campaign's name is one word of each part: season, theme, goal.
CAMPAIGN_WORDS = """
season: Spring 10,Summer 12,Fall 10,Winter 10,Holiday 12,Back to School 6,New Year 6,Weekend 5,Midseason 4,Anniversary 3,Year Round 5,Harvest 3
theme: Savings 10,Discovery 6,Fresh Start 6,Family 7,Adventure 5,Comfort 5,Members 5,Essentials 7,Favorites 6,Style 6,Outdoor 5,Innovation 4,Everyday Value 8,Local Heroes 2,Celebration 5,Wellness 4
goal: Awareness 10,Launch 6,Sale 12,Loyalty 5,Retargeting 7,Sign Up 6,Win Back 4,Preview 3,Rewards 4,Event 5
"""


def entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.strip().replace("\n", ",").split(",")]


def weighted(text: str) -> list[list]:
    return [[name, int(weight)] for name, weight in (entry.rsplit(" ", 1) for entry in entries(text))]


def streets() -> list[list]:
    counted = weighted(COUNTED_STREETS)
    last, first_rank = counted[-1][1], len(counted)
    rest = [name for name in entries(STREETS) if name not in {row[0] for row in counted}]
    if len(set(rest)) < len(rest):
        raise SystemExit(f"street names stand twice: {sorted({name for name in rest if rest.count(name) > 1})}")
    return counted + [[name, last * first_rank // (first_rank + rank)] for rank, name in enumerate(rest, 1)]


def street_types() -> list[list]:
    return [[*name.rsplit(" ", 1), weight] for name, weight in weighted(STREET_TYPES)]


def advertisers() -> list[list]:
    rows = []
    for line in ADVERTISERS.strip().splitlines():
        industry, names = line.split(": ")
        members = entries(names)
        for rank, name in enumerate(members, 1):
            rows.append([name, industry, 100 * INDUSTRY_WEIGHTS[industry] // (rank + 2)])
    return rows


def campaign_words() -> list[list]:
    """A word and its weight as season, theme and goal: a word has one part, and 0 in the other columns."""
    parts = [weighted(line.split(": ")[1]) for line in CAMPAIGN_WORDS.strip().splitlines()]
    return [[word, *(weight if own == part else 0 for own in range(3))] for part, words in enumerate(parts) for word, weight in words]
