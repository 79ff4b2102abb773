-- The ledger's rules in the database, first version. Run by the owner of the tables; what the application may do with
-- them is granted at the end of the migration. Money is fen. Days and months are Beijing's; moments under the fund's
-- lock are clock_timestamp(), so that they rise with seq.
--
-- How a posting goes: proposal and lines (maker) → approval by a third, above the limit → maintenance_fund_seal() by a
-- checker, which in one commit inserts header and lines. Triggers give number, chain and hash, move the balances, and
-- check the header once, at commit.

-- ---------------------------------------------------------------- keys over two and three columns, checked at once

ALTER TABLE maintenance_fund_bankaccount
    ADD CONSTRAINT bank_account_has_fund FOREIGN KEY (community_id) REFERENCES maintenance_fund_fund (community_id),
    ADD COLUMN dimension char(1) COLLATE "C" NOT NULL GENERATED ALWAYS AS ('B') STORED,
    ADD CONSTRAINT bank_account_is_one FOREIGN KEY (account_id, dimension)
        REFERENCES maintenance_fund_account (id, dimension);
ALTER TABLE maintenance_fund_month
    ADD CONSTRAINT month_has_fund FOREIGN KEY (community_id) REFERENCES maintenance_fund_fund (community_id);
ALTER TABLE maintenance_fund_postingproposal
    ADD CONSTRAINT proposal_has_fund FOREIGN KEY (community_id) REFERENCES maintenance_fund_fund (community_id);
ALTER TABLE maintenance_fund_receipt
    ADD CONSTRAINT receipt_of_series FOREIGN KEY (series_id, first_no, last_no)
        REFERENCES maintenance_fund_receiptseries (id, first_no, last_no),
    ADD CONSTRAINT receipt_unit_here FOREIGN KEY (community_id, unit_id)
        REFERENCES communities_unit (community_id, id);
ALTER TABLE maintenance_fund_transaction
    ADD CONSTRAINT transaction_has_fund FOREIGN KEY (community_id) REFERENCES maintenance_fund_fund (community_id),
    ADD CONSTRAINT transaction_proposal_here FOREIGN KEY (community_id, proposal_id)
        REFERENCES maintenance_fund_postingproposal (community_id, id),
    ADD CONSTRAINT transaction_reverses_here FOREIGN KEY (community_id, reverses_id)
        REFERENCES maintenance_fund_transaction (community_id, id),
    ADD CONSTRAINT transaction_month_here FOREIGN KEY (community_id, month)
        REFERENCES maintenance_fund_month (community_id, first_day),
    ADD CONSTRAINT transaction_month_of_day CHECK (month = date_trunc('month', dated_on::timestamp)::date),
    ADD CONSTRAINT transaction_hash_lengths
        CHECK (length(lines_hash) = 32 AND length(previous_hash) = 32 AND length(hash) = 32);
