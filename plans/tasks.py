"""Long work about plans and areas, as workers find it."""

from plans import area_tasks, output_tasks

__all__ = ["area_tasks", "output_tasks"]
