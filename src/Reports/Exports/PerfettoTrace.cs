using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// A run as trace events, the JSON that Perfetto and Chrome's tracing read: a track for each worker
/// with a slice from each pull to its arrival and one where it waited, counters of version and
/// staleness, and marks for the evaluations. Times are the run's clock, in microseconds.
/// </summary>
internal static class PerfettoTrace
{
    private const int Process = 1;
    private const int Buffered = 1 << 15;

    public static void Write(RunEntry run, Stream to, bool hasArrows)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        Meta(json, "process_name", 0, FormattableString.Invariant($"{Printable.Line(run.Name)} {run.Id}-{run.Attempt}"));
        var workers = Math.Max(1, run.Document?.Run.Workers ?? 1);
        var lanes = new Lanes(workers);
        var waits = new Waits(new WorkerGroups(workers));
        using var rows = RunRows.Updates(run.Folder);
        while (rows.TryRead(out var push))
        {
            var (waited, whom) = waits.Add(push);
            var (track, isNew) = lanes.Of(push);
            if (isNew)
            {
                Meta(json, "thread_name", track, FormattableString.Invariant($"worker {push.Worker}") + (track > workers ? ", second in flight" : ""));
            }

            Waiting(json, push, track, waited, whom, hasArrows);
            Slice(json, push, track);
            Counter(json, "staleness", push.ArrivedAt, push.Staleness);
            if (push.Decision == PushDecision.Applied)
            {
                Counter(json, "version", push.ArrivedAt, push.Version + 1);
            }

            if (json.BytesPending > Buffered)
            {
                json.Flush();
            }
        }

        RunExport.ThrowIf(rows.Problem);
        Evaluations(json, run.Folder);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Slice(Utf8JsonWriter json, in PushRecord push, int track)
    {
        Begin(json, "X", FormattableString.Invariant($"gradient {push.Gradient}"), push.PulledAt, track);
        json.WriteString("cat", push.Decision.ToString().ToLowerInvariant());
        json.WriteNumber("dur", (push.ArrivedAt - push.PulledAt) / 1e3);
        json.WriteStartObject("args");
        json.WriteString("decision", push.Decision.ToString().ToLowerInvariant());
        json.WriteNumber("staleness", push.Staleness);
        json.WriteNumber("batch", push.Batch);
        json.WriteNumber("versionPulled", push.VersionPulled);
        json.WriteNumber("version", push.Version);
        Finite(json, "loss", push.Loss);
        Finite(json, "gapRms", push.GapRms);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Waiting(Utf8JsonWriter json, in PushRecord push, int track, long waited, int whom, bool hasArrows)
    {
        if (waited == 0)
        {
            return;
        }

        Begin(json, "X", whom < 0 ? "waits" : FormattableString.Invariant($"waits for worker {whom}"), push.PulledAt - waited, track);
        json.WriteString("cat", "wait");
        json.WriteNumber("dur", waited / 1e3);
        json.WriteEndObject();
        if (hasArrows && whom >= 0)
        {
            // From the slice that ends with the arrival to the one that begins with the pull.
            Arrow(json, "s", push, push.PulledAt - 1, whom + 1);
            Arrow(json, "f", push, push.PulledAt, track);
        }
    }

    private static void Arrow(Utf8JsonWriter json, string phase, in PushRecord push, long at, int track)
    {
        Begin(json, phase, "lets go on", at, track);
        json.WriteString("cat", "wait");
        json.WriteNumber("id", push.PullEvent);
        if (phase == "f")
        {
            json.WriteString("bp", "e");
        }

        json.WriteEndObject();
    }

    private static void Evaluations(Utf8JsonWriter json, string folder)
    {
        using var rows = RunRows.Evaluations(folder);
        while (rows.TryRead(out var evaluation))
        {
            Begin(json, "i", FormattableString.Invariant($"evaluation of version {evaluation.Version}"), evaluation.At, 0);
            json.WriteString("s", "p");
            json.WriteStartObject("args");
            Finite(json, "testLoss", evaluation.TestLoss);
            Finite(json, "testAccuracy", evaluation.TestAccuracy);
            Finite(json, "trainLoss", evaluation.Train?.Loss ?? double.NaN);
            Finite(json, "trainAccuracy", evaluation.Train?.Accuracy ?? double.NaN);
            Finite(json, "validationLoss", evaluation.Validation?.Loss ?? double.NaN);
            Finite(json, "validationAccuracy", evaluation.Validation?.Accuracy ?? double.NaN);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        RunExport.ThrowIf(rows.Problem);
    }

    private static void Counter(Utf8JsonWriter json, string name, long at, long value)
    {
        Begin(json, "C", name, at, 0);
        json.WriteStartObject("args");
        json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Meta(Utf8JsonWriter json, string what, int track, string name)
    {
        Begin(json, "M", what, 0, track);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string phase, string name, long at, int track)
    {
        json.WriteStartObject();
        json.WriteString("ph", phase);
        json.WriteString("name", name);
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", track);
        json.WriteNumber("ts", at / 1e3);
    }

    private static void Finite(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
    }

    // Slices of a track may not overlap: a worker that pulls before its last push has arrived has a
    // second track.
    private sealed class Lanes(int workers)
    {
        private readonly Dictionary<int, long> ends = [];

        public (int Track, bool IsNew) Of(in PushRecord push)
        {
            var track = push.Worker + 1;
            if (ends.TryGetValue(track, out var end) && end > push.PulledAt)
            {
                track += workers;
            }

            var isNew = !ends.ContainsKey(track);
            ends[track] = push.ArrivedAt;
            return (track, isNew);
        }
    }
}
