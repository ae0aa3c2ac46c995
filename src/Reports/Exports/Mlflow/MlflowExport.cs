using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// Writes a run to an MLflow tracking server: its pipeline as parameters, every push and every
/// evaluation as metrics whose steps are versions, what it came to as tags.
/// </summary>
public static class MlflowExport
{
    // Of one log-batch call.
    private const int MostMetrics = 1000;
    private const int MostParameters = 100;

    // Of one parameter and of one tag; what is longer would be refused.
    private const int LongestKey = 250;
    private const int LongestParameter = 500;
    private const int LongestTag = 5000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Writes it.</summary>
    /// <param name="run">As read; <c>run.json</c> must be readable.</param>
    /// <param name="server">Where.</param>
    /// <param name="stop">Ends it early; then MLflow's run says that it was killed.</param>
    /// <exception cref="IOException">The server cannot be reached, or refuses.</exception>
    /// <exception cref="InvalidDataException">The run's rows cannot be read to their end, or the
    /// server is no tracking server.</exception>
    public static Task<MlflowRun> WriteAsync(RunEntry run, MlflowServer server, CancellationToken stop = default) => WriteAsync(run, server, FirstPause, stop);

    internal static async Task<MlflowRun> WriteAsync(RunEntry run, MlflowServer server, TimeSpan firstPause, CancellationToken stop)
    {
        var problems = new List<string>();
        var summary = RunReader.Summarize(run, problems) ?? throw new InvalidDataException(run.Problem ?? $"{run.Folder}: run.json cannot be read.");
        RunExport.ThrowIf(problems.FirstOrDefault());
        using var client = new MlflowClient(server, TimeProvider.System, firstPause);
        var experiment = await client.ExperimentAsync(run.Name, stop);
        var began = run.Started.ToUnixTimeMilliseconds();
        var made = await client.PostAsync(
            "runs/create",
            new JsonObject { ["experiment_id"] = experiment, ["run_name"] = $"{run.Id}-{run.Attempt.ToString(CultureInfo.InvariantCulture)}", ["start_time"] = began, ["tags"] = Tags(run, summary) },
            isRepeatable: false,
            stop);
        var id = MlflowClient.Text(made, "run", "info", "run_id");
        try
        {
            await WriteParametersAsync(client, id, run, stop);
            await WriteMetricsAsync(client, id, run, began, stop);
        }
        catch (Exception failure)
        {
            // Half a run must not look like one that goes on.
            await EndAsync(client, id, failure is OperationCanceledException ? "KILLED" : "FAILED", began, CancellationToken.None);
            throw;
        }

        await EndAsync(client, id, StatusOf(summary.Status), began + (long)(summary.WallSeconds * 1000), stop);
        return new MlflowRun(experiment, id, new Uri(server.Address, $"#/experiments/{experiment}/runs/{id}"));
    }

    private static JsonArray Tags(RunEntry run, RunSummary summary)
    {
        var document = run.Document!;
        (string Key, string? Value)[] tags =
        [
            ("orchestrator.id", run.Id), ("orchestrator.attempt", run.Attempt.ToString(CultureInfo.InvariantCulture)), ("orchestrator.status", summary.Status.ToString().ToLowerInvariant()),
            ("orchestrator.no_convergence", summary.NoConvergence ? "true" : "false"), ("orchestrator.digest", summary.Digest), ("orchestrator.program", document.Run.ProgramVersion),
            ("orchestrator.kernel_path", document.Run.KernelPath), ("orchestrator.message", summary.Message), ("orchestrator.folder", run.Folder),
        ];
        return [.. tags.Where(tag => tag.Value is not null).Select(tag => Pair(tag.Key, Cut(tag.Value!, LongestTag)))];
    }

    private static async Task WriteParametersAsync(MlflowClient client, string id, RunEntry run, CancellationToken stop)
    {
        // Names take letters, digits and a few signs; a path in a pipeline has no other.
        var settings = RunSettings.Read(run).Select(pair => Pair(Cut(Named(pair.Key), LongestKey), Cut(pair.Value, LongestParameter)));
        foreach (var some in settings.Chunk(MostParameters))
        {
            await client.PostAsync("runs/log-batch", new JsonObject { ["run_id"] = id, ["params"] = new JsonArray([.. some]) }, isRepeatable: true, stop);
        }
    }

