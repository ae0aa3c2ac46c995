namespace Orchestrator.Abstractions;

/// <summary>
/// On an option that does more than its name says: whoever gives it a value is told, in one line,
/// by <c>validate</c> and before a run.
/// </summary>
/// <param name="text">What else it does; a clause that follows the option's path and value.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HintAttribute(string text) : Attribute
{
    /// <summary>What else it does.</summary>
    public string Text { get; } = text;
}
