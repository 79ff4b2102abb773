"""The ledger's rules in plain SQL (ledger_v1.sql), the chart of accounts, and what the application may do. DOMAIN F.1"""

from pathlib import Path

from django.db import migrations

RULES = (Path(__file__).parent / "ledger_v1.sql").read_text()

# code, name, side, dimension (none, unit, project, bank account, debtor), floored
CHART = [
    ("100101", "银行存款—专户活期", "D", "B", True),
    ("100102", "银行存款—专户定期", "D", "B", True),
    ("1101", "国债投资", "D", "N", True),
    ("1301", "预付维修款", "D", "P", True),
    ("1401", "应收分摊款", "D", "R", True),
    ("1901", "待查差异", "D", "N", False),
    ("2001", "应付房屋灭失返还资金", "C", "U", True),
    ("2101", "待核收款", "C", "N", True),
    ("220101", "应付维修款—工程款", "C", "P", True),
    ("220102", "应付维修款—质保金", "C", "P", True),
    ("2301", "待划转自管资金", "C", "N", True),
    ("3001", "商品住宅维修资金（分户账）", "C", "U", True),
    ("3002", "已售公有住房维修资金", "C", "U", True),
    ("3003", "未分户维修资金", "C", "N", True),
    ("3101", "待分配累计收益", "C", "N", False),
]
TABLES = """account bankaccount fund month project postingproposal proposalline transaction line balance total
receiptseries receipt dayhead publishedhead""".split()
MAY = {  # beyond SELECT; the rest goes through the functions
    "bankaccount": "INSERT",
    "fund": "INSERT",
    "project": "INSERT, UPDATE",
    "postingproposal": "INSERT, UPDATE",
    "proposalline": "INSERT, DELETE",
    "receiptseries": "INSERT",
    "receipt": "INSERT, UPDATE",
}
DOORS = """maintenance_fund_seal(bigint, bigint, integer) maintenance_fund_close_month(bigint, date, bigint, bigint)
maintenance_fund_publish_heads(date)""".replace(", ", ",").split()


def grant(apps, editor) -> None:
    app = editor.quote_name(editor.connection.app_role)
    for table in TABLES:
        editor.execute(f"REVOKE ALL ON maintenance_fund_{table} FROM {app}", params=None)
        more = MAY.get(table)
        editor.execute(f"GRANT SELECT{f', {more}' if more else ''} ON maintenance_fund_{table} TO {app}", params=None)
    for door in DOORS:
        editor.execute(f"REVOKE EXECUTE ON FUNCTION {door} FROM PUBLIC", params=None)
        editor.execute(f"GRANT EXECUTE ON FUNCTION {door} TO {app}", params=None)


def fill_chart(apps, editor) -> None:
    account = apps.get_model("maintenance_fund", "Account")
    columns = ("code", "name", "side", "dimension", "floored")
    account.objects.bulk_create(account(**dict(zip(columns, row, strict=True))) for row in CHART)


def nothing(apps, editor) -> None:
    """The tables go with 0001."""


class Migration(migrations.Migration):
    dependencies = [("maintenance_fund", "0001_initial"), ("rulebook", "0003_rules_of_the_plans")]

    operations = [
        migrations.RunPython(fill_chart, nothing),
        migrations.RunSQL(RULES),
        migrations.RunPython(grant, nothing),
    ]
