-- history_guard and history_redact as they were before rows had commitments: what an older database has.
CREATE OR REPLACE FUNCTION history_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  hashed jsonb;
BEGIN
  IF TG_OP = 'UPDATE' AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
    IF current_setting('salkku.redacting', true) = TG_TABLE_NAME AND NEW.salt IS NULL THEN RETURN NEW; END IF;
    SELECT columns INTO hashed FROM portfolio_historyshape WHERE digest = OLD.shape;
    IF hashed IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM jsonb_each(to_jsonb(OLD)) AS o JOIN jsonb_each(to_jsonb(NEW)) AS n USING (key)
       WHERE o.value <> n.value AND (hashed ? key OR key LIKE 'history\_%' OR key IN ('salt', 'row_sha256', 'shape'))
    ) THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'history.append_only' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME,
    HINT = 'Rows of ' || TG_TABLE_NAME || ' are kept as they were written.';
END $$;

CREATE OR REPLACE FUNCTION history_redact(relation text, object bigint, names text[], because text)
RETURNS bigint LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  change portfolio_changeset := history_current();
  past text := relation || '_history';
  blanks text;
  made portfolio_redaction;
  touched bigint := 0;
BEGIN
  SELECT string_agg(format('%I = %s', a.attname, CASE t.typcategory WHEN 'S' THEN '''''' ELSE 'NULL' END), ', ')
    INTO STRICT blanks FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
   WHERE a.attrelid = to_regclass(past) AND a.attnum > 0 AND a.attname = ANY (names);
  EXECUTE format('UPDATE %I SET %s WHERE id = $1', relation, blanks) USING object;
  PERFORM set_config('salkku.redacting', past, true);
  EXECUTE format('UPDATE %I SET %s, salt = NULL WHERE id = $1', past, blanks) USING object;
  PERFORM set_config('salkku.redacting', '', true);
  FOR made IN EXECUTE format(
    'INSERT INTO portfolio_redaction (relation, object_id, history_id, columns, because, seq, recorded_at, row_sha256)
     SELECT $1, id, history_id, to_jsonb($2), $3, $4, $5, history_digest(NULL, history_state(to_jsonb(past), shape))
       FROM %I AS past WHERE id = $6 ORDER BY history_id RETURNING *', past)
    USING relation, names, because, change.seq, change.recorded_at, object
  LOOP
    INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
    VALUES (change.seq, 'portfolio_redaction', made.id, '+', made.history_id, history_digest(NULL, to_jsonb(made)));
    touched := touched + 1;
  END LOOP;
  RETURN touched;
END $$;
