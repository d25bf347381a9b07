"""The counts of the quality board in plain SQL, without the product's code.

Only what the engine makes comes from stored lines: the points and what is not known.
"""

from typing import LiteralString

from tests.integration.dashboard_sql import Counts, Reckoning

_GROUP: LiteralString = """
select g.* from groups_crimegroup g where g.merged_into_id is null
  and g.access_class_id in (select id from seen)
"""
# What every count below reads: all that the reader sees, of the places and of others.
_TABLES: dict[LiteralString, LiteralString] = {
    "kept": f"select * from ({_GROUP}) g where activity_status <> 'archived'",
    "active": f"""select * from ({_GROUP}) g where record_state = 'mapped'
        and activity_status = 'active'""",
    "standing": """select * from groups_membership where to_on is null
        and withdrawn_at is null and access_class_id in (select id from seen)""",
    "said": """select m.*, r.received_on from intelligence_mention m
        join intelligence_report r on r.id = m.report_id
        where r.state = 'submitted' and m.access_class_id in (select id from seen)""",
    "claimed": """select c.*, r.received_on from intelligence_attributeclaim c
        join intelligence_report r on r.id = c.report_id
        where r.state = 'submitted' and c.access_class_id in (select id from seen)""",
    "person": """select * from groups_nominal
        where access_class_id in (select id from seen)""",
    "used": """select u.*, i.kind, i.normalised from groups_identifieruse u
        join groups_identifier i on i.id = u.identifier_id
        where u.withdrawn_at is null and u.access_class_id in (select id from seen)""",
    "scored": """select * from (
        select l.*, a.value, row_number() over (
            partition by l.group_id order by l.rank desc, l.id desc) as place
        from scoring_pictureline l
        join scoring_schemeversion s on s.id = l.scheme_version_id and s.is_primary
        join scoring_assessment a on a.id = l.assessment_id
        where l.access_class_id in (select id from seen) and l.valid_to is null
        ) ranked where place = 1""",
}
_YEAR_AGO: LiteralString = "current_date - 365"
_FOUND: dict[str, LiteralString] = {
    "overdue": "select owner_id from active where review_on < current_date",
    "no-lead-officer": "select owner_id from active where lead_officer = ''",
    "no-predominant-threat": """select owner_id from active g where not exists (
        select from groups_groupthreat t where t.group_id = g.id and t.is_predominant
        and t.to_on is null and t.withdrawn_at is null
        and t.access_class_id in (select id from seen))""",
    "single-report": """select owner_id from active where id in (
        select group_id from claimed group by 1 having count(distinct report_id) = 1)
        and id not in (select group_id from scoring_judgement
            where access_class_id in (select id from seen))""",
    "mostly-unknown": """select g.owner_id from kept g join scored l on l.group_id = g.id
        where g.record_state = 'mapped' and 2 * l.unknown_count > l.attribute_count""",
    "at-zero": """select g.owner_id from kept g join scored l on l.group_id = g.id
        where g.record_state = 'mapped' and l.value = 0""",
    "stale": f"""select owner_id from active g where not exists (
        select from said s where s.group_id = g.id and s.received_on >= {_YEAR_AGO})
        and not exists (select from claimed c
            where c.group_id = g.id and c.received_on >= {_YEAR_AGO})
        and not exists (select from groups_activity a where a.group_id = g.id
            and a.withdrawn_at is null and a.access_class_id in (select id from seen)
            and coalesce(a.to_on, a.from_on) >= {_YEAR_AGO})""",
    "groups-alike": """select owner_id from kept where id in (
        select g.id from kept g join kept o on o.id <> g.id
            and lower(trim(o.name)) = lower(trim(g.name))
        union
        select m.group_id from standing m join standing n
            on n.nominal_id = m.nominal_id and n.group_id <> m.group_id
        join kept o on o.id = n.group_id
        group by m.group_id, n.group_id having count(distinct m.nominal_id) >= 3)""",
    "no-members": """select owner_id from active g where not exists (
        select from standing m where m.group_id = g.id)""",
    "too-few-members": """select owner_id from kept where s45_test = 'yes'
        and id not in (select group_id from standing
            group by 1 having count(distinct nominal_id) >= 3)""",
    "old-drafts": f"""select owner_id from ({_GROUP}) g where record_state = 'draft'
        and created_at < now() - interval '30 days'""",
    "not-mentioned": f"""select owner_id from standing m
        where m.group_id in (select id from active)
        and m.nominal_id not in (select nominal_id from said
            where nominal_id is not null and received_on >= {_YEAR_AGO})
        and m.id not in (select membership_id from said
            where membership_id is not null and received_on >= {_YEAR_AGO})""",
    "incomplete-people": """select owner_id from person n where is_identified and (
        given_names = '' or surname = '' or born_from is null or gender = 'unknown'
        or not exists (select from used u where u.nominal_id = n.id
            and u.kind in ('phone', 'address', 'email', 'handle')))""",
    "people-alike": """select owner_id from person where id in (
        select n.id from person n join person o on o.cluster_id <> n.cluster_id
            and n.is_identified and o.is_identified and n.given_names <> ''
            and n.born_from = n.born_to and o.born_from = o.born_to
            and n.born_from = o.born_from
            and lower(trim(n.given_names)) = lower(trim(o.given_names))
            and lower(trim(n.surname)) = lower(trim(o.surname))
        union
        select n.id from person n join used u on u.nominal_id = n.id
        join used v on v.kind = u.kind and v.normalised = u.normalised
        join person o on o.id = v.nominal_id and o.cluster_id <> n.cluster_id
        where u.kind in ('pnc_id', 'cro'))""",
    "people-in-nothing": """select owner_id from person n where not exists (
        select from groups_membership m where m.nominal_id = n.id
            and m.withdrawn_at is null and m.access_class_id in (select id from seen))
        and not exists (select from groups_involvement i where i.nominal_id = n.id
            and i.withdrawn_at is null and i.access_class_id in (select id from seen))
        and n.id not in (select unnest(array[k.a_id, k.b_id]) from groups_personlink k
            where k.withdrawn_at is null
            and k.access_class_id in (select id from seen))""",
}
# Sorts of fact: their tables, and the column of a mention that cites one.
_FACTS: dict[str, tuple[str, str]] = {
    "memberships": ("membership", "membership_id"),
    "involvements": ("involvement", "involvement_id"),
    "threats": ("groupthreat", "threat_id"),
    "activities": ("activity", "activity_id"),
    "group-names": ("groupalias", ""),
    "person-names": ("nominalalias", ""),
    "identifiers": ("identifieruse", ""),
    "group-links": ("grouplink", "group_link_id"),
    "person-links": ("personlink", "person_link_id"),
}


class QualityReckoning(Reckoning):
    """One reader's counts of what is missing in one place."""

    def gaps(self) -> Counts:
        """Return how many records have each gap, by its key."""
        for name, text in _TABLES.items():
            self.link.execute(f"drop table if exists {name}".encode())
            self.link.execute(f"create temporary table {name} as {text}".encode())
        found = {key: self._of_mine(text) for key, text in _FOUND.items()}
        for sort, (table, cited) in _FACTS.items():
            text = f"""select owner_id from groups_{table} f where rationale = ''
                and withdrawn_at is null and access_class_id in (select id from seen)"""
            if cited:
                text += f""" and not exists (select from intelligence_mention m
                    where m.{cited} = f.id
                    and m.access_class_id in (select id from seen))"""
            found[f"unfounded-{sort}"] = self._of_mine(text)
        return found

    def _of_mine(self, text: str) -> int:
        asked = (
            f"select count(*) from ({text}) r where owner_id in (select id from mine)"
        )
        [(number,)] = self.link.execute(asked.encode()).fetchall()
        return int(number)
