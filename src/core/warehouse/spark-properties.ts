/** What the text of plans needs of a Spark session, whoever opens it. */
export const SPARK_PROPERTIES: Readonly<Record<string, string>> = {
  // A text that refers to many named queries in turn is resolved one a round.
  'spark.sql.analyzer.maxIterations': '10000',
  'spark.sql.optimizer.maxIterations': '1000',
  // The text of a plan is no template.
  'spark.sql.variable.substitute': 'false',
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.session.timeZone': 'UTC',
}