ALTER TABLE maintenance_fund_fund ADD CONSTRAINT fund_head_length CHECK (length(head_hash) = 32);
ALTER TABLE maintenance_fund_line
    ADD CONSTRAINT line_dimension_fits CHECK (CASE dimension
        WHEN 'U' THEN unit_id IS NOT NULL AND bank_account_id IS NULL AND debtor = ''
        WHEN 'P' THEN project_id IS NOT NULL AND unit_id IS NULL AND bank_account_id IS NULL AND debtor = ''
        WHEN 'B' THEN bank_account_id IS NOT NULL AND unit_id IS NULL AND debtor = ''
        WHEN 'R' THEN bank_account_id IS NULL AND (debtor IN ('OWNER', 'DEVELOPER') AND unit_id IS NOT NULL
                                                   OR debtor = 'CONTRACTOR' AND project_id IS NOT NULL AND unit_id IS NULL)
        ELSE unit_id IS NULL AND bank_account_id IS NULL AND debtor = '' END),
    ADD CONSTRAINT line_transaction_here FOREIGN KEY (community_id, transaction_id)
        REFERENCES maintenance_fund_transaction (community_id, id),
    ADD CONSTRAINT line_account_known FOREIGN KEY (account_id, dimension)
        REFERENCES maintenance_fund_account (id, dimension),
    ADD CONSTRAINT line_unit_here FOREIGN KEY (community_id, unit_id) REFERENCES communities_unit (community_id, id),
    ADD CONSTRAINT line_project_here FOREIGN KEY (community_id, project_id)
        REFERENCES maintenance_fund_project (community_id, id),
    ADD CONSTRAINT line_bank_account_here FOREIGN KEY (community_id, account_id, bank_account_id)
        REFERENCES maintenance_fund_bankaccount (community_id, account_id, id),
    ADD CONSTRAINT line_receipt_amount FOREIGN KEY (receipt_id, credit)
        REFERENCES maintenance_fund_receipt (id, amount_fen),
    ADD CONSTRAINT line_receipt_unit FOREIGN KEY (receipt_id, unit_id)
        REFERENCES maintenance_fund_receipt (id, unit_id);
ALTER TABLE maintenance_fund_balance
    ADD CONSTRAINT balance_account_known FOREIGN KEY (account_id, floored)
        REFERENCES maintenance_fund_account (id, floored),
    ADD CONSTRAINT balance_unit_here FOREIGN KEY (community_id, unit_id)
        REFERENCES communities_unit (community_id, id),
    ADD CONSTRAINT balance_project_here FOREIGN KEY (community_id, project_id)
        REFERENCES maintenance_fund_project (community_id, id),
    ADD CONSTRAINT balance_bank_account_here FOREIGN KEY (community_id, bank_account_id)
        REFERENCES maintenance_fund_bankaccount (community_id, id);
ALTER TABLE maintenance_fund_total
    ADD CONSTRAINT total_has_fund FOREIGN KEY (community_id) REFERENCES maintenance_fund_fund (community_id),
    ADD CONSTRAINT total_account_known FOREIGN KEY (account_id, floored)
        REFERENCES maintenance_fund_account (id, floored);

-- Rows that are updated by each posting keep room beside them.
ALTER TABLE maintenance_fund_balance SET (fillfactor = 70);
ALTER TABLE maintenance_fund_total SET (fillfactor = 50);
ALTER TABLE maintenance_fund_fund SET (fillfactor = 50);
ALTER TABLE maintenance_fund_month SET (fillfactor = 50);

-- ---------------------------------------------------------------- the canonical text and its hash

CREATE FUNCTION maintenance_fund_today() RETURNS date LANGUAGE sql STABLE AS
$$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date $$;

-- n|account code|unit|project|bank account|debtor|debit|credit|flow|receipt, NULL as nothing; lines are joined by LF in
-- order of n. Plain || and coalesce, which the planner inlines; concat_ws would skip NULLs and make two lines alike.
CREATE FUNCTION maintenance_fund_line_text(
    n integer, code text, unit bigint, project bigint, bank bigint, debtor text, debit bigint, credit bigint, flow text,
    receipt bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT n::text || '|' || code || '|' || coalesce(unit::text, '') || '|' || coalesce(project::text, '') || '|'
        || coalesce(bank::text, '') || '|' || debtor || '|' || debit::text || '|' || credit::text || '|' || flow || '|'
        || coalesce(receipt::text, '') $$;

-- Free text enters as its own hash, moments as microseconds, days by to_char (::text would obey DateStyle).
CREATE FUNCTION maintenance_fund_header_hash(t maintenance_fund_transaction) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to('v1|' || t.community_id || '|' || t.seq || '|' || t.id || '|' || t.proposal_id || '|'
        || t.idempotency_key || '|' || t.kind || '|' || encode(sha256(convert_to(t.memo, 'UTF8')), 'hex') || '|'
        || to_char(t.dated_on, 'YYYY-MM-DD') || '|' || t.number || '|' || coalesce(t.reverses_id::text, '') || '|'
        || t.made_by_id || '|' || t.checked_by_id || '|' || coalesce(t.approved_by_id::text, '') || '|'
        || (extract(epoch FROM t.sealed_at) * 1000000)::bigint || '|' || t.line_count || '|'
        || encode(t.lines_hash, 'hex') || '|' || encode(t.previous_hash, 'hex'), 'UTF8')) $$;

