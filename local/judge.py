"""Was every order accepted in time and created once, to the cent? Counted in the books of Mirakl and of the ERP.

The judge reads what the sandboxes hold and the rows of our tables. It shares no code with the bridge: what an order
comes to is computed here once more, from Mirakl's own amounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from local.judge_customers import judge_customers
from local.judge_references import our_reference, our_references, shown_reference
from local.judge_shipping import judge_shipping
from local.verdict import (
    FORGOTTEN,
    GONE,
    NOTHING_HAPPENED,
    TWO_WRITERS,
    UNANSWERED,
    UNSEEN,
    Book,
    Client,
    Finding,
    Record,
    Tables,
    Verdict,
    escaped,
    is_about,
    moment,
)

__all__ = ["Client", "Finding", "Tables", "Verdict", "escaped", "judge"]


def judge(mirakl: Book, erp: Book, tables: Tables, client: Client, erp_journal: Sequence[Book] = ()) -> Verdict:
    """Every finding is something that must be impossible; none of them may be explained away by the app.

    `erp_journal` are the calls as the ERP saw them (`operation`, `subject`, `status`, `at`).
    """
    verdict = Verdict()
    accounts = {str(one["account"]) for one in erp.get("customers", ())}
    placings = [one for one in erp_journal if one["operation"] == client.place and one["subject"] not in accounts]
    verdict.findings += _judge_writers(placings, client.patience)
    verdict.findings += _judge_overdue(tables, moment(mirakl["now"]))
    records = _records(tables)
    ours = our_references(mirakl, client)
    by_reference: dict[str, list[Book]] = defaultdict(list)
    posted = {one["number"]: one["created"] for one in erp.get("invoices", ()) if client.vanishing}
    for sales_order in erp["orders"]:
        shown = {**sales_order, "seen_until": posted.get(sales_order["number"], mirakl["now"])}
        by_reference[shown_reference(sales_order, ours)].append(shown)
    shipments: dict[str, list[Book]] = defaultdict(list)
    for shipment in erp.get("shipments", ()):
        shipments[str(shipment["number"])].append(shipment)
    for order in mirakl["orders"]:
        name = _name(order, client)
        record = records.get(_partition(order, client), _NOTHING)
        created = by_reference.pop(our_reference(order, client), [])
        verdict.findings += _judge_order(order, name, record, created, verdict, client, mirakl["now"])
        for sales_order in (
            one
            for one in created
            if one["deleted"] is None and moment(order["placed"]) >= client.live_from and "shipped_at" in order
        ):
            verdict.findings += judge_shipping(
                order,
                name,
                record,
                sales_order,
                shipments,
                mirakl["platforms"][order["platform"]],
                verdict,
                client,
                moment(mirakl["now"]),
            )
    for reference, orders in by_reference.items():
        if reference:  # without one it is an order that people entered
            verdict.findings += [Finding("unwanted", reference, f"{len(orders)} in the ERP that Mirakl does not have")]
    verdict.findings += [Finding("ignored input", one["operation"], one["name"]) for one in mirakl["ignored_inputs"]]
    verdict.findings += [Finding("ignored input", "ERP", str(name)) for name in erp["ignored_inputs"]]
    verdict.findings += _judge_refusals(mirakl)
    verdict.findings += judge_customers(mirakl, erp, client, erp_journal)
    for values in _open_exceptions(tables):
        verdict.people[(str(values["kind"]), str(values["owner"]))] += 1
    return verdict


def _judge_refusals(mirakl: Book) -> Iterator[Finding]:
    """What Mirakl would refuse is known before it is sent; and one ST01 never carries an order twice."""
    for shop, count in mirakl.get("refused_carriers", {}).items():
        yield Finding("refused carrier", str(shop), f"Mirakl was told {count} times of a carrier that it does not take")
    for one in mirakl.get("doubled_shipments", ()):
        yield Finding("twice", str(one["order_id"]), "one ST01 carried two shipments of it")


def _judge_writers(placings: Sequence[Book], patience: timedelta) -> Iterator[Finding]:
    """One writer per order: a placing is repeated after a back-off or a dead claim, never beside another.

    While a call hangs, whoever made it still waits for its answer; if it was killed, its claim outlasts that wait.
    """
    last: dict[str, Book] = {}
    for call in placings:
        if call["status"] in NOTHING_HAPPENED:
            continue
        name = str(call["subject"])
        before = last.get(name, call)
        last[name] = call
        gap = moment(call["at"]) - moment(before["at"])
        alone = max(TWO_WRITERS, patience) if before["fault"] in UNANSWERED else TWO_WRITERS
        if before is not call and gap < alone:
            yield Finding("twice", name, f"placed twice within {gap.total_seconds():.1f} s")


def _judge_overdue(tables: Tables, now: datetime) -> Iterator[Finding]:
    """Open work that nobody has looked at although it is due."""
    for (partition, row), values in tables.openwork.items():
        due = moment(values["due"])
        if now - due > FORGOTTEN:
            yield Finding("forgotten", f"{partition} {row}", f"due since {due:%H:%M} and nobody looked")


_NOTHING = Record({}, {}, frozenset(), False)


def _records(tables: Tables) -> Mapping[str, Record]:
    states: dict[str, dict[str, str]] = defaultdict(dict)
    waits: dict[str, dict[str, str]] = defaultdict(dict)
    stand: dict[str, set[str]] = defaultdict(set)
    updated: dict[str, datetime] = {}
    for (partition, row), values in tables.orders.items():
        kind, _, rest = row.partition("|")
        if kind == "step":
            states[partition][rest] = str(values["state"])
            waits[partition][rest] = str(values.get("waiting_for", ""))
        elif kind == "exception":
            stand[partition].add(str(values["kind"]))
        elif row == "facts":
            updated[partition] = moment(values["updated"])
    work = {f"{partition}|{row}" for partition, row in tables.openwork}
    names = {*states, *stand}
    return {one: Record(states[one], waits[one], frozenset(stand[one]), one in work, updated.get(one)) for one in names}


def _open_exceptions(tables: Tables) -> Iterator[Mapping[str, Any]]:
    return (values for (partition, _), values in tables.exceptions.items() if partition == "open")


def _judge_order(
    order: Book,
    name: str,
    record: Record,
    created: Sequence[Book],
    verdict: Verdict,
    client: Client,
    now: Any,
) -> Iterator[Finding]:
    platform = order["platform"]
    if moment(order["placed"]) < client.live_from:
        if created or order["or21_effects"]:
            yield Finding("unwanted", name, "placed before go-live and touched")
        return
    verdict.placed[platform] += 1
    yield from _judge_acceptance(order, name, verdict, moment(now))
    yield from _judge_creation(order, name, record, created, verdict, moment(now))
    if order["shown_waiting"]["count"] or record.states:
        yield from _judge_record(name, record)


def _judge_acceptance(order: Book, name: str, verdict: Verdict, now: datetime) -> Iterator[Finding]:
    placed, end = moment(order["placed"]), moment(order["window_end"])
    if order["or21_effects"] > 1:
        yield Finding("twice", name, f"OR21 took effect {order['or21_effects']} times")
    if order["or21_effects"]:
        verdict.accepted[order["platform"]] += 1
        verdict.shares.append((moment(order["decided_at"]) - placed) / (end - placed))
    waited = any(one["state"] == "WAITING_ACCEPTANCE" for one in order["history"])
    verdict.asked[order["platform"]] += waited and order["decided_how"] != "cancelled"
    refused = order["state"] == "REFUSED" and not order["or21_effects"]
    if waited and refused:
        yield Finding("late", name, "refused by Mirakl because nobody accepted it in time")
    if order["state"] == "WAITING_ACCEPTANCE" and now < end:
        verdict.waiting["acceptance"] += 1


def _judge_creation(
    order: Book, name: str, record: Record, created: Sequence[Book], verdict: Verdict, now: datetime
) -> Iterator[Finding]:
    due = [line for line in order["lines"] if _was(line, "SHIPPING")]
    stand = [one for one in created if one["deleted"] is None]
    if not due:
        if created:
            yield Finding("unwanted", name, "in the ERP although Mirakl never asked for it to be shipped")
        return
    if len(created) > 1:
        yield Finding("twice", name, f"{len(created)} sales orders: {', '.join(one['number'] for one in created)}")
    left = [line for line in due if line["state"] not in GONE]
    if left and (stand or not created):
        # What people deleted there is not due there any more: they cancel it in Mirakl.
        verdict.due_in_erp[order["platform"]] += 1
    if stand:
        verdict.in_erp[order["platform"]] += bool(left)
        if not _is_being_made(stand[0], record, now):
            yield from _judge_amounts(order, name, record, stand[0])
            yield from _judge_standing(order, name, record, stand[0], verdict)
        yield from _judge_cancellation(order, name, record, stand[0])
    elif created and left:
        yield from _judge_deleted(name, created[-1], record, verdict, now)
    elif left:
        yield from _judge_missing(name, left, record, verdict, now)


def _judge_deleted(name: str, sales_order: Book, record: Record, verdict: Verdict, now: datetime) -> Iterator[Finding]:
    """Somebody deleted it in the ERP while Mirakl still waits: it is never created again, and a person knows."""
    if "cancelled_in_erp" in record.exceptions:
        verdict.waiting["a person (cancelled_in_erp)"] += 1
    elif now - moment(sales_order["deleted"]) > UNSEEN:
        yield Finding("forgotten", name, "deleted in the ERP, Mirakl waits for it, and nobody was told")


def _judge_missing(
    name: str, due: Sequence[Book], record: Record, verdict: Verdict, now: datetime
) -> Iterator[Finding]:
    """Not in the ERP: then it waits in our records, or a person knows."""
    state = record.states.get("create_order", "")
    since = min(_since(line) for line in due)
    if state == "waiting" and now - since > FORGOTTEN:
        what = record.waits.get("create_order", "")
        yield Finding("lost", name, f"Mirakl shows it in SHIPPING since {since:%H:%M} and our record waits for {what}")
    elif state in {"outstanding", "claimed", "unknown", "waiting"} and record.open_work:
        verdict.waiting[record.waits.get("create_order") or "creation in the ERP"] += 1
    elif state == "exception" and record.exceptions:
        verdict.waiting[f"a person ({', '.join(sorted(record.exceptions))})"] += 1
    else:
        yield Finding("lost", name, f"not in the ERP, and our record says {state or 'nothing'}")


def _is_being_made(sales_order: Book, record: Record, now: datetime) -> bool:
    """Where the ERP numbers its orders they grow line by line: somebody is at it, or a person knows."""
    state = record.states.get("create_order", "")
    if state == "exception":
        return bool(record.exceptions)
    young = now - moment(sales_order["created"]) <= FORGOTTEN
    return state in {"outstanding", "claimed", "unknown"} and record.open_work and young


def _judge_amounts(order: Book, name: str, record: Record, sales_order: Book) -> Iterator[Finding]:
    """Line by line what the shopper pays for the lines that are in the ERP, in the platform's own tax mode."""
    lines = {line["id"]: line for line in order["lines"]}
    stand = [line for line in sales_order["lines"] if line["deleted"] is None]
    named = {one for line in stand for one in lines if is_about(str(line["reference"]), one)}
    absent = [
        one
        for one in lines.values()
        if _in_shipping_at(one, moment(sales_order["created"])) and one["id"] not in named and one["state"] not in GONE
    ]
    references = [str(line["reference"]) for line in stand if line.get("status") != "Canceled"]
    if twice := sorted({one for one in references if one and references.count(one) > 1}):
        yield Finding("twice", name, f"lines {', '.join(twice)} stand more than once in the ERP's order")
    if absent and "lines_after_creation" not in record.exceptions:
        yield Finding("different", name, f"lines {', '.join(one['id'] for one in absent)} are not in the ERP's order")
    side = "gross" if sales_order["prices_include_tax"] else "net"
    if all(line["state"] in GONE for line in lines.values()):
        return  # nobody pays for it: whether it may leave is judged elsewhere
    expected = sum((_comes_to(lines[one], side) for one in named), Decimal(0))
    shown = sum((Decimal(line["amount"]) for line in stand), Decimal(0))
    if expected != shown and not record.exceptions & {"amounts_differ", "totals_differ"}:
        yield Finding("different", name, f"the ERP has {shown} and Mirakl {expected} {order['currency']}")
    if order["currency"] != sales_order["currency"]:
        yield Finding("different", name, f"in {sales_order['currency']} instead of {order['currency']}")


