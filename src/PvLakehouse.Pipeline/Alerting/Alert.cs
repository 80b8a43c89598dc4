namespace PvLakehouse.Pipeline.Alerting;

/// <summary>Something that a person should know now.</summary>
/// <param name="RaisedAt">When it was noticed.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Text">What happened and what to do, in sentences.</param>
public sealed record Alert(DateTimeOffset RaisedAt, string Title, string Text);
