"""Our SQL on the Spark of dbldatagen, as w1_dbldatagen.py runs that: w1_spark_sql.py SQL_FOLDER FOLDER"""
import sys
from pathlib import Path

from pyspark.sql import SparkSession


def main(texts, folder):
    spark = (SparkSession.builder.master("local[2]")
             .config("spark.driver.memory", "4g").config("spark.ui.enabled", "false")
             .config("spark.sql.session.timeZone", "UTC")
             .config("spark.sql.ansi.enabled", "true")
             .config("spark.default.parallelism", "4")
             .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
             .config("spark.sql.parquet.compression.codec", "uncompressed").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    for text in sorted(Path(texts).glob("*.sql")):
        spark.sql(text.read_text()).write.mode("overwrite").parquet(f"{folder}/{text.stem}")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
