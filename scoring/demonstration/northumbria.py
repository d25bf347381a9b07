"""Invented groups of Northumbria, one of them hidden from region and nation."""

from typing import Final

from scoring.demonstration.plans import Doing, GroupPlan, Person, Quantity

_BY: Final = "analyst.northumbria"
_CHIEF: Final = "supervisor.northumbria"
_LEAD: Final = "lead.nerocu"

GROUPS: Final = (
    GroupPlan(
        key="vesper",
        owner="northumbria",
        author=_LEAD,
        sent_by=_BY,
        mapped_by=_LEAD,
        name="Vesper group",
        operation="Operation Vesper",
        summary="Buys cocaine by the consignment abroad, keeps it with people who owe "
        "the group money, and supplies groups in four forces. Washes the proceeds through "
        "a haulage firm and two restaurants.",
        threat="illegal-drugs",
        other_threats=("money-laundering", "illegal-firearms"),
        tier="national",
        lead="Det Supt C. Langley-Hart",
        sharing="all_forces",
        review=45,
        since=1500,
        people=(
            Person(
                *("Victor", "Ashbracken", "principal", "1974-02-11"),
                phone="07700 900201",
                vehicle="NL00 VSP",
                nickname="The Clerk",
                gender="male",
            ),
            Person("Serena", "Bellwether-Noon", "principal", "1980", "07700 900202"),
            Person("Anton", "Crickmoor", "principal", "1978-12-05", "07700 900203"),
            Person("Lewis", "Dappleton", "significant", "1986", vehicle="NK01 LWD"),
            Person("Hanna", "Elverstone", "significant", "1989", "07700 900204"),
            Person("Piotr", "Foxglade", "significant", "1985"),
            Person("Gareth", "Greymarsh", "significant", "1990", "07700 900205"),
            Person("Noor", "Hollowick", "peripheral", "1996"),
            Person("Jamie", "Ivelock", "peripheral", "1998"),
            Person("Man called Doc", "", "unknown", gender="male"),
            Person(
                *("Philippa", "Juncot", "professional_enabler", "1969"),
                why="Keeps the books of the haulage firm and signs its accounts.",
            ),
            Person(
                *("Keith", "Kestrelby", "public_official", "1975"),
                why="A port worker who is said to tell the group which containers are "
                "opened; kept in the corruption compartment.",
            ),
            Person(
                *("Abel", "Lumbrook", "exploited", "1988"),
                why="Stores packages against a debt and has been threatened.",
            ),
        ),
        identifiers=(
            ("phone", "07700 900200"),
            ("company", "99000121"),
            ("email", "office@vesper-haulage.example"),
        ),
        doings=(
            Doing(
                "illegal-drugs",
                "Consignments hidden among legal freight, opened in a rented unit and "
                "sold by the kilogram.",
                offence="92A",
                places=(
                    ("group", "northumbria"),
                    ("harm", "durham"),
                    ("harm", "cleveland"),
                    ("transit", "NE29"),
                ),
                quantities=(Quantity("cocaine", "40", "70", "kg"),),
            ),
            Doing(
                "money-laundering",
                "Cash is paid in as takings of two restaurants.",
                offence="38",
                places=(("group", "NE1"),),
                quantities=(Quantity("cash", "900000", "1400000", "gbp"),),
            ),
        ),
    ),
    GroupPlan(
        key="copperline",
        owner="northumbria",
        author=_BY,
        mapped_by=_LEAD,
        name="Copperline group",
        operation="Operation Copperline",
        summary="Takes signalling cable and catalytic converters and sells the metal "
        "through a yard it controls.",
        threat="organised-acquisitive-crime",
        tier="regional",
        sharing="region",
        review=-120,
        since=640,
        people=(
            Person("Barry", "Mossington", "principal", "1970-06", "07700 900210"),
            Person(
                "Karl", "Norlander-Speke", "significant", "1983", vehicle="NG00 CPR"
            ),
            Person("Finn", "Oxenreed", "significant", "1994"),
            Person("Dale", "Plimsway", "peripheral", "1997"),
            Person("Tom", "Rookswell", "peripheral", "2000", "07700 900211"),
        ),
        identifiers=(("company", "99000122"),),
        doings=(
            Doing(
                "organised-acquisitive-crime",
                "Two vans, orange clothing and a forged permit; cable is stripped the "
                "same night.",
                offence="54",
                places=(("harm", "northumbria"), ("harm", "durham"), ("group", "NE33")),
                quantities=(Quantity("metal", "3200", "5100", "kg"),),
            ),
        ),
    ),
    GroupPlan(
        key="thistledown",
        owner="northumbria",
        author=_LEAD,
        sent_by=_BY,
        mapped_by=_LEAD,
        name="Thistledown group",
        summary="Recruits workers abroad with promises, keeps their papers and lets "
        "them out to car washes and farms for its own profit.",
        threat="modern-slavery-and-human-trafficking",
        other_threats=("organised-immigration-crime",),
        tier="regional",
        lead="DCI N. Coquetdale",
        sharing="region",
        review=75,
        since=520,
        people=(
            Person("Irena", "Silverdean", "principal", "1977", "07700 900220"),
            Person("Bogdan", "Tidewright", "principal", "1982-10-21"),
            Person("Elsa", "Umberley", "significant", "1991", "07700 900221"),
            Person("Rafe", "Vinterside", "significant", "1988", vehicle="NB01 TSD"),
            Person("Colm", "Wharrowby", "peripheral", "1995"),
            Person(
                *("Dorin", "Yewcott", "exploited", "1993"),
                why="Worked eleven months without pay; papers held by the group.",
            ),
            Person(
                *("Lena", "Amblesby", "exploited", "2000"),
                why="Told that her family owes the cost of the journey.",
            ),
            Person(
                *("Woman at the car wash", "", "exploited"),
                why="Seen at work on four visits; speaks to nobody.",
            ),
            Person(
                *("Ruth", "Birkenwell", "witness", "1964"),
                why="Neighbour of the house where the workers sleep.",
            ),
        ),
        doings=(
            Doing(
                "modern-slavery-and-human-trafficking",
                "Six to a room; wages are paid into accounts that the group holds.",
                places=(("group", "NE4"), ("harm", "NE63"), ("transit", "DL14")),
                quantities=(Quantity("bank-accounts", "9", "14", "items"),),
            ),
        ),
    ),
    GroupPlan(
        key="gullwing",
        owner="northumbria",
        author=_BY,
        mapped_by=_LEAD,
        activity_status="archived",
        name="Gullwing group",
        summary="Stole cars by copying keys. Its three principals are serving "
        "sentences; archived after the last review.",
        threat="organised-acquisitive-crime",
        review=None,
        people=(
            Person("Mick", "Coltsfell", "principal", "1987"),
            Person("Adele", "Dovewright", "principal", "1990"),
            Person("Seth", "Eskerley", "principal", "1989"),
        ),
    ),
    GroupPlan(
        key="pennant",
        owner="northumbria",
        author=_BY,
        mapped_by=_LEAD,
        name="Pennant group",
        summary="Sells log-in details that it takes from small firms. Little is known "
        "beyond what is sold: more than half of the attributes are unknown.",
        threat="cyber-crime",
        tier="none",
        s45="unknown",
        review=10,
        people=(
            Person("User “pennant”", "", "principal"),
            Person("User “halyard”", "", "significant"),
            Person("Arlo", "Fenwhistle", "unknown", "2002", "07700 900230"),
        ),
        identifiers=(("handle", "@pennant"), ("email", "sales@pennant.example")),
        doings=(
            Doing(
                "cyber-crime",
                "Messages in the name of a parcel firm lead to a copied log-in page.",
                places=(("harm", "northumbria"),),
                quantities=(Quantity("stolen-credentials", "4000", "9000", "items"),),
            ),
        ),
    ),
    GroupPlan(
        key="ironbark",
        owner="northumbria",
        author=_BY,
        mapped_by=_CHIEF,
        name="Ironbark group",
        summary="Lends money and collects with violence. Shared within Northumbria "
        "only, so region and nation do not count it.",
        threat="fraud-and-other-economic-crime",
        sharing="organisation",
        sharing_reason="A witness would be known at once to anyone who reads it.",
        review=40,
        people=(
            Person("Conrad", "Gorseby", "principal", "1972", "07700 900240"),
            Person("Leon", "Heronshaw", "significant", "1984"),
            Person("Paula", "Isingwell", "significant", "1979"),
        ),
    ),
)
