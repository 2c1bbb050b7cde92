"""What a trigger refuses by what a model says of its rows: frozen ones, states that do not follow, rows out of time."""

from __future__ import annotations

from portfolio.history.models import InsertOnly, Tracked


def frozen(model: type[Tracked]) -> str:
    """Refuse a change of a frozen row, its deletion and its thaw; the columns of its later life stay open."""
    if not model.frozen_when:
        return ""
    kept = ((model.frozen_when, model.frozen_except), *model.frozen_further)
    return "".join(_kept(model, when, but) for when, but in kept)


def _kept(model: type[Tracked], when: str, but: tuple[str, ...]) -> str:
    drop = "".join(f" - '{name}'" for name in ("version", *but))
    still = f"(SELECT {when.replace('OLD.', '')} FROM (SELECT NEW.*) AS kept)"
    thawed = f" OR {still} IS NOT TRUE" if but and when == model.frozen_when else ""
    return f"""
  IF (SELECT {when} FROM (SELECT OLD.*) AS kept)
     AND (TG_OP = 'DELETE' OR (to_jsonb(OLD){drop}) <> (to_jsonb(NEW){drop}){thawed}) THEN
    RAISE EXCEPTION '{model.frozen_code}' USING ERRCODE = 'SK003', TABLE = TG_TABLE_NAME;
  END IF;"""


def begun(model: type[Tracked]) -> str:
    """Refuse a row that begins in a state to which its life must lead it first."""
    if not model.first_states:
        return ""
    first = ", ".join(f"'{state}'" for state in model.first_states)
    return f"""
    IF NEW.state NOT IN ({first}) THEN
      RAISE EXCEPTION '{model.frozen_code}' USING ERRCODE = 'SK003', TABLE = TG_TABLE_NAME;
    END IF;"""


def following(model: type[Tracked]) -> str:
    """Refuse a state that doesn't follow from the one before it."""
    if not model.next_states:
        return ""
    follows = {at: ", ".join(f"'{to}'" for to in sorted({at, *then})) for at, then in model.next_states.items()}
    wrong = " OR ".join(f"(OLD.state = '{at}' AND NEW.state NOT IN ({then}))" for at, then in follows.items())
    return f"""
  IF TG_OP = 'UPDATE' AND ({wrong}) THEN
    RAISE EXCEPTION '{model.frozen_code}' USING ERRCODE = 'SK003', TABLE = TG_TABLE_NAME;
  END IF;"""


def in_time(model: type[InsertOnly]) -> str:
    """Refuse a row that comes too late, or too early."""
    if not model.written_when:
        return ""
    return f"""
  IF ({model.written_when}) IS NOT TRUE THEN
    RAISE EXCEPTION '{model.written_code}' USING ERRCODE = 'SK003', TABLE = TG_TABLE_NAME;
  END IF;"""
