using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// A folder for pipelines and runs, removed afterwards; the plugins that the program ships; and the
/// program itself as a process, to compare with.
/// </summary>
internal sealed class Laboratory : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly string HostFolder = Metadata("HostFolder");

    // Read once: each catalog loads, and the runtime compiles, plugins of its own.
    private static readonly Lazy<PluginCatalog> Shipped = new(() => PluginCatalog.Read([Path.Combine(HostFolder, "plugins")]));

    private int files;

    /// <summary>A file of the repository.</summary>
    public static string SourceOf(params string[] path) => Path.Combine([Metadata("RepositoryRoot"), .. path]);

    /// <summary>A pipeline that comes with the program.</summary>
    public static string ShippedPipeline(params string[] path) => Path.Combine([HostFolder, "pipelines", .. path]);

    /// <summary>The program's file.</summary>
    public static string ProgramFile { get; } = Path.Combine(HostFolder, "orchestrator");

    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-runs-").FullName;

    public string Runs => Path.Combine(Folder, "runs");

    public PluginCatalog Catalog => Shipped.Value;

    /// <summary>Data lies here, or where ORCHESTRATOR_DATA says.</summary>
    public RunOptions Options =>
        new(new DataFolders(
            [Folder, .. (Environment.GetEnvironmentVariable("ORCHESTRATOR_DATA") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)]));

    /// <summary>Some real training on the virtual clock, unless told otherwise.</summary>
    public string Write(params string[] members)
    {
        var file = Path.Combine(Folder, $"{++files}.json");
        File.WriteAllText(file, $$"""
            {
              "name": "small",
              "dataset": { "type": "glyphs", "train": 400, "test": 100 },
              "model": "softmax-regression",
              "optimizer": { "type": "sgd", "learningRate": 0.05, "momentum": 0.9 },
              "workers": { "count": 5, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.4 } },
              "stop": { "updates": 400 },
              "evaluation": { "everyUpdates": 100 }{{string.Concat(members.Select(m => ",\n  " + m))}}
            }
            """);
        return file;
    }

    /// <summary>Writes a pipeline and returns its path.</summary>
    public string WriteText(string json, string name = "test.json")
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllText(file, json);
        return file;
    }

    public ResolvedPipeline Load(string file, params string[] sets) => PipelineLoading.Load(file, sets, Catalog, Options.Data, 1).OrThrow();

    /// <summary>Runs a pipeline to its end, on one core.</summary>
    public RunSummary Run(string file, params string[] sets) => RunOn(1, file, sets);

    /// <summary>The same on several.</summary>
    public RunSummary RunOn(int cores, string file, params string[] sets) =>
        new RunSession(Load(file, sets), Options with { Cores = cores }).Start(Runs, TestContext.Current.CancellationToken);

    /// <summary>Runs a recorded run again and compares every number.</summary>
    public ReplayReport Verify(string folder) => new Replay(Replay.Find(Runs, folder), Catalog, Options).Verify(TestContext.Current.CancellationToken);

    /// <summary>Another rule on a recorded run's schedule.</summary>
    public CounterfactualReport Change(string folder, params string[] sets) =>
        new Replay(Replay.Find(Runs, folder), Catalog, Options).Change(sets, Runs, TestContext.Current.CancellationToken);

    /// <summary>The program, which must end with the given code; what it printed as JSON.</summary>
    public JsonElement Program(int exitCode, params string[] arguments)
    {
        var start = new ProcessStartInfo(ProgramFile, [.. arguments, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEnd();
        if (!process.WaitForExit(Bound))
        {
            process.Kill();
            Assert.Fail($"The program did not end within {Bound}.");
        }

        Assert.True(process.ExitCode == exitCode, $"exit code {process.ExitCode}\n{output.Result}\n{error}");
        return JsonDocument.Parse(output.Result).RootElement;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Metadata(string key) =>
        typeof(Laboratory).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
