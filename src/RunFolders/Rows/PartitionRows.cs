using System.Globalization;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>partitions.csv</c>: who holds which classes, one row per partition, written once.
/// </summary>
internal sealed class PartitionRows : IRowFormat<PartitionRecord>
{
    public static string FileName => "partitions.csv";

    public static IReadOnlyList<string> Columns { get; } = ["partition", "samples", "labelDistance", "classCounts"];

    public static byte[] Format(PartitionSkew skew)
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append('\n');
        for (var part = 0; part < skew.Sizes.Count; part++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part},{skew.Sizes[part]},{skew.LabelDistances[part]:R},{string.Join(' ', skew.ClassCounts[part])}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static bool TryParse(ReadOnlySpan<byte> row, out PartitionRecord record)
    {
        var fields = new RowParser(row);
        var (partition, samples, distance) = (fields.Int(), fields.Long(), fields.Double());
        var areNumbers = RowParser.TryCounts(fields.Rest(), out var counts);
        record = new PartitionRecord(partition, samples, distance, counts);
        return fields.IsComplete && areNumbers;
    }
}
