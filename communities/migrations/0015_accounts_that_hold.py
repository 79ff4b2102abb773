"""A code is used or void once and never lives again; what was handed out and how an account came stays as it was."""

from django.db import migrations

from lib.append_only import Seal

ENDED_ONCE = """
CREATE FUNCTION activation_code_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '这个开通码已经用过或作废'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'activation_code_ended';
END $$;
CREATE TRIGGER activation_code_ended BEFORE UPDATE ON communities_activationcode
    FOR EACH ROW WHEN (OLD.used_at IS NOT NULL OR OLD.voided_at IS NOT NULL) EXECUTE FUNCTION activation_code_ended();
CREATE FUNCTION account_link_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '这个账号已经停用' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'account_link_ended';
END $$;
CREATE TRIGGER account_link_ended BEFORE UPDATE ON communities_accountlink
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION account_link_ended();
"""

HANDED_ONCE = """
CREATE FUNCTION letter_batch_handed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '信只能取一次' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'letter_batch_handed_once';
END $$;
CREATE TRIGGER letter_batch_handed_once BEFORE UPDATE ON communities_letterbatch
    FOR EACH ROW WHEN (OLD.state IN ('handed', 'erased', 'empty') AND NEW.state <> OLD.state)
    EXECUTE FUNCTION letter_batch_handed_once();
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0014_owners_accounts")]

    operations = [
        migrations.RunSQL(
            ENDED_ONCE,
            "DROP FUNCTION activation_code_ended() CASCADE; DROP FUNCTION account_link_ended() CASCADE",
        ),
        migrations.RunSQL(HANDED_ONCE, "DROP FUNCTION letter_batch_handed_once() CASCADE"),
        Seal("communities_activationcode", open_columns=["used_at", "voided_at"]),
        Seal("communities_accountlink", open_columns=["ended_at", "ended_by_id", "ended_why"]),
        Seal(
            "communities_letterbatch",
            open_columns=["state", "count", "file", "ready_at", "handed_by_id", "handed_at", "erased_at"],
        ),
    ]
