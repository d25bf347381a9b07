"""The figures of a dashboard in plain SQL over the records, without the product's code.

Only the computed band and the points come from stored lines: the engine makes those.
"""

import datetime
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg

LONDON = ZoneInfo("Europe/London")
Counts = dict[str, int]

_SEEN: LiteralString = """
create temporary table seen as
select c.id from accounts_accessclass c, accounts_user u
where u.email = %s and c.marking <= u.clearance and not exists (
    select from unnest(c.requires) need(tag) where need.tag not in (
        select h.tag_id from accounts_tagholder h join accounts_tag t on t.id = h.tag_id
        where (h.user_id = u.id or h.organisation_id = u.organisation_id)
          and coalesce(h.from_on, current_date) <= current_date
          and coalesce(h.to_on, current_date + 1) > current_date
          and coalesce(t.expires_on, current_date + 1) > current_date))
"""
_PLACED: LiteralString = """
create temporary table placed as
select o.id, o.code, case when o.kind in ('rocu', 'regional_arrangement') then o.code
    else (select r.code from accounts_organisationplacement p
          join accounts_organisation r on r.id = p.parent_id
          where p.organisation_id = o.id
            and coalesce(p.from_on, current_date) <= current_date
            and coalesce(p.to_on, current_date + 1) > current_date) end as region
from accounts_organisation o
"""
_OWNERS: LiteralString = """
create temporary table mine as select * from placed
where %(kind)s = 'national' or (%(kind)s = 'region' and region = %(code)s)
   or (%(kind)s = 'force' and code = %(code)s)
"""
_LINES: LiteralString = """
select * from (
    select l.*, a.value, row_number() over (
        partition by l.group_id order by l.rank desc, l.id desc) as place
    from scoring_pictureline l
    join scoring_schemeversion s on s.id = l.scheme_version_id and s.is_primary
    join scoring_assessment a on a.id = l.assessment_id
    join groups_crimegroup g on g.id = l.group_id
        and g.access_class_id in (select id from seen)
    where l.access_class_id in (select id from seen)
      and l.valid_from <= {at} and coalesce(l.valid_to, 'infinity') > {at}
) ranked where place = 1 and record_state = 'mapped' and activity_status = 'active'
  and owner_id in (select id from mine)
"""
# Which group each record is of: its own, or the one that it was merged into.
_STANDS: LiteralString = """
create temporary table stands as
select r.id as record, s.id, s.owner_id from groups_crimegroup r
join groups_crimegroup s on s.id = coalesce(r.merged_into_id, r.id)
where r.access_class_id in (select id from seen)
  and s.access_class_id in (select id from seen)
"""
_GROUPS: LiteralString = """
create temporary table own as
select g.id, g.owner_id, g.tier, g.review_on, p.code, coalesce(p.region, 'none') region,
       (select count(*) from groups_membership m
        join stands s on s.record = m.group_id where s.id = g.id
        and m.to_on is null and m.withdrawn_at is null
        and m.access_class_id in (select id from seen)) as members,
       coalesce((select k.code from groups_groupthreat t
        join groups_threattype k on k.id = t.threat_type_id
        join stands s on s.record = t.group_id
        where s.id = g.id and t.is_predominant and t.to_on is null
          and t.withdrawn_at is null
          and t.access_class_id in (select id from seen)
        order by s.id = s.record desc, t.id desc limit 1), 'none') as threat,
       (select d.band from scoring_banddecision d
        join scoring_schemeversion s on s.id = d.scheme_version_id and s.is_primary
        where d.group_id = g.id and d.access_class_id in (select id from seen)
          and coalesce(d.expires_on, current_date + 1) > current_date
          and (d.band = d.computed_band or d.approved_by_id is not null)
        order by d.decided_at desc, d.id desc limit 1) as confirmed,
       l.computed_band as band, l.unjudged_count as unjudged
from groups_crimegroup g join mine p on p.id = g.owner_id
join lines_now l on l.group_id = g.id
where g.record_state = 'mapped' and g.activity_status = 'active'
  and g.merged_into_id is null and g.access_class_id in (select id from seen)
"""
_HEADLINES: LiteralString = """
select count(*) as groups, coalesce(sum(members), 0) as memberships,
       count(*) filter (where review_on < %(today)s) as overdue,
       count(*) filter (where confirmed is distinct from band) as awaiting_confirmation,
       count(*) filter (where unjudged > 0) as unjudged,
       count(*) filter (where %(today)s - review_on between 1 and 30) as "debt.30",
       count(*) filter (where %(today)s - review_on between 31 and 90) as "debt.90",
       count(*) filter (where %(today)s - review_on between 91 and 180) as "debt.180",
       count(*) filter (where %(today)s - review_on > 180) as "debt.more"
from own
"""
_ACROSS: LiteralString = """
select count(distinct g.id) from own g join placed home on home.id = g.owner_id
join stands r on r.id = g.id
where home.region is not null and (
    exists (select from groups_activity a join groups_activityplace w
            on w.activity_id = a.id join placed there on there.id = w.area_id
            where a.group_id = r.record and a.to_on is null
              and a.withdrawn_at is null and w.withdrawn_at is null
              and there.region is distinct from home.region
              and a.access_class_id in (select id from seen)
              and w.access_class_id in (select id from seen))
    or exists (select from groups_grouplink k join stands o
            on o.record <> r.record and o.record in (k.a_id, k.b_id)
            join placed there on there.id = o.owner_id
            where r.record in (k.a_id, k.b_id) and k.to_on is null
              and k.withdrawn_at is null
              and there.region is distinct from home.region
              and k.access_class_id in (select id from seen))
    or exists (select from groups_membership m join groups_membership n
            on n.nominal_id = m.nominal_id and n.group_id <> m.group_id
            join stands o on o.record = n.group_id
            join placed there on there.id = o.owner_id
            where m.group_id = r.record and m.to_on is null and n.to_on is null
              and m.withdrawn_at is null and n.withdrawn_at is null
              and there.region is distinct from home.region
              and m.access_class_id in (select id from seen)
              and n.access_class_id in (select id from seen)))
"""
_INVOLVED: LiteralString = """
select kind, count(*) from groups_involvement
where to_on is null and withdrawn_at is null
  and access_class_id in (select id from seen)
  and group_id in (select s.record from stands s join own g on g.id = s.id) group by 1
"""
_MEMBERS: LiteralString = """
select standing, count(*) from groups_membership
where to_on is null and withdrawn_at is null
  and access_class_id in (select id from seen)
  and group_id in (select s.record from stands s join own g on g.id = s.id) group by 1
"""
_QUEUED: LiteralString = """
select count(*) from scoring_receipt r join groups_crimegroup g on g.id = r.group_id
where r.state = 'queued' and r.access_class_id in (select id from seen)
  and g.access_class_id in (select id from seen)
  and g.owner_id in (select id from mine)
"""
_MOVED: LiteralString = """
select count(*) as moved, count(*) filter (where b.id is null) as "moved.new",
       count(*) filter (where a.id is null) as "moved.gone",
       count(*) filter (where a.id is null and g.activity_status = 'dormant')
           as "moved.dormant",
       count(*) filter (where a.id is null and g.activity_status = 'archived')
           as "moved.archived",
       count(*) filter (where a.computed_band <> b.computed_band) as "moved.band",
       count(*) filter (where a.confirmed_band <> b.confirmed_band)
           as "moved.confirmed",
       count(*) filter (where a.tier <> b.tier) as "moved.tier",
       count(*) filter (where a.computed_band = b.computed_band and a.value <> b.value)
           as "moved.points"
from lines_then b full join lines_now a on a.group_id = b.group_id
left join groups_crimegroup g on g.id = b.group_id
where a.id is null or b.id is null or a.value <> b.value
   or a.computed_band <> b.computed_band or a.confirmed_band <> b.confirmed_band
   or a.tier <> b.tier
"""


