"""What a prefecture decides: drafts of its areas, and the plan with all that belongs to it; one file per topic."""

from plans.models.areas import AreaDraft, DraftArea, DraftMove, DraftStep, DraftUnit, UnitLink
from plans.models.discharge_rules import DischargeRule, DischargeRuleMunicipality
from plans.models.evaluations import (
    DesignationVerification,
    EvaluationKind,
    Judgement,
    PlanEvaluation,
    PolicyEvaluation,
    PreviousOutcome,
    TargetEvaluation,
)
from plans.models.logic import LogicEdge, LogicNode
from plans.models.meetings import DecisionChange, Meeting, MeetingDecision, MeetingInvitation, MeetingMember
from plans.models.outputs import PlanOutput, WordTemplate
from plans.models.plan import (
    Chapter,
    ChapterDraft,
    ChapterRevision,
    Mention,
    Plan,
    PlanComment,
    PlanVersion,
    VersionDecision,
)
from plans.models.policies import Policy, RoadmapStep, Scene, Theme
from plans.models.practices import GoodPractice
from plans.models.schedule import CalendarLink, ScheduleItem
from plans.models.targets import DemandAgreement, Milestone, Target

__all__ = [
    "AreaDraft",
    "CalendarLink",
    "Chapter",
    "ChapterDraft",
    "ChapterRevision",
    "DecisionChange",
    "DemandAgreement",
    "DesignationVerification",
    "DischargeRule",
    "DischargeRuleMunicipality",
    "DraftArea",
    "DraftMove",
    "DraftStep",
    "DraftUnit",
    "EvaluationKind",
    "GoodPractice",
    "Judgement",
    "LogicEdge",
    "LogicNode",
    "Meeting",
    "MeetingDecision",
    "MeetingInvitation",
    "MeetingMember",
    "Mention",
    "Milestone",
    "Plan",
    "PlanComment",
    "PlanEvaluation",
    "PlanOutput",
    "PlanVersion",
    "Policy",
    "PolicyEvaluation",
    "PreviousOutcome",
    "RoadmapStep",
    "Scene",
    "ScheduleItem",
    "Target",
    "TargetEvaluation",
    "Theme",
    "UnitLink",
    "VersionDecision",
    "WordTemplate",
]
