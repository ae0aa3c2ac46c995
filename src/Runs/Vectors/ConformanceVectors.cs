using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// Trajectories of update rules, exact to the bit, in files that other programs read: whoever
/// implements a rule can see whether it does the same.
/// </summary>
public static class ConformanceVectors
{
    private const long MostUpdates = 100_000;

    /// <summary>Runs a pipeline and writes <c>NAME.npz</c> and <c>NAME.json</c>.</summary>
    /// <param name="pipeline">An asynchronous run on the virtual clock.</param>
    /// <param name="name">Of the files.</param>
    /// <param name="folder">Where they are written; it is there.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>False where it was ended early; nothing is written then.</returns>
    /// <exception cref="RunRefusedException">It did not come to its end of itself.</exception>
    /// <exception cref="RecorderException">A file cannot be written.</exception>
    public static bool TryWrite(ResolvedPipeline pipeline, string name, string folder, RunOptions options, CancellationToken stop)
    {
        var trajectory = new Trajectory();
        var runs = Directory.CreateTempSubdirectory("orchestrator-vectors-");
        try
        {
            var summary = new RunSession(pipeline, options with { Watch = new RuleWatch(trajectory).Watch }).Start(runs.FullName, stop);
            if (summary.Status == RunStatus.Interrupted)
            {
                return false;
            }

            if (summary.Status != RunStatus.Completed || trajectory.Worker.Count is 0 || trajectory.Worker.Count > MostUpdates)
            {
                throw new RunRefusedException($"{name}: the run ended as {summary.Status}, after {trajectory.Worker.Count} updates.");
            }

            WholeFile.Write(Path.Combine(folder, name + ".npz"), Npz(trajectory));
            WholeFile.Write(Path.Combine(folder, name + ".json"), Encoding.UTF8.GetBytes(Json(pipeline, summary.Digest!, trajectory)));
            return true;
        }
        finally
        {
            runs.Delete(recursive: true);
        }
    }

    /// <summary>Writes <c>trajectories.json</c>: the names of all that belong together.</summary>
    /// <param name="names">Of the files, without their endings.</param>
    /// <param name="folder">Where they were written.</param>
    /// <exception cref="RecorderException">It cannot be written.</exception>
    public static void List(IReadOnlyList<string> names, string folder) =>
        WholeFile.Write(Path.Combine(folder, "trajectories.json"), Encoding.UTF8.GetBytes(new JsonArray([.. names.Select(name => (JsonNode)name)]).ToJsonString() + "\n"));

    private static byte[] Npz(Trajectory t)
    {
        var (updates, length) = (t.Worker.Count, t.Parameters[0].Length);
        using var bytes = new MemoryStream();
        using (var archive = new NpzArchive(bytes))
        {
            archive.Add<int>("worker", [.. t.Worker], updates);
            archive.Add<long>("version_pulled", [.. t.VersionPulled], updates);
            archive.Add<double>("learning_rate", [.. t.LearningRate], updates);
            archive.Add<float>("sent", [.. t.Sent.SelectMany(row => row)], updates, length);
            archive.Add<float>("pushed", [.. t.Pushed.SelectMany(row => row)], updates, length);
            archive.Add<float>("corrected", [.. t.Corrected.SelectMany(row => row)], updates, length);
            archive.Add<float>("parameters", [.. t.Parameters.SelectMany(row => row)], updates + 1, length);
        }

        return bytes.ToArray();
    }

    // Floats as the shortest text that reads back as the same 32 bits.
    private static string Json(ResolvedPipeline pipeline, string digest, Trajectory t) => new JsonObject
    {
        ["digest"] = digest,
        ["workers"] = pipeline.Workers.Count,
        ["optimizer"] = JsonNode.Parse(pipeline.Json)!["optimizer"]!.DeepClone(),
        ["pipeline"] = JsonNode.Parse(pipeline.Json),
        ["worker"] = new JsonArray([.. t.Worker.Select(n => (JsonNode)n)]),
        ["version_pulled"] = new JsonArray([.. t.VersionPulled.Select(n => (JsonNode)n)]),
        ["learning_rate"] = new JsonArray([.. t.LearningRate.Select(n => (JsonNode)n)]),
        ["sent"] = Rows(t.Sent),
        ["pushed"] = Rows(t.Pushed),
        ["corrected"] = Rows(t.Corrected),
        ["parameters"] = Rows(t.Parameters),
    }.ToJsonString(JsonSerializerOptions.Default) + "\n";

    private static JsonArray Rows(List<float[]> rows) => [.. rows.Select(row => (JsonNode)new JsonArray([.. row.Select(x => (JsonNode)x)]))];
}
