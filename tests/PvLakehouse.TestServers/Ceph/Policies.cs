namespace PvLakehouse.TestServers;

/// <summary>The policies of the lakehouse's service users, word for word as its design grants them.</summary>
public static class Policies
{
    /// <summary>Everything everywhere.</summary>
    public const string Everything =
        """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::*"]}]}""";

    /// <summary>lakehouse-rw, of spark_svc and trino_svc: every operation on the objects of the bucket lakehouse.</summary>
    public const string LakehouseReadWrite =
        """
        {
          "Version": "2012-10-17",
          "Statement": [{
            "Effect": "Allow",
            "Action": ["s3:*"],
            "Resource": ["arn:aws:s3:::lakehouse/*"]
          }]
        }
        """;

    /// <summary>mlflow-rw, of mlflow_svc: every operation on the objects of the bucket mlflow.</summary>
    public const string MlflowReadWrite =
        """
        {
          "Version": "2012-10-17",
          "Statement": [{
            "Effect": "Allow",
            "Action": ["s3:*"],
            "Resource": ["arn:aws:s3:::mlflow/*"]
          }]
        }
        """;
}
