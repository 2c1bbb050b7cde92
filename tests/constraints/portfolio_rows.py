"""Rows of people, strategy, decisions, programmes and remarks, and what breaks each of their constraints."""

from datetime import date, timedelta

from portfolio.decisions.models import (
    Body,
    Continuation,
    Decision,
    DecisionAmendment,
    DecisionAnnex,
    DecisionPoint,
    DecisionPreparer,
    DecisionRecipient,
    MinutesVersion,
    PointProgramme,
    Wish,
)
from portfolio.history.models import ChangeSet, Head, Installation
from portfolio.people.models import Account, AccountAct, IdempotencyKey, Person, RoleAssignment, Token
from portfolio.programmes.models import (
    PhaseMove,
    Plan,
    PlanVersion,
    Programme,
    ProgrammeSector,
    ProgrammeUpdate,
)
from portfolio.strategy.models import SDG, CouncilAction, CouncilTerm, FocusArea, Goal, Strategy
from portfolio.texts import fingerprint
from portfolio.translations.models import TranslatedRemark
from tests.constraints.desk import Another, Broken, Model, Rows, Said

DAY, BEFORE, LATER = date(2022, 6, 1), date(2022, 5, 31), date(2022, 6, 30)

SOUND: dict[Model, Said] = {
    CouncilTerm: {"label": "2021–2025", "starts_on": date(2021, 8, 1), "ends_on": date(2025, 5, 31)},
    Body: {"kind": "committee", "name_fi": "Lautakunta"},
    Decision: {"outcome": "made", "decided_on": DAY, "section": 1},
    DecisionPoint: {"number": 1, "kind": "note"},
    Continuation: {"earlier": Another(Decision)},
    RoleAssignment: {"role": "director", "starts_on": DAY},
    Programme: {"code": "kestava", "name_fi": "Kestävä"},
    PhaseMove: {"phase": "topic_set"},
    PlanVersion: {"ordinal": 1, "number": "0.1", "state": "draft"},
    TranslatedRemark: {"source": "Syy", "source_sha256": fingerprint("Syy"), "wording_sv": "Orsak"},
    Account: {"username": "ana"},
    Token: {"digest": "a"},
    IdempotencyKey: {"key": "a", "body": {}},
}

BESIDE: dict[Model, Said] = {
    CouncilTerm: {"label": "2025–2029", "starts_on": date(2025, 6, 1), "ends_on": date(2029, 5, 31)},
    Strategy: {"name_fi": "Toinen tarina"},
    FocusArea: {"order": 2},
    Goal: {"order": 2},
    CouncilAction: {"order": 2},
    SDG: {"number": 2},
    Body: {"name_fi": "Toinen lautakunta"},
    Decision: {"section": 2},
    DecisionPoint: {"number": 2},
    PointProgramme: {"point": Another(DecisionPoint)},
    Continuation: {"decision": Another(Decision), "earlier": Decision},
    DecisionPreparer: {"order": 2},
    DecisionAnnex: {"number": 2},
    DecisionRecipient: {"order": 2},
    MinutesVersion: {"language": "sv"},
    DecisionAmendment: {"order": 2},
    Wish: {"order": 2},
    Person: {"name": "Bo"},
    RoleAssignment: {"role": "auditor"},
    Programme: {"code": "hyvinvoiva", "name_fi": "Hyvinvoiva"},
    PhaseMove: {"phase": "organised"},
    ProgrammeSector: {"body": Another(Body)},
    ProgrammeUpdate: {"status_on": LATER},
    Plan: {"programme": Another(Programme)},
    PlanVersion: {"plan": Another(Plan)},
    TranslatedRemark: {"source": "Toinen syy", "source_sha256": fingerprint("Toinen syy")},
    Account: {"username": "bo", "person": Another(Person)},
    Token: {"digest": "b"},
    AccountAct: {"act": "password_given"},
}

