"""地域グループ: municipalities put together by a reader, looked at like any area, kept by whoever signs in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from indicators.actions import groups as actions
from indicators.charts.group import make_group_chart
from indicators.exports.group import make_group_table
from indicators.group_forms import GroupBuilder, GroupFileForm, GroupNameForm
from indicators.group_profiles import GroupProfile
from indicators.groups import MOST_UNITS, split_words
from indicators.picture_captions import make_caption
from indicators.queries.compared_areas import read_units_reference, units_reference
from indicators.queries.group_profile import get_group_profile
from indicators.queries.groups import GroupInfo, choose, get_group, get_groups_of
from indicators.views.addresses import file_addresses
from regions.queries.regions import get_base_units
from zaitaku.accounts.models import User
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.lib.figures import figure_script
from zaitaku.lib.pictures import draw_picture
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.pages.files import check_extension, file_response


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The visitor's own groups, and how to make one."""
    groups = get_groups_of(request.user.pk) if request.user.is_authenticated else ()
    return render(request, "indicators/groups.html", {"groups": groups, "most": actions.MOST_GROUPS})


@require_safe
def group_builder(request: HttpRequest) -> HttpResponse:
    """Choose municipalities; the choice stands in the address."""
    own = chosen_prefecture(request)
    builder = GroupBuilder(request.GET, own_prefecture=own.code if own else "")
    return _builder_page(request, builder, status=400 if builder.problems else 200)


@require_POST
def group_read_file(request: HttpRequest) -> HttpResponse:
    """A list as a file: its codes and names go into the address of the builder, what is no place is named there."""
    form = GroupFileForm(request.POST, request.FILES)
    if not form.is_valid():
        builder = GroupBuilder(request.GET)
        builder.problems += [str(message) for found in form.errors.values() for message in found]
        return _builder_page(request, builder, status=400)
    words = split_words(form.cleaned_data["file"])
    known = [word for word in words if not choose([word]).problems]
    ignored = [word for word in words if word not in known]
    if ignored:
        listed = "・".join(word[:20] for word in ignored[:5]) + ("など" if len(ignored) > 5 else "")
        messages.warning(request, f"{listed}（{len(ignored)}件）は市区町村として読み取れないため、除きました。")
    chosen = choose(known)
    query = {"unit": ".".join(chosen.codes), "chosen": "1"}
    return redirect(f"{reverse('indicators:group-builder')}?{urlencode(query)}")


@require_safe
def group_view(request: HttpRequest) -> HttpResponse:
    """A group that only its address knows."""
    profile = _unsaved(request)
    if profile is None:
        return _refused(request)
    return _profile_page(request, profile, group=None)


@require_safe
def group_view_file(request: HttpRequest, extension: str) -> HttpResponse:
    """The figures or the chart of a group that only its address knows."""
    check_extension(extension)
    profile = _unsaved(request)
    return _refused(request) if profile is None else _file(profile, extension)


@require_safe
def group_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A saved group, for whoever has its address."""
    group = _find(key)
    profile = _saved(group)
    if profile is None:
        return _members_gone(request, group)
    return _profile_page(request, profile, group=group)


@require_safe
def group_file(request: HttpRequest, key: str, extension: str) -> HttpResponse:
    """The figures or the chart of a saved group."""
    check_extension(extension)
    group = _find(key)
    profile = _saved(group)
    return _members_gone(request, group) if profile is None else _file(profile, extension)


@login_required
@require_POST
def group_save(request: HttpRequest) -> HttpResponse:
    """Keep a new group, or change one's own."""
    form = GroupNameForm(request.POST)
    if not form.is_valid():
        builder = GroupBuilder(_as_builder(request))
        builder.problems += [str(message) for found in form.errors.values() for message in found]
        return _builder_page(request, builder, status=400)
    name, codes = form.cleaned_data["name"], form.cleaned_data["units"].codes
    key = form.cleaned_data["key"]
    try:
        if key:
            group = actions.change_group(_find(key).key, name=name, unit_codes=codes, by=_user(request))
            messages.success(request, f"「{name}」を変更しました。前の内容には「1つ前に戻す」で戻せます。")
        else:
            group = actions.save_group(name=name, unit_codes=codes, by=_user(request))
            messages.success(
                request, f"「{name}」を保存しました。このページのURLを伝えると、同じ内容を見てもらえます。"
            )
    except actions.TooManyGroups as error:
        messages.error(request, str(error))
        return redirect("indicators:groups")
    return redirect("indicators:group-detail", key=group.key)


