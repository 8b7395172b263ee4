"""Moving to the trash and putting back over HTTP: the same plans, checks, trash and journal as in the terminal."""

import asyncio
import base64
import binascii
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from catalog_tui.core.errors import UsageError
from catalog_tui.core.kept_apart import kept_apart
from catalog_tui.core.layout import is_loose
from catalog_tui.core.names import json_path
from catalog_tui.core.removal.executor import Report, execute
from catalog_tui.core.removal.keep_rules import KeepRule, parse_rules
from catalog_tui.core.removal.plan import Plan
from catalog_tui.core.removal.planning import plan_deletion, present_folders
from catalog_tui.core.removal.refusals import Refusal, RemovalError
from catalog_tui.core.removal.undo import undo
from catalog_tui.core.review import Group, Review, Weighing
from catalog_tui.core.scan.results import NoResultError, ScanResult
from catalog_tui.core.stamps import below
from catalog_tui.core.words import _
from catalog_tui.server import inputs, shapes
from catalog_tui.server.bodies import read_json
from catalog_tui.server.hrefs import folder_path
from catalog_tui.server.problems import Refused, not_found
from catalog_tui.server.responses import JsonResponse
from catalog_tui.server.service import Service
from catalog_tui.server.sharing.team import Team
from catalog_tui.server.sharing.turns import turn

T = TypeVar("T")


class Deletes:
    """What removes; one thing at a time. All methods block, and are called in its one thread."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._archive = service.options.archive
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="removal")

    def model(self, wanted: inputs.DeleteModel) -> shapes.Removed:
        """Move a model's files, side-files and folders to the trash; of loose files, these alone."""
        site = _name(wanted.site, wanted.site_b64)
        model = _name(wanted.model, wanted.model_b64, empty=True)
        archive = self._service.archive
        paths = [folder_path(site, model)]
        archive.folder(site, model)
        if is_loose(model):
            paths = [below(paths[0], name) for name in archive.media(site, model).names]
        report = self._carried_out(plan_deletion(self._archive, paths))
        archive.forget_model(site, model)
        return _removed(report)

    def file(self, wanted: inputs.DeleteFile) -> shapes.Removed:
        """Move one file to the trash, with its side-files."""
        site = _name(wanted.site, wanted.site_b64)
        model = _name(wanted.model, wanted.model_b64, empty=True)
        name = _name(wanted.name, wanted.name_b64)
        archive = self._service.archive
        path = os.path.relpath(archive.path(site, model, name), archive.root)
        archive.folder(site, model)
        if name not in archive.media(site, model).names:  # folders, side-files and what is hidden are no files of it
            raise not_found()
        report = self._carried_out(plan_deletion(self._archive, [path]))
        archive.forget_file(site, model, name)
        return _removed(report)

    def duplicate(self, wanted: inputs.DeleteDuplicate) -> shapes.Removed:
        """Move one file of a group to the trash, where another of the group is still the same."""
        path = _name(wanted.path, wanted.path_b64)
        try:
            with ScanResult.open(self._archive) as result:
                groups = result.groups(wanted.group, 1)
                files = result.group_files(wanted.group)
        except NoResultError as error:
            raise Refused(404, _("No scan of this archive has been finished yet."), code="no_scan") from error
        going = [at for at, file in enumerate(files) if path in (file.path, *file.links)]
        if not groups or groups[0].id != wanted.group or not going:
            raise not_found()
        review = Review(self._archive, protected=self._protected())
        review.decide(groups[0], going)
        planned = review.plan([(groups[0], files)])
        report = self._carried_out(planned.plan)
        site, model, name = self._service.archive.place_of(path)
        self._service.archive.forget_file(site, model, name)
        return _removed(report, planned.left_out)

    def duplicates(self, wanted: inputs.DeleteDuplicates) -> shapes.Removed:
        """Move files of many groups to the trash, as one removal; Refused (409) where another scan came since."""
        review = Review(self._archive, protected=self._protected())
        with self._scan(wanted.finished) as result:
            chosen = [_chosen(result, group, review) for group in wanted.groups]
        planned = review.plan(chosen)
        report = self._carried_out(planned.plan)
        self._service.archive.clear_caches()
        return _removed(report, planned.left_out)

    def weighed(self, wanted: inputs.Rules) -> shapes.Weighed:
        """What rules would do in all groups of the scan; nothing is touched."""
        with self._scan(wanted.finished) as result:
            last = deque(self._review().weigh(result.everything(), _rules(wanted)), maxlen=1)
        sums = last.pop() if last else Weighing()
        return shapes.Weighed(sums.groups, sums.files, sums.bytes, sums.by_path, sums.whole)

    def by_rules(self, wanted: inputs.DeleteByRules) -> shapes.Removed:
        """Move all to the trash that rules have go, as one removal; Refused (409) where that is not what was told."""
        review = self._review()
        with self._scan(wanted.finished) as result:
            review.apply_rules(result.everything(), _rules(wanted))
            totals = review.totals()
            if (totals.files, totals.bytes) != (wanted.files, wanted.bytes):
                raise Refused(409, _("The rules would do something else by now: please look again."), code="changed")
            planned = review.plan(found for found in result.everything() if review.going(found[0].id))
        report = self._carried_out(planned.plan)
        self._service.archive.clear_caches()
        return _removed(report, planned.left_out)

    def undo(self, wanted: inputs.UndoRequest) -> shapes.Undone:
        """Put back what the last removals moved."""
        report = undo(self._archive, wanted.steps)
        self._service.archive.clear_caches()
        restored = [json_path(file.now)["path"] for file in report.restored]
        return shapes.Undone(list(report.runs), restored, _left_alone(report.refused))

    def _review(self) -> Review:
        return Review(self._archive, kept_apart(self._archive), self._protected())

    @contextmanager
    def _scan(self, finished: float) -> Iterator[ScanResult]:
        """The last scan, which must be the one that is meant."""
        try:
            with ScanResult.open(self._archive) as result:
                if result.finished_ns / 1e9 != finished:
                    raise Refused(409, _("Another scan was finished since: please choose again."), code="newer_scan")
                yield result
        except NoResultError as error:
            raise Refused(404, _("No scan of this archive has been finished yet."), code="no_scan") from error

    def _carried_out(self, plan: Plan) -> Report:
        if not plan.items and not plan.folders:
            return Report("", (), ())
        return execute(plan, protected=self._protected())

    def _protected(self) -> tuple[str, ...]:
        return present_folders(self._archive, self._service.options.settings.protect)


