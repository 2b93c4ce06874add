"""One order, once: what each answer to it means, before and after an earlier sending."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from shared.erp.prima.adapter import eight_digits
from shared.erp.prima.codec.letters import Policy
from shared.errors import Rejected, Unavailable, UnknownOutcome
from shared.model.keys import ORDERS_SCOPE
from shared.model.sales_order import NumberFormat
from tests.erp.prima.codec.orders import SAX, order_data, result
from tests.erp.prima.drafts import ADDRESS, configuration, customer, draft
from tests.erp.prima.envelopes import HTML
from tests.erp.prima.far_end import NUMBER, FarEnd, accepted, broken, far_end, no_order, refused, status
from tests.erp.prima.web_service import Planned, answer

ORDER, LOOK = ("MultiNewOrder", NUMBER), ("OrderStatus", NUMBER)
IMPOSSIBLE = "201999999"
PROBE = ("OrderStatus", IMPOSSIBLE)
EXISTS = refused(
    f"(E:21) Sales Order Header already exists with Order Number equal to {NUMBER}\n"
    "(E:194) NO VALID Sales Order Header Details for Line\n"
)
VAT = "(E:548) Price obtained from the Price Book has a different VAT Incl Prices Value to the Sales Order\n"
NO_LINES = f"(E:194) There were no Valid Order Lines found for the  Current Order {NUMBER}\n"
COMPANY = "(E:906) No such company"
NO_COMPANY = result(f'<RequestError Error="{COMPANY}"/>')
UNKNOWN = (no_order(), no_order(IMPOSSIBLE))
"""A look at an order that is not there, and what it is known by."""

FIRST, AGAIN = draft(), draft(sent_before=True)


async def kind(end: FarEnd, sent_before: bool) -> str:
    """What becomes of it: created, or the kind of its error."""
    try:
        order = await end.prima.place(AGAIN if sent_before else FIRST)
    except Rejected as reason:
        return reason.kind
    except (UnknownOutcome, Unavailable) as problem:
        return type(problem).__name__
    assert (order.number, order.reference, order.lines_shown) == (NUMBER, FIRST.reference, False)
    return "stands"


@pytest.mark.parametrize(
    ("planned", "becomes", "asked"),
    [
        ([accepted()], "stands", [ORDER]),
        ([refused(NO_LINES)], "erp_refused", [ORDER]),
        ([result("", extra=f' RequestStatus="ERROR" Error="{SAX}"')], "unexpected", [ORDER]),
        ([result(order_data(number="20100077"))], "UnknownOutcome", [ORDER]),
        ([result(order_data(number=NUMBER, unique_id="87654321"))], "UnknownOutcome", [ORDER]),
        ([result(order_data("", number=NUMBER))], "UnknownOutcome", [ORDER]),
        ([accepted()[:-20]], "UnknownOutcome", [ORDER]),
        ([answer(HTML)], "UnknownOutcome", [ORDER]),
        ([httpx.ReadTimeout], "UnknownOutcome", [ORDER]),
        ([httpx.ConnectError], "Unavailable", [ORDER]),
        ([NO_COMPANY, broken(COMPANY), broken(COMPANY)], "shop_misconfigured", [ORDER, LOOK, PROBE]),
        ([NO_COMPANY, broken("not connected"), broken("not connected")], "UnknownOutcome", [ORDER, LOOK, PROBE]),
        ([NO_COMPANY, status("Received")], "stands", [ORDER, LOOK]),
        ([NO_COMPANY, *UNKNOWN], "UnknownOutcome", [ORDER, LOOK, PROBE]),
        ([NO_COMPANY, httpx.ReadTimeout], "UnknownOutcome", [ORDER, LOOK]),
        ([EXISTS, status("Received")], "erp_number_taken", [ORDER, LOOK]),
        ([EXISTS, broken("not connected"), no_order(IMPOSSIBLE)], "erp_number_taken", [ORDER, LOOK, PROBE]),
        ([EXISTS, httpx.ReadTimeout], "erp_number_taken", [ORDER, LOOK]),
        ([EXISTS, *UNKNOWN], "UnknownOutcome", [ORDER, LOOK, PROBE]),
    ],
)
async def test_a_first_sending(planned: list[Planned | str], becomes: str, asked: list[tuple[str, str]]) -> None:
    end = far_end(*planned)
    assert (await kind(end, False), end.asked) == (becomes, asked)


@pytest.mark.parametrize(
    ("planned", "becomes", "asked"),
    [
        ([status("Despatched")], "stands", [LOOK]),
        ([status("Awaiting Approval")], "stands", [LOOK]),
        ([*UNKNOWN, accepted()], "stands", [LOOK, PROBE, ORDER]),
        ([*UNKNOWN, refused(NO_LINES)], "erp_refused", [LOOK, PROBE, ORDER]),
        ([*UNKNOWN, EXISTS, status("Held")], "stands", [LOOK, PROBE, ORDER, LOOK]),
        ([*UNKNOWN, EXISTS, broken("not connected")], "stands", [LOOK, PROBE, ORDER, LOOK]),
        ([*UNKNOWN, EXISTS, httpx.ReadTimeout], "stands", [LOOK, PROBE, ORDER, LOOK]),
        ([*UNKNOWN, EXISTS, no_order()], "UnknownOutcome", [LOOK, PROBE, ORDER, LOOK]),
        ([broken("not connected"), no_order(IMPOSSIBLE)], "UnknownOutcome", [LOOK, PROBE]),
        ([broken("not connected"), broken("not connected")], "UnknownOutcome", [LOOK, PROBE]),
        ([broken("")], "UnknownOutcome", [LOOK]),
        ([status("Held", number="20100077")], "UnknownOutcome", [LOOK]),
        ([httpx.ReadTimeout], "Unavailable", [LOOK]),
        ([answer(HTML)], "Unavailable", [LOOK]),
        ([no_order(), httpx.ReadTimeout], "Unavailable", [LOOK, PROBE]),
    ],
)
async def test_after_an_earlier_sending(
    planned: list[Planned | str], becomes: str, asked: list[tuple[str, str]]
) -> None:
    end = far_end(*planned)
    assert (await kind(end, True), end.asked) == (becomes, asked)


async def test_the_impossible_number_is_asked_for_once() -> None:
    end = far_end(*UNKNOWN, accepted(), no_order(), accepted())
    assert [await kind(end, True) for _ in range(2)] == ["stands", "stands"]
    assert end.asked == [LOOK, PROBE, ORDER, LOOK, ORDER]


async def test_the_words_of_an_unknown_order_may_be_told_beforehand() -> None:
    known = configuration(names_company=False, unknown_order="(E:16) Sales Order # does not exist")
    end = far_end(no_order(), accepted(), known=known)
    assert (await kind(end, True), end.asked) == ("stands", [LOOK, ORDER])


async def test_the_account_that_prima_made_of_a_shopper_comes_back() -> None:
    order = await far_end(accepted("0000000017")).prima.place(draft(customer="", shopper=customer()))
    assert order.customer == "0000000017"
    again = await far_end(status("Received")).prima.place(draft(customer="", shopper=customer(), sent_before=True))
    assert again.customer == ""


async def test_a_refusal_names_its_cause_and_no_shopper() -> None:
    told = f"(E:902) AddrLine1 Test Street 5 of Shopper Seventeen is too long  DEV MODE Stack Trace x\n{NO_LINES}"
    with pytest.raises(Rejected) as reason:
        await far_end(refused(told)).prima.place(FIRST)
    assert "E:902 AddrLine1" in reason.value.reason
    for hidden in ("Test Street", "Seventeen", "E:194", "DEV MODE"):
        assert hidden not in str(reason.value)


@pytest.mark.parametrize(
    ("letters", "quoted"),
    [
        ("transliterate", "Lukasz"),
        ("reference", "Łukasz"),
        ("reference", "?ukasz"),
        ("reference", "&#321;ukasz"),
        ("reference", "Long Street Long Street Long Street Long"),
    ],
)
async def test_a_refusal_names_no_shopper_as_it_was_sent(letters: Policy, quoted: str) -> None:
    known = configuration(names_company=False, letters=letters)
    to = replace(ADDRESS, name="Łukasz Sample", street_1="Long Street " * 5)
    with pytest.raises(Rejected) as reason:
        await far_end(refused(f"(E:902) {quoted} is not known"), known=known).prima.place(replace(FIRST, address=to))
    assert reason.value.reason == "Prima answers: E:902 [withheld] is not known"


async def test_an_order_in_another_company_than_its_own_is_for_people() -> None:
    known = configuration(names_company=True)
    end = far_end(accepted().replace('Company="1"', 'Company="2"'), known=known)
    with pytest.raises(Rejected, match="in company 2 instead of 1"):
        await end.prima.place(FIRST)


async def test_without_companies_in_its_calls_no_other_company_is_served() -> None:
    end = far_end()
    with pytest.raises(Rejected, match="company 2") as reason:
        await end.prima.place(draft(company="2"))
    assert (reason.value.kind, end.asked) == ("shop_misconfigured", [])


async def test_the_same_refusal_of_many_orders_stops_the_others_with_what_to_do() -> None:
    numbers = NumberFormat("201", 6)
    known = configuration(names_company=False, same_rejections=3)
    orders = [draft(number=numbers.number(count)) for count in (1, 2, 3, 4)]
    planned = [result(order_data("ERROR", number=one.number, error=VAT)) for one in orders]
    end = far_end(*planned, accepted(), refused(VAT), known=known)
    for one in orders[:2]:
        with pytest.raises(Rejected) as reason:
            await end.prima.place(one)
        assert (reason.value.kind, reason.value.subject) == ("erp_refused", "item ITEM-001")
        assert "price book" in reason.value.remedy
    for one in orders[2:]:
        with pytest.raises(Unavailable, match=r"3 orders in a row.*E:548.*VAT flag.*ERP\.vat_inclusive") as stopped:
            await end.prima.place(one)
        assert stopped.value.scope == ORDERS_SCOPE
    await end.prima.place(FIRST)
    with pytest.raises(Rejected):
        await end.prima.place(FIRST)


def test_every_attempt_has_an_id_of_its_own() -> None:
    ids = {eight_digits() for _ in range(50)}
    assert len(ids) > 45
    assert all(len(one) == 8 and one.isdecimal() for one in ids)


async def test_a_draft_without_a_number_is_never_sent() -> None:
    end = far_end()
    with pytest.raises(ValueError, match="number"):
        await end.prima.place(replace(FIRST, number=""))
    assert end.asked == []
