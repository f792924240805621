"""W1 by dbldatagen on Spark: w1_dbldatagen.py HOUSEHOLDS FOLDER"""
import os
import sys

import dbldatagen as dg
from pyspark.sql import SparkSession

CITIES = ["New York", "Los Angeles", "Chicago", "Houston", "Phoenix",
          "Philadelphia", "San Antonio", "San Diego", "Dallas", "Austin"]
INCOMES = ["<30K", "30-60K", "60-100K", "100K+"]
GENDERS = ["F", "M", "X"]
EDUCATIONS = ["high_school", "some_college", "bachelor", "master", "doctorate"]
TYPES = ["email_hash", "cookie_id", "mobile_ad_id", "device_id", "ctv_id", "hashed_phone"]
MEMBERS, IDENTIFIERS = 2.554, 8.5  # means of the exact work: dbldatagen has no child count driven by a parent column


def tables(spark, households):
    individuals = round(households * MEMBERS)
    mappings = round(individuals * IDENTIFIERS)

    def table(name, rows):
        return dg.DataGenerator(spark, name=name, rows=rows, partitions=4, randomSeedMethod="hash_fieldname")

    def created(spec):
        return spec.withColumn("created_at", "timestamp", begin="2023-01-01 00:00:00",
                               end="2024-12-31 23:59:59", interval="1 second", random=True)

    yield "households", created(
        table("households", households)
        .withColumn("household_id", "long", expr="id + 1")
        .withColumn("city", "string", values=CITIES, random=True)
        .withColumn("income_bracket", "string", values=INCOMES, weights=[2, 3, 3, 2], random=True)
        .withColumn("size", "integer", minValue=1, maxValue=6, random=True,
                    distribution=dg.distributions.Normal(2.5, 1.2)))
    yield "individuals", created(
        table("individuals", individuals)
        .withColumn("individual_id", "long", expr="id + 1")
        .withColumn("household_id", "long", minValue=1, maxValue=households, random=True)
        .withColumn("age", "integer", minValue=18, maxValue=100, random=True)
        .withColumn("gender", "string", values=GENDERS, weights=[49, 49, 2], random=True)
        .withColumn("education", "string", values=EDUCATIONS, weights=[30, 20, 30, 15, 5], random=True))
    yield "identity_mappings", created(
        table("identity_mappings", mappings)
        .withColumn("mapping_id", "long", expr="id + 1")
        .withColumn("individual_id", "long", minValue=1, maxValue=individuals, random=True)
        .withColumn("identifier_type", "string", values=TYPES, random=True)
        .withColumn("identifier_value", "string", expr="md5(cast(id as string))"))


def session():
    """Spark with two local threads, which writes uncompressed Parquet."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (SparkSession.builder.master("local[2]")
             .config("spark.driver.memory", "4g").config("spark.ui.enabled", "false")
             .config("spark.sql.session.timeZone", "UTC")
             .config("spark.default.parallelism", "4")
             .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
             .config("spark.sql.parquet.compression.codec", "uncompressed").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def main(households, folder):
    spark = session()
    for name, spec in tables(spark, households):
        spec.build().write.mode("overwrite").parquet(f"{folder}/{name}")
    spark.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