def _comes_to(line: Book, side: str) -> Decimal:
    fees = sum((Decimal(fee["amount"]) for fee in line["fees"]), Decimal(0))
    return Decimal(line["price"][side]) + Decimal(line["shipping"][side]) + fees


def _judge_cancellation(order: Book, name: str, record: Record, sales_order: Book) -> Iterator[Finding]:
    """Cancelled, and in the ERP: held, or a person knows, or it is about to be looked at."""
    stand = [str(line["reference"]) for line in _standing(sales_order)]
    gone = [line for line in order["lines"] if line["state"] in GONE and line["cancelled_at"] is not None]
    owed = [line for line in gone if any(is_about(reference, line["id"]) for reference in stand)]
    if all(line["state"] in GONE for line in order["lines"]) and sales_order.get("status") != "Canceled":
        owed = gone  # what stands of it, if only charges, would be invoiced as well
    missed = record.states.get("create_order") == "not_needed"  # that it has left all the same excuses nothing
    told = {"cancelled_after_creation"} if missed else {"cancelled_after_creation", "shipped_after_cancellation"}
    handled = sales_order["held"] or record.exceptions & told
    seen = record.updated is not None and all(record.updated >= moment(line["cancelled_at"]) for line in gone)
    under_way = record.states.get("create_order") not in {"done", "not_needed"}
    if owed and seen and not handled and not under_way:
        yield Finding("forgotten", name, "cancelled in Mirakl, stands in the ERP, and nobody was told")


