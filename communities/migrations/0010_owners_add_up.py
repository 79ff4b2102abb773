"""Shares of a unit make one whole on each day that has owners at all, each owner once; what is not sold and handed
over is its developer's. Asked at the end of each transaction, with the unit held, so that two at once are not both let
in. Who read whose data stays as it is. Names that were there get their keys for sorting and searching."""

from django.db import migrations

from lib import pinyin
from lib.append_only import Seal

LCM = "CREATE AGGREGATE least_common_multiple(numeric) (SFUNC = lcm, STYPE = numeric, INITCOND = '1')"

# One owner of the whole is what nearly every unit has: told apart first, because an import asks this 50,000 times.
WHOLE = """
CREATE FUNCTION unit_is_owned_whole(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    house record; rows integer; sole boolean; developers integer; open_rows integer; wrong date;
BEGIN
    SELECT code, sale_state INTO house FROM communities_unit WHERE id = wanted FOR NO KEY UPDATE;
    SELECT count(*), bool_and(share_numerator = share_denominator),
           count(*) FILTER (WHERE last_day IS NULL AND how = 'developer'), count(*) FILTER (WHERE last_day IS NULL)
    INTO rows, sole, developers, open_rows FROM communities_ownership WHERE unit_id = wanted;
    IF open_rows > 0 AND developers <> (CASE WHEN house.sale_state = 'sold' THEN 0 ELSE open_rows END) THEN
        RAISE EXCEPTION '% 的销售状态和业主对不上：没售出交付的归开发建设单位，交付了的归买主', house.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ownership_of_developer';
    END IF;
    IF rows = 0 OR rows = 1 AND sole THEN
        RETURN;
    END IF;
    WITH mine AS MATERIALIZED (SELECT * FROM communities_ownership WHERE unit_id = wanted),
        edges AS (SELECT first_day AS day FROM mine UNION SELECT last_day + 1 FROM mine WHERE last_day IS NOT NULL),
        whole AS (SELECT least_common_multiple(share_denominator) AS parts FROM mine)
    SELECT min(day) INTO wrong FROM (
        SELECT day FROM edges
        JOIN mine ON first_day <= day AND (last_day IS NULL OR day <= last_day) CROSS JOIN whole
        GROUP BY day, parts
        HAVING sum(share_numerator * (parts / share_denominator)) <> parts OR count(*) <> count(DISTINCT person_id)
    ) AS faults;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '% 在 % 这天的业主份额加起来不是一整份，或者同一个人写了两次', house.code, wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ownership_whole';
    END IF;
END $$;

CREATE FUNCTION ownership_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM unit_is_owned_whole(OLD.unit_id);
    END IF;
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.unit_id <> OLD.unit_id) THEN
        PERFORM unit_is_owned_whole(NEW.unit_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION unit_sold_to_somebody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM unit_is_owned_whole(NEW.id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ownership_whole AFTER INSERT OR UPDATE OR DELETE ON communities_ownership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ownership_whole();
CREATE CONSTRAINT TRIGGER ownership_of_developer AFTER UPDATE OF sale_state ON communities_unit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.sale_state <> NEW.sale_state) EXECUTE FUNCTION unit_sold_to_somebody();
"""
NOT_WHOLE = """
DROP FUNCTION unit_sold_to_somebody() CASCADE;
DROP FUNCTION ownership_whole() CASCADE;
DROP FUNCTION unit_is_owned_whole(bigint);
"""


def fill_pinyin(apps, schema_editor):
    for person in apps.get_model("communities", "Person").objects.filter(pinyin="").iterator():
        person.pinyin, person.initials = pinyin.sort_key(person.name)[:200], pinyin.initials(person.name)[:60]
        person.save(update_fields=["pinyin", "initials"])


class Migration(migrations.Migration):
    dependencies = [("communities", "0009_owners")]

    operations = [
        migrations.RunSQL(LCM, "DROP AGGREGATE least_common_multiple(numeric)"),
        migrations.RunSQL(WHOLE, NOT_WHOLE),
        Seal("communities_ownershipevent"),
        Seal("communities_personreading"),
        migrations.RunPython(fill_pinyin, migrations.RunPython.noop),
    ]
