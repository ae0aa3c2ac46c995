using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>updates.csv</c>: one row per push, in the order in which the server took them.
/// </summary>
internal sealed class UpdateRows : IRowFormat<PushRecord>
{
    private static readonly byte[][] Decisions = ["applied"u8.ToArray(), "buffered"u8.ToArray(), "dropped"u8.ToArray(), "cancelled"u8.ToArray()];

    public static string FileName => "updates.csv";

    public static IReadOnlyList<string> Columns { get; } =
    [
        "event", "pullEvent", "worker", "gradient", "batch", "samples", "decision", "versionPulled", "version", "staleness", "pulledAtNs", "arrivedAtNs",
        "gapRms", "gradientNorm", "updateNorm", "loss", "learningRate", "payloadBytes", "computeTimeNs", "host",
    ];

    /// <summary>The word for a push that was cancelled.</summary>
    public static ReadOnlySpan<byte> Cancelled => Decisions[(int)PushDecision.Cancelled];

    public static int Index(string column) => Columns.ToList().IndexOf(column);

    public static int Format(in PushRecord record, Span<byte> buffer)
    {
        var row = new RowWriter(buffer);
        row.Add(record.Event);
        row.Add(record.PullEvent);
        row.Add(record.Worker);
        row.Add(record.Gradient);
        row.Add(record.Batch);
        row.Add(record.Samples);
        row.Add(Decisions[(int)record.Decision]);
        row.Add(record.VersionPulled);
        row.Add(record.Version);
        row.Add(record.Staleness);
        row.Add(record.PulledAt);
        row.Add(record.ArrivedAt);
        row.Add(record.GapRms);
        row.Add(record.GradientNorm);
        row.Add(record.UpdateNorm);
        row.Add(record.Loss);
        row.Add(record.LearningRate);
        row.Add(record.PayloadBytes);
        row.Add(record.ComputeTime);
        row.Add(record.Host);
        return row.End();
    }

    public static bool TryParse(ReadOnlySpan<byte> row, out PushRecord record)
    {
        var fields = new RowParser(row);
        long @event = fields.Long(), pullEvent = fields.Long();
        var worker = fields.Int();
        long gradient = fields.Long(), batch = fields.Long();
        var samples = fields.Int();
        var decision = (PushDecision)fields.OneOf(Decisions);
        long versionPulled = fields.Long(), version = fields.Long(), staleness = fields.Long();
        record = new PushRecord
        {
            Event = @event,
            PullEvent = pullEvent,
            Worker = worker,
            Gradient = gradient,
            Batch = batch,
            Samples = samples,
            Decision = decision,
            VersionPulled = versionPulled,
            Version = version,
            PulledAt = fields.Long(),
            ArrivedAt = fields.Long(),
            GapRms = fields.Double(),
            GradientNorm = fields.Double(),
            UpdateNorm = fields.Double(),
            Loss = fields.Double(),
            LearningRate = fields.Double(),
            PayloadBytes = fields.Long(),
            ComputeTime = fields.Long(),
            Host = fields.Int(),
        };
        return fields.IsComplete && staleness == record.Staleness && staleness >= 0 && worker >= 0 && samples >= 0;
    }
}