def _chosen(result: ScanResult, wanted: inputs.ChosenGroup, review: Review) -> Group:
    groups = result.groups(wanted.group, 1)
    if not groups or groups[0].id != wanted.group or max(wanted.going) >= groups[0].copies:
        raise not_found()
    if not review.decide(groups[0], wanted.going):
        raise Refused(422, _("One copy of every group stays."), field="going")
    return groups[0], result.group_files(wanted.group)


def _rules(wanted: inputs.Rules) -> tuple[KeepRule, ...]:
    try:
        return parse_rules(wanted.rules)
    except UsageError as error:
        raise Refused(422, str(error), field="rules") from error


def delete_routes(service: Service, team: Team, deletes: Deletes) -> list[BaseRoute]:
    """The routes that remove and put back; all refuse (403) unless the server was started with --allow-delete."""

    def route(path: str, into: type[T], act: Callable[[T], msgspec.Struct], *, touches: bool = True) -> Route:
        async def answer(request: Request) -> Response:
            if not service.options.allow_delete:
                words = _("This server only reads; --allow-delete lets it move to the trash.")
                raise Refused(403, words, code="read_only")
            wanted = await read_json(request, into)
            loop = asyncio.get_running_loop()
            done = await loop.run_in_executor(deletes.executor, _acted, service, act, wanted)
            if touches:
                service.answers.forget()
                await team.forgot(*_touched(service, wanted))
            return JsonResponse(done)

        return Route(path, answer, methods=["POST"])

    return [
        route("/api/delete_model", inputs.DeleteModel, deletes.model),
        route("/api/delete_file", inputs.DeleteFile, deletes.file),
        route("/api/delete_duplicate", inputs.DeleteDuplicate, deletes.duplicate),
        route("/api/delete_duplicates", inputs.DeleteDuplicates, deletes.duplicates),
        route("/api/weigh_rules", inputs.Rules, deletes.weighed, touches=False),
        route("/api/delete_by_rules", inputs.DeleteByRules, deletes.by_rules),
        route("/api/undo", inputs.UndoRequest, deletes.undo),
    ]


def _touched(service: Service, wanted: object) -> tuple[str, str]:
    """The site and the model that were changed; empty where it may have been many."""
    if isinstance(wanted, inputs.DeleteModel | inputs.DeleteFile):
        return _name(wanted.site, wanted.site_b64), _name(wanted.model, wanted.model_b64, empty=True)
    if isinstance(wanted, inputs.DeleteDuplicate):
        return service.archive.place_of(_name(wanted.path, wanted.path_b64))[:2]
    return "", ""


def _acted(service: Service, act: Callable[[T], msgspec.Struct], wanted: T) -> msgspec.Struct:
    try:
        with turn(os.path.join(service.options.run_folder, "removal")):  # of several workers one at a time
            return service.asked(lambda: act(wanted))
    except RemovalError as error:
        raise Refused(409, str(error), code="trash_busy") from error


def _removed(report: Report, left_out: Sequence[Refusal] = ()) -> shapes.Removed:
    done = [json_path(file.path)["path"] for file in report.done]
    return shapes.Removed(report.run, done, _left_alone((*left_out, *report.refused)))


def _left_alone(refused: Sequence[Refusal]) -> list[shapes.LeftAlone]:
    return [shapes.LeftAlone(json_path(refusal.path)["path"], refusal.reason) for refusal in refused]


def _name(readable: str, exact: str, *, empty: bool = False) -> str:
    """The name that is meant; Refused (404) where it can be none."""
    try:
        name = os.fsdecode(base64.b64decode(exact, validate=True)) if exact else os.fsdecode(readable.encode("utf-8"))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise not_found() from error
    if not name and not empty:
        raise not_found()
    return name
