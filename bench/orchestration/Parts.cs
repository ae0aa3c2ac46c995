using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Bench.Orchestration;

/// <summary>The program's plugins, and what all sides train.</summary>
internal sealed class Parts : IDisposable
{
    private readonly PluginCatalog catalog;

    public Parts()
    {
        catalog = PluginCatalog.Read([Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Plugins").Value!]);
        var pipeline = Load("wall", 2, "in-process");
        var (dataset, folders) = (pipeline.Dataset.Create<IDataset>(), new DataFolders([]));
        (Data, Shape) = (dataset.Load(folders), dataset.Describe(folders));
        Objective = pipeline.Model.Build(Shape);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestration-").FullName;

    public ILoadedDataset Data { get; }

    public DatasetShape Shape { get; }

    public IObjective Objective { get; }

    public string KernelPath => Objective.KernelPath;

    public ResolvedPipeline Load(string clock, int workers, string transport)
    {
        var file = Path.Combine(Folder, "orchestration.json");
        lock (catalog)
        {
            File.WriteAllText(file, $$"""
                {
                  "dataset": "glyphs", "model": "lenet5", "partitioner": "none", "clock": "{{clock}}", "transport": "{{transport}}",
                  "optimizer": { "type": "sgd", "learningRate": 0.005, "momentum": 0.9 },
                  "workers": { "count": {{workers}}, "batchSize": {{Side.Batch}}{{(clock == "virtual" ? """, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.1 }""" : "")}} },
                  "stop": { "updates": 1 }
                }
                """);
            var loaded = Pipeline.Load(file, catalog, new PipelineRequest(new DataFolders([])));
            return loaded.Pipeline ?? throw new InvalidOperationException(string.Join("\n", loaded.Mistakes));
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
