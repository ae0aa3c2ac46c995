using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>Two runs on one schedule, side by side.</summary>
/// <param name="Points">The evaluations of versions that both evaluated.</param>
/// <param name="FirstDifference">The first push that differs; null where none does.</param>
/// <param name="SameParameters">Whether the final parameters are the same file, bit for
/// bit.</param>
public sealed record RunComparison(IReadOnlyList<ComparedEvaluation> Points, Difference? FirstDifference, bool SameParameters)
{
    /// <summary>Whether nothing differs: whatever was changed had no effect.</summary>
    public bool IsSame => FirstDifference is null && SameParameters && Points.All(p => p.Before with { Duration = 0 } == p.Now with { Duration = 0 });

    /// <summary>Compares what is in two run folders.</summary>
    /// <param name="before">The run whose schedule the other follows.</param>
    /// <param name="now">The other.</param>
    public static RunComparison Of(string before, string now)
    {
        using RowReader<EvaluationRecord> earlier = RunRows.Evaluations(before), later = RunRows.Evaluations(now);
        var known = new Dictionary<long, EvaluationRecord>();
        foreach (var evaluation in earlier.ReadAll())
        {
            known.TryAdd(evaluation.Version, evaluation);
        }

        ComparedEvaluation[] points = [.. later.ReadAll().Where(e => known.ContainsKey(e.Version)).Select(e => new ComparedEvaluation(known[e.Version], e))];
        return new RunComparison(points, FirstPush(before, now), SameFile(Path.Combine(before, Safetensors.ParametersFileName), Path.Combine(now, Safetensors.ParametersFileName)));
    }

    private static Difference? FirstPush(string before, string now)
    {
        using var recorded = new RowComparison(before, UpdateRows.FileName, UpdateRows.Columns, unverified: 2);
        using var rows = new LineReader(Path.Combine(now, UpdateRows.FileName), UpdateRows.Columns);
        while (rows.TryRead(out var row))
        {
            if (recorded.Compare(row, new RowParser(row).Long()) is { } difference)
            {
                return difference;
            }
        }

        return recorded.HasNext ? recorded.Missing() : null;
    }

    private static bool SameFile(string a, string b)
    {
        try
        {
            using FileStream before = RegularFile.Open(a), now = RegularFile.Open(b);
            byte[] one = new byte[1 << 16], other = new byte[1 << 16];
            var isSame = before.Length == now.Length;
            for (int read; isSame && (read = before.ReadAtLeast(one, one.Length, throwOnEndOfStream: false)) > 0;)
            {
                isSame = now.ReadAtLeast(other, read, throwOnEndOfStream: false) >= read && one.AsSpan(0, read).SequenceEqual(other.AsSpan(0, read));
            }

            return isSame;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>One version's evaluation in two runs.</summary>
/// <param name="Before">In the run whose schedule the other follows.</param>
/// <param name="Now">In the other.</param>
public sealed record ComparedEvaluation(EvaluationRecord Before, EvaluationRecord Now);
