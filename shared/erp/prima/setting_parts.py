"""Parts of the setting `ERP` that are objects of their own."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field, model_validator

from shared.model.setting_values import Json


class RangeSetting(Json):
    """A shop's order numbers: `prefix`, then a count of `digits` digits from `first` on; the last is unused."""

    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{0,10}$")] = ""
    digits: Annotated[int, Field(ge=3, le=12)]
    first: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _has_numbers(self) -> RangeSetting:
        if self.first >= 10**self.digits - 1:
            raise ValueError(f"first {self.first} leaves no number of {self.digits} digits")
        return self


class PaymentSetting(Json):
    pay_method: str
    sub_pay_method: str = ""
    pay_provider: str = ""


class QuietHoursSetting(Json):
    """From `begins` until `ends`, in the ERP's `time_zone`; over midnight where it ends earlier than it begins."""

    begins: time
    ends: time

    @model_validator(mode="after")
    def _are_some(self) -> QuietHoursSetting:
        if self.begins == self.ends:
            raise ValueError("begins and ends are the same time")
        return self
