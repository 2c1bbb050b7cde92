"""The resources of this package under /api/v1/."""

from rest_framework.routers import SimpleRouter

from portfolio.benefits import api as benefits
from portfolio.benefits.measuring import api as measuring
from portfolio.decisions import api as decisions
from portfolio.directory import api as directory
from portfolio.phases import api as phases
from portfolio.programmes import api as programmes
from portfolio.steering import api as steering
from portfolio.strategy import api as strategy
from portfolio.translations import api as translations

RESOURCES = {
    # people
    "people": directory.PersonViewSet,
    "directory": directory.DirectoryViewSet,
    "roles": directory.RoleAssignmentViewSet,
    "assignable-programmes": programmes.AssignableProgrammeViewSet,
    "assignable-units": decisions.AssignableUnitViewSet,
    "accounts": directory.AccountViewSet,
    "account-acts": directory.AccountActViewSet,
    "tokens": directory.TokenViewSet,
    # strategy
    "council-terms": strategy.CouncilTermViewSet,
    "strategies": strategy.StrategyViewSet,
    "focus-areas": strategy.FocusAreaViewSet,
    "goals": strategy.GoalViewSet,
    "council-actions": strategy.CouncilActionViewSet,
    "sdgs": strategy.SDGViewSet,
    # decisions
    "bodies": decisions.BodyViewSet,
    "decisions": decisions.DecisionViewSet,
    "decision-points": decisions.DecisionPointViewSet,
    "wishes": decisions.WishViewSet,
    # programmes
    "programmes": phases.ProgrammeViewSet,
    "phase-moves": phases.PhaseMoveViewSet,
    "programme-sectors": programmes.ProgrammeSectorViewSet,
    "programme-updates": programmes.ProgrammeUpdateViewSet,
    "plans": programmes.PlanViewSet,
    "plan-versions": programmes.PlanVersionViewSet,
    # steering
    "steering-groups": steering.SteeringGroupViewSet,
    "seats": steering.SeatViewSet,
    "tenures": steering.TenureViewSet,
    "chairships": steering.ChairshipViewSet,
    "quota-checks": steering.QuotaCheckViewSet,
    "joint-events": steering.JointEventViewSet,
    # benefits
    "benefit-targets": benefits.BenefitTargetViewSet,
    "target-versions": benefits.TargetVersionViewSet,
    "indicators": measuring.IndicatorViewSet,
    "indicator-plans": measuring.IndicatorPlanViewSet,
    "measurements": measuring.MeasurementViewSet,
    # translations
    "translated-remarks": translations.TranslatedRemarkViewSet,
}

router = SimpleRouter()
for resource, view_set in RESOURCES.items():
    router.register(resource, view_set, basename=resource)

urlpatterns = router.urls
