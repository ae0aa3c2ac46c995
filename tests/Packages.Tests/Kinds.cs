using Orchestrator.Composition;

namespace Orchestrator.Packages.Tests;

/// <summary>The kinds of plugins that the template makes.</summary>
internal static class Kinds
{
    public static IReadOnlyList<string> All { get; } = [.. PluginKinds.All.Select(kind => kind.Name)];

    /// <summary>Those that a pipeline names.</summary>
    public static IReadOnlyList<string> OfPipelines { get; } = [.. All.Except([PluginKind.Analyzer.Name, PluginKind.Launcher.Name])];

    /// <summary>As the template's files have it: <c>WorkerRule</c>.</summary>
    public static string Pascal(string kind) => PluginKinds.All.Single(k => k.Name == kind).ToString();
}
