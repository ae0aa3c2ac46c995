namespace Orchestrator.Abstractions;

/// <summary>
/// Makes a class a plugin under the name that pipelines use. The class implements exactly one
/// contract of this assembly, which gives its kind, and has one public constructor: either empty or
/// with one positional options record.
/// </summary>
/// <param name="name">Kebab-case, stable, unique within its kind: <c>gap-aware</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PluginAttribute(string name) : Attribute
{
    /// <summary>The name that a pipeline's <c>type</c> holds.</summary>
    public string Name { get; } = name;
}
