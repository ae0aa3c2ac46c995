using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Composition;

/// <summary>What a plugin is; follows from the one contract that its class implements.</summary>
public enum PluginKind
{
    Dataset,
    Model,
    Backend,
    Partitioner,
    Optimizer,
    Correction,
    Schedule,
    WorkerRule,
    Delay,
    Consistency,
    Transport,
    Analyzer,
    Launcher,
}

/// <summary>Names and contracts of the kinds.</summary>
public static class PluginKinds
{
    private static readonly Type[] Contracts =
    [
        typeof(IDataset), typeof(IModel), typeof(INetworkBackend), typeof(IPartitioner), typeof(IOptimizer), typeof(ICorrection),
        typeof(ISchedule), typeof(IWorkerRule), typeof(IDelay), typeof(IConsistency), typeof(ITransport), typeof(IAnalyzer), typeof(ILauncher),
    ];

    private static readonly string[] Names = [.. Enum.GetNames<PluginKind>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    /// <summary>
    /// All kinds, in the order in which a pipeline names them; analyzers and launchers, which none
    /// names, last.
    /// </summary>
    public static IReadOnlyList<PluginKind> All { get; } = Enum.GetValues<PluginKind>();

    extension(PluginKind kind)
    {
        /// <summary>Kebab-case: <c>worker-rule</c>.</summary>
        public string Name => Names[(int)kind];

        /// <summary>The interface that makes a class a plugin of this kind.</summary>
        public Type Contract => Contracts[(int)kind];
    }

    /// <summary>
    /// The kind that a contract's full type name stands for; null for any other type.
    /// </summary>
    internal static PluginKind? FromContract(string typeName)
    {
        var index = Array.FindIndex(Contracts, c => c.FullName == typeName);
        return index < 0 ? null : (PluginKind)index;
    }
}