    private static async Task WriteMetricsAsync(MlflowClient client, string id, RunEntry run, long began, CancellationToken stop)
    {
        var batch = new List<JsonNode>(MostMetrics);
        foreach (var (at, version, name, value) in Metrics(run).Where(metric => double.IsFinite(metric.Value)))
        {
            batch.Add(new JsonObject { ["key"] = name, ["value"] = value, ["timestamp"] = began + (at / 1_000_000), ["step"] = version });
            if (batch.Count == MostMetrics)
            {
                await SendAsync();
            }
        }

        if (batch.Count > 0)
        {
            await SendAsync();
        }

        async Task SendAsync()
        {
            await client.PostAsync("runs/log-batch", new JsonObject { ["run_id"] = id, ["metrics"] = new JsonArray([.. batch]) }, isRepeatable: true, stop);
            batch.Clear();
        }
    }

    // The names are those of the event files for TensorBoard.
    private static IEnumerable<(long At, long Version, string Name, double Value)> Metrics(RunEntry run)
    {
        using (var pushes = RunRows.Updates(run.Folder))
        {
            while (pushes.TryRead(out var push))
            {
                if (push.Decision == PushDecision.Cancelled)
                {
                    continue;
                }

                yield return (push.ArrivedAt, push.Version, "train/loss", push.Loss);
                yield return (push.ArrivedAt, push.Version, "train/staleness", push.Staleness);
                yield return (push.ArrivedAt, push.Version, "train/gap_rms", push.GapRms);
                yield return (push.ArrivedAt, push.Version, "train/gradient_norm", push.GradientNorm);
                yield return (push.ArrivedAt, push.Version, "train/update_norm", push.UpdateNorm);
                yield return (push.ArrivedAt, push.Version, "train/learning_rate", push.LearningRate);
            }

            RunExport.ThrowIf(pushes.Problem);
        }

        using var evaluations = RunRows.Evaluations(run.Folder);
        while (evaluations.TryRead(out var evaluation))
        {
            yield return (evaluation.At, evaluation.Version, "test/loss", evaluation.TestLoss);
            yield return (evaluation.At, evaluation.Version, "test/accuracy", evaluation.TestAccuracy);
            yield return (evaluation.At, evaluation.Version, "test/parameter_norm", evaluation.ParameterNorm);
            yield return (evaluation.At, evaluation.Version, "train/evaluated_loss", evaluation.Train?.Loss ?? double.NaN);
            yield return (evaluation.At, evaluation.Version, "train/evaluated_accuracy", evaluation.Train?.Accuracy ?? double.NaN);
            yield return (evaluation.At, evaluation.Version, "validation/loss", evaluation.Validation?.Loss ?? double.NaN);
            yield return (evaluation.At, evaluation.Version, "validation/accuracy", evaluation.Validation?.Accuracy ?? double.NaN);
        }

        RunExport.ThrowIf(evaluations.Problem);
    }

    private static async Task EndAsync(MlflowClient client, string id, string status, long ended, CancellationToken stop)
    {
        var body = new JsonObject { ["run_id"] = id, ["status"] = status };
        if (status != "RUNNING")
        {
            body["end_time"] = ended;
        }

        try
        {
            await client.PostAsync("runs/update", body, isRepeatable: true, stop);
        }
        catch (IOException) when (status is "KILLED" or "FAILED")
        {
            // What is told is why the export failed, and not that its mark could not be set.
        }
    }

    private static string StatusOf(RunStatus status) => status switch
    {
        RunStatus.Running => "RUNNING",
        RunStatus.Interrupted => "KILLED",
        RunStatus.Failed => "FAILED",
        _ => "FINISHED",
    };

    private static string Named(string key) => string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' or '/' ? c : '-'));

    private static JsonNode Pair(string key, string value) => new JsonObject { ["key"] = key, ["value"] = value };

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 3)] + "...";
}

/// <summary>A run in MLflow.</summary>
/// <param name="Experiment">The experiment's id.</param>
/// <param name="Run">The run's id.</param>
/// <param name="Page">What a browser opens.</param>
public sealed record MlflowRun(string Experiment, string Run, Uri Page);
