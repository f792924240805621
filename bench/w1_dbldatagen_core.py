"""W1 by dbldatagen.core, as w1_dbldatagen.py does it: w1_dbldatagen_core.py HOUSEHOLDS FOLDER

The core is in dbldatagen's repository alone: PYTHONPATH has to name a checkout of it.
"""
import sys

from dbldatagen.core import DataGenPlan, PrimaryKey, TableSpec, generate
from dbldatagen.core.spec import dsl
from dbldatagen.core.spec.schema import Normal, Uniform, WeightedValues

from w1_dbldatagen import CITIES, EDUCATIONS, GENDERS, IDENTIFIERS, INCOMES, MEMBERS, TYPES, session


def weighted(values, weights):
    return WeightedValues(weights=dict(zip(values, weights, strict=True)))


def created():
    return dsl.timestamp("created_at", "2023-01-01 00:00:00", "2024-12-31 23:59:59")


def plan(households):
    individuals = round(households * MEMBERS)
    mappings = round(individuals * IDENTIFIERS)
    return DataGenPlan(seed=42, tables=[
        TableSpec(name="households", rows=households, primary_key=PrimaryKey(columns=["household_id"]), columns=[
            dsl.pk_auto("household_id"),
            dsl.text("city", CITIES),
            dsl.text("income_bracket", INCOMES, distribution=weighted(INCOMES, [2, 3, 3, 2])),
            dsl.integer("size", 1, 6, step=1, distribution=Normal(mean=2.5, stddev=1.2)),
            created(),
        ]),
        TableSpec(name="individuals", rows=individuals, primary_key=PrimaryKey(columns=["individual_id"]), columns=[
            dsl.pk_auto("individual_id"),
            dsl.fk("household_id", "households.household_id", distribution=Uniform()),
            dsl.integer("age", 18, 100),
            dsl.text("gender", GENDERS, distribution=weighted(GENDERS, [49, 49, 2])),
            dsl.text("education", EDUCATIONS, distribution=weighted(EDUCATIONS, [30, 20, 30, 15, 5])),
            created(),
        ]),
        TableSpec(name="identity_mappings", rows=mappings, primary_key=PrimaryKey(columns=["mapping_id"]), columns=[
            dsl.pk_auto("mapping_id"),
            dsl.fk("individual_id", "individuals.individual_id", distribution=Uniform()),
            dsl.text("identifier_type", TYPES),
            dsl.pattern("identifier_value", "{hex:8}" * 4),
            created(),
        ]),
    ])


def main(households, folder):
    spark = session()
    for name, rows in generate(spark, plan(households)).items():
        rows.write.mode("overwrite").parquet(f"{folder}/{name}")
    spark.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
