using Orchestrator.Composition;

namespace Orchestrator.Packages.Tests;

/// <summary>The kinds of plugins that the template makes.</summary>
internal static class Kinds
{
    // A backend computes every layer that networks are made of: no small one is of use.
    private static readonly string[] WithoutTemplate = ["backend"];

    public static IReadOnlyList<string> All { get; } = [.. PluginKinds.All.Select(kind => kind.Name).Except(WithoutTemplate)];

    /// <summary>Those that a pipeline names.</summary>
    public static IReadOnlyList<string> OfPipelines { get; } = [.. All.Except([PluginKind.Analyzer.Name])];

    /// <summary>As the template's files have it: <c>WorkerRule</c>.</summary>
    public static string Pascal(string kind) => PluginKinds.All.Single(k => k.Name == kind).ToString();
}
