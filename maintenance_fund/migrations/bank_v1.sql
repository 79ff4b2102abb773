-- What the bank says is never changed; a voucher stands for a line of the bank's only with the same account and amount.

ALTER TABLE maintenance_fund_bankline ADD CONSTRAINT bank_line_account_here
    FOREIGN KEY (community_id, bank_account_id) REFERENCES maintenance_fund_bankaccount (community_id, id);

-- Under the fund's lock, so that no seal or reversal passes between the look and the row.
CREATE FUNCTION maintenance_fund_match_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    l maintenance_fund_bankline;
    p maintenance_fund_postingproposal;
    moved numeric;
BEGIN
    SELECT * INTO l FROM maintenance_fund_bankline WHERE id = new.line_id;
    PERFORM 1 FROM maintenance_fund_fund WHERE community_id = l.community_id FOR SHARE;
    SELECT * INTO p FROM maintenance_fund_postingproposal WHERE id = new.proposal_id FOR SHARE;
    SELECT sum(debit - credit) INTO moved FROM maintenance_fund_proposalline
    WHERE proposal_id = p.id AND bank_account_id = l.bank_account_id;
    IF p.community_id <> l.community_id OR moved IS DISTINCT FROM l.amount_fen::numeric THEN
        RAISE EXCEPTION '凭证在这个专户上的金额和银行流水不一样'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_match_amount';
    END IF;
    IF p.state = 'withdrawn' OR EXISTS (
        SELECT 1 FROM maintenance_fund_transaction t JOIN maintenance_fund_transaction r ON r.reverses_id = t.id
        WHERE t.proposal_id = p.id) THEN
        RAISE EXCEPTION '这张凭证已经退回或者冲销，不能对账'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'bank_match_stands';
    END IF;
    new.bank_account_id := l.bank_account_id;
    new.is_live := true;
    RETURN new;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON maintenance_fund_bankmatch
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_match_fits();

-- A match is undone with its voucher, never by itself.
CREATE FUNCTION maintenance_fund_matches_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE maintenance_fund_bankmatch SET is_live = false WHERE is_live AND proposal_id = CASE TG_TABLE_NAME
        WHEN 'maintenance_fund_postingproposal' THEN new.id
        ELSE (SELECT proposal_id FROM maintenance_fund_transaction WHERE id = (to_jsonb(new) ->> 'reverses_id')::bigint) END;
    RETURN NULL;
END $$;
CREATE TRIGGER matches_end AFTER UPDATE OF state ON maintenance_fund_postingproposal
    FOR EACH ROW WHEN (new.state = 'withdrawn') EXECUTE FUNCTION maintenance_fund_matches_end();
CREATE TRIGGER matches_end AFTER INSERT ON maintenance_fund_transaction
    FOR EACH ROW WHEN (new.reverses_id IS NOT NULL) EXECUTE FUNCTION maintenance_fund_matches_end();
CREATE TRIGGER kept_by_ledger BEFORE UPDATE ON maintenance_fund_bankmatch
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_refuse_from_outside();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON maintenance_fund_bankmatch
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_refuse();

-- As before, and: what a line of the bank's was matched with keeps its lines.
CREATE OR REPLACE FUNCTION maintenance_fund_proposal_line_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ids bigint[] := ARRAY(SELECT DISTINCT proposal_id FROM changed ORDER BY 1);
    moved integer;
BEGIN
    UPDATE maintenance_fund_postingproposal SET revision = revision + 1, approved_by_id = NULL
    WHERE id = ANY (ids) AND state = 'open';
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> cardinality(ids) THEN
        RAISE EXCEPTION '这张凭证已经复核或撤回，不能再改'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_is_open';
    END IF;
    IF EXISTS (SELECT 1 FROM maintenance_fund_bankmatch WHERE proposal_id = ANY (ids) AND is_live) THEN
        RAISE EXCEPTION '这张凭证对着银行流水，要改就退回重做'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_matched';
    END IF;
    RETURN NULL;
END $$;
