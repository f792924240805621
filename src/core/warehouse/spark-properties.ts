/** What the text of plans needs of a Spark session, whoever opens it. */
export const SPARK_PROPERTIES: Readonly<Record<string, string>> = {
  // Layers that call functions are resolved one a round. The datasets need fewer than 60 of the 100 there are by
  // default, but a plan may be deeper.
  'spark.sql.analyzer.maxIterations': '10000',
  // The text of a plan is no template.
  'spark.sql.variable.substitute': 'false',
  // What is known of a table's hundred columns is spelled anew for each of its layers, as long as the rest of planning
  // takes, and no filter of ours gains by it.
  'spark.sql.constraintPropagation.enabled': 'false',
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.session.timeZone': 'UTC',
}
