using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>evaluations.csv</c>: one row per evaluation of the server's parameters. Where more is
/// evaluated than the test samples, a row has the columns of all sets, NaN for those that the
/// pipeline does not ask for.
/// </summary>
internal sealed class EvaluationRows : IRowFormat<EvaluationRecord>
{
    public static string FileName => "evaluations.csv";

    public static IReadOnlyList<string> Columns { get; } =
        ["event", "version", "epoch", "atNs", "testLoss", "testAccuracy", "largestPredictedShare", "parameterNorm", "durationNs"];

    public static IReadOnlyList<string> MoreColumns { get; } =
        [.. Columns.SkipLast(1), "trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy", .. Columns.TakeLast(1)];

    public static int Format(in EvaluationRecord record, Span<byte> buffer)
    {
        var row = new RowWriter(buffer);
        row.Add(record.Event);
        row.Add(record.Version);
        row.Add(record.Epoch);
        row.Add(record.At);
        row.Add(record.TestLoss);
        row.Add(record.TestAccuracy);
        row.Add(record.LargestPredictedShare);
        row.Add(record.ParameterNorm);
        if (record.HasMoreSets)
        {
            foreach (var score in (ReadOnlySpan<SetScore?>)[record.Train, record.Validation])
            {
                row.Add(score?.Loss ?? double.NaN);
                row.Add(score?.Accuracy ?? double.NaN);
            }
        }

        row.Add(record.Duration);
        return row.End();
    }

    public static bool TryParse(ReadOnlySpan<byte> row, out EvaluationRecord record)
    {
        var hasMore = row.Count((byte)',') >= MoreColumns.Count - 1;
        var fields = new RowParser(row);
        record = new EvaluationRecord
        {
            Event = fields.Long(),
            Version = fields.Long(),
            Epoch = fields.Double(),
            At = fields.Long(),
            TestLoss = fields.Double(),
            TestAccuracy = fields.Double(),
            LargestPredictedShare = fields.Double(),
            ParameterNorm = fields.Double(),
            Train = hasMore ? Score(ref fields) : null,
            Validation = hasMore ? Score(ref fields) : null,
            Duration = fields.Long(),
        };
        return fields.IsComplete;
    }

    // A loss that is NaN may be a set's own; then its accuracy, where there is one, says so.
    private static SetScore? Score(ref RowParser fields)
    {
        var score = new SetScore(fields.Double(), fields.Double());
        return double.IsNaN(score.Loss) && double.IsNaN(score.Accuracy) ? null : score;
    }
}
