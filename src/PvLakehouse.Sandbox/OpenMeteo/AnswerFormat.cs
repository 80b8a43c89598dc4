namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The forms in which an answer can be asked for.</summary>
internal enum AnswerFormat
{
    Json,
    Csv,
    FlatBuffers,
}