-- Payments from this many fen on need a third person: the strictest of the jurisdictions' rules in force on the day.
CREATE FUNCTION maintenance_fund_approval_from(day date) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT min(value::text::bigint) FROM (
        SELECT DISTINCT ON (jurisdiction_id) value FROM rulebook_rule
        WHERE key = 'fund.third_approver_from_fen' AND first_day <= day
            AND (origin = 'migration' OR checked_at IS NOT NULL)
        ORDER BY jurisdiction_id, first_day DESC) AS in_force
    WHERE jsonb_typeof(value) = 'number' $$;

-- ---------------------------------------------------------------- what is never changed

CREATE FUNCTION maintenance_fund_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '维修资金账只能追加，不能改也不能删（%，%）', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_append_only';
END $$;

-- Rows that only triggers may touch: depth 1 is a statement from outside, depth 2 one made inside another trigger.
CREATE FUNCTION maintenance_fund_refuse_from_outside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '余额和校验链由账本自己记（%，%）', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_keeps_itself';
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['transaction', 'line', 'account', 'receiptseries', 'dayhead', 'publishedhead', 'bankaccount'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON maintenance_fund_%s
            FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_refuse()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['balance', 'total'] LOOP
        EXECUTE format('CREATE TRIGGER kept_by_ledger BEFORE INSERT OR UPDATE ON maintenance_fund_%s
            FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_refuse_from_outside()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['balance', 'total', 'fund', 'month', 'receipt', 'postingproposal', 'project'] LOOP
        EXECUTE format('CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON maintenance_fund_%s
            FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_refuse()', name);
    END LOOP;
END $$;
CREATE TRIGGER kept_by_ledger BEFORE UPDATE ON maintenance_fund_fund
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_refuse_from_outside();
CREATE TRIGGER no_update BEFORE UPDATE OR TRUNCATE ON maintenance_fund_proposalline
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_refuse();  -- to edit is to delete and insert

CREATE FUNCTION maintenance_fund_fund_is_born_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.seq := 0;
    new.head_hash := sha256('');
    RETURN new;
END $$;
CREATE TRIGGER born_empty BEFORE INSERT ON maintenance_fund_fund
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_fund_is_born_empty();

-- ---------------------------------------------------------------- proposals

CREATE FUNCTION maintenance_fund_proposal_is_born_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.state := 'open';
    new.revision := 1;
    new.approved_by_id := NULL;
    new.withdrawn_because := '';
    RETURN new;
END $$;
CREATE TRIGGER born_open BEFORE INSERT ON maintenance_fund_postingproposal
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_proposal_is_born_open();

-- Lines move only while the proposal is open; each change makes a new revision and wipes the approval.
CREATE FUNCTION maintenance_fund_proposal_line_changed() RETURNS trigger
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
    RETURN NULL;
END $$;
CREATE TRIGGER open_only_insert AFTER INSERT ON maintenance_fund_proposalline REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_proposal_line_changed();
CREATE TRIGGER open_only_delete AFTER DELETE ON maintenance_fund_proposalline REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_proposal_line_changed();

CREATE FUNCTION maintenance_fund_proposal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state <> 'open' THEN
        RAISE EXCEPTION '这张凭证已经复核或撤回，不能再改'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_is_open';
    END IF;
    IF (new.id, new.community_id, new.idempotency_key, new.made_by_id, new.made_at, new.reverses_id)
            IS DISTINCT FROM (old.id, old.community_id, old.idempotency_key, old.made_by_id, old.made_at, old.reverses_id)
        OR ((new.state = 'sealed' OR new.revision <> old.revision) AND pg_trigger_depth() < 2) THEN
        RAISE EXCEPTION '待复核凭证的这一栏不能改'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_fixed_columns';
    END IF;
    IF (new.kind, new.memo, new.dated_on) IS DISTINCT FROM (old.kind, old.memo, old.dated_on) THEN
        new.revision := old.revision + 1;
        new.approved_by_id := NULL;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON maintenance_fund_postingproposal
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_proposal_guard();

-- ---------------------------------------------------------------- months

CREATE FUNCTION maintenance_fund_month_is_born_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.last_number := 0;
    new.closed_at := NULL;
    new.closed_by_id := NULL;
    new.checked_by_id := NULL;
    RETURN new;
END $$;
CREATE TRIGGER born_open BEFORE INSERT ON maintenance_fund_month
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_month_is_born_open();

CREATE FUNCTION maintenance_fund_month_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.closed_at IS NOT NULL THEN
        RAISE EXCEPTION '% 已经结账，不能再动', to_char(old.first_day, 'YYYY"年"FMMM"月"')
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'month_closed';
    END IF;
    IF (new.community_id, new.first_day) <> (old.community_id, old.first_day)
        OR (new.last_number <> old.last_number AND pg_trigger_depth() < 2) THEN
        RAISE EXCEPTION '会计月的这一栏不能改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'month_fixed_columns';
    END IF;
    IF new.closed_at IS NOT NULL THEN
        PERFORM maintenance_fund_month_may_close(new);
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION maintenance_fund_month_may_close(m maintenance_fund_month) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    words text := to_char(m.first_day, 'YYYY"年"FMMM"月"');
    next_month date := (m.first_day + interval '1 month')::date;
BEGIN
    PERFORM 1 FROM maintenance_fund_fund WHERE community_id = m.community_id FOR NO KEY UPDATE;
    IF next_month > maintenance_fund_today() THEN
        RAISE EXCEPTION '% 还没过完，下个月才能结账', words USING ERRCODE = 'check_violation', CONSTRAINT = 'month_is_over';
    END IF;
    IF m.first_day <> (SELECT first_month FROM maintenance_fund_fund WHERE community_id = m.community_id)
        AND NOT EXISTS (SELECT 1 FROM maintenance_fund_month WHERE community_id = m.community_id
            AND first_day = (m.first_day - interval '1 month')::date AND closed_at IS NOT NULL) THEN
        RAISE EXCEPTION '% 的上一个月还没结账', words USING ERRCODE = 'check_violation', CONSTRAINT = 'month_in_order';
    END IF;
    IF EXISTS (SELECT 1 FROM maintenance_fund_postingproposal WHERE community_id = m.community_id AND state = 'open'
            AND dated_on >= m.first_day AND dated_on < next_month) THEN
        RAISE EXCEPTION '% 还有没复核的凭证', words USING ERRCODE = 'check_violation', CONSTRAINT = 'month_all_checked';
    END IF;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON maintenance_fund_month
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_month_guard();

-- ---------------------------------------------------------------- receipts

CREATE FUNCTION maintenance_fund_receipt_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (new.id, new.community_id, new.series_id, new.first_no, new.last_no, new.number, new.unit_id, new.amount_fen,
            new.payer, new.issued_on, new.issued_by_id)
        IS DISTINCT FROM (old.id, old.community_id, old.series_id, old.first_no, old.last_no, old.number, old.unit_id,
            old.amount_fen, old.payer, old.issued_on, old.issued_by_id)
        OR (old.state <> 'issued' AND (new.state, new.reason) IS DISTINCT FROM (old.state, old.reason)) THEN
        RAISE EXCEPTION '票据开出后只能作废，不能改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'receipt_fixed';
    END IF;
    IF new.state = 'voided' AND old.state = 'issued'
        AND EXISTS (SELECT 1 FROM maintenance_fund_line WHERE receipt_id = new.id) THEN
        RAISE EXCEPTION '这张票据已经入账，先红字冲销它的凭证'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'receipt_posted';
    END IF;
    IF new.state = 'reversed' AND old.state = 'issued' AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '票据随凭证一起冲销' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'receipt_reversed_by_ledger';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON maintenance_fund_receipt
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_receipt_guard();

-- ---------------------------------------------------------------- the header: its number, its place in the chain

-- Whoever inserts it names proposal, checker, line_count and lines_hash; everything else is copied or made here.
CREATE FUNCTION maintenance_fund_transaction_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    f maintenance_fund_fund;
    p maintenance_fund_postingproposal;
    today date;
BEGIN
    SELECT * INTO f FROM maintenance_fund_fund WHERE community_id = new.community_id FOR NO KEY UPDATE;  -- the lock
    today := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;  -- read under the lock: it may have waited past midnight
    UPDATE maintenance_fund_postingproposal SET state = 'sealed'
    WHERE id = new.proposal_id AND community_id = new.community_id AND state = 'open' RETURNING * INTO p;
    IF NOT FOUND THEN
        RAISE EXCEPTION '这张凭证已经复核或撤回' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_is_open';
    END IF;
    new.dated_on := coalesce(p.dated_on, today);
    IF new.dated_on > today THEN
        RAISE EXCEPTION '入账日期 % 还没到', new.dated_on USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_not_ahead';
    END IF;
    new.month := date_trunc('month', new.dated_on::timestamp)::date;
    IF new.month < f.first_month THEN
        RAISE EXCEPTION '入账日期 % 早于建账的月份', new.dated_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_since_first_month';
    END IF;
    INSERT INTO maintenance_fund_month (community_id, first_day, last_number) VALUES (new.community_id, new.month, 0)
    ON CONFLICT DO NOTHING;
    UPDATE maintenance_fund_month SET last_number = last_number + 1
    WHERE community_id = new.community_id AND first_day = new.month AND closed_at IS NULL
    RETURNING last_number INTO new.month_no;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% 已经结账，改一个没结账的日期', to_char(new.month, 'YYYY"年"FMMM"月"')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'month_closed';
    END IF;
    new.number := 'PZ-' || to_char(new.month, 'YYYYMM') || '-'
        || lpad(new.month_no::text, greatest(4, length(new.month_no::text)), '0');  -- lpad alone would cut 10000 to 1000
    new.idempotency_key := p.idempotency_key;
    new.kind := p.kind;
    new.memo := p.memo;
    new.reverses_id := p.reverses_id;
    new.made_by_id := p.made_by_id;
    new.approved_by_id := p.approved_by_id;
    new.sealed_at := clock_timestamp();
    new.seq := f.seq + 1;
    new.previous_hash := f.head_hash;
    new.hash := maintenance_fund_header_hash(new);
    UPDATE maintenance_fund_fund SET seq = new.seq, head_hash = new.hash WHERE id = f.id;
    RETURN new;
END $$;
CREATE TRIGGER number BEFORE INSERT ON maintenance_fund_transaction
    FOR EACH ROW EXECUTE FUNCTION maintenance_fund_transaction_number();

-- At commit, once a header: its lines are all there, balance, are those that were hashed, mirror what they reverse,
-- were approved if large, and bear receipts where money of a household came in.
CREATE FUNCTION maintenance_fund_transaction_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lines bigint;
    debits numeric;
    credits numeric;
    paid_out numeric;
    hashed bytea;
    without_receipt bigint;
BEGIN
    SELECT count(*), sum(l.debit), sum(l.credit), sum(l.credit - l.debit) FILTER (WHERE l.dimension = 'B'),
        sha256(convert_to(string_agg(maintenance_fund_line_text(l.n, a.code, l.unit_id, l.project_id, l.bank_account_id,
            l.debtor, l.debit, l.credit, l.flow, l.receipt_id), E'\n' ORDER BY l.n), 'UTF8')),
        count(*) FILTER (WHERE a.code = '3001' AND l.credit > 0 AND l.receipt_id IS NULL)
    INTO lines, debits, credits, paid_out, hashed, without_receipt
    FROM maintenance_fund_line l JOIN maintenance_fund_account a ON a.id = l.account_id WHERE l.transaction_id = new.id;
    IF lines <> new.line_count THEN
        RAISE EXCEPTION '%：应有 % 行，实有 % 行', new.number, new.line_count, lines
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_whole';
    END IF;
    IF debits IS DISTINCT FROM credits OR debits <= 0 THEN
        RAISE EXCEPTION '借贷不平：借方 % 分，贷方 % 分', debits, credits
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_balanced';
    END IF;
    IF hashed <> new.lines_hash THEN
        RAISE EXCEPTION '%：分录不是算校验值的那些', new.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_hashed';
    END IF;
    IF new.approved_by_id IS NULL AND paid_out >= maintenance_fund_approval_from(new.dated_on) THEN
        RAISE EXCEPTION '这笔付款要经办、复核以外的第三个人先审批'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_approved';
    END IF;
    IF new.kind IN ('first_deposit', 'renewal') AND without_receipt > 0 THEN
        RAISE EXCEPTION '交存和续交的每一户都要写票据号，还有 % 户没写', without_receipt
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_receipts';
    END IF;
    IF (new.kind = 'reversal') <> (new.reverses_id IS NOT NULL) OR new.reverses_id IS NOT NULL AND (
        EXISTS (SELECT 1 FROM maintenance_fund_transaction o WHERE o.id = new.reverses_id AND o.reverses_id IS NOT NULL)
        OR lines <> (SELECT line_count FROM maintenance_fund_transaction WHERE id = new.reverses_id)
        OR EXISTS (
            SELECT n, account_id, unit_id, project_id, bank_account_id, debtor, debit, credit, flow
            FROM maintenance_fund_line WHERE transaction_id = new.reverses_id
            EXCEPT SELECT n, account_id, unit_id, project_id, bank_account_id, debtor, credit, debit, flow
            FROM maintenance_fund_line WHERE transaction_id = new.id)) THEN
        RAISE EXCEPTION '红字冲销要和原凭证一行对一行，冲销凭证不能再冲销'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_mirrors';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_at_commit AFTER INSERT ON maintenance_fund_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION maintenance_fund_transaction_check();

-- A reversal takes the receipts of what it reverses with it.
CREATE FUNCTION maintenance_fund_receipts_reversed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE maintenance_fund_receipt r SET state = 'reversed', reason = '随凭证 ' || new.number || ' 冲销'
    FROM maintenance_fund_line l
    WHERE l.transaction_id = new.reverses_id AND r.id = l.receipt_id AND r.state = 'issued';
    RETURN NULL;
END $$;
CREATE TRIGGER receipts_reversed AFTER INSERT ON maintenance_fund_transaction
    FOR EACH ROW WHEN (new.reverses_id IS NOT NULL) EXECUTE FUNCTION maintenance_fund_receipts_reversed();

-- ---------------------------------------------------------------- the lines: full slots, and the balances move

-- Once a statement. Sealed is what is full: n runs to line_count, each n once, and at commit all are there, so no line
-- fits in later. Static SQL would keep the row estimate of the session's first call, hence EXECUTE. UPDATE first, then
-- insert what was missing: ON CONFLICT DO UPDATE would test the CHECK on the bare movement.
CREATE FUNCTION maintenance_fund_lines_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT transaction_id, max(n) AS n FROM added GROUP BY 1) x
        JOIN maintenance_fund_transaction t ON t.id = x.transaction_id WHERE x.n > t.line_count) THEN
        RAISE EXCEPTION '已入账的凭证不能再加分录' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'transaction_full';
    END IF;
    IF EXISTS (
        SELECT 1 FROM added l JOIN maintenance_fund_receipt r ON r.id = l.receipt_id
        WHERE r.state <> 'issued' OR r.community_id <> l.community_id) THEN
        RAISE EXCEPTION '票据已经作废、冲销，或者是别的小区的'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'line_receipt_valid';
    END IF;
    EXECUTE $q$
    WITH moves AS MATERIALIZED (
        SELECT l.community_id, l.account_id, a.floored,
            CASE WHEN l.dimension = 'U' OR l.dimension = 'R' AND l.debtor <> 'CONTRACTOR' THEN l.unit_id END AS unit_id,
            CASE WHEN l.dimension = 'P' OR l.debtor = 'CONTRACTOR' THEN l.project_id END AS project_id,
            l.bank_account_id, l.debtor,
            sum(CASE a.side WHEN 'D' THEN l.debit - l.credit ELSE l.credit - l.debit END)::bigint AS moved
        FROM added l JOIN maintenance_fund_account a ON a.id = l.account_id GROUP BY 1, 2, 3, 4, 5, 6, 7),
    changed AS (
        UPDATE maintenance_fund_balance b SET amount = b.amount + m.moved FROM moves m
        WHERE b.community_id = m.community_id AND b.account_id = m.account_id AND b.debtor = m.debtor
            AND b.named = coalesce(m.unit_id, m.project_id, m.bank_account_id, 0)
        RETURNING b.community_id, b.account_id, b.named, b.debtor),
    made AS (
        INSERT INTO maintenance_fund_balance
            (community_id, account_id, floored, unit_id, project_id, bank_account_id, debtor, amount)
        SELECT m.* FROM moves m WHERE NOT EXISTS (
            SELECT 1 FROM changed c WHERE c.community_id = m.community_id AND c.account_id = m.account_id
                AND c.debtor = m.debtor AND c.named = coalesce(m.unit_id, m.project_id, m.bank_account_id, 0))),
    sums AS (SELECT community_id, account_id, floored, sum(moved)::bigint AS moved FROM moves GROUP BY 1, 2, 3),
    totals AS (
        UPDATE maintenance_fund_total t SET amount = t.amount + s.moved FROM sums s
        WHERE t.community_id = s.community_id AND t.account_id = s.account_id
        RETURNING t.community_id, t.account_id)
    INSERT INTO maintenance_fund_total (community_id, account_id, floored, amount)
    SELECT s.* FROM sums s WHERE NOT EXISTS (
        SELECT 1 FROM totals t WHERE t.community_id = s.community_id AND t.account_id = s.account_id) $q$;
    RETURN NULL;
END $$;
CREATE TRIGGER balances AFTER INSERT ON maintenance_fund_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance_fund_lines_added();

-- ---------------------------------------------------------------- the doors

-- A retry by the same checker gets the same voucher; anybody else is told that it is sealed.
CREATE FUNCTION maintenance_fund_seal(p_proposal bigint, p_by bigint, p_revision integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    p maintenance_fund_postingproposal;
    made bigint;
    lines integer;
    hashed bytea;
BEGIN
    PERFORM 1 FROM maintenance_fund_fund WHERE community_id =
        (SELECT community_id FROM maintenance_fund_postingproposal WHERE id = p_proposal) FOR NO KEY UPDATE;
    SELECT * INTO p FROM maintenance_fund_postingproposal WHERE id = p_proposal FOR NO KEY UPDATE;
    IF p.state = 'sealed' THEN
        SELECT id INTO made FROM maintenance_fund_transaction WHERE proposal_id = p_proposal AND checked_by_id = p_by;
        IF FOUND THEN
            RETURN made;
        END IF;
    END IF;
    IF p.state IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION '这张凭证刚才已经有人复核或撤回了'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_is_open';
    END IF;
    IF p.revision <> p_revision THEN
        RAISE EXCEPTION '这张凭证在您看的时候改过，先看新的再复核'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_as_read';
    END IF;
    SELECT count(*), sha256(convert_to(coalesce(string_agg(maintenance_fund_line_text(l.n, a.code, l.unit_id, l.project_id,
        l.bank_account_id, l.debtor, l.debit, l.credit, l.flow, l.receipt_id), E'\n' ORDER BY l.n), ''), 'UTF8'))
    INTO lines, hashed
    FROM maintenance_fund_proposalline l LEFT JOIN maintenance_fund_account a ON a.id = l.account_id
    WHERE l.proposal_id = p_proposal;
    INSERT INTO maintenance_fund_transaction (community_id, proposal_id, checked_by_id, line_count, lines_hash)
    VALUES (p.community_id, p_proposal, p_by, lines, hashed) RETURNING id INTO made;
    INSERT INTO maintenance_fund_line (community_id, transaction_id, n, account_id, dimension, unit_id, project_id,
        bank_account_id, debtor, debit, credit, flow, receipt_id)
    SELECT p.community_id, made, l.n, l.account_id, a.dimension, l.unit_id, l.project_id, l.bank_account_id, l.debtor,
        l.debit, l.credit, l.flow, l.receipt_id
    FROM maintenance_fund_proposalline l LEFT JOIN maintenance_fund_account a ON a.id = l.account_id
    WHERE l.proposal_id = p_proposal ORDER BY l.n;
    SET CONSTRAINTS check_at_commit IMMEDIATE;  -- now, so that whoever presses the button is told why not
    SET CONSTRAINTS check_at_commit DEFERRED;
    RETURN made;
END $$;

CREATE FUNCTION maintenance_fund_close_month(p_community bigint, p_month date, p_by bigint, p_checked_by bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM maintenance_fund_fund WHERE community_id = p_community FOR NO KEY UPDATE;
    INSERT INTO maintenance_fund_month (community_id, first_day, last_number) VALUES (p_community, p_month, 0)
    ON CONFLICT DO NOTHING;
    UPDATE maintenance_fund_month SET closed_at = clock_timestamp(), closed_by_id = p_by, checked_by_id = p_checked_by
    WHERE community_id = p_community AND first_day = p_month;
END $$;

-- Publishes the heads of all chains under one value; of a day that has its value already, nothing.
CREATE FUNCTION maintenance_fund_publish_heads(p_day date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
    value bytea;
BEGIN
    LOCK TABLE maintenance_fund_dayhead IN SHARE ROW EXCLUSIVE MODE;
    SELECT id INTO made FROM maintenance_fund_dayhead WHERE day = p_day;
    IF FOUND THEN
        RETURN made;
    END IF;
    IF p_day <> maintenance_fund_today() THEN
        RAISE EXCEPTION '校验值只公布当天的' USING ERRCODE = 'check_violation', CONSTRAINT = 'day_head_today';
    END IF;
    PERFORM 1 FROM maintenance_fund_fund ORDER BY community_id FOR SHARE;
    made := nextval(pg_get_serial_sequence('maintenance_fund_dayhead', 'id'));
    INSERT INTO maintenance_fund_publishedhead (day_head_id, community_id, seq, hash)
    SELECT made, community_id, seq, head_hash FROM maintenance_fund_fund;
    SELECT sha256(convert_to(to_char(p_day, 'YYYY-MM-DD') || coalesce(string_agg(
            E'\n' || community_id || '|' || seq || '|' || encode(hash, 'hex'), '' ORDER BY community_id), ''), 'UTF8'))
    INTO value FROM maintenance_fund_publishedhead WHERE day_head_id = made;
    INSERT INTO maintenance_fund_dayhead (id, day, hash, published_at) VALUES (made, p_day, value, clock_timestamp());
    RETURN made;
END $$;
