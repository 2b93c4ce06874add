"""What an offer may show, why, and when Mirakl is told: everything in the ERP's stock unit until the last step.

published = max(0, floor((free - in flight - buffer) x share x n / d + 0.001))

`components` what a SKU takes, `order_lines` what a sold line does · `joining` and `readings` which figures count ·
`free` · `in_flight` the lines sold and not in the figures yet (`demand` when a line is in them) · `buffer` and
`velocity` · `sharing` · `whole_units` the last step · `published` the number with its terms, `warehouses` spread over
Mirakl's · `pushing` whether it is sent now, `gate` when it may be raised · `confirming` what an import's report
confirms, `imports` several at once · `explaining` the terms for people.
"""
