namespace Orchestrator.Abstractions;

/// <summary>
/// Thrown by a plugin's constructor (or by <see cref="IModel.Build"/>,
/// <see cref="IDataset.Describe"/>) for a value that its declared range cannot exclude, such as two
/// options that contradict each other. The host adds file, line and the section's path.
/// </summary>
/// <param name="option">The option's path in JSON below the plugin's section, e.g.
/// <c>layers[2].kernel</c>; empty for the whole section.</param>
/// <param name="message">What is wrong, with the value, and what is allowed.</param>
public sealed class OptionException(string option, string message) : Exception(message)
{
    /// <summary>The option's path below the plugin's section.</summary>
    public string Option { get; } = option;
}