BREAKING: dict[str, Broken] = {
    # the ledger and the installation
    "one_installation": (Installation, {"id": 2, "kind": "test", "shift": timedelta(0)}),
    "live_clock_is_true": (Installation, {"id": 1, "kind": "live", "shift": timedelta(days=1)}),
    "one_head": (Head, {"id": 2}),
    "a_person_or_a_job": (ChangeSet, {"seq": 10**9, "kind": "job", "actor_id": None, "job": ""}),
    # people
    "role_period": (RoleAssignment, {"ends_on": BEFORE}),
    "manager_of_a_programme": (RoleAssignment, {"role": "programme_manager"}),
    "manager_of_a_project": (RoleAssignment, {"role": "project_manager"}),
    "owner_of_a_unit": (RoleAssignment, {"role": "unit_owner"}),
    "role_of_no_programme": (RoleAssignment, {"programme": Programme}),
    "role_of_no_project": (RoleAssignment, {"project_id": 1}),
    "role_of_no_unit": (RoleAssignment, {"unit": Body}),
    "role_begins_in_our_time": (RoleAssignment, {"starts_on": date(1999, 12, 31)}),
    "role_held_once": (RoleAssignment, {"starts_on": LATER}),
    "idempotency_once": (IdempotencyKey, {}),
    # strategy
    "term_starts_before_it_ends": (CouncilTerm, {"ends_on": date(2021, 8, 1)}),
    "terms_do_not_overlap": (
        CouncilTerm, {"label": "2025–2029", "starts_on": date(2025, 5, 31), "ends_on": date(2029, 5, 31)},
    ),
    "term_named_once": (CouncilTerm, {"starts_on": date(2025, 6, 1), "ends_on": date(2029, 5, 31)}),
    "strategy_named_once_in_a_term": (Strategy, {}),
    "focus_area_numbered_once": (FocusArea, {"name_fi": "Toinen"}),
    "goal_numbered_once": (Goal, {"text_fi": "Toinen"}),
    "council_action_numbered_once": (CouncilAction, {"text_fi": "Toinen"}),
    "sdg_from_1_to_17": (SDG, {"number": 18}),
    "sdg_numbered_once": (SDG, {"name_fi": "Toinen"}),
    # decisions
    "body_named_once": (Body, {}),
    "one_council_one_board_one_manager": (
        Body, {"name_fi": "Toinen valtuusto"}, {"kind": "council", "name_fi": "Valtuusto"},
    ),
    "decision_once_by_body_day_and_section": (Decision, {"title_fi": "Toinen"}),
    "section_is_1_or_more": (Decision, {"section": 0}),
    "planned_decision_has_no_day_of_deciding": (Decision, {"outcome": "planned", "planned_on": DAY}),
    "decision_has_its_day": (Decision, {"decided_on": None}),
    "only_an_older_register_lacks_the_day": (
        Decision, {"decided_on": None, "outcome": "removed", "date_precision": "unknown"},
    ),
    "an_inexact_date_is_told_in_words": (
        Decision, {"decided_on": None, "date_precision": "season", "provenance": "taken_over"},
    ),
    "an_inexact_date_is_a_span": (Decision, {"earliest_on": BEFORE, "latest_on": DAY}),
    "minutes_are_checked_after_the_decision": (Decision, {"minutes_checked_on": BEFORE}),
    "planned_decision_says_when": (Decision, {"outcome": "planned", "decided_on": None}),
    "point_numbered_once": (DecisionPoint, {"kind": "close"}),
    "point_is_of_a_known_kind": (DecisionPoint, {"kind": "wave_through"}),
    "point_names_a_programme_once": (PointProgramme, {}),
    "decision_continues_another_once": (Continuation, {}),
    "decision_does_not_continue_itself": (Continuation, {"earlier": Decision}),
    "preparer_ordered_once": (DecisionPreparer, {}),
    "annex_numbered_once": (DecisionAnnex, {}),
    "recipient_ordered_once": (DecisionRecipient, {}),
    "minutes_once_in_a_language": (MinutesVersion, {}),
    "amendment_numbered_once": (DecisionAmendment, {}),
    "wish_numbered_once": (Wish, {}),
    "wish_is_delayed_for_a_reason_and_since_a_day": (Wish, {"delay_fi": "Kesken."}),
    "wish_is_answered_with_a_text_and_a_day": (Wish, {"state": "answered", "answer_fi": "Tehty."}),
    # programmes
    "programme_named_once_in_a_term": (Programme, {"code": "toinen", "name_fi": "KESTÄVÄ"}),
    "programme_coded_once_in_a_term": (Programme, {"name_fi": "Toinen"}),
    "programme_closed_by_a_decision": (Programme, {"phase": "closed"}),
    "phasemove_corrected_for_a_reason": (PhaseMove, {"corrects": PhaseMove}),
    "programme_enters_a_phase_once": (PhaseMove, {"effective_on": LATER}),
    "sector_once_in_a_programme": (ProgrammeSector, {}),
    "one_update_per_status_date": (ProgrammeUpdate, {}),
    "plan_version_numbered_once": (PlanVersion, {"ordinal": 2, "state": "superseded"}),
    "plan_versions_in_one_order": (PlanVersion, {"number": "0.2", "state": "superseded"}),
    "one_plan_version_in_force": (PlanVersion, {"ordinal": 2, "number": "0.2"}),
    "plan_approved_by_a_decision": (PlanVersion, {"state": "approved"}),
    "whole_numbers_are_approved": (PlanVersion, {"number": "1.0"}),
    # remarks and their wordings
    "remark_translated_once": (TranslatedRemark, {"wording_sv": "Skäl"}),
    "remark_known_by_its_words": (TranslatedRemark, {"source_sha256": fingerprint("Muu")}),
    "remark_has_a_wording": (TranslatedRemark, {"wording_sv": ""}),
    "remark_not_translated_from_fi_into_itself": (TranslatedRemark, {"wording_fi": "Peruste"}),
    "remark_not_translated_from_sv_into_itself": (TranslatedRemark, {"source_language": "sv", "wording_fi": "Syy"}),
    "remark_not_translated_from_en_into_itself": (TranslatedRemark, {"source_language": "en", "wording_en": "Cause"}),
}  # fmt: skip

ROWS = Rows(SOUND, BESIDE, BREAKING)
