"""A town with people in it never becomes a demo town: behind the mark, sign-in needs no password."""

from django.db import migrations

FIRST = """
CREATE FUNCTION accounts_mark_comes_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_user) THEN
        RAISE EXCEPTION '已经有账号的数据库不能变成演示'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'demo_mark_first';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER demo_mark_first BEFORE INSERT ON accounts_demomark
    FOR EACH ROW EXECUTE FUNCTION accounts_mark_comes_first();
"""
GO = "DROP TRIGGER demo_mark_first ON accounts_demomark; DROP FUNCTION accounts_mark_comes_first();"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_suggestion")]

    operations = [migrations.RunSQL(FIRST, GO)]
