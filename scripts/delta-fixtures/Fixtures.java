import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs the SQL of a file against Delta tables in a folder, then writes what Spark reads of each table and version. */
public class Fixtures {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]).toAbsolutePath();
    SparkSession spark = SparkSession.builder().getOrCreate();
    for (String statement : Files.readString(Path.of(args[1])).split(";\\s*\n")) {
      if (statement.isBlank()) continue;
      System.err.println(statement.strip());
      spark.sql(statement.replace("${folder}", folder.toString()));
    }
    try (var tables = Files.list(folder)) {
      for (Path table : tables.sorted().toList()) {
        if (Files.isDirectory(table.resolve("_delta_log"))) writeExpected(spark, table);
      }
    }
    spark.stop();
  }

  private static void writeExpected(SparkSession spark, Path table) throws Exception {
    long newest = (long) spark.sql("DESCRIBE HISTORY delta.`" + table + "` LIMIT 1").first().getAs("version");
    StringBuilder json = new StringBuilder("{\n");
    for (long version = 0; version <= newest; version++) {
      Row row = spark
          .sql("SELECT count(*), concat_ws(',', sort_array(collect_list(id))) FROM delta.`" + table + "` VERSION AS OF " + version)
          .first();
      json.append("  \"").append(version).append("\": [").append(row.getString(1)).append("]")
          .append(version < newest ? ",\n" : "\n");
    }
    try (PrintWriter out = new PrintWriter(table.resolve("expected.json").toFile())) {
      out.print(json.append("}\n"));
    }
  }
}