def _judge_standing(order: Book, name: str, record: Record, sales_order: Book, verdict: Verdict) -> Iterator[Finding]:
    """What Mirakl waits for stands in the ERP and may leave it, or a person knows why not."""
    seen_until = moment(sales_order["seen_until"])
    owed = [str(line["id"]) for line in order["lines"] if line["state"] == "SHIPPING"]
    ours = [line for line in sales_order["lines"] if any(is_about(str(line["reference"]), one) for one in owed)]
    since = max((moment(one["changed"]) for one in ours if one.get("status") == "Canceled"), default=None)
    if not owed:
        return
    if "cancelled_in_erp" in record.exceptions:
        verdict.waiting["a person (cancelled_in_erp)"] += 1
    elif since is not None and seen_until - since > UNSEEN:
        yield Finding("forgotten", name, "cancelled in the ERP, Mirakl waits for it, and nobody was told")
    elif sales_order["held"] and not record.exceptions and not _is_moving(record):
        yield Finding("forgotten", name, "on hold in the ERP, and nobody lets it go")


def _is_moving(record: Record) -> bool:
    """Something is under way that may let the order go."""
    return record.open_work and any(
        record.states.get(step, "done") not in {"done", "not_needed"}
        for step in ("create_order", "compare_totals", "change_order")
    )


