-- Phases follow one another: the next begins on the last day or the day after. Only a first phase may have no first
-- day; what hangs on an event has no days until it has come. Checked when the transaction ends.
CREATE FUNCTION campaigns_phases_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.campaign_id ELSE NEW.campaign_id END;
    this record;
    before record;
BEGIN
    FOR this IN SELECT * FROM campaigns_phase WHERE campaign_id = whose ORDER BY no LOOP
        IF before IS NULL THEN
            IF this.days IS NOT NULL THEN
                RAISE EXCEPTION '第一个阶段前面没有别的阶段，不能写“上一阶段结束后几天”。' USING ERRCODE = 'check_violation';
            END IF;
        ELSIF before.last_day IS NULL THEN
            IF this.first_day IS NOT NULL OR this.last_day IS NOT NULL OR this.days IS NULL THEN
                RAISE EXCEPTION '“%”要等“%”结束，先写结束后几天，不写日期。', this.name, before.name
                    USING ERRCODE = 'check_violation';
            END IF;
        ELSIF this.first_day IS NULL OR this.first_day NOT BETWEEN before.last_day AND before.last_day + 1 THEN
            RAISE EXCEPTION '“%”要从“%”的最后一天（%）或者第二天开始。', this.name, before.name, before.last_day
                USING ERRCODE = 'check_violation';
        END IF;
        before := this;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER phases_follow AFTER INSERT OR UPDATE OR DELETE ON campaigns_phase
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaigns_phases_follow();

-- A plan that was proposed has a lead and at least one phase.
CREATE FUNCTION campaigns_plan_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        IF NOT EXISTS (SELECT FROM campaigns_body WHERE campaign_id = NEW.id AND is_lead) THEN
            RAISE EXCEPTION '方案还没有牵头单位。' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT FROM campaigns_phase WHERE campaign_id = NEW.id) THEN
            RAISE EXCEPTION '方案还没有阶段。' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_is_whole AFTER INSERT OR UPDATE OF state ON campaigns_campaign
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaigns_plan_is_whole();

-- Days of an approved plan move only with an extension that keeps the old ones. A day that was waited for may be
-- entered, and what hangs on it with it.
CREATE FUNCTION campaigns_phase_moves_with_a_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.first_day, OLD.last_day) IS NOT DISTINCT FROM (NEW.first_day, NEW.last_day) OR OLD.last_day IS NULL
       OR EXISTS (SELECT FROM campaigns_campaign WHERE id = NEW.campaign_id AND state IN ('draft', 'proposed')) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM campaigns_extension e WHERE e.phase_id = NEW.id AND e.old_last_day = OLD.last_day
                   AND e.old_first_day IS NOT DISTINCT FROM OLD.first_day AND e.new_last_day = NEW.last_day
                   AND e.new_first_day IS NOT DISTINCT FROM NEW.first_day) THEN
        RAISE EXCEPTION '批准了的方案，改日期要用“延期”，写明原因。' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER moves_with_a_reason AFTER UPDATE OF first_day, last_day ON campaigns_phase
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaigns_phase_moves_with_a_reason();

CREATE FUNCTION campaigns_task_moves_with_a_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.due_on IS NOT DISTINCT FROM NEW.due_on OR OLD.due_on IS NULL
       OR EXISTS (SELECT FROM campaigns_campaign WHERE id = NEW.campaign_id AND state IN ('draft', 'proposed')) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM campaigns_extension e WHERE e.task_id = NEW.id AND e.old_last_day = OLD.due_on
                   AND e.new_last_day = NEW.due_on) THEN
        RAISE EXCEPTION '批准了的方案，改日期要用“延期”，写明原因。' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER moves_with_a_reason AFTER UPDATE OF due_on ON campaigns_task
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaigns_task_moves_with_a_reason();

