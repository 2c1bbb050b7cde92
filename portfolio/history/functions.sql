-- The ledger's functions. They belong to the owner and run with the owner's rights; the runtime role may only call them.

CREATE OR REPLACE FUNCTION city_now() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT clock_timestamp() + coalesce((SELECT shift FROM portfolio_installation WHERE id = 1), interval '0')
$$;

CREATE OR REPLACE FUNCTION history_digest(salt uuid, state jsonb) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to(coalesce(salt::text, '') || '|' || state::text, 'UTF8')), 'hex')
$$;

-- What a change set's hash covers: the last hash, who and why, and the hashes of its rows in their order.
CREATE OR REPLACE FUNCTION history_seal_of(change portfolio_changeset) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
  SELECT encode(sha256(convert_to(
    change.previous_sha256 || '|' || (to_jsonb(change) - 'sha256' - 'xid')::text || '|' || coalesce(
      (SELECT string_agg(relation || ':' || object_id || ':' || op || ':' || row_sha256, ',' ORDER BY id)
         FROM portfolio_changeentry WHERE seq = change.seq), ''), 'UTF8')), 'hex')
$$;

-- Seal the open change set; one that changed nothing leaves nothing behind.
CREATE OR REPLACE FUNCTION history_close() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  change portfolio_changeset;
  seal text;
BEGIN
  SELECT c.* INTO change FROM portfolio_changeset c JOIN portfolio_head h ON h.id = 1 AND NOT h.sealed AND c.seq = h.seq
   WHERE c.xid = pg_current_xact_id()::text AND c.sha256 IS NULL;
  PERFORM set_config('salkku.change', '', true);
  IF NOT FOUND THEN RETURN; END IF;
  IF NOT EXISTS (SELECT 1 FROM portfolio_changeentry WHERE seq = change.seq) THEN
    DELETE FROM portfolio_changeset WHERE seq = change.seq;
    UPDATE portfolio_head SET seq = seq - 1, sealed = true WHERE id = 1;
    RETURN;
  END IF;
  seal := history_seal_of(change);
  UPDATE portfolio_changeset SET sha256 = seal WHERE seq = change.seq;
  UPDATE portfolio_head SET sha256 = seal, sealed = true WHERE id = 1;
END $$;

-- Take the head's lock, then the next number and the time: so numbers, times and commits have one order.
CREATE OR REPLACE FUNCTION history_open(
  kind text, actor bigint, role text, job text, on_behalf_of bigint, reason text, request text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head portfolio_head;
  instant timestamptz;
BEGIN
  SELECT * INTO head FROM portfolio_head WHERE id = 1 FOR UPDATE;
  IF NOT head.sealed THEN
    PERFORM history_close();
    SELECT * INTO head FROM portfolio_head WHERE id = 1;
  END IF;
  instant := greatest(head.recorded_at, city_now());
  UPDATE portfolio_head SET seq = head.seq + 1, recorded_at = instant, sealed = false WHERE id = 1;
  INSERT INTO portfolio_changeset
    (seq, kind, actor_id, role, job, on_behalf_of_id, reason, request_id, recorded_at, xid, previous_sha256)
  VALUES (head.seq + 1, kind, actor, role, job, on_behalf_of, reason, request, instant,
          pg_current_xact_id()::text, head.sha256);
  PERFORM set_config('salkku.change', (head.seq + 1)::text, true);
  RETURN head.seq + 1;
END $$;

-- The change set that this very transaction has open; an old number, or one of another transaction, is none.
CREATE OR REPLACE FUNCTION history_current() RETURNS portfolio_changeset LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  change portfolio_changeset;
BEGIN
  SELECT * INTO change FROM portfolio_changeset
   WHERE seq = nullif(current_setting('salkku.change', true), '')::bigint
     AND xid = pg_current_xact_id_if_assigned()::text AND sha256 IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'history.no_change_set' USING ERRCODE = 'SK001',
      HINT = 'Write through a command: it opens the change set that says who and why.';
  END IF;
  RETURN change;
END $$;

-- The last change set by an instant, NULL for one still to come. Later than the newest one, the head is held so that the answer stays true.
CREATE OR REPLACE FUNCTION history_seq_at(instant timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  newest portfolio_head;
BEGIN
  IF instant > city_now() THEN RETURN NULL; END IF;
  SELECT * INTO newest FROM portfolio_head WHERE id = 1;
  IF instant >= newest.recorded_at THEN
    SELECT * INTO newest FROM portfolio_head WHERE id = 1 FOR SHARE;
  END IF;
  RETURN coalesce((SELECT max(seq) FROM portfolio_changeset WHERE recorded_at <= instant), 0);
END $$;

CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME,
    HINT = 'Rows of ' || TG_TABLE_NAME || ' are kept as they were written.';
END $$;

-- History rows yield to a lawful erasure alone, which the owner performs through history_redact.
CREATE OR REPLACE FUNCTION history_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('salkku.redacting', true) = TG_TABLE_NAME
     AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME,
    HINT = 'Rows of ' || TG_TABLE_NAME || ' are kept as they were written.';
END $$;

-- Seal at the latest when the transaction commits, for a caller who forgot.
CREATE OR REPLACE FUNCTION history_seal_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM portfolio_changeset WHERE seq = NEW.seq AND sha256 IS NULL) THEN
    PERFORM history_close();
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS seal_at_commit ON portfolio_changeset;
CREATE CONSTRAINT TRIGGER seal_at_commit AFTER INSERT ON portfolio_changeset
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION history_seal_at_commit();

-- A lawful erasure: blank named columns and the salt of an object's rows, and say so (decision 8).
CREATE OR REPLACE FUNCTION history_redact(relation text, object bigint, names text[], because text)
RETURNS bigint LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $$
DECLARE
  change portfolio_changeset := history_current();
  past text := relation || '_history';
  blanks text;
  touched bigint;
BEGIN
  SELECT string_agg(format('%I = %L', name, ''), ', ') INTO blanks FROM unnest(names) AS name;
  PERFORM set_config('salkku.redacting', past, true);
  EXECUTE format('UPDATE %I SET %s, salt = NULL WHERE id = $1', past, blanks) USING object;
  GET DIAGNOSTICS touched = ROW_COUNT;
  PERFORM set_config('salkku.redacting', '', true);
  EXECUTE format(
    'INSERT INTO portfolio_redaction (relation, object_id, history_id, columns, because, seq, recorded_at)
     SELECT $1, id, history_id, to_jsonb($2), $3, $4, $5 FROM %I WHERE id = $6', past)
    USING relation, names, because, change.seq, change.recorded_at, object;
  RETURN touched;
END $$;
