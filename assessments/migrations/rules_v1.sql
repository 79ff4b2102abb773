-- What no code may do with scores and deposits. DOMAIN D, RELIABILITY (Scores)

ALTER TABLE assessments_scoreitem ADD CONSTRAINT score_item_area_here
    FOREIGN KEY (table_id, area_id) REFERENCES assessments_scorearea (table_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE assessments_evidencerule ADD CONSTRAINT evidence_rule_item_here
    FOREIGN KEY (table_id, item_id) REFERENCES assessments_scoreitem (table_id, id) DEFERRABLE INITIALLY DEFERRED;

-- A table's parts change only while it waits for its check; a table that a sheet has used changes no more.
CREATE FUNCTION assessments_keep_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_owner boolean := pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER');
BEGIN
    IF NOT is_owner AND EXISTS (SELECT FROM assessments_scoretable t
            WHERE t.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.table_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.table_id END)
              AND (t.origin = 'migration' OR t.checked_at IS NOT NULL)) THEN
        RAISE EXCEPTION '复核过的考核表不能改，先按“改这张表”，改好再复核'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'score_table_parts_when_waiting';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION assessments_keep_table() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total integer;
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT FROM assessments_scoresheet s WHERE s.table_id = OLD.id)
       AND (TG_OP = 'DELETE' OR to_jsonb(OLD) - 'last_day' <> to_jsonb(NEW) - 'last_day') THEN
        RAISE EXCEPTION '用过的考核表不能改也不能删，另建一张接替它'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'score_table_used_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.origin = 'migration' AND (TG_OP = 'INSERT' OR OLD.origin <> 'migration')
       AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RAISE EXCEPTION '只有系统升级能录入不经复核的考核表'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'score_table_migration_by_owner';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.checked_at IS NOT NULL AND OLD.checked_at IS NULL THEN
        SELECT sum(max_deci) INTO total FROM assessments_scorearea WHERE table_id = NEW.id;
        IF total IS DISTINCT FROM 1000 OR EXISTS (
            SELECT FROM assessments_scorearea a WHERE a.table_id = NEW.id AND a.max_deci IS DISTINCT FROM
                (SELECT sum(i.cap_deci) FROM assessments_scoreitem i WHERE i.area_id = a.id)) THEN
            RAISE EXCEPTION '考核表的分加起来不对：各项最多扣的要等于这方面的满分，各方面加起来要正好 100 分'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'score_table_adds_up';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_table BEFORE INSERT OR UPDATE OR DELETE ON assessments_scoretable
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_table();
CREATE TRIGGER keep_parts BEFORE INSERT OR UPDATE OR DELETE ON assessments_scorearea
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_parts();
CREATE TRIGGER keep_parts BEFORE INSERT OR UPDATE OR DELETE ON assessments_scoreitem
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_parts();
CREATE TRIGGER keep_parts BEFORE INSERT OR UPDATE OR DELETE ON assessments_evidencerule
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_parts();
CREATE TRIGGER keep_parts BEFORE INSERT OR UPDATE OR DELETE ON assessments_band
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_parts();
CREATE TRIGGER keep_parts BEFORE INSERT OR UPDATE OR DELETE ON assessments_sizerow
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_parts();

-- A sheet goes its way step by step; only a draft changes its points; what is published stays as it is.
CREATE FUNCTION assessments_keep_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '考核单不能删' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sheet_stays';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION '考核单从“在评”开始' USING ERRCODE = 'check_violation', CONSTRAINT = 'sheet_begins_as_draft';
        END IF;
        IF NOT EXISTS (SELECT FROM communities_contract k WHERE k.id = NEW.contract_id
                       AND k.community_id = NEW.community_id AND k.firm_id = NEW.firm_id) THEN
            RAISE EXCEPTION '小区、企业和合同对不上' USING ERRCODE = 'check_violation', CONSTRAINT = 'sheet_of_its_contract';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.contract_id, OLD.community_id, OLD.firm_id, OLD.kind, OLD.period_kind, OLD.first_day, OLD.last_day, OLD.version, OLD.table_id)
       IS DISTINCT FROM
       (NEW.contract_id, NEW.community_id, NEW.firm_id, NEW.kind, NEW.period_kind, NEW.first_day, NEW.last_day, NEW.version, NEW.table_id) THEN
        RAISE EXCEPTION '考核单的小区、期间、考核表不能改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sheet_identity_stays';
    END IF;
    IF OLD.state IN ('published', 'replaced') THEN
        RAISE EXCEPTION '公布过的考核单不能改，另立一版' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sheet_published_stays';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'to_check'), ('draft', 'checked'), ('draft', 'replaced'), ('to_check', 'checked'), ('to_check', 'draft'),
        ('checked', 'published'), ('checked', 'replaced')) THEN
        RAISE EXCEPTION '考核单不能从 % 变成 %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'sheet_steps';
    END IF;
    IF OLD.state <> 'draft' AND (OLD.score_deci, OLD.band, OLD.veto_reason, OLD.is_inspected, OLD.major_overdue, OLD.major_failed)
       IS DISTINCT FROM (NEW.score_deci, NEW.band, NEW.veto_reason, NEW.is_inspected, NEW.major_overdue, NEW.major_failed) THEN
        RAISE EXCEPTION '送复核以后不能改分，先退回' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sheet_points_only_in_draft';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_sheet BEFORE INSERT OR UPDATE OR DELETE ON assessments_scoresheet
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_sheet();
CREATE TRIGGER sealed_table BEFORE TRUNCATE ON assessments_scoresheet EXECUTE FUNCTION refuse_change();

