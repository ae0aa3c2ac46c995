namespace Orchestrator.Composition;

/// <summary>A plugin as its metadata describes it; reading it has run none of its code.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What a pipeline's <c>type</c> holds.</param>
/// <param name="Description">The class's <c>[Description]</c>; empty without one.</param>
/// <param name="Options">Its options; without any where the constructor is empty.</param>
/// <param name="TypeName">Full name of the class.</param>
/// <param name="File">The assembly.</param>
/// <param name="Folder">The plugin's folder.</param>
/// <param name="Version">The assembly's version.</param>
public sealed record PluginDescription(
    PluginKind Kind, string Name, string Description, RecordType Options, string TypeName, string File, string Folder, Version Version)
{
    /// <summary>Hexadecimal SHA-256 of the assembly as it was read.</summary>
    internal string FileHash { get; init; } = "";

    /// <summary>As messages call it: <c>optimizer 'sgd'</c>.</summary>
    public string Title => TitleOf(Kind, Name);

    internal static string TitleOf(PluginKind kind, string name) => $"{kind.Name} '{name}'";
}

/// <summary>
/// Why something in a plugin folder cannot be used. A warning: nothing else is affected.
/// </summary>
/// <param name="File">The file or folder.</param>
/// <param name="Cause">What is wrong with it, and what to do.</param>
public sealed record PluginProblem(string File, string Cause)
{
    /// <summary>The kind, where it is known that a plugin is missing because of this.</summary>
    public PluginKind? Kind { get; init; }

    /// <summary>The plugin's name, where it is known.</summary>
    public string? Name { get; init; }

    public override string ToString() => $"{File}: {Cause}";
}

/// <summary>
/// A plugin could not be loaded or threw while it was created; the message names plugin, file and
/// cause.
/// </summary>
public class PluginException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No plugin can be loaded, because there is no place for copies of them.</summary>
public sealed class PluginPlaceException(string message, Exception inner) : PluginException(message, inner);
