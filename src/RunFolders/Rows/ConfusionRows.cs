using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>confusions.csv</c>: what the samples of each class were taken for, one row per class, set and
/// evaluation; only of runs whose pipeline asks for it.
/// </summary>
internal sealed class ConfusionRows : IRowFormat<ConfusionRecord>
{
    private static readonly byte[][] Sets = [.. Enum.GetNames<SampleSet>().Select(name => Encoding.UTF8.GetBytes(name.ToLowerInvariant()))];

    public static string FileName => "confusions.csv";

    public static IReadOnlyList<string> Columns { get; } = ["event", "version", "set", "class", "predictedCounts"];

    public static byte[] Format(ConfusionRecord record)
    {
        var set = Encoding.UTF8.GetString(Sets[(int)record.Set]);
        return Encoding.UTF8.GetBytes(FormattableString.Invariant($"{record.Event},{record.Version},{set},{record.Class},{string.Join(' ', record.Predicted)}\n"));
    }

    public static bool TryParse(ReadOnlySpan<byte> row, out ConfusionRecord record)
    {
        var fields = new RowParser(row);
        var (number, version, set, label) = (fields.Long(), fields.Long(), (SampleSet)fields.OneOf(Sets), fields.Int());
        var areNumbers = RowParser.TryCounts(fields.Rest(), out var predicted);
        record = new ConfusionRecord(number, version, set, label, predicted);
        return fields.IsComplete && areNumbers && label >= 0 && label < predicted.Length;
    }
}
