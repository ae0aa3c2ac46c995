using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps.Tests.Comparisons;

/// <summary>Run folders with planted results, in a folder of their own.</summary>
internal sealed class WrittenRuns : IDisposable
{
    private int written;

    public string Output { get; } = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(Output, recursive: true);

    /// <summary>Writes a run.</summary>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="settings">What its pipeline has besides, as the inside of a JSON
    /// object.</param>
    /// <param name="accuracy">Its test accuracy; null for one that did not converge.</param>
    /// <param name="status">How it ended.</param>
    public void Write(string name, long seed, string settings, double? accuracy, RunStatus status = RunStatus.Completed, string kernelPath = "managed/avx2")
    {
        var number = written++;
        var id = number.ToString("x12", CultureInfo.InvariantCulture);
        var folder = Directory.CreateDirectory(Path.Combine(Output, name, $"{id}-1")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "pipeline.json"), $$"""{ "name": "{{name}}", "seed": {{seed}}, "transport": { "type": "in-process" }, {{settings}} }""");
        File.WriteAllText(Path.Combine(folder, "run.json"), Document(name, id, number, accuracy, status, kernelPath).ToJson());
    }

    /// <summary>Writes runs with seeds 1, 2, ...</summary>
    public void Write(string name, string settings, params double?[] accuracies)
    {
        foreach (var (index, accuracy) in accuracies.Index())
        {
            Write(name, index + 1, settings, accuracy);
        }
    }

    private static RunDocument Document(string name, string id, int number, double? accuracy, RunStatus status, string kernelPath)
    {
        var started = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(number);
        return new RunDocument
        {
            Id = id,
            Attempt = 1,
            Name = name,
            Status = status,
            Started = started,
            Ended = started.AddSeconds(90),
            Run = new()
            {
                ProgramVersion = "0.1.0",
                KernelPath = kernelPath,
                DatasetFingerprint = "0011223344556677",
                IsVirtual = true,
                Workers = 5,
                Classes = 10,
                Options = new Dictionary<string, string> { ["threads"] = "2" },
            },
            Environment = RunEnvironment.Capture(),
            Summary = status is not (RunStatus.Completed or RunStatus.Diverged) ? null : new()
            {
                Id = id,
                Attempt = 1,
                Name = name,
                Status = status,
                Folder = "elsewhere",
                Updates = 100,
                UpdatesPerSecond = 10,
                TestAccuracy = accuracy ?? 10,
                TestLoss = accuracy is { } a ? (100 - a) / 30 : 2.3,
                NoConvergence = accuracy is null,
                Staleness = new(4, 4, 9, 12),
                Gap = new(0.001, 0.002),
                Pushes = new(100, 0, 0, 0),
                Samples = 3200,
                Workers = 5,
                Hosts = 1,
                WallSeconds = 90,
                VirtualSeconds = 12,
            },
        };
    }
}
