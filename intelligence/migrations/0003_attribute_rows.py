"""The attributes of the schemes in use, in the order in which forms offer them."""

from django.db import migrations

ATTRIBUTES = [
    (
        "corruption",
        "Corruption",
        "How far the group corrupts public officials, by bribery, threat or blackmail.",
    ),
    (
        "violence",
        "Violence",
        "How far the group uses or threatens violence to reach its ends or keep its place.",
    ),
    (
        "infiltration",
        "Infiltration",
        "How far the group has a foothold inside lawful businesses, public bodies or law enforcement.",
    ),
    (
        "expertise",
        "Expertise",
        "How far the group has, or buys, the specialist skills that its crime needs.",
    ),
    (
        "sophistication",
        "Sophistication",
        "How complex the group's schemes are, and how skilled in technology, finance or law.",
    ),
    (
        "subversion",
        "Subversion",
        "How far the group weakens the political, economic or social institutions around it.",
    ),
    (
        "strategy",
        "Strategy",
        "How far the group plans for the long term and follows its plans.",
    ),
    (
        "discipline",
        "Discipline",
        "How far the group enforces obedience among members, by reward or punishment.",
    ),
    (
        "insulation",
        "Insulation",
        "How far those who lead the group are kept away from its crime and from detection.",
    ),
    (
        "intelligence_use",
        "Intelligence use",
        "How far the group gathers information on police, rivals and victims and acts on it.",
    ),
    (
        "multiple_enterprises",
        "Multiple enterprises",
        "How far the group runs several kinds of business, criminal or legitimate.",
    ),
    (
        "mobility",
        "Mobility",
        "How easily the group moves its people or its business to another area.",
    ),
    (
        "stability",
        "Stability",
        "How far the group keeps its leaders and structure through arrests and disputes.",
    ),
    (
        "scope",
        "Scope",
        "How wide an area the group's operations reach, from local to international.",
    ),
    (
        "monopoly",
        "Monopoly",
        "How far the group controls a criminal market or territory and shuts others out.",
    ),
    (
        "group_cohesiveness",
        "Group cohesiveness",
        "How far members are bound to each other by kinship, shared background or loyalty.",
    ),
    (
        "continuity",
        "Continuity",
        "How far the group would outlive its present members by recruiting and replacing.",
    ),
    (
        "links_to_other_oc_groups",
        "Links to other organised crime groups",
        "How far the group trades with, works for or shares people with other crime groups.",
    ),
    (
        "links_to_criminal_extremist_groups",
        "Links to criminal extremist groups",
        "How far the group deals with extremist groups that commit crime.",
    ),
    (
        "violent_criminal_activity",
        "Violent criminal activity",
        "How much violent crime the group commits: homicide, serious assault, kidnap, firearms.",
    ),
    (
        "drug_activity",
        "Drug activity",
        "How much the group imports, produces, moves or supplies controlled drugs.",
    ),
    (
        "fraud_and_financial_crime",
        "Fraud and financial crime",
        "How much the group commits fraud, launders money or evades duty and tax.",
    ),
    (
        "organised_theft",
        "Organised theft",
        "How much the group steals in an organised way: burglary, robbery, vehicles, metal.",
    ),
    (
        "commodity_importation_counterfeiting_or_illegal_supply",
        "Commodity importation, counterfeiting or illegal supply",
        "How much the group smuggles, counterfeits or illegally supplies goods other than drugs.",
    ),
    (
        "sexual_offences",
        "Sexual offences",
        "How far the group commits or profits from sexual offences or sexual exploitation.",
    ),
    (
        "organised_immigration_crime",
        "Organised immigration crime",
        "How far the group moves people across borders unlawfully or exploits those it moved.",
    ),
    (
        "environmental_crime",
        "Environmental crime",
        "How far the group harms wildlife or the environment for gain, as by dumping waste.",
    ),
    (
        "cash_flow_financial_worth",
        "Cash flow and financial worth",
        "How much money the group turns over, and how much it and its members own.",
    ),
    (
        "links_to_other_ocgs",
        "Links to other OCGs",
        "How strong the group's working relations with other mapped crime groups are.",
    ),
    (
        "geographical_scope",
        "Geographical scope",
        "How far the group's crime reaches: one force area, several, the nation, abroad.",
    ),
    (
        "cohesion",
        "Cohesion",
        "How firmly the group holds together and how settled its structure is.",
    ),
    (
        "tactical_awareness",
        "Tactical awareness",
        "How well the group knows police methods and takes steps against them.",
    ),
]


def load(apps, schema_editor):
    Attribute = apps.get_model("intelligence", "Attribute")
    for position, (key, title, meaning) in enumerate(ATTRIBUTES, start=1):
        Attribute.objects.update_or_create(
            key=key, defaults={"title": title, "meaning": meaning, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("intelligence", "0002_attribute")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
