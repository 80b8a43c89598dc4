namespace PvLakehouse.TestServers.Mlflow;

/// <summary>An error as MLflow reports it.</summary>
internal sealed class MlflowException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    public int Status => Code switch
    {
        "RESOURCE_DOES_NOT_EXIST" => 404,
        "INTERNAL_ERROR" or "INVALID_STATE" => 500,
        _ => 400,
    };

    public static MlflowException Missing(string what) => new("RESOURCE_DOES_NOT_EXIST", what);

    public static MlflowException Invalid(string what) => new("INVALID_PARAMETER_VALUE", what);

    public static MlflowException Exists(string what) => new("RESOURCE_ALREADY_EXISTS", what);
}
