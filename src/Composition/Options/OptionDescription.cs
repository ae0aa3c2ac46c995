namespace Orchestrator.Composition;

/// <summary>One option, declared once as a parameter of an options record.</summary>
public sealed class OptionDescription
{
    /// <summary>The key in JSON: the parameter's name in camelCase.</summary>
    public required string Name { get; init; }

    /// <summary>The parameter's <c>[Description]</c>; empty without one.</summary>
    public required string Description { get; init; }

    public required OptionType Type { get; init; }

    /// <summary>
    /// The parameter's <c>[Range]</c>; null without one. Of each element where the type is a list.
    /// </summary>
    public required NumberRange? Range { get; init; }

    /// <summary>Whether a pipeline must give it.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Whether <c>null</c> is a value of it.</summary>
    public required bool IsNullable { get; init; }

    /// <summary>
    /// Whether it names a file or folder whose content is part of what a run computes.
    /// </summary>
    public bool NamesFile { get; init; }

    /// <summary>
    /// What else it does where it is given: the parameter's <c>[Hint]</c>; null without one.
    /// </summary>
    public string? Hint { get; init; }

    /// <summary>What it is called elsewhere: the parameter's <c>[AlsoKnownAs]</c>.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>
    /// The default as JSON; null where it is required or where the default is to be absent.
    /// </summary>
    public string? DefaultJson => Default is null or NullNode ? null : JsonText.Compact(Default);

    internal Node? Default { get; init; }
}
