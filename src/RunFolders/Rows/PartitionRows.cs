using System.Globalization;
using System.Text;
using Orchestrator.Numerics;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>partitions.csv</c>: who holds which classes, one row per partition, written once.
/// </summary>
internal static class PartitionRows
{
    public const string FileName = "partitions.csv";

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
}
