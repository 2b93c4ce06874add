"""The calls of a shop's batch: look up what is in doubt (ST11), tell tracking (ST23, ST24), create (ST01).

Whatever was answered is in the batch before an error leaves here, so that it is put on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from shared.errors import Rejected, UnknownOutcome
from shared.flows.creating.creation import last_send
from shared.flows.telling.carrying import Desk
from shared.flows.telling.claim_shipments import claim
from shared.flows.telling.shipment_batch import Answers, Batch, ask
from shared.flows.telling.shipment_cases import Case, Follow
from shared.flows.telling.shipment_told import adopted, created, followed
from shared.model.shipment import NewShipment, ShipmentAnswer

LATEST = timedelta(minutes=10)
"""How late Mirakl may carry out an ST01 whose answer was lost. Only then ST11 is believed on what it does not show."""


async def settle(batch: Batch, desk: Desk) -> None:
    """Nothing is created while an earlier creation is in doubt: what is there under our package counts as told.

    What is not there may still come, until the last call that may have created it is old enough.
    """
    doubtful = [case for case in batch.going() if case.unsettled]
    if not doubtful:
        return
    await _adopt(batch, doubtful, desk)
    for case in doubtful:
        sent, found = last_send(case.step), batch.cases[case.key.order]
        if sent is not None and desk.now() < sent + LATEST and not found.stopped and found.lacks_any:
            wait = sent + LATEST - desk.now()
            why = UnknownOutcome("in doubt: Mirakl does not show it yet", scope="", retry_after=wait)
            batch.put(replace(found, unsettled=True, doubt=why))


async def follow(batch: Batch, desk: Desk) -> None:
    """Both may be repeated: ST23 overwrites, and ST24 is refused for what has shipped."""
    asked = {one.id: (case.key.order, one) for case in batch.going() for one in case.plan.follow}
    answers: Answers = {}
    try:
        entries = [(id_, one.carrier, one.number) for id_, (_, one) in asked.items()]
        await ask(entries, lambda entry: entry[0], desk.ports.multi.track, desk, into=answers)
    finally:
        _take_up_tracking(batch, asked, answers, desk)
    done = {id_ for id_, answer in answers.items() if isinstance(answer, ShipmentAnswer) and not answer.refused}
    await _ship(batch, {id_: it for id_, it in asked.items() if it[1].ship and id_ in done}, desk)


async def create(batch: Batch, desk: Desk) -> None:
    await claim(batch.cases, [case for case in batch.going() if case.plan.create is not None], desk)
    news = [case.plan.create for case in batch.going() if case.plan.create is not None]
    answers: Answers = {}
    try:
        await ask(news, lambda new: new.order_id, desk.ports.multi.create, desk, into=answers)
    finally:
        refused = _take_up_creations(batch, news, answers, desk)
    await _look_again(batch, refused, desk)


def _take_up_tracking(batch: Batch, asked: dict[str, tuple[str, Follow]], answers: Answers, desk: Desk) -> None:
    for id_, (order, one) in asked.items():
        match answers.get(id_):
            case None:
                continue
            case UnknownOutcome() as problem:
                batch.stop(order, problem)
                continue
            case ShipmentAnswer(refused=""):
                batch.answered = True
                if not one.ship:
                    batch.put(followed(batch.cases[order], one, desk.now()))
            case ShipmentAnswer(refused=why):
                shipment = batch.cases[order].found(one.document)
                batch.stop(order, desk.carrying.refused(shipment.erp, why))


async def _ship(batch: Batch, asked: dict[str, tuple[str, Follow]], desk: Desk) -> None:
    answers: Answers = {}
    refused: dict[str, Rejected] = {}
    try:
        await ask(list(asked), lambda id_: id_, desk.ports.multi.ship, desk, into=answers)
    finally:
        for id_, (order, one) in asked.items():
            match answers.get(id_):
                case UnknownOutcome() as problem:
                    batch.stop(order, problem)
                case ShipmentAnswer(refused=""):
                    batch.answered = True
                    batch.put(followed(batch.cases[order], one, desk.now()))
                case ShipmentAnswer(refused=why):
                    refused[order] = Rejected("shipment_refused", subject=one.document, reason=why)
    await _look_again(batch, refused, desk)


def _take_up_creations(batch: Batch, news: Iterable[NewShipment], answers: Answers, desk: Desk) -> dict[str, Rejected]:
    """By order, why it was refused."""
    refused: dict[str, Rejected] = {}
    for new in news:
        match answers.get(new.order_id):
            case UnknownOutcome() as problem:
                batch.stop(new.order_id, problem)
            case ShipmentAnswer(refused="", id=id_):
                batch.answered = True
                batch.put(created(batch.cases[new.order_id], new, id_, desk.now()))
            case ShipmentAnswer(refused=why):
                refused[new.order_id] = Rejected("shipment_refused", subject=new.package, reason=why)
    return refused


async def _look_again(batch: Batch, refused: dict[str, Rejected], desk: Desk) -> None:
    """What Mirakl refuses it may have already: of an answer that was lost, and that came through late."""
    if not refused:
        return
    before = {order: batch.cases[order] for order in refused}
    await _adopt(batch, before.values(), desk)
    for order, why in refused.items():
        case = batch.cases[order]
        if case.doubt is None and _shows(case, why.subject) == _shows(before[order], why.subject):
            batch.stop(order, why)


def _shows(case: Case, document: str) -> tuple[str, bool]:
    one = case.found(document)
    return one.marketplace_id, bool(one.told_lines)


async def _adopt(batch: Batch, cases: Iterable[Case], desk: Desk) -> None:
    orders = [case.key.order for case in cases]
    try:
        shown = await desk.ports.multi.shown(orders)
    except UnknownOutcome as problem:
        for order in orders:
            batch.stop(order, problem)
        return
    batch.answered = True
    for order in orders:
        batch.put(adopted(batch.cases[order], shown, desk.now()))
