"""W3 by hand with numpy and PyArrow: w3_numpy.py ORDERS FOLDER

A retailer's two weeks: 200 stores, 5,000 products, 120,000 customers, ORDERS orders and a stock count of every product
in every store each day, whose books balance. Names are numbers and cities of a short list. PyArrow's default encodings,
uncompressed.
"""

import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

STORES, PRODUCTS, CUSTOMERS, DAYS = 200, 5000, 120_000, 14
FIRST_DAY = np.datetime64("2025-01-01", "D")
CITIES = ["New York", "Los Angeles", "Chicago", "Houston", "Phoenix", "Philadelphia", "San Antonio", "San Diego"]
STATUSES = ["completed", "returned", "cancelled"]


def words(values, codes):
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(values))


def numbered(prefix, ids):
    return pa.array(np.char.add(prefix, ids.astype(str)))


class Table:
    """A Parquet file that grows by row groups."""

    def __init__(self, folder, name):
        os.makedirs(f"{folder}/{name}")
        self.path, self.writer = f"{folder}/{name}/part-0.parquet", None

    def write(self, **columns):
        table = pa.table(columns)
        self.writer = self.writer or pq.ParquetWriter(self.path, table.schema, compression="none")
        self.writer.write_table(table)

    def close(self):
        self.writer.close()


def main(orders, folder):
    random = np.random.default_rng(42)
    tables = {name: Table(folder, name) for name in ("stores", "products", "customers", "orders", "order_items", "inventory_snapshots")}
    store, product, customer = (np.arange(1, n + 1) for n in (STORES, PRODUCTS, CUSTOMERS))
    tables["stores"].write(store_id=store, name=numbered("Store ", store), city=words(CITIES, random.integers(0, 8, STORES)))
    price = random.integers(99, 9999, PRODUCTS)
    tables["products"].write(product_id=product, name=numbered("Product ", product), unit_price_cents=price)
    tables["customers"].write(
        customer_id=customer,
        name=numbered("Customer ", customer),
        city=words(CITIES, random.integers(0, 8, CUSTOMERS)),
        home_store_id=random.integers(1, STORES + 1, CUSTOMERS),
    )
    order = np.arange(1, orders + 1)
    day = np.sort(random.integers(0, DAYS, orders))
    at_store = random.integers(1, STORES + 1, orders)
    status = random.choice(3, orders, p=[0.93, 0.04, 0.03])
    lines = random.integers(1, 6, orders)
    owner = np.repeat(np.arange(orders), lines)
    rows = len(owner)
    weights = 1 / np.arange(1, PRODUCTS + 1) ** 0.8
    bought = np.searchsorted(np.cumsum(weights / weights.sum()), random.random(rows)).clip(max=PRODUCTS - 1)
    quantity = random.integers(1, 4, rows)
    amount = quantity * price[bought]
    subtotal = np.bincount(owner, amount, orders).astype(np.int64)
    tax = subtotal * 8 // 100
    tables["orders"].write(
        order_id=order,
        order_date=pa.array(FIRST_DAY + day),
        store_id=at_store,
        customer_id=random.integers(1, CUSTOMERS + 1, orders),
        placed_at=pa.array((FIRST_DAY + day).astype("datetime64[us]") + random.integers(8 * 3600, 20 * 3600, orders).astype("timedelta64[s]")),
        status=words(STATUSES, status),
        subtotal_cents=subtotal,
        tax_cents=tax,
        total_cents=subtotal + tax,
    )
    tables["order_items"].write(
        order_item_id=np.arange(1, rows + 1),
        order_id=order[owner],
        product_id=bought + 1,
        quantity=quantity,
        unit_price_cents=price[bought],
        line_total_cents=amount,
    )
    cells = STORES * PRODUCTS
    place = (at_store[owner] - 1) * PRODUCTS + bought
    expected = np.repeat(weights[None, :] / weights.sum(), STORES, 0).ravel() * rows * 2 / STORES / DAYS
    stock = (1 + 7 * expected).astype(np.int64)
    opening = stock
    for d in range(DAYS):
        of_day = day[owner] == d
        taken = of_day & (status[owner] != 2)
        back = of_day & (status[owner] == 1)
        sold = np.bincount(place[taken], quantity[taken], cells).astype(np.int64)
        returned = np.bincount(place[back], quantity[back], cells).astype(np.int64)
        on_hand = np.maximum(stock, sold)
        restocked = np.minimum(np.minimum(returned, sold), stock)
        closing = on_hand - sold + restocked
        small = {"opening": opening, "received": on_hand - opening, "sold": sold, "returned": returned, "restocked": restocked, "closing": closing, "on_order": stock - closing}
        tables["inventory_snapshots"].write(
            snapshot_id=d * cells + np.arange(1, cells + 1),
            snapshot_date=pa.array(np.full(cells, FIRST_DAY + d)),
            store_id=np.repeat(store, PRODUCTS),
            product_id=np.tile(product, STORES),
            **{name: column.astype(np.int32) for name, column in small.items()},
        )
        opening = closing
    for table in tables.values():
        table.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
