namespace Orchestrator.Abstractions;

/// <summary>
/// On an option: what the same thing is called elsewhere, such as <c>lr</c> in PyTorch. A pipeline
/// that uses such a name is told the right one; the names are not accepted, so that a pipeline
/// reads the same everywhere.
/// </summary>
/// <param name="names">The other names.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class AlsoKnownAsAttribute(params string[] names) : Attribute
{
    /// <summary>The other names.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}