-- What belongs together is of one campaign. Its arguments: column, table that it points to, what is said.
CREATE FUNCTION campaigns_of_one() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other bigint;
BEGIN
    EXECUTE format('SELECT campaign_id FROM %I WHERE id = $1', TG_ARGV[1])
        INTO other USING (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF other <> NEW.campaign_id THEN
        RAISE EXCEPTION '%', TG_ARGV[2] USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_of_one BEFORE INSERT OR UPDATE ON campaigns_task
    FOR EACH ROW EXECUTE FUNCTION campaigns_of_one('lead_id', 'campaigns_body', '牵头单位不是这次行动的。');
CREATE TRIGGER phase_of_one BEFORE INSERT OR UPDATE ON campaigns_task
    FOR EACH ROW EXECUTE FUNCTION campaigns_of_one('phase_id', 'campaigns_phase', '阶段不是这次行动的。');
CREATE TRIGGER phase_of_one BEFORE INSERT OR UPDATE ON campaigns_step
    FOR EACH ROW EXECUTE FUNCTION campaigns_of_one('phase_id', 'campaigns_phase', '阶段不是这次行动的。');
CREATE TRIGGER phase_of_one BEFORE INSERT OR UPDATE ON campaigns_problem
    FOR EACH ROW EXECUTE FUNCTION campaigns_of_one('phase_id', 'campaigns_phase', '阶段不是这次行动的。');
CREATE TRIGGER place_of_one BEFORE INSERT OR UPDATE ON campaigns_problem
    FOR EACH ROW EXECUTE FUNCTION campaigns_of_one('place_id', 'campaigns_campaignplace', '小区不在这次行动里。');
CREATE TRIGGER team_of_one BEFORE INSERT OR UPDATE ON campaigns_campaignplace
    FOR EACH ROW EXECUTE FUNCTION campaigns_of_one('team_id', 'campaigns_team', '检查组不是这次行动的。');

-- A team has at least one member when the transaction ends.
CREATE FUNCTION campaigns_team_has_members() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint := CASE TG_OP WHEN 'INSERT' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(OLD) ->> 'team_id' END;
BEGIN
    IF EXISTS (SELECT FROM campaigns_team WHERE id = whose)
       AND NOT EXISTS (SELECT FROM campaigns_teammember WHERE team_id = whose) THEN
        RAISE EXCEPTION '检查组至少要有一名组员。' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER team_has_members AFTER INSERT ON campaigns_team
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaigns_team_has_members();
CREATE CONSTRAINT TRIGGER team_has_members AFTER DELETE ON campaigns_teammember
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaigns_team_has_members();

-- A step of a community: of its campaign; not of a later phase while a problem lacks measure or responsible person; done
-- only when what it requires is done and its document is written, and undone only before what requires it is done
-- (being put right begins anew with each failed acceptance); accepted by nobody of the community's team, nor by whoever
-- made the check.
CREATE FUNCTION campaigns_step_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step record;
    place record;
    lacking record;
    missing text;
BEGIN
    SELECT s.*, p.no AS phase_no INTO step
    FROM campaigns_step s LEFT JOIN campaigns_phase p ON p.id = s.phase_id WHERE s.id = NEW.step_id;
    SELECT * INTO place FROM campaigns_campaignplace WHERE id = NEW.place_id;
    IF step.campaign_id <> place.campaign_id THEN
        RAISE EXCEPTION '这一步不是这次行动的。' USING ERRCODE = 'check_violation';
    END IF;
    SELECT b.text INTO lacking FROM campaigns_problem b JOIN campaigns_phase h ON h.id = b.phase_id
    WHERE b.campaign_id = step.campaign_id AND (b.place_id IS NULL OR b.place_id = NEW.place_id)
      AND h.no < step.phase_no
      AND (b.person = '' OR NOT EXISTS (SELECT FROM campaigns_measure m WHERE m.problem_id = b.id))
    LIMIT 1;
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION '三清单未齐：“%”还没有措施或者责任人，补齐了再记“%”。', lacking.text, step.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'place_step_lists_whole';
    END IF;
    IF NEW.state = 'done' THEN
        SELECT string_agg(q.name, '、' ORDER BY q.no) INTO missing
        FROM unnest(step.requires) needed(code)
        JOIN campaigns_step q ON q.campaign_id = step.campaign_id AND q.code = needed.code
        WHERE NOT EXISTS (SELECT FROM campaigns_placestep d WHERE d.place_id = NEW.place_id AND d.step_id = q.id
                          AND d.state = 'done');
        IF missing IS NOT NULL THEN
            RAISE EXCEPTION '“%”要先完成：%。', step.name, missing
                USING ERRCODE = 'check_violation', CONSTRAINT = 'place_step_in_order';
        END IF;
        IF step.needs_document AND NEW.document = '' THEN
            RAISE EXCEPTION '“%”要写上文号或者依据。', step.name
                USING ERRCODE = 'check_violation', CONSTRAINT = 'place_step_document';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'done' AND NEW.state <> 'done' AND step.code <> 'RECTIFY' THEN
        SELECT string_agg(q.name, '、' ORDER BY q.no) INTO missing
        FROM campaigns_placestep d JOIN campaigns_step q ON q.id = d.step_id
        WHERE d.place_id = NEW.place_id AND d.state = 'done' AND step.code = ANY (q.requires);
        IF missing IS NOT NULL THEN
            RAISE EXCEPTION '“%”后面的步骤已经完成，先改“%”。', step.name, missing
                USING ERRCODE = 'check_violation', CONSTRAINT = 'place_step_stood_on';
        END IF;
    END IF;
    IF step.code = 'ACCEPT' AND NEW.state IN ('done', 'failed')
       AND NEW.by_id IN (SELECT leader_id FROM campaigns_team WHERE id = place.team_id
                         UNION SELECT user_id FROM campaigns_teammember WHERE team_id = place.team_id
                         UNION SELECT t.user_id FROM campaigns_placestep d JOIN campaigns_step q ON q.id = d.step_id
                               JOIN inspections_patrol t ON t.id = d.patrol_id
                               WHERE d.place_id = NEW.place_id AND q.code = 'INSPECT') THEN
        RAISE EXCEPTION '验收要由检查组以外的人来做。'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'place_step_accepted_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER step_in_order BEFORE INSERT OR UPDATE ON campaigns_placestep
    FOR EACH ROW EXECUTE FUNCTION campaigns_step_in_order();
