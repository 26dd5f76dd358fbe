"""The screens that the product is used on."""

from __future__ import annotations

import pytest

PHONE, DESKTOP = (390, 844), (1280, 900)
SIZES = {"phone": PHONE, "desktop": DESKTOP}
#: For what is the same at every size.
on_a_phone = pytest.mark.parametrize("size", [PHONE], ids=["phone"])
