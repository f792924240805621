package org.apache.spark.ml.util;

/** Stands in for the one class that Spark Connect needs of MLlib, when it closes a session. */
public class ConnectHelper {
  public ConnectHelper(org.apache.spark.sql.SparkSession session) {}
}
