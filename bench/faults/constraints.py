"""Which rules stand in the database, and which of them a test names. (Dropping each in turn and running the suite is
to come with the ledger; a rule that no test names would surely not turn one red.)

.venv/bin/python -m bench.faults.constraints
"""

from pathlib import Path
from typing import NamedTuple

from bench import database

TESTS = Path(__file__).resolve().parents[2] / "tests"

# What Django names by itself (keys, NOT NULL) and the history's triggers follow from a column or a decorator.
RULES = """
SELECT CASE contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' ELSE 'key' END,
       conrelid::regclass::text, conname
FROM pg_constraint WHERE conrelid::regclass::text ~ %(ours)s AND contype IN ('c', 'u', 'x', 'f')
    AND conname !~ '(_fk_|_check$|_uniq$|_key$)'
UNION ALL
SELECT 'unique', indrelid::regclass::text, indexrelid::regclass::text FROM pg_index
WHERE indisunique AND indrelid::regclass::text ~ %(ours)s
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname FROM pg_trigger
WHERE NOT tgisinternal AND tgrelid::regclass::text ~ %(ours)s AND tgname !~ '^(pgtrigger_|sealed_table$)'
ORDER BY 2, 1, 3
"""
OURS = "^(accounts|rulebook|communities|inspections)_"


class Rule(NamedTuple):
    kind: str
    table: str
    name: str

    @property
    def words(self) -> list[str]:
        """What a test of it would say: its name, or for seals, which are all named alike, its table."""
        return [self.table, f'"{self.table.partition("_")[2]}"'] if self.name.startswith("sealed") else [self.name]


def main() -> None:
    database.use("constraints")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(RULES, {"ours": OURS})
        rules = [Rule(*row) for row in cursor.fetchall()]
    said = {path.relative_to(TESTS): path.read_text().lower() for path in sorted(TESTS.rglob("*.py"))}
    named = {rule: [str(path) for path, text in said.items() if speaks(rule, text)] for rule in rules}
    for rule, files in named.items():
        print(f"{'   ' if files else 'NO '} {rule.kind:9} {rule.table:34} {rule.name:36} {', '.join(files[:2])}")
    missing = sum(not files for files in named.values())
    print(f"{len(rules)} rules, {missing} of them named by no test")


def speaks(rule: Rule, text: str) -> bool:
    return any(word.lower() in text for word in rule.words)


if __name__ == "__main__":
    main()