-- Charges belong to a draft, to a fact of its contract and period, and to an item of its table.
CREATE FUNCTION assessments_keep_charges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed c JOIN assessments_scoresheet s ON s.id = c.sheet_id WHERE s.state <> 'draft') THEN
        RAISE EXCEPTION '只有在评的考核单能改扣分' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charge_only_in_draft';
    END IF;
    IF TG_OP <> 'DELETE' AND EXISTS (
        SELECT FROM changed c JOIN assessments_scoresheet s ON s.id = c.sheet_id
        JOIN assessments_evidence e ON e.id = c.evidence_id JOIN assessments_scoreitem i ON i.id = c.item_id
        WHERE (e.contract_id, e.period_kind, e.period_first, i.table_id, e.kind)
              IS DISTINCT FROM (s.contract_id, s.period_kind, s.first_day, s.table_id, c.kind)) THEN
        RAISE EXCEPTION '依据、考核项不是这份考核单的' USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_of_its_sheet';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER keep_charges_in AFTER INSERT ON assessments_charge
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION assessments_keep_charges();
CREATE TRIGGER keep_charges_up AFTER UPDATE ON assessments_charge
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION assessments_keep_charges();
CREATE TRIGGER keep_charges_out AFTER DELETE ON assessments_charge
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION assessments_keep_charges();
CREATE TRIGGER sealed_table BEFORE TRUNCATE ON assessments_charge EXECUTE FUNCTION refuse_change();

-- Whoever assessed or checked a sheet does not decide its appeal.
CREATE FUNCTION assessments_keep_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> 'open' THEN
        RAISE EXCEPTION '决定过的申诉不能改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'appeal_decided_stays';
    END IF;
    IF EXISTS (SELECT FROM assessments_scoresheet s WHERE s.id = NEW.sheet_id
               AND NEW.decided_by_id IN (s.assessed_by_id, s.checked_by_id)) THEN
        RAISE EXCEPTION '申诉由没经手的人决定' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_by_somebody_else';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_appeal BEFORE INSERT OR UPDATE ON assessments_appeal
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_appeal();

-- The deposit's sums are the database's: each line takes the next number and moves them, in one step, under one lock.
CREATE FUNCTION assessments_keep_deposit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.balance_fen := 0; NEW.unpaid_fen := 0; NEW.last_no := 0;
        IF NOT EXISTS (SELECT FROM communities_contract k WHERE k.id = NEW.contract_id
                       AND k.community_id = NEW.community_id AND k.firm_id = NEW.firm_id) THEN
            RAISE EXCEPTION '小区、企业和合同对不上' USING ERRCODE = 'check_violation', CONSTRAINT = 'deposit_of_its_contract';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION assessments_move_deposit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE assessments_deposit SET last_no = last_no + 1, balance_fen = balance_fen + NEW.amount_fen,
           unpaid_fen = unpaid_fen + NEW.unpaid_fen
    WHERE id = NEW.deposit_id RETURNING last_no, balance_fen INTO NEW.no, NEW.balance_fen;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_deposit BEFORE INSERT ON assessments_deposit FOR EACH ROW EXECUTE FUNCTION assessments_keep_deposit();
CREATE TRIGGER move_deposit BEFORE INSERT ON assessments_depositline
    FOR EACH ROW EXECUTE FUNCTION assessments_move_deposit();

CREATE FUNCTION assessments_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' THEN
        RAISE EXCEPTION '处理过的记账不能改也不能删' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'deposit_entry_stays';
    END IF;
    IF to_jsonb(OLD) - ARRAY['state', 'checked_by_id', 'checked_at', 'refused_why', 'bank_line_id']
       <> to_jsonb(NEW) - ARRAY['state', 'checked_by_id', 'checked_at', 'refused_why', 'bank_line_id'] THEN
        RAISE EXCEPTION '等复核的记账不能改，退回后另记' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'deposit_entry_as_written';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_entry BEFORE UPDATE OR DELETE ON assessments_depositentry
    FOR EACH ROW EXECUTE FUNCTION assessments_keep_entry();
