"""What a backup is: a folder with one dump and a manifest of what must come back.

The manifest is written last, so that a backup that was cut short is none. It holds, for
each table, the number of its rows and a digest of them, and for each kind of rule in the
database (policies, grants, functions, triggers, constraints) the number and a digest.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, LiteralString

from psycopg import sql

from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.roles import Link

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
# Their rows are left out: whoever was signed in signs in again.
LEFT_OUT = ("accounts_browsersession", "django_session")
Sum = dict[str, str | int]

# Rows are compared as text, so the settings that shape text are the same on both sides.
_SHAPE = """
set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres';
set extra_float_digits = 1; set bytea_output = 'hex'; set search_path = ''
"""
_TABLES = """
select relname from pg_catalog.pg_class
where relkind = 'r' and relnamespace = 'public'::pg_catalog.regnamespace order by 1
"""
# Independent of the order of rows, and stable across versions of PostgreSQL.
_CONTENT = """
select count(*), coalesce(sum(
    ('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric), 0)::text
from public.{} t
"""
RULES: Mapping[str, LiteralString] = {
    "policies": """
        select tablename, policyname, permissive, roles, cmd, qual, with_check
        from pg_policies where schemaname = 'public'""",
    "row security": """
        select relname, relrowsecurity, relforcerowsecurity from pg_class
        where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace""",
    "owners": """
        select relname, relowner::regrole from pg_class
        where relkind in ('r', 'p', 'v', 'S') and relnamespace = 'public'::regnamespace""",
    "grants": """
        select relname, (a).grantee::regrole, (a).privilege_type, (a).is_grantable
        from (select relname, aclexplode(coalesce(relacl, acldefault(
                  case relkind when 'S' then 's' else 'r' end::"char", relowner))) a
              from pg_class where relkind in ('r', 'p', 'v', 'S')
                and relnamespace = 'public'::regnamespace) c""",
    "column grants": """
        select c.relname, a.attname, (aclexplode(a.attacl)).grantee::regrole,
               (aclexplode(a.attacl)).privilege_type
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where a.attacl is not null and c.relnamespace = 'public'::regnamespace""",
    "functions": """
        select p.oid::regprocedure, p.prosecdef, p.proowner::regrole, p.proconfig,
               md5(p.prosrc), array(select (x).grantee::regrole || (x).privilege_type
                   from (select aclexplode(coalesce(p.proacl,
                       acldefault('f', p.proowner))) x) y order by 1)
        from pg_proc p where p.pronamespace = 'public'::regnamespace
          and not exists (select from pg_depend d
                          where d.objid = p.oid and d.deptype = 'e')""",
    "triggers": """
        select t.tgrelid::regclass, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid)
        from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where not t.tgisinternal and c.relnamespace = 'public'::regnamespace""",
    "constraints": """
        select conrelid::regclass, conname, contype, convalidated
        from pg_constraint where connamespace = 'public'::regnamespace""",
    # Not by their text: PostgreSQL writes some conditions anew when it reads them.
    "indexes": """
        select indrelid::regclass, indexrelid::regclass, indisunique, indisvalid
        from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relnamespace = 'public'::regnamespace""",
    "logins": """
        select rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole,
               array(select roleid::regrole::text from pg_auth_members m
                     where m.member = r.oid order by 1)
        from pg_roles r where rolname like 'ocgmap\\_%' and not rolsuper""",
    "who may enter": """
        select (a).grantee::regrole, (a).privilege_type
        from (select aclexplode(datacl) a from pg_database
              where datname = current_database()) d""",
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and when and of what it was made."""

    format: int
    made_at: str
    version: str
    server: str
    dump_bytes: int
    dump_sha256: str
    tables: dict[str, Sum]
    rules: dict[str, Sum]

    def write(self, folder: Path) -> None:
        """Write it into the folder of the backup, last of all."""
        text = json.dumps(asdict(self), indent=2, sort_keys=True)
        path = folder / MANIFEST
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")

    @property
    def rows(self) -> int:
        """Return the number of rows that must come back."""
        return sum(int(table["rows"]) for table in self.tables.values())


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup, once its dump is what the manifest says.

    Raises:
        SetupError: there is none, it is of another format, or the dump was changed.
    """
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise SetupError(
                f"{folder} is a backup of format {content['format']}, not {FORMAT}",
                "restore it with the version of the code that made it",
            )
        manifest = Manifest(**content)
        found = sha256(folder / DUMP)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            f"{folder} is no whole backup ({type(error).__name__}: {error})",
            f"name a folder that `manage.py backup` finished: it holds {MANIFEST}",
        ) from error
    if found != manifest.dump_sha256:
        raise SetupError(
            f"{folder / DUMP} is not what its manifest says: it was changed or damaged",
            "take another copy of this backup, or an older one",
        )
    return manifest


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def contents(link: Link) -> dict[str, Sum]:
    """Return rows and digest of every table, in the transaction that is open."""
    link.execute(_SHAPE)
    names = [str(row[0]) for row in link.execute(_TABLES).fetchall()]
    return {name: _content(link, name) for name in names if name not in LEFT_OUT}


def _content(link: Link, table: str) -> Sum:
    row = link.execute(sql.SQL(_CONTENT).format(sql.Identifier(table))).fetchone()
    rows, digest = row or (0, "")
    return {"rows": int(rows), "digest": str(digest)}


def rules(link: Link) -> dict[str, Sum]:
    """Return number and digest of every kind of rule."""
    link.execute(_SHAPE)
    return {kind: _rule(link, query) for kind, query in RULES.items()}


def _rule(link: Link, query: LiteralString) -> Sum:
    rows: list[tuple[Any, ...]] = link.execute(query).fetchall()
    lines = "\n".join(sorted(repr(row) for row in rows))
    return {
        "rows": len(rows),
        "digest": hashlib.sha256(lines.encode()).hexdigest(),
    }


def differences(
    wanted: Mapping[str, Sum], found: Mapping[str, Sum], what: str
) -> list[str]:
    """Return one sentence for each name whose rows are not what they should be."""
    return [
        f"{what} {name}: {_told(wanted.get(name))} in the backup, "
        f"{_told(found.get(name))} now"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def _told(one: Sum | None) -> str:
    return (
        "missing" if one is None else f"{one['rows']} rows ({str(one['digest'])[:8]})"
    )
