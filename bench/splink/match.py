"""Matches the records of an mdm dataset with Splink in a stock configuration: match.py DATASET OUT.parquet

The comparisons are Splink's own for each kind of field, the blocking rules the usual ones for people, and everything
else is left at its default. Nothing is trained on the truth.
"""

import sys

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

SOURCES = ("crm", "erp", "ecommerce")
FIELDS = "first_name, middle_name, last_name, birth_date, email, phone, address_line1, city, state, zip_code"
THRESHOLD = 0.5

dataset, out = sys.argv[1:3]
connection = duckdb.connect()
connection.execute("set threads = 2")
api = DuckDBAPI(connection=connection)


def records(source):
    # Tidying that every user does first: one case, digits of the number alone, without the country code.
    connection.execute(
        f"""create table {source} as
        select record_id as unique_id, lower(first_name) as first_name, lower(middle_name) as middle_name,
            lower(last_name) as last_name, birth_date, lower(email) as email,
            right(regexp_replace(phone, '[^0-9]', '', 'g'), 10) as phone,
            lower(address_line1) as address_line1, lower(city) as city, state, zip_code
        from (select record_id, {FIELDS} from read_parquet('{dataset}/raw_{source}_customers/*.parquet'))"""
    )
    return api.register(source, dataset_display_name=source)


settings = SettingsCreator(
    link_type="link_and_dedupe",
    comparisons=[
        cl.NameComparison("first_name"),
        cl.NameComparison("last_name"),
        cl.DateOfBirthComparison("birth_date", input_is_string=False),
        cl.EmailComparison("email"),
        cl.ExactMatch("phone"),
        cl.JaroWinklerAtThresholds("address_line1"),
        cl.ExactMatch("zip_code"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("first_name", "last_name"),
        block_on("last_name", "birth_date"),
        block_on("first_name", "birth_date"),
        block_on("email"),
        block_on("phone"),
        block_on("address_line1", "zip_code"),
    ],
)
linker = Linker([records(source) for source in SOURCES], settings, log_level=40)
linker.training.estimate_probability_two_random_records_match(
    [block_on("email"), block_on("first_name", "last_name", "birth_date")], recall=0.7
)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=42)
for rule in (block_on("first_name", "last_name"), block_on("birth_date")):
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
connection.execute(
    f"""copy (
        select source_dataset_l, unique_id_l, source_dataset_r, unique_id_r, match_probability
        from {predicted.physical_name}
    ) to '{out}' (format parquet)"""
)