@login_required
@require_POST
def group_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take the last change back."""
    actions.undo_change(_find(key).key, by=_user(request))
    messages.success(request, "1つ前の内容に戻しました。")
    return redirect("indicators:group-detail", key=key)


@login_required
@require_POST
def group_delete(request: HttpRequest, key: str) -> HttpResponse:
    """Take a group away; its page then offers to restore it."""
    actions.delete_group(_find(key).key, by=_user(request))
    return redirect("indicators:group-detail", key=key)


@login_required
@require_POST
def group_restore(request: HttpRequest, key: str) -> HttpResponse:
    """Bring a deleted group back."""
    group = _find(key)
    actions.restore_group(group.key, by=_user(request))
    messages.success(request, f"「{group.name}」を元に戻しました。")
    return redirect("indicators:group-detail", key=key)


def _builder_page(request: HttpRequest, builder: GroupBuilder, *, status: int) -> HttpResponse:
    units = [unit for unit in get_base_units(timezone.localdate()) if unit.prefecture_code == builder.prefecture]
    chosen = set(builder.chosen.codes)
    reference = units_reference(builder.chosen.codes)
    context = {
        "builder": builder,
        "prefectures": PREFECTURES,
        "units": [(unit.code, unit.name, unit.code in chosen) for unit in units],
        "reference": reference.partition(":")[2],
        "view_query": urlencode({"units": reference.partition(":")[2], "name": builder.name}),
        "most": MOST_UNITS,
        "problems": builder.problems,
        "is_ready": bool(builder.chosen.units) and not builder.chosen.problems,
    }
    return render(request, "indicators/group_builder.html", context, status=status)


def _profile_page(request: HttpRequest, profile: GroupProfile, *, group: GroupInfo | None) -> HttpResponse:
    own = group is not None and request.user.is_authenticated and group.owner_id == request.user.pk
    codes = ".".join(unit.code for unit in profile.units)
    edit = {"unit": codes, "chosen": "1", "name": profile.name}
    if len({unit.code[:2] for unit in profile.units}) == 1:
        edit["prefecture"] = profile.units[0].code[:2]
    context = {
        "profile": profile,
        "group": group,
        "is_own": own,
        "files": _addresses(profile, group),
        "compare_query": urlencode({"area": profile.reference}),
        "edit_query": urlencode(edit | ({"key": group.key} if own and group else {})),
    }
    if profile.drawn:
        wide, narrow = make_group_chart(profile), make_group_chart(profile, is_narrow=True)
        context["figures"] = {"wide": figure_script(wide), "narrow": figure_script(narrow)}
    status = 410 if group is not None and group.is_deleted else 200
    return render(request, "indicators/group.html", context, status=status)


def _addresses(profile: GroupProfile, group: GroupInfo | None) -> dict[str, str]:
    if group is None:
        return file_addresses("indicators:group-view-file", f"?{profile.querystring}")
    return file_addresses("indicators:group-file", "", group.key)


def _file(profile: GroupProfile, extension: str) -> HttpResponse:
    places = "・".join(unit.full_name for unit in profile.units[:20]) + ("ほか" if len(profile.units) > 20 else "")
    filters = f"{profile.comparator_name}＝100。横線は95％信頼区間。構成：{places}"
    caption = make_caption(f"{profile.title}の指標", filters=filters, sources=profile.sources)
    return file_response(
        extension,
        stem="zaitaku-group",
        table=lambda: make_group_table(profile),
        picture=lambda file_format: draw_picture(make_group_chart(profile), caption=caption, file_format=file_format),
    )


def _unsaved(request: HttpRequest) -> GroupProfile | None:
    """The group of the address; None if its units cannot stand."""
    units, name = request.GET.get("units", ""), request.GET.get("name", "")
    found = read_units_reference(f"{units[:4000]}~{name}")
    if found.chosen.problems:
        return None
    shown = found.name or "名前のない地域グループ"
    codes = found.chosen.codes
    query = urlencode({"units": ".".join(codes), "name": found.name})
    reference = units_reference(codes, found.name)
    return get_group_profile(shown, found.chosen, querystring=query, reference=reference)


def _refused(request: HttpRequest) -> HttpResponse:
    """What is wrong with the units of the address, in the builder with those that are right."""
    query = request.GET.copy()
    query["unit"], query["chosen"] = query.get("units", "")[:4000], "1"
    query.pop("units", None)
    return _builder_page(request, GroupBuilder(query), status=400)


def _saved(group: GroupInfo) -> GroupProfile | None:
    """The page of a saved group; None if one of its municipalities is no more."""
    chosen = choose(group.unit_codes)
    if chosen.problems:
        return None
    return get_group_profile(group.name, chosen, querystring="", reference=f"group:{group.key}")


def _members_gone(request: HttpRequest, group: GroupInfo) -> HttpResponse:
    """A saved group after a merger: what is gone, in the builder with what is left."""
    query = request.GET.copy()
    query["unit"], query["chosen"], query["name"], query["key"] = ".".join(group.unit_codes), "1", group.name, group.key
    return _builder_page(request, GroupBuilder(query), status=409)


def _as_builder(request: HttpRequest) -> QueryDict:
    query = request.POST.copy()
    query["unit"], query["chosen"] = query.get("units", ""), "1"
    return query


def _find(key: str) -> GroupInfo:
    group = get_group(key)
    if group is None:
        raise Http404("このURLの地域グループはありません。地域グループの一覧から選んでください。")
    return group


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
