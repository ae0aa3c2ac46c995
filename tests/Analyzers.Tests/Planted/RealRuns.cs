using System.Globalization;
using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Numerics;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Analyzers.Tests.Planted;

/// <summary>
/// Small runs of the program's own engine and plugins, in this process and a folder of their own.
/// </summary>
internal sealed class RealRuns : IDisposable
{
    private const string Small = """
        {
          "name": "planted",
          "dataset": { "type": "glyphs", "train": 600, "test": 200 },
          "model": "softmax-regression",
          "partitioner": "split-dataset",
          "optimizer": { "type": "sgd", "learningRate": 0.01 },
          "workers": { "count": 4, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10 } },
          "stop": { "updates": 600 },
          "evaluation": { "everyUpdates": 60 }
        }
        """;

    private static readonly string HostFolder = typeof(RealRuns).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "HostFolder")
        .Value!;

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-planted-").FullName;
    private readonly PluginCatalog catalog = PluginCatalog.Read([Path.Combine(HostFolder, "plugins")]);
    private readonly RunOptions options;
    private readonly string pipeline;

    public RealRuns()
    {
        options = new RunOptions(new DataFolders([folder])) { Checkpoints = CheckpointRule.Never, SharedData = new LoadedData() };
        pipeline = Write("planted.json", Small);
    }

    /// <summary>Writes a file that a pipeline can name.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The rows of each worker, as the small pipeline deals them.</summary>
    public IReadOnlyList<ReadOnlyMemory<int>> Partitions(long seed, int rows, int workers) => catalog
        .Create<IPartitioner>(catalog.Find(PluginKind.Partitioner, "split-dataset")!)
        .Partition(new int[rows], 1, rows, workers, new RandomStreams(seed).Open("partition"));

    /// <summary>Runs the small pipeline with some values set, and opens what it left.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="settings">What tells it from others, where it is one of a sweep.</param>
    /// <param name="sets">Values, <c>PATH=VALUE</c>.</param>
    public IRunRecords Run(long seed, IReadOnlyDictionary<string, string>? settings, params IEnumerable<string> sets)
    {
        string[] all = [string.Create(CultureInfo.InvariantCulture, $"seed={seed}"), .. sets];
        var loaded = PipelineLoading.Load(pipeline, all, catalog, options.Data, 1).OrThrow();
        var summary = new RunSession(loaded, options).Start(Path.Combine(folder, "runs"), CancellationToken.None);
        return summary.Status is RunStatus.Completed or RunStatus.Diverged && RunReader.Read(summary.Folder) is { } entry
            ? RecordedRun.Open(entry, settings, new Counterfactuals(entry, catalog, options, Counterfactuals.FolderIn(Path.Combine(folder, "runs"))))!
            : throw new InvalidOperationException($"{string.Join(' ', all)}: {summary.Message}");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
