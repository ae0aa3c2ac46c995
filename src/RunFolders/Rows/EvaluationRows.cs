using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary><c>evaluations.csv</c>: one row per evaluation of the server's parameters.</summary>
internal sealed class EvaluationRows : IRowFormat<EvaluationRecord>
{
    public static string FileName => "evaluations.csv";

    public static IReadOnlyList<string> Columns { get; } =
        ["event", "version", "epoch", "atNs", "testLoss", "testAccuracy", "largestPredictedShare", "parameterNorm", "durationNs"];

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
        row.Add(record.Duration);
        return row.End();
    }

    public static bool TryParse(ReadOnlySpan<byte> row, out EvaluationRecord record)
    {
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
            Duration = fields.Long(),
        };
        return fields.IsComplete;
    }
}
