"""W1 by hand with numpy and PyArrow: w1_numpy.py HOUSEHOLDS FOLDER PROCESSES like-for-like|snappy

like-for-like: uncompressed, keys and times as DELTA_BINARY_PACKED, as Lakewright writes them.
snappy: PyArrow's own defaults for compression, keys and times PLAIN.
"""
import multiprocessing
import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CITIES = pa.array(["New York", "Los Angeles", "Chicago", "Houston", "Phoenix",
                   "Philadelphia", "San Antonio", "San Diego", "Dallas", "Austin"])
INCOMES = pa.array(["<30K", "30-60K", "60-100K", "100K+"])
GENDERS = pa.array(["F", "M", "X"])
EDUCATIONS = pa.array(["high_school", "some_college", "bachelor", "master", "doctorate"])
TYPES = pa.array(["email_hash", "cookie_id", "mobile_ad_id", "device_id", "ctv_id", "hashed_phone"])
HEX = np.frombuffer(b"".join(b"%02x" % i for i in range(256)), dtype=np.uint16)

CHUNK = 50_000
START = 1_672_531_200_000_000  # 2023-01-01, microseconds
SECONDS = 63_158_400  # two years
MEMBERS, IDENTIFIERS = 6, 16  # capacities of the keys
DELTA = ("household_id", "individual_id", "mapping_id", "created_at")


def codes(words, index):
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), words)


def weighted(random, weights, n):
    return np.searchsorted(np.cumsum(weights)[:-1], random.random(n), side="right")


def times(random, n):
    return pa.array(START + random.integers(0, SECONDS, n) * 1_000_000).cast(pa.timestamp("us"))


def hashes(random, n):
    """n times 128 random bits as 32 hexadecimal digits."""
    digits = HEX[np.frombuffer(random.bytes(n * 16), dtype=np.uint8)]
    offsets = np.arange(n + 1, dtype=np.int32) * 32
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(digits))


def siblings(counts):
    """Each child's number among its siblings, from 0."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def chunk(first, n):
    """The rows of n households from number `first` on: table by table, columns by name."""
    random = np.random.Generator(np.random.SFC64([42, first]))
    household = np.arange(first + 1, first + n + 1)
    size = np.clip(np.rint(random.normal(2.5, 1.2, n)), 1, 6).astype(np.int32)
    yield "households", {
        "household_id": household,
        "city": codes(CITIES, random.integers(0, 10, n)),
        "income_bracket": codes(INCOMES, weighted(random, [0.2, 0.3, 0.3, 0.2], n)),
        "size": size,
        "created_at": times(random, n),
    }
    home = np.repeat(household, size)
    people = len(home)
    individual = (home - 1) * MEMBERS + siblings(size) + 1
    yield "individuals", {
        "individual_id": individual,
        "household_id": home,
        "age": random.integers(18, 101, people, dtype=np.int32),
        "gender": codes(GENDERS, weighted(random, [0.49, 0.49, 0.02], people)),
        "education": codes(EDUCATIONS, weighted(random, [0.3, 0.2, 0.3, 0.15, 0.05], people)),
        "created_at": times(random, people),
    }
    count = random.integers(2, 16, people)
    owner = np.repeat(individual, count)
    rows = len(owner)
    yield "identity_mappings", {
        "mapping_id": owner * IDENTIFIERS + siblings(count),
        "individual_id": owner,
        "identifier_type": codes(TYPES, random.integers(0, 6, rows)),
        "identifier_value": hashes(random, rows),
        "created_at": times(random, rows),
    }


def open_writer(path, schema, way):
    plain = {*DELTA, "identifier_value"}
    like = way == "like-for-like"
    return pq.ParquetWriter(
        path,
        schema,
        compression="none" if like else "snappy",
        use_dictionary=[name for name in schema.names if name not in plain],
        column_encoding={name: "DELTA_BINARY_PACKED" for name in schema.names if like and name in DELTA} or None,
    )


def work(job):
    low, high, path, way = job
    writers = {}
    for first in range(low, high, CHUNK):
        for name, columns in chunk(first, min(CHUNK, high - first)):
            table = pa.table(columns)
            if name not in writers:
                writers[name] = open_writer(path.format(name), table.schema, way)
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()


def main(households, folder, processes, way):
    for name in ("households", "individuals", "identity_mappings"):
        os.makedirs(f"{folder}/{name}")
    cuts = [households * i // processes for i in range(processes + 1)]
    jobs = [(cuts[i], cuts[i + 1], f"{folder}/{{}}/part-{i}.parquet", way) for i in range(processes)]
    if processes == 1:
        work(jobs[0])
    else:
        with multiprocessing.Pool(processes) as pool:
            pool.map(work, jobs)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