def _standing(sales_order: Book) -> list[Book]:
    return [line for line in sales_order["lines"] if line["deleted"] is None and line.get("status") != "Canceled"]


def _judge_record(name: str, record: Record) -> Iterator[Finding]:
    """Done, waiting with a row that `watch` finds, or an exception with an owner: there is no fourth place."""
    open_steps = {step: state for step, state in record.states.items() if state not in {"done", "not_needed"}}
    if not record.states:
        yield Finding("forgotten", name, "Mirakl showed it and we have no record")
    if open_steps and not record.open_work and not record.exceptions:
        yield Finding("forgotten", name, f"{open_steps} and no row of open work, no exception")
    for step, state in open_steps.items():
        if state == "exception" and not record.exceptions:
            yield Finding("forgotten", name, f"{step} is an exception that nobody owns")


def _was(line: Book, state: str) -> bool:
    return any(one["state"] == state for one in line["history"])


def _since(line: Book) -> datetime:
    return moment(line["history"][-1]["at"])


def _in_shipping_at(line: Book, at: datetime) -> bool:
    state = ""
    for one in line["history"]:
        if moment(one["at"]) <= at:
            state = one["state"]
    return state == "SHIPPING"


def _name(order: Book, client: Client) -> str:
    return f"{client.shops[order['shop']]} {order['order_id']}"


def _partition(order: Book, client: Client) -> str:
    return f"{client.shops[order['shop']]}|{escaped(order['order_id'])}"
