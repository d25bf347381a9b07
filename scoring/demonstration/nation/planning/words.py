"""Invented names: of groups, operations and people. No list of real people is behind."""

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Surnames are made of two of these; given names are common ones of many families.
_SURNAME_STARTS: Final = _words(
    "Alder Amber Apple Arrow Ash Badger Barley Beck Bell Birch Black Bracken Bramble "
    "Briar Bright Brook Broom Burn Calder Cinder Clover Cold Copper Corn Crag Crane "
    "Crow Dale Damson Dapple Dray Dun Elder Elm Ember Fallow Fen Fern Finch Flax "
    "Frost Gannet Garth Gorse Grey Hale Harrow Hart Hazel Heath Heather Hedge Heron "
    "Holly Hollow Horn Ivy Jay Juniper Kestrel Lark Laurel Linden Ling Lock Mallow "
    "Maple Marl Marsh Meadow Mill Moor Moss Myrtle Nettle Oak Oat Otter Peat Plover "
    "Quarry Quill Raven Reed Ridge Rowan Rush Sallow Sedge Shale Silver Sloe Sorrel "
    "Stone Swift Teasel Thistle Thorn Tide Vetch Wharf Whin Willow Winter Wren Yarrow"
)
_SURNAME_ENDS: Final = _words(
    "acre bank beck bourne brook burn combe cote croft dale dene den down fell field "
    "ford gate gill grave hope hurst ing lathe leigh ley lock lough low mere mond "
    "moor more ness pool ridge rigg royd shaw side stead stock thorpe thwaite tree "
    "wade well wick wold worth"
)
GIVEN_NAMES: Final = {
    "male": _words(
        "Aaron Adam Ahmed Aidan Alan Alfie Ali Amir Andrei Andrew Anthony Ashley Ben "
        "Bilal Bradley Callum Carl Chen Chris Colin Connor Craig Damian Daniel Darren "
        "David Dean Declan Dmitri Dylan Edward Emeka Ethan Farid Gareth Gary George "
        "Graham Hamza Harry Hassan Ian Ibrahim Imran Ivan Jack Jake James Jamie Jan "
        "Jason Jerome Joel John Jordan Joseph Josh Karl Keith Kevin Kieran Kofi Kyle "
        "Lee Leon Lewis Liam Luca Lukas Luke Marcus Marek Mark Martin Mateo Matthew "
        "Michael Mihai Mohammed Nathan Neil Nico Nikhil Olu Omar Oscar Owen Patrick "
        "Paul Pavel Peter Philip Rajan Reece Rhys Richard Robert Rory Ross Ryan Sam "
        "Scott Sean Shane Simon Stefan Stephen Steven Stuart Tariq Thomas Tom Toby "
        "Tomasz Trevor Tyrone Viktor Vikram Wayne William Yusuf Zac"
    ),
    "female": _words(
        "Abigail Aisha Alice Amara Amy Ana Anita Anna Beth Bianca Carol Chloe Claire "
        "Danielle Dawn Deborah Elena Ella Emma Eve Farah Fatima Gemma Grace Hannah "
        "Helen Ines Irina Jade Jane Jasmine Jess Joanne Karen Kate Kelly Kim Laila "
        "Laura Leanne Linda Lisa Lucy Maria Megan Mei Mia Michelle Mina Molly Nadia "
        "Natalie Nicola Olga Olivia Paula Priya Rachel Rebecca Rosa Ruth Samira Sarah "
        "Sian Sofia Sophie Stacey Steph Susan Tara Tina Tracey Vera Yasmin Zara Zoe"
    ),
}
SHORT_FORMS: Final = {
    "Andrew": "Andy",
    "Anthony": "Tony",
    "Christopher": "Chris",
    "Daniel": "Dan",
    "David": "Dave",
    "Deborah": "Debbie",
    "Edward": "Ted",
    "James": "Jim",
    "Joseph": "Joe",
    "Matthew": "Matt",
    "Michael": "Mick",
    "Mohammed": "Mo",
    "Natalie": "Nat",
    "Nathan": "Nate",
    "Nicola": "Nicky",
    "Patrick": "Paddy",
    "Peter": "Pete",
    "Philip": "Phil",
    "Rebecca": "Becky",
    "Richard": "Rick",
    "Robert": "Bob",
    "Stephen": "Steve",
    "Susan": "Sue",
    "Thomas": "Tommy",
    "William": "Bill",
}
NICKNAMES: Final = _words(
    "Ace Badger Biscuit Bishop Blue Boxer Bullet Cash Chalky Chips Dash Deacon Dice "
    "Doc Duke Flash Fox Ghost Ginger Giant Hatch Jinx Lefty Lucky Mouse Patch Pepper "
    "Pockets Quick Rags Rocket Rusty Scout Shades Shorty Sky Smiler Spider Sticks "
    "Tank Tiny Twitch Whisper Ziggy"
)
DESIGNATIONS: Final = (
    "Driver of the {colour} van",
    "Driver of the {colour} estate car",
    "Holder of the {colour} handset",
    "Courier known as {nickname}",
    "Man at the {colour} lock-up",
    "Person known only as {nickname}",
    "Tenant of the flat with the {colour} door",
)
COLOURS: Final = _words("black blue brown green grey orange red silver white yellow")
# A group's name is one of each. Made by hand are names of one word, so none is doubled.
_GROUP_FIRSTS: Final = _words(
    "Amber Ancient Autumn Bitter Blue Brass Brazen Broken Bronze Calm Candle Carved "
    "Chalk Clear Cobalt Cold Copper Coral Crimson Crystal Dark Distant Dusky Early "
    "Eastern Ebony Emerald Empty Even Fading Feather Flint Frozen Gentle Gilded Glass "
    "Golden Granite Green Grey Hidden High Hollow Idle Indigo Iron Ivory Jade Lantern "
    "Late Linen Little Lone Long Lunar Marble Merry Midnight Misty Narrow Nimble "
    "Noble North Old Olive Opal Orange Outer Pale Paper Pearl Pewter Plain Polar "
    "Quick Quiet Rapid Restless Rising Roaming Rough Royal Ruby Russet Sable Salt "
    "Sandy Scarlet Secret Shallow Sharp Silent Silk Silver Slate Sleeping Slow Smoke "
    "Solar Solemn South Spare Spring Still Stone Straight Sudden Summer Sunken Tall "
    "Tawny Tidal Timber Twin Umber Upper Velvet Violet Waking Walnut Warm Western "
    "White Wild Windy Winter Wooden Yellow"
)
_GROUP_SECONDS: Final = _words(
    "Abacus Acorn Alcove Almanac Anchor Anvil Arbour Arch Atlas Aviary Awning Ballad "
    "Banner Barge Barrel Basin Beacon Bobbin Bonfire Bridle Buckle Cabin Cairn Canopy "
    "Canvas Caravan Carousel Cascade Castle Cavern Chime Chisel Cloister Compass "
    "Corridor Cradle Crescent Cypress Dial Drum Easel Engine Falcon Ferry Fiddle "
    "Finch Flagon Forge Fountain Furrow Gable Gallery Garden Glacier Gondola Granary "
    "Griffin Grove Hamlet Hammer Harbour Harp Harvest Haven Heron Hinge Horizon Hound "
    "Island Jigsaw Juniper Kettle Keystone Kite Ladder Lagoon Lattice Ledger Lever "
    "Lodge Loom Lute Mantle Mast Meadow Medal Mirror Monsoon Mosaic Nest Oasis Obelus "
    "Orchard Organ Osprey Paddle Pagoda Parasol Pavilion Pebble Pendulum Pilot "
    "Pinnacle Plateau Plough Pulley Quarry Quiver Rafter Ravine Ribbon Rudder Saddle "
    "Satchel Scroll Shutter Sickle Signal Spindle Spire Steeple Stirrup Sundial "
    "Terrace Thicket Thimble Tiller Token Torrent Tower Trellis Tunnel Turret Valley "
    "Vault Verge Viaduct Wagon Weaver Whistle Willow Windmill Yardarm Zephyr"
)


def surname_at(number: int) -> str:
    """Return an invented surname; the same number always gives the same one."""
    first, last = divmod(number, len(_SURNAME_ENDS))
    start = _SURNAME_STARTS[first % len(_SURNAME_STARTS)]
    end = _SURNAME_ENDS[last]
    return start + (end[1:] if start[-1] == end[0] else end)


SURNAMES: Final = len(_SURNAME_STARTS) * len(_SURNAME_ENDS)


def group_name_at(number: int) -> str:
    """Return the name of a group without the word; no two numbers share one."""
    combinations = len(_GROUP_FIRSTS) * len(_GROUP_SECONDS)
    round_, place = divmod(number, combinations)
    # 7919 is a prime, so the walk meets every combination once.
    first, second = divmod(place * 7919 % combinations, len(_GROUP_SECONDS))
    name = f"{_GROUP_FIRSTS[first]} {_GROUP_SECONDS[second]}"
    return f"{name} {round_ + 1}" if round_ else name


def operation_at(number: int) -> str:
    """Return the name of an operation."""
    return f"Operation {_GROUP_SECONDS[number * 31 % len(_GROUP_SECONDS)]}"
