"""The contract every store is held to: inherit `StoreContract` and give it `store` and `open_store`.

`store` is empty and was opened with IDENTITY; `open_store(identity)` opens another handle on the same data, as another
process would.
"""

from __future__ import annotations

from tests.contract.asking import AskingContract
from tests.contract.folding import FoldingContract
from tests.contract.paging import PagingContract
from tests.contract.retrieving import RetrievingContract
from tests.contract.selecting import SelectingContract
from tests.contract.writing import WritingContract


class StoreContract(
    WritingContract, RetrievingContract, SelectingContract, PagingContract, FoldingContract, AskingContract
):
    """All of it."""
