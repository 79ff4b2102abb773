"""A calendar day says what the checked table says that it names; jurisdictions keep their codes."""

from django.db import migrations

from lib.append_only import Seal

AS_CHECKED = """
CREATE FUNCTION rulebook_day_as_checked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named boolean := (
        SELECT (line ->> 1)::boolean
        FROM rulebook_calendarload AS load, jsonb_array_elements(load.days) AS line
        WHERE load.id = NEW.load_id AND line ->> 0 = to_char(NEW.date, 'YYYY-MM-DD')
    );
BEGIN
    IF NEW.is_workday <> coalesce(named, extract(isodow FROM NEW.date) < 6) THEN
        RAISE EXCEPTION '% 和复核过的日历不一样', NEW.date
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_day_as_checked';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER same_as_checked BEFORE INSERT OR UPDATE ON rulebook_calendarday
    FOR EACH ROW EXECUTE FUNCTION rulebook_day_as_checked();
"""
GO = "DROP TRIGGER same_as_checked ON rulebook_calendarday; DROP FUNCTION rulebook_day_as_checked();"


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0004_calendar_2004_2026")]

    operations = [
        migrations.RunSQL(AS_CHECKED, GO),
        Seal("rulebook_jurisdiction", open_columns=("name",)),
    ]
