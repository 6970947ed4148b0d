"""Institutions as the registers name them, the bodies of the 機関台帳, and what a prefecture decides about them."""

from institutions.models.bodies import Body, BodyMerge
from institutions.models.checks import CheckRun
from institutions.models.designations import (
    Catchment,
    Designation,
    DesignationBatch,
    DesignationChange,
    DesignationComment,
    DesignationRule,
    RequirementAnswer,
)
from institutions.models.registers import CareService, FacilityRecord, Institution, Notification
from institutions.models.reports import (
    BodyReport,
    ReportEvent,
    ReportFigure,
    ReportLink,
    ReportRound,
    ReportVersion,
)

__all__ = [
    "Body",
    "BodyMerge",
    "BodyReport",
    "CareService",
    "Catchment",
    "CheckRun",
    "Designation",
    "DesignationBatch",
    "DesignationChange",
    "DesignationComment",
    "DesignationRule",
    "FacilityRecord",
    "Institution",
    "Notification",
    "ReportEvent",
    "ReportFigure",
    "ReportLink",
    "ReportRound",
    "ReportVersion",
    "RequirementAnswer",
]
