namespace Orchestrator.Composition;

/// <summary>On a setting that holds a plugin, or a list of plugins.</summary>
/// <param name="kind">Which plugins can stand there.</param>
/// <param name="defaultName">The plugin that stands there when nothing is given; null where it is
/// required or may be absent.</param>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class SectionAttribute(PluginKind kind, string? defaultName = null) : Attribute
{
    public PluginKind Kind { get; } = kind;

    public string? DefaultName { get; } = defaultName;
}

/// <summary>
/// On a settings record: what may be written in the object's place, and the option that it then
/// gives.
/// </summary>
/// <param name="list">The option that a list gives; null where a list is refused.</param>
/// <param name="number">The option that a number gives; null where a number is refused.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShortFormAttribute(string? list, string? number = null) : Attribute
{
    public string? List { get; } = list;

    public string? Number { get; } = number;
}

/// <summary>
/// On a list that is empty, or an object that has its options' defaults, when it is not given.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class EmptyByDefaultAttribute : Attribute;
