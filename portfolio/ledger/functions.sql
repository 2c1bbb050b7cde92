-- The ledger's functions. They belong to the owner and run with the owner's rights; the runtime role may only call some.

CREATE OR REPLACE FUNCTION city_now() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT clock_timestamp() + coalesce((SELECT shift FROM portfolio_installation WHERE id = 1), interval '0')
$$;

-- This very transaction's name. Its number may come again in a restored copy; with the server's start it can't.
-- It and the next three set nothing of their own, so that the planner writes them out where they are called.
CREATE OR REPLACE FUNCTION history_transaction() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT extract(epoch FROM pg_postmaster_start_time())::text || ':' || pg_current_xact_id_if_assigned()::text
$$;

CREATE OR REPLACE FUNCTION history_digest(salt uuid, state jsonb) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(salt::text, '') || '|' || state::text, 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION history_line(entry portfolio_changeentry) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT entry.relation || ':' || entry.object_id || ':' || entry.op || ':'
      || coalesce(entry.history_id::text, '') || ':' || entry.row_sha256
$$;

-- What a change set's hash covers: the last hash, who and why, and the hashes of its rows in their order.
-- The columns are named, so that one added later leaves old hashes true.
CREATE OR REPLACE FUNCTION history_seal(change portfolio_changeset, lines text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(change.previous_sha256 || '|' || jsonb_build_object(
    'seq', change.seq, 'kind', change.kind, 'actor_id', change.actor_id, 'role', change.role, 'job', change.job,
    'on_behalf_of_id', change.on_behalf_of_id, 'reason', change.reason, 'request_id', change.request_id,
    'recorded_at', change.recorded_at)::text || '|' || coalesce(lines, ''), 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION history_seal_now(number bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  seal text;
  instant timestamptz;
BEGIN
  UPDATE portfolio_changeset AS c
     SET sha256 = history_seal(c, (SELECT string_agg(history_line(e), ',' ORDER BY e.id)
                                     FROM portfolio_changeentry e WHERE e.seq = number))
   WHERE c.seq = number RETURNING c.sha256, c.recorded_at INTO seal, instant;
  UPDATE portfolio_head SET seq = number, sha256 = seal, recorded_at = instant, sealed = true
   WHERE id = 1 AND seq IN (number - 1, number);
END $$;

-- The change set that this transaction has open, or none: an old number, or one of another transaction, is none.
CREATE OR REPLACE FUNCTION history_mine() RETURNS portfolio_changeset LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
DECLARE
  stated text := current_setting('salkku.change', true);
  mine portfolio_changeset;
BEGIN
  IF stated ~ '^[0-9]{1,18}$' THEN
    SELECT c.* INTO mine FROM portfolio_changeset c
     WHERE c.seq = stated::bigint AND c.seq = (SELECT max(seq) FROM portfolio_changeset)
       AND c.xid = history_transaction();
  END IF;
  RETURN mine;
END $$;

-- The head as it was before a change set that was sealed too early; one that is still unsealed has not moved it.
CREATE OR REPLACE FUNCTION history_step_back(mine portfolio_changeset) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE portfolio_head SET seq = mine.seq - 1, sha256 = mine.previous_sha256, sealed = true, recorded_at = coalesce(
    (SELECT c.recorded_at FROM portfolio_changeset c WHERE c.seq = mine.seq - 1), to_timestamp(0))
   WHERE id = 1 AND seq = mine.seq;
END $$;

-- One that changed nothing leaves no number behind.
CREATE OR REPLACE FUNCTION history_forget(mine portfolio_changeset) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM history_step_back(mine);
  DELETE FROM portfolio_changeset WHERE seq = mine.seq;
END $$;

-- Seal the open change set.
CREATE OR REPLACE FUNCTION history_close() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  mine portfolio_changeset := history_mine();
  stated text := set_config('salkku.change', set_config('salkku.waiting', '', true), true);
BEGIN
  IF mine.seq IS NULL THEN RETURN; END IF;
  IF EXISTS (SELECT 1 FROM portfolio_changeentry WHERE seq = mine.seq) THEN
    PERFORM history_seal_now(mine.seq);
  ELSE
    PERFORM history_forget(mine);
  END IF;
END $$;

-- Take the head's lock, then the next number and the time: so numbers, times and commits have one order. The head itself
-- moves when the change set is sealed.
CREATE OR REPLACE FUNCTION history_open(
  kind text, actor bigint, role text, job text, on_behalf_of bigint, reason text, request text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head portfolio_head;
  stated text := current_setting('salkku.change', true);
BEGIN
  IF kind = 'migration' AND NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
    RAISE EXCEPTION 'history.no_change_set' USING ERRCODE = 'SK001', HINT = 'Only the owner migrates.';
  END IF;
  IF (CASE kind WHEN 'command' THEN job = '' AND EXISTS (SELECT 1 FROM portfolio_person WHERE id = actor)
                WHEN 'job' THEN actor IS NULL AND job ~ '\S' AND job !~* '^[^[:alnum:]]*migrate'
                WHEN 'migration' THEN actor IS NULL AND job <> '' END
      AND (on_behalf_of IS NULL OR EXISTS (SELECT 1 FROM portfolio_person WHERE id = on_behalf_of))) IS NOT TRUE THEN
    RAISE EXCEPTION 'history.no_change_set' USING ERRCODE = 'SK001',
      HINT = 'A person of the register signs a command, a job signs with a name of its own; on behalf of a person or none.';
  END IF;
  SELECT * INTO STRICT head FROM portfolio_head WHERE id = 1 FOR UPDATE;
  IF stated <> '' THEN
    PERFORM history_close();
    SELECT * INTO STRICT head FROM portfolio_head WHERE id = 1;
  END IF;
  IF NOT head.sealed THEN
    RAISE EXCEPTION 'Change set % was never sealed.', head.seq USING HINT = 'Run verify_history.';
  END IF;
  INSERT INTO portfolio_changeset
    (seq, kind, actor_id, role, job, on_behalf_of_id, reason, request_id, recorded_at, xid, previous_sha256)
  VALUES (head.seq + 1, kind, actor, role, job, on_behalf_of, reason, request, greatest(head.recorded_at, city_now()),
          history_transaction(), head.sha256);
  stated := set_config('salkku.change', (head.seq + 1)::text, true);
  RETURN head.seq + 1;
END $$;

-- The roles that a person holds on a day: those assigned, and those that come with a seat (INV-115). A role that was taken
-- away is not held on its last day either: the right is gone with the next request.
CREATE OR REPLACE FUNCTION history_held(
  person bigint, day date, OUT role text, OUT programme_id bigint, OUT project_id bigint, OUT unit_id bigint
) RETURNS SETOF record LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT a.role::text, a.programme_id, a.project_id, a.unit_id FROM portfolio_roleassignment a
   WHERE a.person_id = person AND day BETWEEN a.starts_on AND coalesce(a.ends_on, day)
     AND (a.ended_at IS NULL OR a.ends_on > day)
  UNION ALL
  SELECT CASE WHEN t.capacity = 'deputy' THEN t.capacity ELSE s.kind || '_member' END, g.programme_id, NULL, NULL
    FROM portfolio_tenure t JOIN portfolio_seat s ON s.id = t.seat_id JOIN portfolio_steeringgroup g ON g.id = s.group_id
   WHERE t.person_id = person AND (t.capacity = 'deputy' OR s.kind IN ('elected', 'official'))
     AND day BETWEEN t.starts_on AND coalesce(t.ends_on, day);
END $$;

-- Open a change set for whoever acts: a job by its name, or a person with the roles held on the city's day. Both are read
-- under the head's lock, so that they are what the change itself goes by; it is told them with its number.
CREATE OR REPLACE FUNCTION history_begin(
  actor bigint, job text, on_behalf_of bigint, reason text, request text, zone text,
  OUT seq bigint, OUT day date, OUT held jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  roles text;
BEGIN
  PERFORM 1 FROM portfolio_head WHERE id = 1 FOR UPDATE;
  day := (city_now() AT TIME ZONE zone)::date;
  SELECT jsonb_agg(jsonb_build_array(h.role, h.programme_id, h.project_id, h.unit_id)),
         string_agg(DISTINCT h.role, ',' ORDER BY h.role) INTO held, roles
    FROM portfolio_person p, history_held(p.id, day) h WHERE p.id = actor AND p.active;
  seq := history_open(CASE job WHEN '' THEN 'command' ELSE 'job' END, actor, coalesce(roles, ''), job, on_behalf_of,
                      reason, request);
END $$;

-- A change set that is tried and never kept: it takes no lock of the head, so that others save meanwhile, and the commit
-- refuses it. Its number is beyond all others, and its transaction's own. Answers with the head that it is held against.
CREATE OR REPLACE FUNCTION history_try(job text, OUT number bigint, OUT head bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  stated text;
BEGIN
  number := 100000000000000000 + pg_current_xact_id()::text::bigint;
  INSERT INTO portfolio_changeset
    (seq, kind, role, job, reason, request_id, recorded_at, xid, previous_sha256)
  SELECT number, 'job', '', job, '', '', greatest(h.recorded_at, city_now()), history_transaction(), h.sha256
    FROM portfolio_head h WHERE h.id = 1;
  SELECT h.seq INTO STRICT head FROM portfolio_head h WHERE h.id = 1;
  stated := set_config('salkku.change', number::text, true);
END $$;

-- The open change set, for a trigger that writes. SET CONSTRAINTS ALL IMMEDIATE may have sealed it too early, or forgotten
-- it because nothing was written yet: then it is opened again, and the commit seals it.
CREATE OR REPLACE FUNCTION history_current() RETURNS portfolio_changeset LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  mine portfolio_changeset := history_mine();
  waiting jsonb := nullif(current_setting('salkku.waiting', true), '')::jsonb;
BEGIN
  IF mine.seq IS NULL AND waiting IS NOT NULL THEN
    SET CONSTRAINTS seal_at_commit DEFERRED;
    PERFORM history_open(waiting ->> 'kind', (waiting ->> 'actor_id')::bigint, waiting ->> 'role', waiting ->> 'job',
      (waiting ->> 'on_behalf_of_id')::bigint, waiting ->> 'reason', waiting ->> 'request_id');
    RETURN history_mine();
  END IF;
  IF mine.seq IS NULL THEN
    RAISE EXCEPTION 'history.no_change_set' USING ERRCODE = 'SK001',
      HINT = 'Write through a command: it opens the change set that says who and why.';
  END IF;
  IF mine.sha256 IS NOT NULL THEN
    SET CONSTRAINTS seal_at_commit DEFERRED;
    UPDATE portfolio_changeset SET sha256 = NULL WHERE seq = mine.seq;
    PERFORM history_step_back(mine);
  END IF;
  RETURN mine;
END $$;

-- The last change set by an instant; NULL for one still to come. For one later than the newest change set we wait for
-- whoever holds the head, so that the answer stays true; the lock goes with the inner block, so nobody waits for us.
CREATE OR REPLACE FUNCTION history_seq_at(instant timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  newest portfolio_head;
BEGIN
  IF instant >= city_now() THEN RETURN NULL; END IF;
  SELECT * INTO newest FROM portfolio_head WHERE id = 1;
  IF instant >= newest.recorded_at THEN
    BEGIN
      SELECT * INTO newest FROM portfolio_head WHERE id = 1 FOR SHARE;
      RAISE EXCEPTION 'let go' USING ERRCODE = 'SK000';
    EXCEPTION WHEN SQLSTATE 'SK000' THEN NULL;
    END;
  END IF;
  IF EXISTS (SELECT 1 FROM portfolio_changeset WHERE seq > newest.seq AND recorded_at <= instant) THEN
    RETURN NULL;  -- our own, which is still open
  END IF;
  RETURN coalesce((SELECT seq FROM portfolio_changeset WHERE recorded_at <= instant
                    ORDER BY recorded_at DESC, seq DESC LIMIT 1), 0);
END $$;

CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME,
    HINT = 'Rows of ' || TG_TABLE_NAME || ' are kept as they were written.';
END $$;

-- A personal column enters a row's hash by a commitment of its own: a hash over a salt of its own and the value. So an
-- erasure takes value and salt, and the row's hash is still computed from what stands.
CREATE OR REPLACE FUNCTION history_commitments(state jsonb, names text[]) RETURNS jsonb LANGUAGE sql VOLATILE
SET search_path = public, pg_temp AS $$
  SELECT jsonb_object_agg(name, jsonb_build_object('salt', salt, 'sha256', history_digest(salt, state -> name)))
    FROM (SELECT name, gen_random_uuid() AS salt FROM unnest(names) AS name WHERE state ? name OFFSET 0) AS salted
$$;

-- The state that a row with commitments is hashed over.
CREATE OR REPLACE FUNCTION history_covered(state jsonb, commitments jsonb) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT state || jsonb_object_agg(key, value -> 'sha256') FROM jsonb_each(commitments)
$$;

-- Whether a row becomes another by an erasure alone: what changed is personal, now blank, and has lost its salt; or
-- came later than the row, so that no hash covers it.
CREATE OR REPLACE FUNCTION history_erases(old jsonb, new jsonb, later text[]) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM jsonb_each(old) AS o JOIN jsonb_each(new) AS n USING (key)
     WHERE o.value <> n.value AND key <> 'commitments' AND NOT (key = 'salt' AND n.value = 'null') AND NOT (
       n.value IN ('null', '""', '{}') AND (key = ANY (later)
         OR (old -> 'commitments') ? key AND NOT (new -> 'commitments' -> key) ? 'salt')))
    AND NOT EXISTS (
    SELECT 1 FROM jsonb_each(old -> 'commitments') AS o
     WHERE new -> 'commitments' -> o.key NOT IN (o.value, o.value - 'salt') OR NOT (new -> 'commitments') ? o.key)
$$;

-- Rows of the past yield to their owner in two cases: a lawful erasure through history_redact, and filling a column
-- that did not exist when the row was written, and once. What was hashed is never rewritten.
CREATE OR REPLACE FUNCTION history_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  hashed jsonb;
  was jsonb := to_jsonb(OLD);
  becomes jsonb := to_jsonb(NEW);
BEGIN
  IF TG_OP = 'UPDATE' AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
    SELECT columns INTO hashed FROM portfolio_historyshape WHERE digest = OLD.shape;
    IF current_setting('salkku.redacting', true) = TG_TABLE_NAME AND jsonb_typeof(was -> 'commitments') = 'object'
       AND history_erases(was, becomes, ARRAY(
         SELECT name FROM portfolio_historyshape s, jsonb_array_elements_text(s.personal) AS name
          WHERE s.relation || '_history' = TG_TABLE_NAME AND NOT hashed ? name)) THEN RETURN NEW; END IF;
    IF hashed IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM jsonb_each(was) AS o JOIN jsonb_each(becomes) AS n USING (key)
       WHERE o.value <> n.value AND (hashed ? key OR key LIKE 'history\_%' OR key IN ('salt', 'row_sha256', 'shape')
          OR o.value NOT IN ('null', '""', '{}'))
    ) THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME,
    HINT = 'Rows of ' || TG_TABLE_NAME || ' are kept as they were written.';
END $$;

-- Change sets and the head move in the transaction that makes them, and never again.
CREATE OR REPLACE FUNCTION history_guard_changeset() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.xid IS DISTINCT FROM history_transaction() THEN
    RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION history_guard_head() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (
    (OLD.seq = 0 AND NEW.seq = 0 AND NEW.sha256 = OLD.sha256)
    OR EXISTS (SELECT 1 FROM portfolio_changeset WHERE seq IN (OLD.seq, NEW.seq) AND xid = history_transaction())
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME;
END $$;

-- What an installation is never changes, and its clock only moves forward once something has been recorded.
CREATE OR REPLACE FUNCTION history_guard_installation() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.kind = OLD.kind
     AND (NEW.shift >= OLD.shift OR EXISTS (SELECT 1 FROM portfolio_head WHERE seq = 0)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME;
END $$;

-- Seal at the latest when the transaction commits, for a caller who forgot; or forget what changed nothing. Asked for
-- before the commit, it keeps who and why, for the first row that still comes.
CREATE OR REPLACE FUNCTION history_seal_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  mine portfolio_changeset;
BEGIN
  IF NEW.seq > 100000000000000000 THEN
    RAISE EXCEPTION 'history.no_change_set' USING ERRCODE = 'SK001', HINT = 'What was only tried is not kept.';
  END IF;
  SELECT * INTO mine FROM portfolio_changeset WHERE seq = NEW.seq AND sha256 IS NULL;
  IF mine.seq IS NULL THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM portfolio_changeentry WHERE seq = mine.seq) THEN
    PERFORM history_seal_now(mine.seq);
  ELSE
    PERFORM set_config('salkku.waiting', to_jsonb(mine)::text, true);
    PERFORM history_forget(mine);
  END IF;
  RETURN NULL;
END $$;

-- The state that a row of the past was hashed over, by the columns of its shape.
CREATE OR REPLACE FUNCTION history_state(past jsonb, shape_digest text) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT jsonb_object_agg(name, past -> name)
    FROM portfolio_historyshape, jsonb_array_elements_text(columns) AS name WHERE digest = shape_digest
$$;

-- Once for a table whose rows had no commitments yet: make them, and enter in the ledger what each row is bound to. From
-- this change set on an erasure of such a row is checked as that of any other.
CREATE OR REPLACE FUNCTION history_bind(relation text, names text[]) RETURNS bigint LANGUAGE plpgsql SECURITY INVOKER
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  past text := relation || '_history';
  touched bigint;
BEGIN
  EXECUTE format('UPDATE %I AS p SET commitments = history_commitments(history_state(to_jsonb(p), shape), $1)
                   WHERE commitments IS NULL', past) USING names;
  EXECUTE format(
    'INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
     SELECT $1, $2, id, ''='', history_id,
            history_digest(NULL, history_covered(history_state(to_jsonb(p), shape), commitments))
       FROM %I AS p ORDER BY history_id', past)
    USING (history_current()).seq, past;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;

-- With the name goes the user name that was made of it, and the person's keys and answers kept for retries. Whoever may
-- still sign in needs the user name: such a person's account is closed first.
CREATE OR REPLACE FUNCTION history_redact_account(person bigint) RETURNS void LANGUAGE plpgsql SECURITY INVOKER
SET search_path = public, pg_temp AS $$
DECLARE
  account bigint := (SELECT id FROM portfolio_account WHERE person_id = person);
  free text := 'erased-' || person;
BEGIN
  IF account IS NOT NULL AND (SELECT active FROM portfolio_person WHERE id = person) THEN
    RAISE EXCEPTION 'Person % can still sign in under a user name', person USING ERRCODE = '55000',
      HINT = 'Deactivate the person first.';
  END IF;
  -- An account from before such names were kept for this may have one.
  FOR turn IN 2..1000000 LOOP
    EXIT WHEN NOT EXISTS (SELECT 1 FROM portfolio_account WHERE lower(username) = free AND id <> account);
    free := format('erased-%s-%s', person, turn);
  END LOOP;
  UPDATE portfolio_account SET username = free WHERE id = account;
  DELETE FROM portfolio_token WHERE account_id = account;
  DELETE FROM portfolio_idempotencykey WHERE account_id = account;
END $$;

-- A lawful erasure: blank personal columns of an object, today's and those of its past with their salts, and say so
-- (decision 8). The record of it is entered in the ledger.
CREATE OR REPLACE FUNCTION history_redact(relation text, object bigint, names text[], because text)
RETURNS bigint LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  change portfolio_changeset := history_current();
  past text := relation || '_history';
  listed text[] := ARRAY(SELECT DISTINCT name FROM portfolio_historyshape s, jsonb_array_elements_text(s.personal) AS name
                          WHERE s.relation = history_redact.relation);
  blanks text;
  made portfolio_redaction;
  touched bigint := 0;
BEGIN
  IF NOT names <@ listed OR cardinality(names) = 0 THEN
    RAISE EXCEPTION 'Not all of these columns of % are personal: %', relation, names USING ERRCODE = '22023',
      HINT = 'Personal are: ' || coalesce(nullif(array_to_string(listed, ', '), ''), 'none');
  END IF;
  IF relation = 'portfolio_person' AND 'name' = ANY (names) THEN PERFORM history_redact_account(object); END IF;
  SELECT string_agg(format('%I = %s', attname, CASE WHEN NOT attnotnull THEN 'NULL'
           WHEN atttypid = 'jsonb'::regtype THEN '''{}''' ELSE '''''' END), ', ')
    INTO blanks FROM pg_attribute WHERE attrelid = to_regclass(relation) AND attnum > 0 AND attname = ANY (names);
  IF blanks IS NOT NULL THEN
    EXECUTE format('UPDATE %I SET %s WHERE id = $1', relation, blanks) USING object;
  END IF;
  -- The past has kept columns that are gone today.
  SELECT string_agg(format('%1$I = CASE WHEN p.%1$I IS NOT NULL THEN %2$s END', attname,
           CASE WHEN atttypid = 'jsonb'::regtype THEN '''{}''::jsonb'
                WHEN typcategory = 'S' THEN '''''' ELSE 'NULL' END), ', ')
    INTO STRICT blanks FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
   WHERE attrelid = to_regclass(past) AND attnum > 0 AND attname = ANY (names);
  PERFORM set_config('salkku.redacting', past, true);
  EXECUTE format(
    'UPDATE %I AS p SET %s, salt = CASE WHEN s.personal <> ''[]'' THEN salt END, commitments = (SELECT
       jsonb_object_agg(key, CASE WHEN key = ANY ($2) THEN value - ''salt'' ELSE value END) FROM jsonb_each(commitments))
       FROM portfolio_historyshape s WHERE s.digest = p.shape AND p.id = $1', past, blanks) USING object, names;
  PERFORM set_config('salkku.redacting', '', true);
  FOR made IN EXECUTE format(
    'INSERT INTO portfolio_redaction (relation, object_id, history_id, columns, because, seq, recorded_at, row_sha256)
     SELECT $1, id, history_id, to_jsonb($2), $3, $4, $5, row_sha256
       FROM %I AS past WHERE id = $6 ORDER BY history_id RETURNING *', past)
    USING relation, names, because, change.seq, change.recorded_at, object
  LOOP
    INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
    VALUES (change.seq, 'portfolio_redaction', made.id, '+', made.history_id, history_digest(NULL, to_jsonb(made)));
    touched := touched + 1;
  END LOOP;
  RETURN touched;
END $$;
