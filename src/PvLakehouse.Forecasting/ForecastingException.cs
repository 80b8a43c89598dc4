namespace PvLakehouse.Forecasting;

/// <summary>A forecast, a model or its data are not what they must be.</summary>
public class ForecastingException(string message, Exception? inner = null) : Exception(message, inner);
