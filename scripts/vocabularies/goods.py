"""Lists written by hand: what shops sell, and the names it is sold under. No brand here exists."""

# Department / category and tax class; then six kinds with a usual price in cents.
# Categories stand in pairs that are bought together: the first with the second, the third with the fourth ...
GOODS = """
Grocery/Coffee reduced: Ground Coffee 899,Whole Bean Coffee 1249,Espresso Beans 1399,Instant Coffee 649,Decaf Coffee 949,Cold Brew 599
Grocery/Biscuits reduced: Butter Biscuits 349,Oat Cookies 399,Shortbread 449,Wafers 299,Ginger Snaps 329,Chocolate Cookies 429
Grocery/Pasta reduced: Spaghetti 189,Penne 199,Fusilli 199,Lasagne Sheets 279,Egg Noodles 249,Whole Wheat Pasta 229
Grocery/Sauces reduced: Tomato Sauce 329,Basil Pesto 449,Arrabbiata Sauce 349,Alfredo Sauce 399,Bolognese Sauce 429,Olive Tapenade 549
Grocery/Snacks reduced: Potato Chips 379,Tortilla Chips 349,Salted Pretzels 299,Mixed Nuts 749,Popcorn 279,Rice Crackers 259
Grocery/Drinks standard: Cola 199,Sparkling Water 129,Orange Juice 399,Iced Tea 229,Lemonade 249,Ginger Ale 219
Grocery/Breakfast reduced: Corn Flakes 429,Granola 549,Rolled Oats 349,Muesli 499,Pancake Mix 399,Breakfast Bars 379
Grocery/Dairy exempt: Whole Milk 389,Plain Yogurt 449,Greek Yogurt 549,Butter 499,Cheddar 599,Cream Cheese 349
Health & Beauty/Hair Care standard: Shampoo 699,Dry Shampoo 849,Volume Shampoo 799,Anti-Dandruff Shampoo 899,Hair Mask 1099,Hair Gel 599
Health & Beauty/Conditioners standard: Conditioner 699,Leave-In Conditioner 899,Curl Conditioner 849,Repair Conditioner 949,Detangling Spray 749,Hair Oil 1199
Health & Beauty/Oral Care standard: Toothpaste 399,Whitening Toothpaste 549,Mouthwash 599,Dental Floss 299,Sensitive Toothpaste 499,Tongue Cleaner 349
Health & Beauty/Brushes standard: Soft Toothbrush 299,Medium Toothbrush 299,Electric Toothbrush 4999,Brush Heads 1999,Travel Toothbrush 349,Interdental Brushes 449
Household/Laundry standard: Laundry Detergent 1199,Laundry Pods 1499,Delicate Detergent 999,Stain Remover 649,Wool Wash 899,Sport Detergent 1099
Household/Fabric Care standard: Fabric Softener 699,Dryer Sheets 599,Scent Boosters 899,Ironing Spray 499,Lint Rollers 399,Mesh Wash Bags 799
Household/Cleaning standard: All-Purpose Cleaner 449,Glass Cleaner 399,Bathroom Cleaner 499,Floor Cleaner 599,Dish Soap 349,Dishwasher Tablets 1299
Household/Paper Goods standard: Paper Towels 999,Toilet Paper 1399,Facial Tissues 549,Paper Napkins 399,Sponges 349,Microfiber Cloths 799
Home/Small Appliances standard: Electric Kettle 2999,Toaster 2499,Blender 3999,Hand Mixer 2799,Coffee Maker 4999,Rice Cooker 3499
Home/Appliance Care standard: Descaler 799,Coffee Filters 399,Vacuum Bags 1299,Water Filters 1799,Air Filters 1999,Extension Cord 1199
Electronics/Phone Accessories standard: Phone Case 1999,Screen Protector 1299,Wall Charger 1799,Charging Cable 1099,Power Bank 2999,Car Mount 1599
Electronics/Computer Accessories standard: Wireless Mouse 2499,Keyboard 4499,Laptop Sleeve 2299,USB Hub 1999,Webcam 4999,Laptop Stand 3499
Electronics/Audio standard: Earbuds 3999,Headphones 5999,Bluetooth Speaker 3999,Soundbar 9999,Clock Radio 2499,Portable Radio 2999
Electronics/Batteries standard: AA Batteries 899,AAA Batteries 899,Coin Cells 599,Rechargeable Batteries 1999,Battery Charger 2499,9V Batteries 999
Home/Kitchen standard: Frying Pan 2999,Saucepan 2499,Chef Knife 3499,Cutting Board 1799,Mixing Bowls 2299,Baking Tray 1299
Home/Tableware standard: Dinner Plates 2499,Cereal Bowls 1999,Coffee Mugs 1499,Water Glasses 1799,Cutlery Set 3999,Serving Platter 2299
Home/Bedding standard: Bed Sheet Set 4499,Duvet Cover 4999,Mattress Protector 2999,Blanket 3499,Quilt 6999,Pillowcases 1499
Home/Bath standard: Bath Towels 1999,Hand Towels 999,Bath Mat 1799,Shower Curtain 1999,Bathrobe 3999,Washcloths 799
Garden/Planting standard: Potting Soil 1099,Flower Seeds 299,Vegetable Seeds 299,Planter 1999,Fertilizer 1399,Spring Bulbs 999
Garden/Garden Tools standard: Hand Trowel 999,Pruning Shears 1999,Garden Hose 2999,Watering Can 1699,Garden Gloves 799,Rake 1999
Clothing/Basics standard: Crew T-Shirt 1299,Long-Sleeve Shirt 1999,Hoodie 3499,Jeans 4499,Leggings 2499,Chinos 3999
Clothing/Socks & Underwear standard: Ankle Socks 899,Wool Socks 1299,Boxer Briefs 1999,Bralette 1799,Sport Socks 1099,Tights 999
Toys & Leisure/Games standard: Board Game 2999,Jigsaw Puzzle 1799,Card Game 1299,Building Blocks 3499,Dice Game 1199,Strategy Game 4499
Toys & Leisure/Party standard: Balloons 499,Gift Wrap 599,Greeting Card 399,Party Candles 299,Paper Plates 449,Streamers 349
"""

