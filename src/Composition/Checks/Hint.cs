namespace Orchestrator.Composition;

/// <summary>How much a hint matters.</summary>
public enum HintGrade
{
    /// <summary>A setting does nothing, or something besides.</summary>
    Hint,

    /// <summary>A setting very likely does what nobody meant.</summary>
    Warning,
}

/// <summary>What is allowed, and yet may not be meant. It changes nothing.</summary>
/// <param name="Grade">How much it matters.</param>
/// <param name="Path">Where: <c>workers.batchSize</c>.</param>
/// <param name="Message">What the setting does, in a sentence.</param>
public sealed record Hint(HintGrade Grade, string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
