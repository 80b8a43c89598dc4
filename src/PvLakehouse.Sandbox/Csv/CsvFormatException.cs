namespace PvLakehouse.Sandbox.Csv;

/// <summary>A CSV file is not what it should be; the message names the file and the line.</summary>
public sealed class CsvFormatException(string message) : Exception(message);