BRANDS = """
Fernhill 900,Oakmere 820,Copperleaf 760,Brightwick 700,Hollowell 650,Marrowby 600,Tansy & Reed 560,Larkspur Lane 520,Quillmoor 480
Everfold 450,Plainview Goods 420,Stonebridge 400,Juniper Row 380,Wellspun 360,Harthouse 340,Amberline 320,Northfold 300,Kestrel 285
Bellweather 270,Saltmarsh 255,Cloverfield 240,Pinecroft 228,Bluefinch 216,Merriday 205,Tidewell 195,Oxbow 185,Ravenna Mills 176
Thornbury 167,Halden 159,Sagebrook 151,Wickersham 143,Drumlin 136,Ashgrove 129,Moonrise 123,Fairwater 117,Old Quarry 111,Velmont 105
Gladstone & Fig 100,Hazelden 95,Ironbark 90,Lindenhof 86,Mossback 82,Nettlecombe 78,Orchard End 74,Pebblebrook 70,Rushmere 67
Silverbirch 64,Tallgrass 61,Umberfield 58,Westerly 55
"""


def retail_goods() -> list[list]:
    """Six kinds a category, in the order above, so that a kind is category · 6 + 0..5."""
    rows = []
    for line in GOODS.strip().splitlines():
        heading, kinds = line.split(": ")
        place, tax = heading.rsplit(" ", 1)
        department, category = place.split("/")
        members = [kind.rsplit(" ", 1) for kind in kinds.split(",")]
        if len(members) != 6:
            raise SystemExit(f"{category}: expected six kinds")
        rows += [[department, category, kind, tax, int(cents)] for kind, cents in members]
    return rows