class Reckoning:
    """One reader's figures of one place, by SQL as the owner of the tables."""

    def __init__(
        self,
        link: psycopg.Connection[Any],
        email: str,
        scope: str,
        today: datetime.date,
    ) -> None:
        self.link, self.today = link, today
        self.kind, _, self.code = scope.partition(":")
        for name in (
            "own",
            "lines_now",
            "lines_then",
            "mine",
            "placed",
            "seen",
            "stands",
        ):
            link.execute(f"drop table if exists {name}".encode())
        link.execute(_SEEN, (email,))
        link.execute(_PLACED)
        link.execute(_OWNERS, {"kind": self.kind, "code": self.code})
        self._lines("lines_now", datetime.datetime.now(datetime.UTC))
        self._lines("lines_then", end_of(today - datetime.timedelta(days=7)))
        link.execute(_STANDS)
        link.execute(_GROUPS)

    def _lines(self, name: str, at: datetime.datetime) -> None:
        text = f"create temporary table {name} as {_LINES}".replace("{at}", "%(at)s")
        self.link.execute(text.encode(), {"at": at})

    def figures(self) -> Counts:
        """Return every figure of the dashboard by its key."""
        found = self._row(_HEADLINES, {"today": self.today})
        for family, column in (
            ("bands", "band"),
            ("threats", "threat"),
            ("tiers", "tier"),
            ("confirmed", "coalesce(confirmed, 'none')"),
        ):
            found |= self._by(family, column)
        found |= {f"bands_by_threat.{key}": n for key, n in self._pairs().items()}
        found |= self._row(_MOVED)
        found |= self._trend()
        found |= self._by("involved", "", _INVOLVED)
        found |= self._by("members", "", _MEMBERS)
        found |= {"queued": self._one(_QUEUED)}
        if self.kind != "force":
            found |= {"across": self._one(_ACROSS)}
            found |= self._parts("forces", "code")
        if self.kind == "national":
            found |= self._parts("regions", "region")
        return found

    def populations(self) -> Counts:
        rows = self.link.execute(
            "select p.region, sum(o.population) from placed p join accounts_organisation o"
            " on o.id = p.id where p.region is not null group by 1"
        )
        return {code: int(number) for code, number in rows if number}

    def _row(self, text: LiteralString, values: dict[str, Any] | None = None) -> Counts:
        cursor = self.link.execute(text, values)
        [row] = cursor.fetchall()
        names = [column.name for column in cursor.description or ()]
        return {name: int(value) for name, value in zip(names, row, strict=True)}

    def _one(self, text: LiteralString) -> int:
        [(value,)] = self.link.execute(text).fetchall()
        return int(value)

    def _by(self, family: str, column: str, text: str = "") -> Counts:
        asked = text or f"select {column}, count(*) from own group by 1"
        rows = self.link.execute(asked.encode()).fetchall()
        return {f"{family}.{key}": number for key, number in rows}

    def _pairs(self) -> Counts:
        rows = self.link.execute(
            "select threat || '.' || band, count(*) from own group by 1"
        ).fetchall()
        return dict(rows)

    def _parts(self, family: str, column: str) -> Counts:
        rows = self.link.execute(
            f"select {column}, count(*), sum(members) from own group by 1".encode()
        ).fetchall()
        return {f"{family}.{code}.groups": groups for code, groups, _ in rows}

    def _trend(self) -> Counts:
        found, first = {}, self.today.replace(day=1)
        for _ in range(12):
            day = first - datetime.timedelta(days=1)
            first = day.replace(day=1)
            text = f"select count(*) from ({_LINES}) l".replace("{at}", "%(at)s")
            [(number,)] = self.link.execute(
                text.encode(), {"at": end_of(day)}
            ).fetchall()
            found[f"trend.{day}"] = number
        return found


def end_of(day: datetime.date) -> datetime.datetime:
    """Return the last moment of a day in London."""
    next_day = datetime.datetime.combine(
        day + datetime.timedelta(days=1), datetime.time(), LONDON
    )
    return next_day - datetime.timedelta(microseconds=1)
