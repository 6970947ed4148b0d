"""Who may do what: role × scope, as pure functions of an `Actor`.

Two rules stand behind all of them. A scope of a prefecture (`01`) covers its municipalities (`01100`), never the other
way round. A role says *what*, a scope says *where*; only 管理者, WG構成員 and 分析者 work without a scope, and none of
them may change what a prefecture decides.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFECTURE = "prefecture"
APPROVER = "approver"
MUNICIPALITY = "municipality"
WORKING_GROUP = "working_group"
ANALYST = "analyst"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Someone as the rules see them: a value of `User.Role` and the codes of their scope. Without a role: a visitor."""

    role: str = ""
    codes: frozenset[str] = frozenset()

    def covers(self, code: str) -> bool:
        """Whether the scope holds this prefecture or municipality, or the prefecture the municipality lies in."""
        return code in self.codes or (len(code) == 5 and code[:2] in self.codes)

    def works_in(self, prefecture_code: str) -> bool:
        """Whether the scope holds the prefecture or any municipality of it."""
        return any(code[:2] == prefecture_code for code in self.codes)


VISITOR = Actor()


def may_edit(actor: Actor, code: str) -> bool:
    """Change what a prefecture decides (2 digits: plans, areas, targets) or a municipality's own part (5 digits)."""
    if actor.role == PREFECTURE:
        return actor.covers(code)
    return actor.role == MUNICIPALITY and len(code) == 5 and code in actor.codes


def may_approve(actor: Actor, prefecture_code: str) -> bool:
    """Approve or return what a prefecture submitted. Who edits does not approve."""
    return actor.role == APPROVER and prefecture_code in actor.codes


def may_see_drafts(actor: Actor, prefecture_code: str) -> bool:
    """See what a prefecture has not published yet: its own officials, approvers and municipalities."""
    return actor.role in {PREFECTURE, APPROVER, MUNICIPALITY} and actor.works_in(prefecture_code)


def may_comment(actor: Actor, prefecture_code: str) -> bool:
    """Comment on drafts: everyone who may see them."""
    return may_see_drafts(actor, prefecture_code)


def may_import(actor: Actor, prefecture_code: str = "") -> bool:
    """Take official files in: administrators any; a prefecture's officials those about their prefecture alone."""
    if actor.role == ADMINISTRATOR:
        return True
    return actor.role == PREFECTURE and prefecture_code in actor.codes


def may_compute(actor: Actor) -> bool:
    """Start a computation of the indicators, or cancel one that somebody else started."""
    return actor.role == ADMINISTRATOR


def may_set_area_types(actor: Actor) -> bool:
    """Change the bounds between the types of areas (大都市型 …), which hold for the whole country."""
    return actor.role == ADMINISTRATOR


def may_manage_users(actor: Actor) -> bool:
    """Create accounts, change roles and scopes, read the sign-in log."""
    return actor.role == ADMINISTRATOR


def may_compare_unpublished_progress(actor: Actor) -> bool:
    """See the status of all 47 plans side by side (not their drafts)."""
    return actor.role in {WORKING_GROUP, ADMINISTRATOR}


def may_read_meeting(actor: Actor, prefecture_code: str, *, invited: frozenset[str] | None) -> bool:
    """Read the minutes of a 協議の場: who sees drafts; municipalities, unless all may (None), only of their own."""
    if not may_see_drafts(actor, prefecture_code):
        return False
    return actor.role != MUNICIPALITY or invited is None or bool(invited & actor.codes)


def sees_whole_schedule(actor: Actor, prefecture_code: str) -> bool:
    """See every entry of a 年間スケジュール, also what is not shared: the prefecture's own people."""
    return actor.role in {PREFECTURE, APPROVER} and prefecture_code in actor.codes


def may_read_practice(actor: Actor, prefecture_code: str, *, is_published: bool) -> bool:
    """Read a 好事例: everybody what is public, the prefecture's own people their drafts."""
    return is_published or may_see_drafts(actor, prefecture_code)
